//! The one producer of detection: alerts and state of all workers go out, and when they are acknowledged, the offsets
//! that stand behind them are committed.
//!
//! In: batches of the workers through a bounded queue, each with the offset up to which it holds everything. Out:
//! records of the alerts and the state topic, commits of the detect group. Effects and offsets meet only here, so that
//! one transaction can hold both.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use rdkafka::consumer::{CommitMode, Consumer};
use rdkafka::message::OwnedMessage;
use rdkafka::{Offset, TopicPartitionList};

use super::alerts::{Alert, record_time};
use super::connect::words;
use super::dead_letter::{self, Complaint, Stage as Room};
use super::detect::DetectConsumer;
use super::outbox::{Outbox, Outgoing, Sent};
use super::worker::Tenure;
use super::{Setup, Stop, settings};
use crate::detect::StateChange;
use crate::metrics::{Client, Stage};

/// One wait for batches.
const WAIT: Duration = Duration::from_millis(10);

/// What the publisher is given.
pub(super) enum Handover {
    /// Work.
    Batch(Batch),
    /// To be answered once nothing of a tenure that ended before can be sent any more.
    Begin(SyncSender<()>),
    /// Nothing more comes.
    End,
}

/// What a worker made of the entries before an offset.
pub(super) struct Batch {
    pub(super) tenure: Arc<Tenure>,
    /// Numbers a worker's batches, from 1.
    pub(super) number: u64,
    /// The offset of the first entry that is not in it.
    pub(super) next_offset: i64,
    pub(super) alerts: Vec<Alert>,
    pub(super) changes: Vec<StateChange>,
    /// Entries that could not be read, and what was wrong with them.
    pub(super) damaged: Vec<(OwnedMessage, Complaint)>,
    /// Whether the worker waits for it.
    pub(super) is_urgent: bool,
}

impl Batch {
    pub(super) fn new(tenure: &Arc<Tenure>) -> Batch {
        let (tenure, damaged) = (Arc::clone(tenure), Vec::new());
        Batch { tenure, number: 0, next_offset: 0, alerts: Vec::new(), changes: Vec::new(), damaged, is_urgent: false }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.alerts.is_empty() && self.changes.is_empty() && self.damaged.is_empty()
    }
}

/// Publishes until the end is handed over; then everything is acknowledged and committed.
///
/// # Errors
/// Where producing cannot go on.
pub(super) fn run(
    setup: &Setup,
    consumer: &DetectConsumer,
    alerts_partitions: i32,
    inlet: &Receiver<Handover>,
    stop: &Stop,
) -> Result<()> {
    let mut publisher = Publisher::new(setup, consumer, alerts_partitions, stop)?;
    loop {
        let end = match inlet.recv_timeout(WAIT) {
            Ok(Handover::Batch(batch)) => {
                publisher.publish(batch)?;
                false
            }
            Ok(Handover::Begin(answer)) => {
                publisher.forget_the_lost()?;
                // A worker that ended in the meantime does not wait for it.
                let _ = answer.send(());
                false
            }
            Err(RecvTimeoutError::Timeout) => false,
            Ok(Handover::End) | Err(RecvTimeoutError::Disconnected) => true,
        };
        publisher.outbox.serve(Duration::ZERO)?;
        publisher.settle();
        if publisher.outbox.is_stale() && !end {
            publisher.forget_the_lost()?;
        }
        setup.metrics.heartbeat(Stage::Publish, super::wall_clock());
        if end {
            return publisher.end();
        }
        publisher.commit_when_due();
    }
}

struct Publisher<'a> {
    setup: &'a Setup,
    consumer: &'a DetectConsumer,
    alerts_partitions: i32,
    outbox: Outbox<Batch>,
    /// The last acknowledged batch of each partition of which the offset is not committed yet.
    due: BTreeMap<i32, Batch>,
    next_commit: Instant,
    is_urgent: bool,
}

impl<'a> Publisher<'a> {
    fn new(setup: &'a Setup, consumer: &'a DetectConsumer, alerts_partitions: i32, stop: &Stop) -> Result<Self> {
        let wait = Duration::from_secs(setup.kafka.drain_timeout_s);
        let config = settings::producer(&setup.kafka)?;
        let wanted = |batch: &Batch| batch.tenure.is_ours();
        let outbox = Outbox::new(config, "detect producer", wanted, stop.clone(), wait)?;
        let (due, next_commit) = (BTreeMap::new(), Instant::now());
        Ok(Publisher { setup, consumer, alerts_partitions, outbox, due, next_commit, is_urgent: false })
    }

    fn publish(&mut self, batch: Batch) -> Result<()> {
        if !batch.tenure.is_ours() {
            return Ok(());
        }
        self.is_urgent |= batch.is_urgent;
        let tenure = Arc::clone(&batch.tenure);
        self.outbox.begin(Batch::new(&tenure));
        for alert in &batch.alerts {
            self.send_alert(alert)?;
        }
        for change in &batch.changes {
            self.send_change(tenure.partition, change)?;
        }
        for (entry, complaint) in &batch.damaged {
            dead_letter::bury(&mut self.outbox, entry, complaint, Room::Detect, &self.setup.kafka)?;
        }
        self.outbox.amend(batch);
        Ok(())
    }

    fn send_alert(&mut self, alert: &Alert) -> Result<()> {
        if let Some(watch) = &self.setup.watch {
            watch(&alert.finding, &alert.rendered);
        }
        let topic = &self.setup.kafka.alerts_topic;
        let outgoing = Outgoing {
            topic,
            partition: Some(alert.partition(self.alerts_partitions)),
            key: Some(alert.rendered.key.as_bytes()),
            value: Some(&alert.rendered.body),
            headers: Some(alert.headers()),
            timestamp: Some(record_time(alert.rendered.time, super::wall_clock())),
        };
        if self.outbox.send(outgoing)? == Sent::TooLarge {
            self.setup.metrics.alerts.publish_failed();
            bail!(
                "an alert of {} bytes is larger than the producer may send; lower alerts.max_bytes",
                alert.rendered.body.len()
            );
        }
        Ok(())
    }

    fn send_change(&mut self, partition: i32, change: &StateChange) -> Result<()> {
        let topic = &self.setup.kafka.state_topic;
        let outgoing = Outgoing {
            topic,
            partition: Some(partition),
            key: Some(&change.key),
            value: change.value.as_deref(),
            ..Outgoing::default()
        };
        if self.outbox.send(outgoing)? == Sent::TooLarge {
            bail!("a state record is larger than the producer may send; raise message.max.bytes for {topic}");
        }
        Ok(())
    }

    /// What was made for a partition that is somebody else's by now must not reach the state topic behind what its new
    /// owner reads there: it would be taken for part of the new owner's cuts.
    fn forget_the_lost(&mut self) -> Result<()> {
        if self.outbox.has_stale() {
            let in_flight = self.outbox.in_flight();
            tracing::warn!(in_flight, "partitions were lost; what no broker acknowledged of them is not sent any more");
            for batch in self.outbox.take_back()? {
                self.publish(batch)?;
            }
        }
        Ok(())
    }

    /// Books what is acknowledged by now.
    fn settle(&mut self) {
        let Setup { metrics, .. } = self.setup;
        let now = super::wall_clock();
        for batch in self.outbox.settled() {
            for alert in &batch.alerts {
                metrics.alerts.published(&alert.finding, Some(now.since(alert.appended)), now);
            }
            let bytes = batch.changes.iter().map(|change| change.key.len() + change.value.as_ref().map_or(0, Vec::len));
            metrics.state.written(batch.changes.len() as u64, bytes.sum::<usize>() as u64);
            batch.damaged.iter().for_each(|(_, complaint)| metrics.ingest.buried(complaint.reason));
            batch.tenure.acknowledge(batch.number);
            let light = Batch { alerts: Vec::new(), changes: Vec::new(), damaged: Vec::new(), ..batch };
            self.due.insert(light.tenure.partition, light);
        }
        metrics.kafka.produced(Client::DetectProducer, self.outbox.take_acknowledged(), 0);
    }

    fn commit_when_due(&mut self) {
        let now = Instant::now();
        if self.due.is_empty() || (now < self.next_commit && !self.is_urgent) {
            return;
        }
        self.next_commit = now + Duration::from_millis(self.setup.kafka.commit_interval_ms);
        self.is_urgent = self.outbox.in_flight() > 0 && self.is_urgent;
        self.commit();
    }

    /// Commits the offsets behind what is acknowledged. A failed commit is repeated with the next.
    fn commit(&mut self) {
        self.due.retain(|_, batch| batch.tenure.is_ours());
        let mut offsets = TopicPartitionList::new();
        for batch in self.due.values().filter(|batch| batch.next_offset != batch.tenure.committed()) {
            let (topic, partition) = (&self.setup.kafka.events_topic, batch.tenure.partition);
            if let Err(error) = offsets.add_partition_offset(topic, partition, Offset::Offset(batch.next_offset)) {
                tracing::error!("offset {} of {topic} partition {partition}: {error}", batch.next_offset);
            }
        }
        if offsets.count() > 0 {
            let result = self.consumer.commit(&offsets, CommitMode::Sync);
            self.setup.metrics.kafka.committed(Client::DetectConsumer, result.is_ok());
            if let Err(error) = result {
                let group = &self.setup.kafka.detect_group;
                tracing::warn!("offsets of group {group} could not be committed: {}", words(&error));
                return;
            }
        }
        for batch in std::mem::take(&mut self.due).into_values() {
            batch.tenure.settle(batch.number, batch.next_offset);
        }
    }

    fn end(&mut self) -> Result<()> {
        let all = self.outbox.flush(Duration::from_secs(self.setup.kafka.drain_timeout_s))?;
        self.settle();
        self.commit();
        if !all {
            let left = self.outbox.in_flight();
            bail!("stopped with {left} alerts and state records that no broker acknowledged; they will be made again");
        }
        Ok(())
    }
}
