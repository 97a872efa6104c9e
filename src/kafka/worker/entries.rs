//! Records of the events topic on their way to the detector: the entries of each are looked at before their turn, some at a
//! time, then applied, in order.

use std::time::Duration;

use rdkafka::consumer::base_consumer::PartitionQueue;
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message};

use super::super::Setup;
use super::super::alerts::Alert;
use super::super::dead_letter::Complaint;
use super::super::detect::Membership;
use super::super::publisher::Batch;
use super::Reads;
use crate::detect::{Detector, Effects};
use crate::event::{Entry, EntryError, Timestamp, decode_entries};

/// Why no record was read.
pub(super) enum Stop {
    /// There is none for the moment.
    Empty,
    /// An error beside the entries.
    Failed(KafkaError),
}

/// What entries are applied to.
pub(super) struct Taking<'w> {
    pub(super) detector: &'w mut Detector,
    pub(super) effects: &'w mut Effects,
    pub(super) batch: &'w mut Batch,
    pub(super) read: &'w mut Reads,
    pub(super) setup: &'w Setup,
    pub(super) told_damaged: &'w mut bool,
}

/// Reads one record.
pub(super) fn poll(queue: &PartitionQueue<Membership>, wait: Duration) -> Result<BorrowedMessage<'_>, Stop> {
    loop {
        match queue.poll(wait) {
            None => return Err(Stop::Empty),
            Some(Ok(record)) => return Ok(record),
            Some(Err(KafkaError::PartitionEOF(_))) => {}
            Some(Err(error)) => return Err(Stop::Failed(error)),
        }
    }
}

impl Taking<'_> {
    /// Scores the entries of a record; their findings join the batch. Returns how many there were.
    pub(super) fn take(mut self, record: &BorrowedMessage<'_>) -> usize {
        self.read.bytes += (record.payload_len() + record.key_len()) as u64;
        let mut entries = decode_entries(record.payload().unwrap_or_default());
        // As many as are looked at together: what a whole record holds does not fit into the nearest cache.
        let (mut some, mut taken) = (Vec::with_capacity(Detector::LOOK_AHEAD), 0);
        loop {
            some.extend(entries.by_ref().take(Detector::LOOK_AHEAD));
            if some.is_empty() {
                break;
            }
            self.apply(&some, record);
            taken += some.len();
            some.clear();
        }
        self.read.entries += taken as u64;
        self.publish(appended(record));
        taken
    }

    fn apply(&mut self, entries: &[Result<Entry<'_>, EntryError>], record: &BorrowedMessage<'_>) {
        let events = entries.iter().filter_map(|entry| match entry {
            Ok(Entry::Event(event)) => Some(event),
            _ => None,
        });
        let mut ahead = self.detector.look_ahead(events).into_iter();
        for entry in entries {
            match entry {
                Ok(Entry::Event(_)) => {
                    let ahead = ahead.next().expect("every event was looked at");
                    self.detector.apply_ahead(&ahead, self.effects);
                }
                Ok(Entry::Tick(tick)) => self.detector.tick(tick, appended(record), self.effects),
                Err(error) => self.complain(record, error),
            }
        }
    }

    fn publish(&mut self, appended: Timestamp) {
        let alerts = &self.setup.alerts;
        let findings = self.effects.findings.drain(..);
        self.batch.alerts.extend(findings.map(|finding| Alert::new(finding, appended, alerts)));
    }

    fn complain(&mut self, record: &BorrowedMessage<'_>, error: &EntryError) {
        self.read.damaged += 1;
        let mut complaint = Complaint::default();
        complaint.add(None, error.reason(), || error.to_string());
        self.batch.damaged.push((record.detach(), complaint));
        if !std::mem::replace(self.told_damaged, true) {
            let (topic, partition, offset) = (record.topic(), record.partition(), record.offset());
            tracing::error!(
                "{topic} partition {partition} offset {offset}: {error}; it goes to {}, as do others like it",
                self.setup.kafka.dead_letter_topic
            );
        }
    }
}

/// Hands the entries of a record to the detector; what is none of ours is passed over.
pub fn apply(detector: &mut Detector, record: &BorrowedMessage<'_>, effects: &mut Effects) {
    for entry in decode_entries(record.payload().unwrap_or_default()).flatten() {
        match entry {
            Entry::Event(event) => detector.apply(&event, effects),
            Entry::Tick(tick) => detector.tick(&tick, appended(record), effects),
        }
    }
}

fn appended(record: &BorrowedMessage<'_>) -> Timestamp {
    Timestamp::from_millis(record.timestamp().to_millis().unwrap_or(0))
}
