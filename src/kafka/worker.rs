//! One events partition: its entries in order, its detector, its checkpoints. One thread, which owns all of it.
//!
//! In: entries of the events topic. Out: batches for the publisher: alerts, state records, and the offset that may be
//! committed once they are acknowledged. What is absent on purpose: nothing is produced or committed here.

mod cuts;
mod entries;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use anyhow::Result;
use rdkafka::TopicPartitionList;
use rdkafka::consumer::Consumer;
use rdkafka::consumer::base_consumer::PartitionQueue;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;

use self::cuts::Cuts;
pub(super) use self::entries::apply;
use self::entries::{Stop, Taking};
use super::Setup;
use super::changelog::{self, Standing};
use super::connect::words;
use super::detect::{DetectConsumer, Membership};
use super::publisher::{Batch, Handover};
use crate::detect::{Detector, Effects};
use crate::metrics::Client;

/// One wait for entries.
const POLL: Duration = Duration::from_millis(50);
/// One look at whether the publisher has caught up.
const LOOK: Duration = Duration::from_millis(2);

/// What a worker is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Go on.
    Work = 0,
    /// Finish the batch, close a cut where that is quick, and end.
    Drain = 1,
    /// The partition is somebody else's already: end.
    Drop = 2,
}

/// The tenure of one events partition: shared by its worker, the group and the publisher.
#[derive(Debug)]
pub(super) struct Tenure {
    pub(super) partition: i32,
    order: AtomicU8,
    /// Number of the last batch that is acknowledged.
    acknowledged: AtomicU64,
    /// Number of the last batch that is acknowledged and committed.
    settled: AtomicU64,
    /// The committed offset; -1 where there is none.
    committed: AtomicI64,
}

impl Tenure {
    pub(super) fn new(standing: Standing) -> Tenure {
        Tenure {
            partition: standing.partition,
            order: AtomicU8::new(Order::Work as u8),
            acknowledged: AtomicU64::new(0),
            settled: AtomicU64::new(0),
            committed: AtomicI64::new(standing.committed.unwrap_or(-1)),
        }
    }

    /// Orders only get stricter.
    pub(super) fn order(&self, order: Order) {
        self.order.fetch_max(order as u8, Ordering::SeqCst);
    }

    fn is_ordered(&self, order: Order) -> bool {
        self.order.load(Ordering::SeqCst) >= order as u8
    }

    /// Whether its offsets may still be committed.
    pub(super) fn is_ours(&self) -> bool {
        !self.is_ordered(Order::Drop)
    }

    pub(super) fn committed(&self) -> i64 {
        self.committed.load(Ordering::SeqCst)
    }

    /// The batch is acknowledged.
    pub(super) fn acknowledge(&self, number: u64) {
        self.acknowledged.store(number, Ordering::SeqCst);
    }

    /// The batch is acknowledged, and its offset committed.
    pub(super) fn settle(&self, number: u64, offset: i64) {
        self.committed.store(offset, Ordering::SeqCst);
        self.settled.store(number, Ordering::SeqCst);
    }

    fn settled(&self) -> u64 {
        self.settled.load(Ordering::SeqCst)
    }
}

/// What a worker is started with.
pub(super) struct Start {
    pub(super) setup: Setup,
    pub(super) standing: Standing,
    pub(super) tenure: Arc<Tenure>,
    pub(super) consumer: Arc<DetectConsumer>,
    pub(super) queue: PartitionQueue<Membership>,
    pub(super) outlet: SyncSender<Handover>,
}

/// Restores the partition's state, then scores its entries until it is ordered to end.
///
/// # Errors
/// Where reading cannot go on.
pub(super) fn run(start: Start) -> Result<()> {
    if !may_begin(&start) {
        return Ok(());
    }
    start.setup.health.restore_begins();
    let restored = changelog::restore(&start.setup, start.standing, &|| start.tenure.is_ordered(Order::Drain));
    start.setup.health.restore_ends();
    let detector = match restored {
        Err(error) if error.is::<changelog::Interrupted>() => return Ok(()),
        other => other?,
    };
    let mut worker = Worker::new(start, detector);
    worker.resume()?;
    while !worker.start.tenure.is_ordered(Order::Drain) {
        worker.read_batch()?;
        worker.checkpoint();
        if worker.hand_over(false).is_err() {
            return Ok(());
        }
    }
    worker.drain();
    worker.start.setup.metrics.detect.forget_partition(worker.start.standing.partition);
    Ok(())
}

/// Waits until nothing of an earlier tenure of ours can reach the state topic any more; false where it is to end before.
fn may_begin(start: &Start) -> bool {
    let (answer, answered) = sync_channel(1);
    if start.outlet.send(Handover::Begin(answer)).is_err() {
        return false;
    }
    loop {
        match answered.recv_timeout(POLL) {
            Ok(()) => return true,
            Err(RecvTimeoutError::Timeout) if !start.tenure.is_ordered(Order::Drain) => {}
            Err(_) => return false,
        }
    }
}

/// The publisher has ended, and says itself why.
struct PublisherGone;

struct Worker {
    start: Start,
    detector: Detector,
    effects: Effects,
    cuts: Cuts,
    batch: Batch,
    next_offset: i64,
    handed_offset: i64,
    last_number: u64,
    read: Reads,
    told_damaged: bool,
}

#[derive(Debug, Default)]
struct Reads {
    entries: u64,
    damaged: u64,
    bytes: u64,
}

impl Worker {
    fn new(start: Start, detector: Detector) -> Worker {
        let every = Duration::from_secs(start.setup.kafka.checkpoint_interval_s);
        Worker {
            detector,
            effects: Effects::default(),
            cuts: Cuts::new(every),
            batch: Batch::new(&start.tenure),
            next_offset: start.standing.start,
            handed_offset: start.tenure.committed(),
            last_number: 0,
            read: Reads::default(),
            told_damaged: false,
            start,
        }
    }

    /// The partition was paused while its state was restored.
    fn resume(&self) -> Result<()> {
        let mut partition = TopicPartitionList::new();
        partition.add_partition(&self.start.setup.kafka.events_topic, self.start.standing.partition);
        Ok(self.start.consumer.resume(&partition)?)
    }

    /// Scores entries until there is none for the moment, or the batch is full.
    fn read_batch(&mut self) -> Result<()> {
        let (mut wait, mut left) = (POLL, self.start.setup.kafka.batch_max_events);
        while left > 0 {
            match entries::poll(&self.start.queue, wait) {
                Ok(record) => {
                    let taking = Taking {
                        detector: &mut self.detector,
                        effects: &mut self.effects,
                        batch: &mut self.batch,
                        read: &mut self.read,
                        setup: &self.start.setup,
                        told_damaged: &mut self.told_damaged,
                    };
                    left = left.saturating_sub(taking.take(&record));
                    self.next_offset = record.offset() + 1;
                }
                Err(Stop::Empty) => break,
                Err(Stop::Failed(error)) => {
                    left -= 1;
                    let overtaken = note(&self.start, self.next_offset, &error)?;
                    self.next_offset = overtaken.unwrap_or(self.next_offset);
                }
            }
            wait = Duration::ZERO;
        }
        self.publish_counts();
        Ok(())
    }

    fn checkpoint(&mut self) {
        let budget = self.start.setup.kafka.checkpoint_records_per_batch;
        let position = cuts::Position {
            next_offset: self.next_offset,
            number: self.last_number + 1,
            acknowledged: self.start.tenure.acknowledged.load(Ordering::SeqCst),
            settled: self.start.tenure.settled(),
        };
        let step = self.cuts.step(&mut self.detector, position, budget, &mut self.batch.changes);
        if let cuts::Step::Closed(took) = step {
            self.start.setup.metrics.state.cut_closed(took.as_secs_f64(), super::wall_clock());
        }
    }

    /// Gives the batch to the publisher, where there is anything in it.
    fn hand_over(&mut self, urgent: bool) -> Result<(), PublisherGone> {
        let idle = self.batch.is_empty() && self.next_offset == self.handed_offset;
        if idle && !self.cuts.waits_for(self.last_number + 1) {
            return Ok(());
        }
        self.last_number += 1;
        let mut batch = std::mem::replace(&mut self.batch, Batch::new(&self.start.tenure));
        (batch.number, batch.next_offset, batch.is_urgent) = (self.last_number, self.next_offset, urgent);
        self.handed_offset = self.next_offset;
        self.start.outlet.send(Handover::Batch(batch)).map_err(|_| PublisherGone)
    }

    /// Everything handed over and committed, and a last cut closed, as far as time allows.
    fn drain(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(self.start.setup.kafka.drain_timeout_s);
        self.cuts.hurry();
        loop {
            self.checkpoint();
            if self.hand_over(true).is_err() || !self.wait_settled(deadline) {
                return;
            }
            if self.cuts.is_closed_at(self.next_offset) {
                return;
            }
        }
    }

    /// Whether all that was handed over is settled before the deadline.
    fn wait_settled(&self, deadline: Instant) -> bool {
        while self.start.tenure.settled() < self.last_number {
            if Instant::now() > deadline || self.start.tenure.is_ordered(Order::Drop) {
                return false;
            }
            std::thread::sleep(LOOK);
        }
        true
    }

    fn publish_counts(&mut self) {
        let Setup { metrics, kafka, .. } = &self.start.setup;
        let read = std::mem::take(&mut self.read);
        if read.entries > 0 {
            metrics.kafka.read(&kafka.events_topic, read.entries, read.bytes);
            metrics.detect.read(read.entries);
            metrics.detect.damaged(read.damaged);
            metrics.detect.add(&std::mem::take(&mut self.effects.counts));
            let partition = self.start.standing.partition;
            metrics.detect.set_census(partition, &self.detector.census(), self.detector.stream_time());
        }
    }
}

/// An error beside the entries. Where retention overtook us, reading goes on at what is left: that offset is returned.
fn note(start: &Start, next_offset: i64, error: &KafkaError) -> Result<Option<i64>> {
    let Setup { metrics, kafka, .. } = &start.setup;
    metrics.kafka.failed(Client::DetectConsumer, super::logs::kind(error));
    let partition = start.standing.partition;
    match error {
        KafkaError::MessageConsumption(RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::OffsetOutOfRange) => {
            let (low, _) = start.consumer.fetch_watermarks(&kafka.events_topic, partition, Duration::from_secs(10))?;
            metrics.state.restore_lost();
            tracing::error!(
                "{} events of {} partition {partition} were deleted by retention before they were scored; they are lost",
                low - next_offset,
                kafka.events_topic
            );
            start.consumer.seek(
                &kafka.events_topic,
                partition,
                rdkafka::Offset::Offset(low),
                Duration::from_secs(10),
            )?;
            Ok(Some(low))
        }
        KafkaError::MessageConsumptionFatal(code) => {
            anyhow::bail!("reading {} partition {partition} cannot go on: {code}", kafka.events_topic)
        }
        _ => {
            start.consumer.context().log().error(error, &words(error));
            Ok(None)
        }
    }
}
