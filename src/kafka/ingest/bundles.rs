//! Events on their way to the events topic: those of a partition share a record, until it is full or has waited enough.
//!
//! What Kafka's clients and brokers do for a record costs several times what an event costs, so events travel together.
//! The order of a partition's events is that in which they came.

use std::time::{Duration, Instant};

use crate::event::append_entry;

/// A record with so many bytes takes no further event: some forty fit, and more would save little.
const FULL_BYTES: usize = 16 << 10;
/// An event waits no longer for others.
const AGE: Duration = Duration::from_millis(20);

/// The records that are being filled, one for each events partition.
pub(super) struct Bundles {
    records: Vec<Vec<u8>>,
    /// When the oldest message of what waits was read.
    since: Option<Instant>,
}

impl Bundles {
    pub(super) fn new(partitions: i32) -> Bundles {
        Bundles { records: (0..partitions).map(|_| Vec::with_capacity(FULL_BYTES)).collect(), since: None }
    }

    /// Whether the partition's record has to go before this entry may join.
    pub(super) fn is_full_for(&self, partition: i32, entry: &[u8]) -> bool {
        let filled = self.record(partition).len();
        filled > 0 && filled + entry.len() > FULL_BYTES
    }

    /// Whether an entry is too large to share a record.
    pub(super) fn is_large(entry: &[u8]) -> bool {
        entry.len() > FULL_BYTES
    }

    /// Something waits for the records to go, from now on if nothing did.
    pub(super) fn wait(&mut self) {
        self.since.get_or_insert_with(Instant::now);
    }

    /// Adds an entry to the partition's record.
    pub(super) fn add(&mut self, partition: i32, entry: &[u8]) {
        append_entry(&mut self.records[place(partition)], entry);
    }

    /// What the partition's record holds.
    pub(super) fn record(&self, partition: i32) -> &[u8] {
        &self.records[place(partition)]
    }

    /// Begins the partition's next record.
    pub(super) fn clear(&mut self, partition: i32) {
        self.records[place(partition)].clear();
    }

    /// All records went.
    pub(super) fn rest(&mut self) {
        self.since = None;
    }

    /// How long what waits may still wait; none where nothing does.
    pub(super) fn patience(&self) -> Option<Duration> {
        self.since.map(|since| AGE.saturating_sub(since.elapsed()))
    }
}

fn place(partition: i32) -> usize {
    usize::try_from(partition).expect("a partition's number is not negative")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Entry, Tick, Timestamp, decode_entries, encode_entry};

    #[test]
    fn a_record_takes_entries_until_it_is_full() {
        let (mut bundles, mut entry, mut added) = (Bundles::new(2), Vec::new(), 0);
        assert_eq!(bundles.patience(), None);
        let tick = |millis| Entry::Tick(Tick { clock: Timestamp::from_millis(millis), partitions: Vec::new() });
        loop {
            encode_entry(&tick(added), &mut entry);
            if bundles.is_full_for(1, &entry) {
                break;
            }
            bundles.wait();
            bundles.add(1, &entry);
            added += 1;
        }
        assert!(bundles.patience().is_some() && bundles.record(0).is_empty() && !Bundles::is_large(&entry));
        assert!(bundles.record(1).len() + entry.len() > FULL_BYTES && bundles.record(1).len() <= FULL_BYTES);
        let read: Vec<_> = decode_entries(bundles.record(1)).map(Result::unwrap).collect();
        assert_eq!(read, (0..added).map(tick).collect::<Vec<_>>());
        bundles.clear(1);
        bundles.rest();
        assert_eq!((bundles.record(1).len(), bundles.patience()), (0, None));
        assert!(!bundles.is_full_for(1, &[0; FULL_BYTES + 1]) && Bundles::is_large(&[0; FULL_BYTES + 1]));
    }
}
