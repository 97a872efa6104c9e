//! Detection's place in its consumer group: partitions come with their standing, and go when their workers are done.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result};
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaRespErr;
use rdkafka::{Offset, Statistics, TopicPartitionList};

use super::super::changelog::Standing;
use super::super::logs::ClientLog;
use super::super::worker::Order;
use super::super::{Group, Setup, group, lag};
use super::Hand;
use crate::metrics::Client;

/// The callbacks of detection's consumer. Those of the group run inside its `poll`, in the service's thread.
pub(in crate::kafka) struct Membership {
    setup: Setup,
    log: ClientLog,
    /// Partitions that came and have no worker yet, or why their standing is not known.
    arrivals: Mutex<Result<Vec<Standing>>>,
    hands: Mutex<Vec<Hand>>,
    /// How many partitions are ours. librdkafka is not asked: a consumer that closes may never answer.
    owned: AtomicUsize,
}

impl Membership {
    pub(super) fn new(setup: Setup) -> Membership {
        let log = ClientLog::new("detect consumer");
        let (hands, owned) = (Mutex::default(), AtomicUsize::new(0));
        Membership { setup, log, arrivals: Mutex::new(Ok(Vec::new())), hands, owned }
    }

    /// Partitions that came since this was asked last.
    ///
    /// # Errors
    /// Where the brokers did not tell the standing of a partition that came.
    pub(super) fn arrivals(&self) -> Result<Vec<Standing>> {
        std::mem::replace(&mut *lock(&self.arrivals), Ok(Vec::new()))
    }

    /// A partition that came has its worker.
    pub(super) fn took_up(&self, hand: Hand) {
        lock(&self.hands).push(hand);
    }

    /// Ends every worker and waits for it.
    pub(super) fn end_all(&self, order: Order) {
        let hands = std::mem::take(&mut *lock(&self.hands));
        end(hands, order);
    }

    /// The client's log.
    pub(in crate::kafka) fn log(&self) -> &ClientLog {
        &self.log
    }

    fn assign(&self, consumer: &BaseConsumer<Membership>, coming: &mut TopicPartitionList) {
        let standings = standings(&self.setup, consumer, coming);
        // Reading goes on from an explicit offset, and not before the worker says so.
        let assigned = consumer.incremental_assign(coming).and_then(|()| consumer.pause(coming));
        if let Err(error) = assigned {
            tracing::error!("the assigned partitions cannot be taken up: {error}");
        }
        let mut arrivals = lock(&self.arrivals);
        match (arrivals.as_mut(), standings) {
            (Ok(arrivals), Ok(standings)) => arrivals.extend(standings),
            (Ok(_), Err(error)) => *arrivals = Err(error),
            (Err(_), _) => {}
        }
        self.setup.health.set_assigned(Group::Detect);
        let owned = self.owned.load(Ordering::Relaxed) + coming.count();
        self.owned.store(owned, Ordering::Relaxed);
        group::show_coming(&self.setup, Client::DetectConsumer, coming, owned);
    }

    fn revoke(&self, consumer: &BaseConsumer<Membership>, leaving: &TopicPartitionList) {
        let lost = consumer.assignment_lost();
        let leaves = |partition: i32| leaving.elements().iter().any(|element| element.partition() == partition);
        if let Ok(arrivals) = lock(&self.arrivals).as_mut() {
            arrivals.retain(|standing| !leaves(standing.partition));
        }
        let (gone, kept) =
            std::mem::take(&mut *lock(&self.hands)).into_iter().partition(|hand| leaves(hand.tenure.partition));
        *lock(&self.hands) = kept;
        end(gone, if lost { Order::Drop } else { Order::Drain });
        if let Err(error) = consumer.incremental_unassign(leaving) {
            tracing::error!("the revoked partitions cannot be given away: {error}");
        }
        let owned = self.owned.load(Ordering::Relaxed).saturating_sub(leaving.count());
        self.owned.store(owned, Ordering::Relaxed);
        group::show_leaving(&self.setup, Client::DetectConsumer, leaving, lost, owned);
    }
}

/// Asks all of them first and waits then, so that they end side by side. What is left of them afterwards may not be
/// committed any more.
fn end(hands: Vec<Hand>, order: Order) {
    for hand in &hands {
        hand.tenure.order(order);
    }
    for hand in hands {
        let tenure = std::sync::Arc::clone(&hand.tenure);
        hand.join();
        tenure.order(Order::Drop);
    }
}

/// Where the partitions stand; the offset to go on from is set in `coming` too.
fn standings(
    setup: &Setup,
    consumer: &BaseConsumer<Membership>,
    coming: &mut TopicPartitionList,
) -> Result<Vec<Standing>> {
    let committed = group::committed_offsets(consumer, coming)
        .with_context(|| format!("the committed offsets of group {} cannot be read", setup.kafka.detect_group))?;
    let mut standings = Vec::new();
    for element in committed.elements() {
        let (topic, partition) = (element.topic(), element.partition());
        let (low, high) = consumer
            .fetch_watermarks(topic, partition, group::ASK)
            .with_context(|| format!("the offsets of {topic} partition {partition} cannot be read"))?;
        let committed = match element.offset() {
            Offset::Offset(offset) => Some(offset),
            _ => None,
        };
        let start = start_offset(setup, topic, partition, committed, (low, high));
        coming.set_partition_offset(topic, partition, Offset::Offset(start))?;
        standings.push(Standing { partition, committed, low, start });
    }
    Ok(standings)
}

/// Where reading goes on; what retention or a deleted topic took is told.
fn start_offset(setup: &Setup, topic: &str, partition: i32, committed: Option<i64>, (low, high): (i64, i64)) -> i64 {
    match committed {
        None => low,
        Some(committed) if committed < low => {
            setup.metrics.state.restore_lost();
            tracing::error!(
                "{} events of {topic} partition {partition} were deleted by retention before they were scored; they are \
                 lost",
                low - committed
            );
            low
        }
        Some(committed) if committed > high => {
            setup.metrics.state.restore_lost();
            tracing::error!(
                "topic {topic} was made anew: partition {partition} ends before the committed offset {committed}; it is \
                 read from its beginning, what it held before is lost"
            );
            low
        }
        Some(committed) => committed,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn rebalance(
        &self,
        consumer: &BaseConsumer<Membership>,
        error: RDKafkaRespErr,
        partitions: &mut TopicPartitionList,
    ) {
        match error {
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS => self.assign(consumer, partitions),
            _ => self.revoke(consumer, partitions),
        }
    }
}
