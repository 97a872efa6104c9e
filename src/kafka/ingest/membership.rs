//! Ingest's place in its consumer group: what happens when partitions come and go.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::{Offset, Statistics, TopicPartitionList};

use super::super::logs::ClientLog;
use super::super::{Group, Setup, group, lag};
use super::intake::Intake;
use super::ownership::{Found, Known, epoch_of};
use crate::metrics::Client;

/// How long acknowledgements are awaited when partitions go.
const LAST_WAIT: Duration = Duration::from_secs(5);

/// The callbacks of ingest's consumer. They run inside its `poll`, so in the loop's own thread: the lock is never
/// contended, it only lets the callbacks reach what the loop owns.
pub(super) struct Membership {
    intake: Mutex<Intake>,
    setup: Setup,
    log: ClientLog,
    trouble: Mutex<Option<anyhow::Error>>,
}

impl Membership {
    pub(super) fn new(intake: Intake, setup: Setup) -> Membership {
        Membership {
            intake: Mutex::new(intake),
            setup,
            log: ClientLog::new("ingest consumer"),
            trouble: Mutex::default(),
        }
    }

    /// What the loop owns. Not to be held while the consumer is polled.
    pub(super) fn intake(&self) -> MutexGuard<'_, Intake> {
        self.intake.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What went wrong in a callback and stops the loop.
    pub(super) fn trouble(&self) -> Option<anyhow::Error> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The client's log.
    pub(super) fn log(&self) -> &ClientLog {
        &self.log
    }

    /// What is acknowledged is committed before the partitions go, so that the next owner repeats little.
    fn before_revoke(&self, consumer: &BaseConsumer<Membership>, leaving: &TopicPartitionList) {
        let lost = consumer.assignment_lost();
        let mut intake = self.intake();
        if !lost {
            if let Err(error) = intake.flush(LAST_WAIT) {
                tracing::error!("{error:#}");
            }
            let offsets = intake.owned.take_due();
            if offsets.count() > 0 {
                let result = consumer.commit(&offsets, CommitMode::Sync);
                self.setup.metrics.kafka.committed(Client::IngestConsumer, result.is_ok());
            }
        }
        for element in leaving.elements() {
            intake.owned.revoked(element.topic(), element.partition());
        }
        group::show_leaving(&self.setup, Client::IngestConsumer, leaving, lost, intake.owned.count());
    }

    fn before_assign(&self, consumer: &BaseConsumer<Membership>, coming: &TopicPartitionList) {
        // Without the epoch in them, events would be taken for repeated ones.
        let committed = match group::committed_offsets(consumer, coming) {
            Ok(committed) => committed,
            Err(error) => {
                let why = anyhow::anyhow!("the committed offsets of the audit topics cannot be read: {error}");
                *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
                return;
            }
        };
        let mut intake = self.intake();
        for element in coming.elements() {
            let (topic, partition) = (element.topic(), element.partition());
            let committed = commit_of(&committed, topic, partition);
            let watermarks = committed.and_then(|_| consumer.fetch_watermarks(topic, partition, group::ASK).ok());
            match intake.owned.assigned(topic, partition, Known { committed, watermarks }) {
                Found::Continues => {}
                Found::Anew(epoch) => tracing::warn!(
                    "topic {topic} was made anew: its offsets began again, partition {partition} is read in epoch {epoch}"
                ),
                Found::Lost(messages) => tracing::error!(
                    "{messages} audit messages of {topic} partition {partition} were deleted by retention before they \
                     were read; they are lost"
                ),
            }
        }
        self.setup.health.set_assigned(Group::Ingest);
        group::show_coming(&self.setup, Client::IngestConsumer, coming, intake.owned.count());
    }
}

fn commit_of(offsets: &TopicPartitionList, topic: &str, partition: i32) -> Option<(i64, u32)> {
    let element = offsets.find_partition(topic, partition)?;
    match element.offset() {
        Offset::Offset(offset) => Some((offset, epoch_of(element.metadata()))),
        _ => None,
    }
}

impl ClientContext for Membership {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.log.line(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.log.error(&error, reason);
    }

    fn stats(&self, statistics: Statistics) {
        lag::show(&statistics, &self.setup.metrics);
    }
}

impl ConsumerContext for Membership {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Membership>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(coming) => self.before_assign(consumer, coming),
            Rebalance::Revoke(leaving) => self.before_revoke(consumer, leaving),
            Rebalance::Error(error) => tracing::warn!("the group of the audit topics is in trouble: {error}"),
        }
    }

    fn commit_callback(&self, result: KafkaResult<()>, _offsets: &TopicPartitionList) {
        self.setup.metrics.kafka.committed(Client::IngestConsumer, result.is_ok());
        if let Err(error) = result {
            self.intake().owned.commit_failed();
            self.log.error(&error, &format!("offsets could not be committed: {error}"));
        }
    }
}
