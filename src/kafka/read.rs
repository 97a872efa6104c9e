//! Reading an audit topic once, from its beginning to the end that it has now, outside any group: for `replay --topic`.
//!
//! Partitions are merged by record time, ties by partition number, so that the same topic always gives the same order.
//! Nothing is committed and nothing written.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rdkafka::consumer::Consumer;
use rdkafka::consumer::base_consumer::PartitionQueue;
use rdkafka::error::KafkaError;
use rdkafka::message::{Message, OwnedMessage};
use rdkafka::{Offset, TopicPartitionList};

use super::Stop;
use super::connect::{self, LoneClient, LoneConsumer, Patience, words};
use crate::config::KafkaConfig;
use crate::event::{Position, Timestamp};

/// How long somebody who called a command waits for brokers.
const PATIENCE: Patience = Patience::Seconds(15);
/// A partition that delivers nothing for so long is given up.
const STALL: Duration = Duration::from_secs(60);

/// A message of the topic.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicMessage<'a> {
    /// Its value.
    pub payload: Option<&'a [u8]>,
    /// Where it was read; the index is 0, the epoch that of the configuration.
    pub position: Position<'a>,
    /// Its record time.
    pub time: Option<Timestamp>,
    /// Messages read so far, this one included, and messages in all.
    pub progress: (u64, u64),
}

/// Calls `each` for every message of the topic up to the end that it has now, until told to break.
///
/// # Errors
/// Where no broker answers, the topic does not exist, or it cannot be read to its end.
pub fn read_topic(
    kafka: &KafkaConfig,
    topic: &str,
    each: &mut dyn FnMut(&TopicMessage<'_>) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let stop = Stop::default();
    let topics = connect::topics(kafka, PATIENCE, &stop)?;
    let Some(partitions) = topics.partitions(topic) else {
        bail!("topic {topic} does not exist on {}", kafka.bootstrap_servers);
    };
    let consumer = Arc::new(connect::lone_consumer(kafka, "replay consumer")?);
    let mut lanes = open_lanes(&consumer, topic, partitions)?;
    let total = lanes.iter().map(|lane| lane.left()).sum();
    let mut read = 0;
    for lane in &mut lanes {
        lane.fill(&consumer)?;
    }
    while let Some(lane) = lanes.iter_mut().filter(|lane| lane.head.is_some()).min_by_key(|lane| lane.order()) {
        let Some(message) = lane.head.take() else { break };
        read += 1;
        let taken = TopicMessage {
            payload: message.payload(),
            position: Position {
                topic: topic.into(),
                partition: message.partition(),
                epoch: kafka.audit_epoch,
                offset: message.offset(),
                index: 0,
            },
            time: message.timestamp().to_millis().map(Timestamp::from_millis),
            progress: (read, total),
        };
        if each(&taken)?.is_break() {
            return Ok(());
        }
        lane.fill(&consumer)?;
    }
    Ok(())
}

/// One partition on its way to its end.
struct Lane {
    partition: i32,
    queue: PartitionQueue<LoneClient>,
    next: i64,
    end: i64,
    head: Option<OwnedMessage>,
}

fn open_lanes(consumer: &Arc<LoneConsumer>, topic: &str, partitions: i32) -> Result<Vec<Lane>> {
    let mut lanes = Vec::new();
    let mut assignment = TopicPartitionList::new();
    for partition in 0..partitions {
        let (next, end) = consumer
            .fetch_watermarks(topic, partition, Duration::from_secs(10))
            .with_context(|| format!("the offsets of {topic} partition {partition} cannot be read"))?;
        assignment.add_partition_offset(topic, partition, Offset::Offset(next))?;
        let queue = consumer.split_partition_queue(topic, partition).context("no queue for a partition")?;
        lanes.push(Lane { partition, queue, next, end, head: None });
    }
    consumer.assign(&assignment)?;
    Ok(lanes)
}

impl Lane {
    fn left(&self) -> u64 {
        u64::try_from(self.end - self.next).unwrap_or(0)
    }

    fn order(&self) -> (i64, i32) {
        let time = self.head.as_ref().and_then(|message| message.timestamp().to_millis());
        (time.unwrap_or(i64::MIN), self.partition)
    }

    /// Takes the next message up; none is left where the end is reached.
    fn fill(&mut self, consumer: &LoneConsumer) -> Result<()> {
        let begun = Instant::now();
        while self.next < self.end {
            match self.queue.poll(Duration::from_millis(50)) {
                Some(Ok(message)) if message.offset() >= self.end => self.next = self.end,
                Some(Ok(message)) => {
                    self.next = message.offset() + 1;
                    self.head = Some(message.detach());
                    return Ok(());
                }
                Some(Err(KafkaError::PartitionEOF(_))) => self.next = self.end,
                Some(Err(error)) => consumer.context().log.error(&error, &words(&error)),
                None => {}
            }
            // Events of the client itself are served on its main queue.
            let _ = consumer.poll(Duration::ZERO);
            if begun.elapsed() > STALL {
                bail!("partition {} delivers nothing after offset {}", self.partition, self.next);
            }
        }
        Ok(())
    }
}
