//! `[kafka]`: brokers, topics, groups, intervals and limits of the Kafka side.
//!
//! Everything that librdkafka can do and that is not decided here is reached through the pass-through tables
//! ([`Properties`]).

mod properties;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use properties::{Properties, PropertyError};

/// Brokers, topics, groups, intervals and limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KafkaConfig {
    /// Brokers to begin with, `host:port`, separated by commas.
    pub bootstrap_servers: String,
    /// Name of this client in the brokers' logs and quotas.
    pub client_id: String,
    /// Name of this instance for static group membership (a pod's or host's name, different for each instance); with
    /// it a restart within the session timeout moves no partition. Empty: none.
    pub instance: String,
    /// Topics that audit records are read from; one that begins with `^` is a regular expression.
    pub audit_topics: Vec<String>,
    /// Topic of the decoded events; all of a scope lie in one partition, and a record holds many.
    pub events_topic: String,
    /// Topic of the alerts.
    pub alerts_topic: String,
    /// Topic of the messages that could not be used.
    pub dead_letter_topic: String,
    /// Compacted topic of the state; it has as many partitions as the events topic.
    pub state_topic: String,
    /// Consumer group that reads audit topics.
    pub ingest_group: String,
    /// Consumer group that reads the events topic.
    pub detect_group: String,
    /// Threads that read and decode audit records; 0 means one a processor.
    pub ingest_threads: usize,
    /// Least epoch of the audit positions; raise it when an audit topic was made anew and its offsets began again while
    /// nhiwatch was not running.
    pub audit_epoch: u32,
    /// Pause between two ticks to every events partition, in milliseconds.
    pub tick_interval_ms: u64,
    /// Pause between two commits of offsets, in milliseconds.
    pub commit_interval_ms: u64,
    /// Pause between two checkpoints of the state, in seconds.
    pub checkpoint_interval_s: u64,
    /// State records that are written between two batches of events while a checkpoint is open; the next follow when
    /// they are acknowledged.
    pub checkpoint_records_per_batch: usize,
    /// Events that are scored as one batch.
    pub batch_max_events: usize,
    /// Events that may wait for the broker's acknowledgement in each loop of ingest, and records in a producer; beyond it
    /// reading stops.
    pub max_in_flight: usize,
    /// Batches that may wait between the workers and their producer.
    pub max_queued_batches: usize,
    /// Largest dead letter, in bytes; what is larger is cut and says so in its headers. Keep it below the topic's
    /// `max.message.bytes`.
    pub dead_letter_max_bytes: usize,
    /// Longest wait for acknowledgements and a last checkpoint when stopping or giving a partition away, and then for
    /// leaving the group; in seconds.
    pub drain_timeout_s: u64,
    /// What `topics create` makes.
    pub create: TopicsConfig,
    /// librdkafka properties of every client (TLS, SASL …). Secrets are never printed.
    #[schemars(with = "BTreeMap<String, String>")]
    pub properties: Properties,
    /// librdkafka properties of consumers only.
    pub consumer: ClientProperties,
    /// librdkafka properties of producers only.
    pub producer: ClientProperties,
}

/// What `topics create` makes; existing topics are left as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TopicsConfig {
    /// Partitions of the events and the state topic: one for about 100,000 identities, and at least 2 where two
    /// instances shall share the work. Fixed for the life of the state.
    pub events_partitions: u32,
    /// Partitions of the alerts topic.
    pub alerts_partitions: u32,
    /// Partitions of the dead-letter topic.
    pub dead_letter_partitions: u32,
    /// Copies of each partition.
    pub replication: u32,
    /// How long events are kept, in hours; longer than the longest stop that shall lose nothing.
    pub events_retention_hours: u32,
    /// How long alerts are kept, in hours.
    pub alerts_retention_hours: u32,
    /// How long dead letters are kept, in hours.
    pub dead_letter_retention_hours: u32,
}

/// librdkafka properties of one sort of client.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClientProperties {
    /// The properties, by librdkafka's names.
    #[schemars(with = "BTreeMap<String, String>")]
    pub properties: Properties,
}

impl Default for KafkaConfig {
    fn default() -> KafkaConfig {
        KafkaConfig {
            bootstrap_servers: "127.0.0.1:9092".into(),
            client_id: "nhiwatch".into(),
            instance: String::new(),
            audit_topics: vec!["^audit\\..*".into()],
            events_topic: "security.nhi.events.v1".into(),
            alerts_topic: "security.nhi.alerts.v1".into(),
            dead_letter_topic: "security.nhi.dlq".into(),
            state_topic: "nhiwatch-detect-baseline-changelog".into(),
            ingest_group: "nhiwatch-ingest".into(),
            detect_group: "nhiwatch-detect".into(),
            ingest_threads: 0,
            audit_epoch: 0,
            tick_interval_ms: 1_000,
            commit_interval_ms: 1_000,
            checkpoint_interval_s: 60,
            checkpoint_records_per_batch: 1_000,
            batch_max_events: 5_000,
            max_in_flight: 100_000,
            max_queued_batches: 16,
            dead_letter_max_bytes: 900 << 10,
            drain_timeout_s: 20,
            create: TopicsConfig::default(),
            properties: Properties::default(),
            consumer: ClientProperties::default(),
            producer: ClientProperties::default(),
        }
    }
}

impl Default for TopicsConfig {
    fn default() -> TopicsConfig {
        TopicsConfig {
            events_partitions: 4,
            alerts_partitions: 4,
            dead_letter_partitions: 1,
            replication: 1,
            events_retention_hours: 7 * 24,
            alerts_retention_hours: 30 * 24,
            dead_letter_retention_hours: 14 * 24,
        }
    }
}

impl KafkaConfig {
    /// The rules that no single type can express.
    ///
    /// # Errors
    /// The first contradiction: the key (`kafka.audit_topics`) and one sentence.
    pub fn validate(&self) -> Result<(), (String, String)> {
        self.check_names()?;
        self.check_numbers()?;
        let passed = [
            ("kafka.properties", &self.properties),
            ("kafka.consumer.properties", &self.consumer.properties),
            ("kafka.producer.properties", &self.producer.properties),
        ];
        for (table, properties) in passed {
            properties.resolved().map_err(|error| (format!("{table}.\"{}\"", error.key), error.advice))?;
        }
        Ok(())
    }

    fn check_names(&self) -> Result<(), (String, String)> {
        let refuse = |key: &str, why: &str| Err((format!("kafka.{key}"), why.to_owned()));
        if self.bootstrap_servers.trim().is_empty() {
            return refuse("bootstrap_servers", "is empty; name at least one broker, for example 127.0.0.1:9092");
        }
        if self.audit_topics.is_empty() {
            return refuse("audit_topics", "is empty; name at least one topic, or a pattern such as ^audit\\..*");
        }
        if self.ingest_group == self.detect_group {
            return refuse("detect_group", "is the same as kafka.ingest_group; the two read different topics");
        }
        let own = [
            ("events_topic", &self.events_topic),
            ("alerts_topic", &self.alerts_topic),
            ("dead_letter_topic", &self.dead_letter_topic),
            ("state_topic", &self.state_topic),
        ];
        for (at, (key, topic)) in own.iter().enumerate() {
            let legal = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            if topic.is_empty() || topic.len() > 249 || !topic.chars().all(legal) {
                return refuse(key, "is no topic name: use 1 to 249 letters, digits, '.', '_' and '-'");
            }
            if let Some((other, _)) = own[..at].iter().find(|(_, other)| *other == *topic) {
                return refuse(key, &format!("is the same topic as kafka.{other}"));
            }
            if self.audit_topics.contains(topic) {
                return refuse(key, "is also among kafka.audit_topics: what is written would be read again");
            }
        }
        Ok(())
    }

    fn check_numbers(&self) -> Result<(), (String, String)> {
        let at_least_one = [
            ("tick_interval_ms", self.tick_interval_ms),
            ("commit_interval_ms", self.commit_interval_ms),
            ("checkpoint_interval_s", self.checkpoint_interval_s),
            ("checkpoint_records_per_batch", self.checkpoint_records_per_batch as u64),
            ("batch_max_events", self.batch_max_events as u64),
            ("max_in_flight", self.max_in_flight as u64),
            ("max_queued_batches", self.max_queued_batches as u64),
            ("drain_timeout_s", self.drain_timeout_s),
            ("create.events_partitions", self.create.events_partitions.into()),
            ("create.alerts_partitions", self.create.alerts_partitions.into()),
            ("create.dead_letter_partitions", self.create.dead_letter_partitions.into()),
            ("create.replication", self.create.replication.into()),
        ];
        if let Some((key, _)) = at_least_one.iter().find(|(_, value)| *value == 0) {
            return Err((format!("kafka.{key}"), "is 0; it must be at least 1".into()));
        }
        if self.dead_letter_max_bytes < 16 << 10 {
            return Err(("kafka.dead_letter_max_bytes".into(), "is below 16384, too little to tell anything".into()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_valid_and_strict() {
        KafkaConfig::default().validate().unwrap();
        assert!(toml::from_str::<KafkaConfig>("bootstrap_server = \"x\"").is_err());
    }

    #[test]
    fn a_contradiction_names_its_key() {
        let mut config = KafkaConfig { dead_letter_topic: "security.nhi.alerts.v1".into(), ..KafkaConfig::default() };
        assert_eq!(config.validate().unwrap_err().0, "kafka.dead_letter_topic");
        config = KafkaConfig { batch_max_events: 0, ..KafkaConfig::default() };
        assert_eq!(config.validate().unwrap_err().0, "kafka.batch_max_events");
        config = toml::from_str("[consumer.properties]\n\"group.id\" = \"mine\"").unwrap();
        let (key, advice) = config.validate().unwrap_err();
        assert_eq!(key, "kafka.consumer.properties.\"group.id\"");
        assert!(advice.contains("kafka.ingest_group"), "{advice}");
    }

    #[test]
    fn a_dump_shows_no_secret() {
        let config: KafkaConfig =
            toml::from_str("[properties]\n\"sasl.password\" = \"hunter2\"\nsecurity.protocol = \"SASL_SSL\"").unwrap();
        let dump = format!("{}{config:?}", toml::to_string(&config).unwrap());
        assert!(!dump.contains("hunter2"), "{dump}");
        assert!(dump.contains("SASL_SSL"));
    }
}
