//! Reading back what a partition's worker knew: the last closed cut of the state changelog, then the events from there
//! to the committed offset, silently.
//!
//! In: the changelog's partition and the events' partition. Out: a detector that is where the one before it was. What is
//! absent on purpose: nothing is produced and nothing committed.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rdkafka::consumer::Consumer;
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::{Offset, TopicPartitionList};

use super::connect::{LoneConsumer, lone_consumer, words};
use super::worker::apply;
use super::{Setup, logs};
use crate::detect::{Cut, Detector, Effects};
use crate::metrics::KafkaErrorKind;

/// One question to the broker.
const ASK: Duration = Duration::from_secs(10);
/// One wait for records.
const POLL: Duration = Duration::from_millis(100);
/// Records between two looks at how far it is.
const STEP: u64 = 10_000;

/// Where a partition of the events topic stands for our group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) partition: i32,
    /// The committed offset; none where the group never committed one.
    pub(super) committed: Option<i64>,
    /// The first offset that is still there.
    pub(super) low: i64,
    /// The offset that reading goes on from.
    pub(super) start: i64,
}

/// The detector of an events partition as of `standing.start`.
///
/// # Errors
/// Where the brokers fail us, or we are to stop.
pub(super) fn restore(setup: &Setup, standing: Standing, stop: &dyn Fn() -> bool) -> Result<Detector> {
    let begun = Instant::now();
    let mut detector = Detector::new(&setup.detect, &setup.budget);
    let reader = Reader { setup, stop };
    let cut = reader.last_cut(standing.partition)?;
    // Even where no cut was ever closed there may be records of one that was not: the next must write over them.
    reader.load(standing.partition, cut.unwrap_or(Cut::NONE), &mut detector)?;
    let replayed = reader.catch_up(standing, cut, &mut detector)?;
    setup.metrics.state.restored(begun.elapsed().as_secs_f64());
    tracing::info!(
        partition = standing.partition,
        cut = cut.map(|cut| cut.id),
        from = cut.map(|cut| cut.next_offset),
        to = standing.start,
        replayed,
        seconds = begun.elapsed().as_secs_f32(),
        "state of the events partition restored"
    );
    Ok(detector)
}

struct Reader<'a> {
    setup: &'a Setup,
    stop: &'a dyn Fn() -> bool,
}

impl Reader<'_> {
    /// First pass: the last closed cut, where there is one.
    fn last_cut(&self, partition: i32) -> Result<Option<Cut>> {
        let topic = &self.setup.kafka.state_topic;
        let mut last = None;
        self.read(topic, partition, None, None, &mut |record| match Detector::marker(
            record.key().unwrap_or_default(),
            record.payload(),
        ) {
            Ok(Some(cut)) => last = Some(cut),
            Ok(None) => {}
            Err(error) => tracing::error!("{topic} partition {partition} offset {}: {error}", record.offset()),
        })?;
        Ok(last)
    }

    /// Second pass: what belongs to the cut.
    fn load(&self, partition: i32, cut: Cut, detector: &mut Detector) -> Result<()> {
        let topic = &self.setup.kafka.state_topic;
        let mut damaged = 0u64;
        self.read(topic, partition, None, None, &mut |record| {
            let (key, value) = (record.key().unwrap_or_default(), record.payload());
            if let Err(error) = detector.restore(key, value, cut) {
                if damaged == 0 {
                    tracing::error!("{topic} partition {partition} offset {}: {error}", record.offset());
                }
                damaged += 1;
            }
        })?;
        if damaged > 0 {
            self.setup.metrics.state.restore_lost();
            tracing::error!(
                "{damaged} records of {topic} partition {partition} could not be read; what they held is lost"
            );
        }
        Ok(())
    }

    /// The events from the cut to where reading goes on, silently: what they led to was published before.
    fn catch_up(&self, standing: Standing, cut: Option<Cut>, detector: &mut Detector) -> Result<u64> {
        // Before the first cut was closed, the events are all there is.
        let wanted = cut.map_or(0, |cut| cut.next_offset);
        let from = wanted.max(standing.low);
        if wanted < standing.low && (cut.is_some() || standing.committed.is_some()) {
            self.setup.metrics.state.restore_lost();
            tracing::error!(
                "{} events of {} partition {} that the state needs were deleted by retention; what they taught is lost",
                standing.low - wanted,
                self.setup.kafka.events_topic,
                standing.partition
            );
        }
        if from >= standing.start {
            return Ok(0);
        }
        let (mut effects, mut replayed) = (Effects::default(), 0);
        let topic = &self.setup.kafka.events_topic;
        self.read(topic, standing.partition, Some(from), Some(standing.start), &mut |record| {
            // A damaged entry was counted when it was read first.
            apply(detector, record, &mut effects);
            effects.findings.clear();
            replayed += 1;
        })?;
        Ok(replayed)
    }

    /// Every record from `from` (else the first) to before `to` (else the end of now), in order.
    fn read(
        &self,
        topic: &str,
        partition: i32,
        from: Option<i64>,
        to: Option<i64>,
        each: &mut dyn FnMut(&BorrowedMessage<'_>),
    ) -> Result<()> {
        // A consumer of its own for each pass: what the one before left in its queue (an end of partition) would end
        // the next one early.
        let consumer = lone_consumer(&self.setup.kafka, "restore consumer")?;
        let (low, high) = self.watermarks(&consumer, topic, partition)?;
        let (from, to) = (from.unwrap_or(low), to.unwrap_or(high));
        let mut remaining = Remaining::new(self.setup, to - from);
        if from < to {
            let mut assignment = TopicPartitionList::new();
            assignment.add_partition_offset(topic, partition, Offset::Offset(from))?;
            consumer.assign(&assignment)?;
        }
        let mut next = from;
        while next < to {
            match consumer.poll(POLL) {
                Some(Ok(record)) if record.offset() >= to => break,
                Some(Ok(record)) => {
                    each(&record);
                    next = record.offset() + 1;
                    remaining.at(to - next);
                }
                Some(Err(KafkaError::PartitionEOF(_))) => break,
                Some(Err(error)) => tolerate(&consumer, topic, &error)?,
                None => {}
            }
            self.check_stop()?;
        }
        Ok(())
    }

    fn watermarks(&self, consumer: &LoneConsumer, topic: &str, partition: i32) -> Result<(i64, i64)> {
        loop {
            match consumer.fetch_watermarks(topic, partition, ASK) {
                Ok(watermarks) => return Ok(watermarks),
                Err(error) => tolerate(consumer, topic, &error).with_context(|| format!("partition {partition}"))?,
            }
            self.check_stop()?;
        }
    }

    fn check_stop(&self) -> Result<()> {
        if (self.stop)() {
            bail!(Interrupted);
        }
        Ok(())
    }
}

/// A broker that is away comes back; a topic that is away does not.
fn tolerate(consumer: &LoneConsumer, topic: &str, error: &KafkaError) -> Result<()> {
    match logs::kind(error) {
        KafkaErrorKind::Transport | KafkaErrorKind::Timeout | KafkaErrorKind::Other => {
            consumer.context().log.error(error, &words(error));
            Ok(())
        }
        _ => bail!("state cannot be restored from topic {topic}: {}", words(error)),
    }
}

/// A restore that was broken off because the partition went away or the process stops: no failure.
#[derive(Debug, thiserror::Error)]
#[error("restoring the state was interrupted")]
pub(super) struct Interrupted;

/// How much is left to read, for the metrics; what is not read after all is taken back.
struct Remaining<'a> {
    setup: &'a Setup,
    shown: i64,
    reads: u64,
}

impl Remaining<'_> {
    fn new(setup: &Setup, records: i64) -> Remaining<'_> {
        setup.metrics.state.restore_remaining(records);
        Remaining { setup, shown: records, reads: 0 }
    }

    fn at(&mut self, left: i64) {
        self.reads += 1;
        if self.reads.is_multiple_of(STEP) {
            self.setup.metrics.state.restore_remaining(left - self.shown);
            self.shown = left;
        }
    }
}

impl Drop for Remaining<'_> {
    fn drop(&mut self) {
        self.setup.metrics.state.restore_remaining(-self.shown);
    }
}
