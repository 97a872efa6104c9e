//! What the Kafka clients do: messages, lag, assignments, errors, commits.

#![allow(clippy::disallowed_types, reason = "the names of topics are few and asked for once a batch")]

use std::collections::BTreeSet;
use std::sync::Mutex;

use prometheus::{GaugeVec, IntCounterVec, Registry};

use super::table::{counters, gauges};

/// Topics that have a series of their own; those beyond share the label value `other`.
const MAX_TOPICS: usize = 50;
/// Partitions that have a lag of their own; those numbered higher are not shown.
const MAX_PARTITIONS: i32 = 100;

/// One of our Kafka clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// Reads audit topics.
    IngestConsumer,
    /// Writes events, ticks and dead letters.
    IngestProducer,
    /// Reads the events topic.
    DetectConsumer,
    /// Writes alerts and state.
    DetectProducer,
}

impl Client {
    /// Every client.
    pub const ALL: [Client; 4] =
        [Client::IngestConsumer, Client::IngestProducer, Client::DetectConsumer, Client::DetectProducer];

    /// The value of label `client`.
    pub fn name(self) -> &'static str {
        match self {
            Client::IngestConsumer => "ingest_consumer",
            Client::IngestProducer => "ingest_producer",
            Client::DetectConsumer => "detect_consumer",
            Client::DetectProducer => "detect_producer",
        }
    }
}

/// The class of an error that a Kafka client reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KafkaErrorKind {
    /// No connection to a broker.
    Transport,
    /// Refused: credentials, certificates or permissions.
    Authentication,
    /// No answer in time.
    Timeout,
    /// A topic or partition that is not there.
    UnknownTopic,
    /// The client cannot go on.
    Fatal,
    /// Anything else.
    Other,
}

impl KafkaErrorKind {
    /// Every class.
    pub const ALL: [KafkaErrorKind; 6] = [
        KafkaErrorKind::Transport,
        KafkaErrorKind::Authentication,
        KafkaErrorKind::Timeout,
        KafkaErrorKind::UnknownTopic,
        KafkaErrorKind::Fatal,
        KafkaErrorKind::Other,
    ];

    /// The value of label `kind`.
    pub fn name(self) -> &'static str {
        match self {
            KafkaErrorKind::Transport => "transport",
            KafkaErrorKind::Authentication => "authentication",
            KafkaErrorKind::Timeout => "timeout",
            KafkaErrorKind::UnknownTopic => "unknown_topic",
            KafkaErrorKind::Fatal => "fatal",
            KafkaErrorKind::Other => "other",
        }
    }
}

/// What happened to an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rebalance {
    /// Partitions were given to us.
    Assign,
    /// Partitions were taken back in order.
    Revoke,
    /// Partitions were lost without being asked.
    Lost,
}

impl Rebalance {
    /// Every way.
    pub const ALL: [Rebalance; 3] = [Rebalance::Assign, Rebalance::Revoke, Rebalance::Lost];

    /// The value of label `type`.
    pub fn name(self) -> &'static str {
        match self {
            Rebalance::Assign => "assign",
            Rebalance::Revoke => "revoke",
            Rebalance::Lost => "lost",
        }
    }
}

/// What the Kafka clients do.
pub struct KafkaMetrics {
    messages: IntCounterVec,
    message_bytes: IntCounterVec,
    lag: GaugeVec,
    assigned: GaugeVec,
    rebalances: IntCounterVec,
    errors: IntCounterVec,
    commits: IntCounterVec,
    produced: IntCounterVec,
    topics: Mutex<BTreeSet<String>>,
}

impl KafkaMetrics {
    pub(super) fn register(registry: &Registry) -> KafkaMetrics {
        let metrics = KafkaMetrics {
            messages: counters(registry, "nhi_kafka_messages_total"),
            message_bytes: counters(registry, "nhi_kafka_message_bytes_total"),
            lag: gauges(registry, "nhi_kafka_consumer_lag"),
            assigned: gauges(registry, "nhi_kafka_assigned_partitions"),
            rebalances: counters(registry, "nhi_kafka_rebalances_total"),
            errors: counters(registry, "nhi_kafka_errors_total"),
            commits: counters(registry, "nhi_kafka_commits_total"),
            produced: counters(registry, "nhi_kafka_produced_total"),
            topics: Mutex::new(BTreeSet::new()),
        };
        for client in Client::ALL {
            metrics.start_at_zero(client);
        }
        metrics
    }

    fn start_at_zero(&self, client: Client) {
        for kind in KafkaErrorKind::ALL {
            self.errors.with_label_values(&[client.name(), kind.name()]);
        }
        match client {
            Client::IngestConsumer | Client::DetectConsumer => {
                self.assigned.with_label_values(&[client.name()]);
                for way in Rebalance::ALL {
                    self.rebalances.with_label_values(&[client.name(), way.name()]);
                }
                for ok in [true, false] {
                    self.commits.with_label_values(&[client.name(), result(ok)]);
                }
            }
            Client::IngestProducer | Client::DetectProducer => {
                for ok in [true, false] {
                    self.produced.with_label_values(&[client.name(), result(ok)]);
                }
            }
        }
    }

    /// A batch of `messages` with `bytes` of keys and values was read from `topic`.
    pub fn read(&self, topic: &str, messages: u64, bytes: u64) {
        let topic = self.label(topic);
        self.messages.with_label_values(&[topic]).inc_by(messages);
        self.message_bytes.with_label_values(&[topic]).inc_by(bytes);
    }

    /// How many messages of the partition are still to be read.
    pub fn set_lag(&self, topic: &str, partition: i32, messages: i64) {
        let label = self.label(topic);
        if partition < MAX_PARTITIONS && label == topic {
            self.lag.with_label_values(&[topic, &partition.to_string()]).set(messages as f64);
        }
    }

    /// The partition is no longer ours: its lag is somebody else's to tell.
    pub fn forget_lag(&self, topic: &str, partition: i32) {
        // An error only says that there was no such series.
        let _ = self.lag.remove_label_values(&[topic, &partition.to_string()]);
    }

    /// How many partitions the consumer owns now.
    pub fn set_assigned(&self, client: Client, partitions: usize) {
        self.assigned.with_label_values(&[client.name()]).set(partitions as f64);
    }

    /// An assignment changed.
    pub fn rebalanced(&self, client: Client, way: Rebalance) {
        self.rebalances.with_label_values(&[client.name(), way.name()]).inc();
    }

    /// A client reported an error.
    pub fn failed(&self, client: Client, kind: KafkaErrorKind) {
        self.errors.with_label_values(&[client.name(), kind.name()]).inc();
    }

    /// Offsets were committed, or could not be.
    pub fn committed(&self, client: Client, ok: bool) {
        self.commits.with_label_values(&[client.name(), result(ok)]).inc();
    }

    /// So many messages were acknowledged, and so many given up.
    pub fn produced(&self, client: Client, acknowledged: u64, failed: u64) {
        self.produced.with_label_values(&[client.name(), result(true)]).inc_by(acknowledged);
        self.produced.with_label_values(&[client.name(), result(false)]).inc_by(failed);
    }

    /// The topic itself while there are few, then `other`: a pattern of topics may match thousands.
    fn label<'a>(&self, topic: &'a str) -> &'a str {
        let mut topics = self.topics.lock().expect("nothing panics while it is held");
        if topics.contains(topic) {
            return topic;
        }
        if topics.len() == MAX_TOPICS {
            return "other";
        }
        topics.insert(topic.to_owned());
        topic
    }
}

fn result(ok: bool) -> &'static str {
    if ok { "ok" } else { "failed" }
}
