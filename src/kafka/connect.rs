//! Finding the brokers and the topics before anything is started, and saying in one sentence what is missing.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::metadata::Metadata;
use rdkafka::types::RDKafkaRespErr;

use super::logs::{self, ClientLog};
use super::{Stop, settings};
use crate::config::KafkaConfig;

/// One attempt to reach a broker.
const ATTEMPT: Duration = Duration::from_secs(5);
/// First pause between two attempts; each is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long a topic that was just made may be unknown to the broker that is asked.
const TOPIC_GRACE: Duration = Duration::from_secs(3);

/// How long to wait for brokers that do not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// As long as it takes; says so each time. For a service.
    Forever,
    /// Not beyond the first attempts. For a command that somebody waits for.
    Seconds(u64),
}

/// A consumer that joins nothing: for metadata, watermarks and reading a topic once.
pub(super) type LoneConsumer = BaseConsumer<LoneClient>;

/// The callbacks of a consumer that joins nothing.
pub(super) struct LoneClient {
    pub(super) log: ClientLog,
}

impl ClientContext for LoneClient {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.log.line(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.log.error(&error, reason);
    }
}

impl ConsumerContext for LoneClient {}

/// Partitions by topic, as the brokers have them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topics(BTreeMap<String, i32>);

impl Topics {
    /// How many partitions the topic has; none where it does not exist.
    pub fn partitions(&self, topic: &str) -> Option<i32> {
        self.0.get(topic).copied()
    }

    /// Every topic and its partitions.
    pub fn iter(&self) -> impl Iterator<Item = (&str, i32)> {
        self.0.iter().map(|(topic, partitions)| (topic.as_str(), *partitions))
    }

    fn from_metadata(metadata: &Metadata) -> Topics {
        let exists = |error: Option<RDKafkaRespErr>| {
            !matches!(
                error,
                Some(
                    RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
                        | RDKafkaRespErr::RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC
                )
            )
        };
        let topics = metadata.topics().iter().filter(|topic| exists(topic.error()) && !topic.partitions().is_empty());
        Topics(topics.map(|topic| (topic.name().to_owned(), partition_count(topic.partitions().len()))).collect())
    }
}

/// Asks the brokers for their topics, waiting for them as long as `patience` allows.
///
/// # Errors
/// Where no broker answers in time, or they refuse our credentials.
pub(super) fn topics(kafka: &KafkaConfig, patience: Patience, stop: &Stop) -> Result<Topics> {
    let consumer = lone_consumer(kafka, logs::METADATA)?;
    let begun = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        let attempt = match patience {
            Patience::Forever => ATTEMPT,
            Patience::Seconds(seconds) => ATTEMPT.min(Duration::from_secs(seconds)),
        };
        let error = match consumer.fetch_metadata(None, attempt) {
            Ok(metadata) => return Ok(Topics::from_metadata(&metadata)),
            Err(error) => error,
        };
        // Errors beside the answer are served by polling.
        while let Some(Err(beside)) = consumer.poll(Duration::from_millis(50)) {
            if logs::is_refusal(beside.rdkafka_error_code()) {
                consumer.context().log.refused(&beside.to_string());
            }
        }
        let servers = &kafka.bootstrap_servers;
        if let Some(reason) = consumer.context().log.refusal() {
            bail!(
                "the brokers at {servers} refuse the connection: {reason}; see kafka.properties (security.protocol, sasl.*, ssl.*)"
            );
        }
        let why = || consumer.context().log.failure().unwrap_or_else(|| words(&error));
        if let Patience::Seconds(seconds) = patience
            && begun.elapsed() >= Duration::from_secs(seconds)
        {
            bail!("no Kafka broker answers at {servers}: {}; see kafka.bootstrap_servers", why());
        }
        if patience == Patience::Forever {
            let seconds = pause.as_secs();
            tracing::warn!("no Kafka broker answers at {servers}: {}; trying again in {seconds} s", why());
        }
        wait(pause, stop)?;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Waits for the brokers, then makes sure that every topic of this kind of work is there; returns what they have.
///
/// # Errors
/// Where no broker answers in time, our credentials are refused, a topic is missing, or the state topic does not fit
/// the events topic.
pub fn topics_ready(kafka: &KafkaConfig, needed: &[&str], patience: Patience, stop: &Stop) -> Result<Topics> {
    let begun = Instant::now();
    loop {
        let topics = topics(kafka, patience, stop)?;
        let missing: Vec<&str> = needed.iter().copied().filter(|topic| topics.partitions(topic).is_none()).collect();
        if missing.is_empty() {
            same_partitions(kafka, &topics)?;
            return Ok(topics);
        }
        if begun.elapsed() > TOPIC_GRACE {
            bail!("{}", absence(kafka, &missing));
        }
        wait(Duration::from_millis(300), stop)?;
    }
}

/// What to do about topics that do not exist: ours are made by a command, audit topics are somebody else's.
fn absence(kafka: &KafkaConfig, missing: &[&str]) -> String {
    let (audit, own): (Vec<&str>, Vec<&str>) =
        missing.iter().partition(|topic| kafka.audit_topics.iter().any(|audit| audit == *topic));
    let (topics, remedy) = match own.is_empty() {
        true => (audit, "create what your audit logs are shipped to, or correct kafka.audit_topics"),
        false => (own, "`nhiwatch topics create` makes what is missing"),
    };
    let (noun, verb) = if topics.len() == 1 { ("topic", "does") } else { ("topics", "do") };
    format!("{noun} {} {verb} not exist on {}; {remedy}", topics.join(", "), kafka.bootstrap_servers)
}

/// State lives in the partition that has its events' number.
fn same_partitions(kafka: &KafkaConfig, topics: &Topics) -> Result<()> {
    match (topics.partitions(&kafka.events_topic), topics.partitions(&kafka.state_topic)) {
        (Some(events), Some(state)) if events != state => bail!(
            "topic {} has {events} partitions and {} has {state}; both need the same number: delete the state topic \
             and run `nhiwatch topics create`",
            kafka.events_topic,
            kafka.state_topic
        ),
        _ => Ok(()),
    }
}

/// A consumer that joins nothing and commits nothing.
pub(super) fn lone_consumer(kafka: &KafkaConfig, name: &'static str) -> Result<LoneConsumer> {
    let context = LoneClient { log: ClientLog::new(name) };
    settings::lone_consumer(kafka, &kafka.detect_group)?.create_with_context(context).map_err(settings::refusal)
}

/// A number of partitions as Kafka counts them.
pub(super) fn partition_count(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// librdkafka's reason in words.
pub(super) fn words(error: &KafkaError) -> String {
    match error.rdkafka_error_code() {
        Some(code) => {
            // "BrokerTransportFailure (Local: Broker transport failure)"
            let text = logs::printable(&code.to_string());
            let inner = text.split_once(" (").and_then(|(_, inner)| inner.strip_suffix(')')).unwrap_or(&text);
            inner.trim_start_matches("Local: ").trim_start_matches("Broker: ").to_owned()
        }
        None => logs::printable(&error.to_string()),
    }
}

fn wait(pause: Duration, stop: &Stop) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < pause {
        if stop.is_requested() {
            bail!("stopped while waiting for Kafka");
        }
        std::thread::sleep(Duration::from_millis(50).min(pause));
    }
    Ok(())
}
