//! Entries of the events topic on their way to the detector: some are read, all of them are looked at before their turn,
//! then each is applied, in order.

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
use crate::event::{Entry, EntryError, Timestamp, decode_entry};

/// Why no further entry was read.
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

/// Reads as many entries as are looked at together, `most` at most; waits for the first one only.
pub(super) fn poll(
    queue: &PartitionQueue<Membership>,
    mut wait: Duration,
    most: usize,
) -> (Vec<BorrowedMessage<'_>>, Option<Stop>) {
    let mut records = Vec::with_capacity(Detector::LOOK_AHEAD);
    while records.len() < most.min(Detector::LOOK_AHEAD) {
        match queue.poll(wait) {
            None => return (records, Some(Stop::Empty)),
            Some(Ok(record)) => records.push(record),
            Some(Err(KafkaError::PartitionEOF(_))) => {}
            Some(Err(error)) => return (records, Some(Stop::Failed(error))),
        }
        wait = Duration::ZERO;
    }
    (records, None)
}

impl Taking<'_> {
    /// Scores entries; their findings join the batch.
    pub(super) fn take(&mut self, records: &[BorrowedMessage<'_>]) {
        let entries: Vec<_> = records.iter().map(|record| decode_entry(record.payload().unwrap_or_default())).collect();
        let events = entries.iter().filter_map(|entry| match entry {
            Ok(Entry::Event(event)) => Some(event),
            _ => None,
        });
        let mut ahead = self.detector.look_ahead(events).into_iter();
        for (record, entry) in records.iter().zip(&entries) {
            self.read.entries += 1;
            self.read.bytes += (record.payload_len() + record.key_len()) as u64;
            match (entry, appended(record)) {
                (Ok(Entry::Event(_)), _) => {
                    let ahead = ahead.next().expect("every event was looked at");
                    self.detector.apply_ahead(&ahead, self.effects);
                }
                (Ok(Entry::Tick(tick)), appended) => self.detector.tick(tick, appended, self.effects),
                (Err(error), _) => self.complain(record, error),
            }
            self.publish(appended(record));
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

/// Hands one entry of the events topic to the detector.
///
/// # Errors
/// Where the record is none of ours.
pub fn apply(detector: &mut Detector, record: &BorrowedMessage<'_>, effects: &mut Effects) -> Result<(), EntryError> {
    match decode_entry(record.payload().unwrap_or_default())? {
        Entry::Event(event) => detector.apply(&event, effects),
        Entry::Tick(tick) => detector.tick(&tick, appended(record), effects),
    }
    Ok(())
}

fn appended(record: &BorrowedMessage<'_>) -> Timestamp {
    Timestamp::from_millis(record.timestamp().to_millis().unwrap_or(0))
}
