//! An embedded broker for the demo and for fast tests: librdkafka's mock cluster, which speaks the real protocol over
//! loopback.
//!
//! It is volatile, keeps at most 5 MiB per partition and silently drops what is older, does not compact, and its
//! transactions are a façade: whoever writes more than it keeps must wait for the readers.

use anyhow::{Context as _, Result};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

use crate::config::KafkaConfig;

/// An embedded broker; it ends when it is dropped.
pub struct MockBroker {
    cluster: MockCluster<'static, DefaultProducerContext>,
}

impl MockBroker {
    /// Starts one on a free loopback port.
    ///
    /// # Errors
    /// Where librdkafka cannot start it.
    pub fn start() -> Result<MockBroker> {
        let cluster = MockCluster::new(1).context("the embedded broker cannot be started")?;
        Ok(MockBroker { cluster })
    }

    /// Its address, for `kafka.bootstrap_servers`.
    pub fn bootstrap_servers(&self) -> String {
        self.cluster.bootstrap_servers()
    }

    /// Creates a topic.
    ///
    /// # Errors
    /// Where it exists already.
    pub fn create_topic(&self, topic: &str, partitions: u32) -> Result<()> {
        let partitions = i32::try_from(partitions).context("too many partitions")?;
        self.cluster.create_topic(topic, partitions, 1).with_context(|| format!("topic {topic} cannot be created"))
    }

    /// Creates every topic that nhiwatch writes, with the partitions of `kafka.create`.
    ///
    /// # Errors
    /// Where one exists already.
    pub fn create_own_topics(&self, kafka: &KafkaConfig) -> Result<()> {
        let create = &kafka.create;
        self.create_topic(&kafka.events_topic, create.events_partitions)?;
        self.create_topic(&kafka.state_topic, create.events_partitions)?;
        self.create_topic(&kafka.alerts_topic, create.alerts_partitions)?;
        self.create_topic(&kafka.dead_letter_topic, create.dead_letter_partitions)
    }

    /// A configuration for this broker: its address, and groups that join within a second.
    pub fn configure(&self, kafka: &mut KafkaConfig) {
        kafka.bootstrap_servers = self.bootstrap_servers();
        kafka.consumer.properties.set("group.protocol", "consumer");
    }

    /// Lets the next requests to produce fail, one for each of the errors.
    pub fn fail_produce(&self, errors: &[RDKafkaRespErr]) {
        self.cluster.request_errors(RDKafkaApiKey::Produce, errors);
    }

    /// Takes the broker away from its clients, or brings it back with what it had.
    pub fn set_away(&self, away: bool) {
        // There is one broker, so that neither can fail.
        let _ = if away { self.cluster.broker_down(1) } else { self.cluster.broker_up(1) };
    }
}
