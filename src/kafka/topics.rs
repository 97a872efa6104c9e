//! The topics that nhiwatch writes: what they should be, what they are, and making those that are missing.
//!
//! Existing topics are never changed, and nothing is ever created by writing to it.

use std::fmt;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use rdkafka::admin::{AdminClient, AdminOptions, ConfigResource, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::connect::{self, Patience, Topics, words};
use super::logs::ClientLog;
use super::settings::RECORD_OVERHEAD;
use super::{Stop, settings};
use crate::config::KafkaConfig;

/// How long somebody who called a command waits for brokers.
const PATIENCE: Patience = Patience::Seconds(8);
/// One request.
const REQUEST: Duration = Duration::from_secs(15);

/// What is to be done about one topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its name.
    pub topic: String,
    /// What it is for.
    pub purpose: &'static str,
    /// Partitions that it should have.
    pub partitions: u32,
    /// Copies of each partition.
    pub replication: u32,
    /// Settings that it should have, by Kafka's names.
    pub settings: Vec<(&'static str, String)>,
    /// What there is.
    pub state: State,
}

/// What there is of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Missing,
    /// It is as it should be, or else where it differs: setting, is, should be.
    Exists(Vec<Difference>),
    /// It was created just now.
    Created,
}

/// Where a topic is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The setting (`cleanup.policy`, `partitions`).
    pub setting: String,
    /// What it is.
    pub is: String,
    /// What it should be.
    pub should_be: String,
}

/// What is needed, what exists, and where it differs. Audit topics are somebody else's and not in it.
///
/// # Errors
/// Where no broker answers or they refuse us.
pub fn plan(kafka: &KafkaConfig) -> Result<Vec<Plan>> {
    let existing = connect::topics(kafka, PATIENCE, &Stop::default())?;
    let admin = Admin::new(kafka)?;
    let mut plans = needed(kafka);
    for plan in &mut plans {
        if let Some(partitions) = existing.partitions(&plan.topic) {
            plan.state = State::Exists(admin.differences(plan, partitions)?);
        }
    }
    Ok(plans)
}

/// Creates what is missing; returns the plan with what was done.
///
/// # Errors
/// Where no broker answers, they refuse us, or a topic cannot be created.
pub fn create(kafka: &KafkaConfig) -> Result<Vec<Plan>> {
    let mut plans = plan(kafka)?;
    let admin = Admin::new(kafka)?;
    for plan in plans.iter_mut().filter(|plan| plan.state == State::Missing) {
        admin.create(plan)?;
        plan.state = State::Created;
    }
    let made: Vec<&str> = plans.iter().map(|plan| plan.topic.as_str()).collect();
    connect::topics_ready(kafka, &made, PATIENCE, &Stop::default())?;
    Ok(plans)
}

/// The settings with dead letters that the dead-letter topic takes, where they would be too large for it; one WARN says
/// so. Where the brokers do not tell the topic's limit, they are as they were.
pub fn fit_dead_letters(kafka: &KafkaConfig) -> KafkaConfig {
    let mut fitted = kafka.clone();
    match dead_letter_limit(kafka) {
        Ok(Some(limit)) if kafka.dead_letter_max_bytes + RECORD_OVERHEAD > limit => {
            let room = limit.saturating_sub(RECORD_OVERHEAD).max(limit / 2);
            fitted.dead_letter_max_bytes = room.min(kafka.dead_letter_max_bytes);
            // Several letters in one batch would be too large together, and the topic would refuse all of them.
            if !fitted.producer.properties.iter().any(|(key, _)| key == "batch.size") {
                fitted.producer.properties.set("batch.size", (limit - limit / 16).min(1_000_000).to_string());
            }
            tracing::warn!(
                "topic {} takes records of {limit} bytes at most (max.message.bytes), kafka.dead_letter_max_bytes is {}: \
                 dead letters are cut to {room} bytes; raise the one or lower the other",
                kafka.dead_letter_topic,
                kafka.dead_letter_max_bytes
            );
        }
        Ok(_) => {}
        Err(error) => tracing::debug!("{error:#}"),
    }
    fitted
}

/// The dead-letter topic's own limit on a record, where it tells one.
fn dead_letter_limit(kafka: &KafkaConfig) -> Result<Option<usize>> {
    let settings = Admin::new(kafka)?.settings(&kafka.dead_letter_topic)?;
    Ok(settings.get("max.message.bytes").and_then(|entry| entry.value.as_deref()?.parse().ok()))
}

/// Audit topics that exist now, with their partitions.
///
/// # Errors
/// Where no broker answers or they refuse us.
pub fn audit_topics(kafka: &KafkaConfig) -> Result<Topics> {
    connect::topics(kafka, PATIENCE, &Stop::default())
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Missing => "missing",
            State::Created => "created",
            State::Exists(differences) if differences.is_empty() => "ok",
            State::Exists(_) => "differs",
        };
        write!(
            f,
            "{:<8} {}  ({}; partitions={}, replication.factor={}",
            state, self.topic, self.purpose, self.partitions, self.replication
        )?;
        for (setting, value) in &self.settings {
            write!(f, ", {setting}={value}")?;
        }
        f.write_str(")")?;
        if let State::Exists(differences) = &self.state {
            for Difference { setting, is, should_be } in differences {
                write!(f, "\n         {setting} is {is}, should be {should_be}")?;
            }
        }
        Ok(())
    }
}

fn needed(kafka: &KafkaConfig) -> Vec<Plan> {
    let create = &kafka.create;
    let retention = |hours: u32| ("retention.ms", (u64::from(hours) * 3_600_000).to_string());
    let setting = |name: &'static str, value: &str| (name, value.to_owned());
    let log = |hours: u32, timestamps: &str| {
        vec![setting("cleanup.policy", "delete"), retention(hours), setting("message.timestamp.type", timestamps)]
    };
    let topic = |name: &str, purpose, partitions, settings| Plan {
        topic: name.to_owned(),
        purpose,
        partitions,
        replication: create.replication,
        settings,
        state: State::Missing,
    };
    vec![
        topic(
            &kafka.events_topic,
            "decoded events",
            create.events_partitions,
            log(create.events_retention_hours, "LogAppendTime"),
        ),
        topic(
            &kafka.alerts_topic,
            "alerts for the SIEM",
            create.alerts_partitions,
            log(create.alerts_retention_hours, "CreateTime"),
        ),
        topic(
            &kafka.dead_letter_topic,
            "messages that could not be used",
            create.dead_letter_partitions,
            log(create.dead_letter_retention_hours, "LogAppendTime"),
        ),
        topic(
            &kafka.state_topic,
            "state of detection",
            create.events_partitions,
            vec![setting("cleanup.policy", "compact"), setting("message.timestamp.type", "CreateTime")],
        ),
    ]
}

struct Admin {
    client: AdminClient<AdminCallbacks>,
    runtime: tokio::runtime::Runtime,
}

struct AdminCallbacks(ClientLog);

impl ClientContext for AdminCallbacks {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.0.line(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.0.error(&error, reason);
    }
}

impl Admin {
    fn new(kafka: &KafkaConfig) -> Result<Admin> {
        let context = AdminCallbacks(ClientLog::new("admin"));
        let client = settings::admin(kafka)?.create_with_context(context).map_err(settings::refusal)?;
        let runtime = tokio::runtime::Builder::new_current_thread().build().context("cannot start a runtime")?;
        Ok(Admin { client, runtime })
    }

    fn create(&self, plan: &Plan) -> Result<()> {
        let number = |value: u32| i32::try_from(value).context("the number is too large for Kafka");
        let replication = TopicReplication::Fixed(number(plan.replication)?);
        let mut topic = NewTopic::new(&plan.topic, number(plan.partitions)?, replication);
        for (setting, value) in &plan.settings {
            topic = topic.set(setting, value);
        }
        let created = self.runtime.block_on(self.client.create_topics([&topic], &options()));
        let results = created.map_err(|error| anyhow!("topic {} cannot be created: {}", plan.topic, words(&error)))?;
        match results.into_iter().next() {
            Some(Err((name, code))) if code != RDKafkaErrorCode::TopicAlreadyExists => {
                bail!("topic {name} cannot be created: {}", advice(code))
            }
            _ => Ok(()),
        }
    }

    fn differences(&self, plan: &Plan, partitions: i32) -> Result<Vec<Difference>> {
        let mut differences = Vec::new();
        let mut compare = |setting: &str, is: &str, should_be: &str| {
            if is != should_be {
                let (setting, is, should_be) = (setting.to_owned(), is.to_owned(), should_be.to_owned());
                differences.push(Difference { setting, is, should_be });
            }
        };
        compare("partitions", &partitions.to_string(), &plan.partitions.to_string());
        let found = self.settings(&plan.topic)?;
        for (setting, should_be) in &plan.settings {
            let is = found.get(setting).and_then(|entry| entry.value.as_deref()).unwrap_or("unknown");
            compare(setting, is, should_be);
        }
        Ok(differences)
    }

    fn settings(&self, topic: &str) -> Result<ConfigResource> {
        let resource = ResourceSpecifier::Topic(topic);
        let described = self.runtime.block_on(self.client.describe_configs([&resource], &options()));
        let cannot = || format!("the settings of topic {topic} cannot be read");
        let described = described.map_err(|error| anyhow!("{}: {}", cannot(), words(&error)))?;
        let Some(found) = described.into_iter().next() else { bail!(cannot()) };
        found.map_err(|code| anyhow!("{}: {}", cannot(), advice(code)))
    }
}

fn options() -> AdminOptions {
    AdminOptions::new().request_timeout(Some(REQUEST)).operation_timeout(Some(REQUEST))
}

fn advice(code: RDKafkaErrorCode) -> String {
    match code {
        RDKafkaErrorCode::InvalidReplicationFactor => {
            "there are fewer brokers than copies; lower kafka.create.replication".into()
        }
        RDKafkaErrorCode::ClusterAuthorizationFailed | RDKafkaErrorCode::TopicAuthorizationFailed => {
            "these credentials may not do that; allow Create and DescribeConfigs, or let an administrator do it".into()
        }
        other => other.to_string(),
    }
}
