//! The demo's two ends of the pipeline: writing audit records as a collector would, and reading alerts as a SIEM would.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rdkafka::consumer::Consumer;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers, Message};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer, ThreadedProducer};
use rdkafka::{Offset, TopicPartitionList};

use super::connect::{self, Patience};
use super::{Stop, settings};
use crate::config::KafkaConfig;
use crate::event::Timestamp;

/// One wait for room in the producer, or for a message.
const WAIT: Duration = Duration::from_millis(20);

/// Writes audit records to a topic.
pub struct Feed {
    producer: ThreadedProducer<DefaultProducerContext>,
    topic: String,
}

impl Feed {
    /// Opens a producer of its own for the topic.
    ///
    /// # Errors
    /// Where the settings are refused.
    pub fn open(kafka: &KafkaConfig, topic: &str) -> Result<Feed> {
        let producer = settings::producer(kafka)?.create().map_err(settings::refusal)?;
        Ok(Feed { producer, topic: topic.to_owned() })
    }

    /// Hands a record over, waiting while the producer is full; records of one key stay in order.
    ///
    /// # Errors
    /// Where the record cannot be produced at all.
    pub fn send(&self, key: &[u8], record: &[u8], time: Timestamp) -> Result<()> {
        let mut next = BaseRecord::to(&self.topic).key(key).payload(record).timestamp(time.as_millis());
        loop {
            match self.producer.send(next) {
                Ok(()) => return Ok(()),
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), same)) => {
                    self.producer.poll(WAIT);
                    next = same;
                }
                Err((error, _)) => bail!("a record cannot be written to {}: {error}", self.topic),
            }
        }
    }

    /// Waits until everything handed over is acknowledged.
    ///
    /// # Errors
    /// Where it is not within `wait`.
    pub fn flush(&self, wait: Duration) -> Result<()> {
        self.producer.flush(wait).with_context(|| format!("not all records of {} were acknowledged", self.topic))
    }
}

/// Reads a topic from its beginning and on, and calls `each` with the CloudEvents id of every message, until `each`
/// says that it is enough; it is called without an id, too, whenever nothing came for a moment.
///
/// # Errors
/// Where the topic does not exist or cannot be read.
pub fn follow(kafka: &KafkaConfig, topic: &str, each: &mut dyn FnMut(Option<&str>) -> bool) -> Result<()> {
    let topics = connect::topics(kafka, Patience::Seconds(15), &Stop::default())?;
    let partitions = topics.partitions(topic).with_context(|| format!("topic {topic} does not exist"))?;
    let consumer = connect::lone_consumer(kafka, "follower")?;
    let mut assignment = TopicPartitionList::new();
    for partition in 0..partitions {
        assignment.add_partition_offset(topic, partition, Offset::Beginning)?;
    }
    consumer.assign(&assignment)?;
    loop {
        let go_on = match consumer.poll(WAIT) {
            Some(Ok(message)) => each(id(&message).as_deref()),
            Some(Err(KafkaError::PartitionEOF(_))) => true,
            Some(Err(error)) => bail!("topic {topic} cannot be read: {error}"),
            None => each(None),
        };
        if !go_on {
            return Ok(());
        }
    }
}

fn id(message: &BorrowedMessage<'_>) -> Option<String> {
    let header = message.headers()?.iter().find(|header| header.key == "ce_id")?;
    Some(String::from_utf8_lossy(header.value?).into_owned())
}
