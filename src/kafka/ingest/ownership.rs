//! The audit partitions that this loop owns: how far each was read, acknowledged and committed, and in which epoch.
//!
//! An epoch is raised when a topic was made anew and its offsets began again; it travels in the metadata of the commits.

use rdkafka::{Offset, TopicPartitionList};

use crate::event::{PartitionProgress, Timestamp};

/// A message's place among the owned partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Number of the ownership, never used again: a partition that went and came back has another one.
    term: u64,
    /// The epoch of its offset.
    pub(super) epoch: u32,
    offset: i64,
}

/// The owned audit partitions.
#[derive(Debug)]
pub(super) struct Owned {
    least_epoch: u32,
    next_term: u64,
    partitions: Vec<Partition>,
    last: usize,
}

#[derive(Debug)]
struct Partition {
    topic: String,
    partition: i32,
    term: u64,
    epoch: u32,
    /// The offset to be read next.
    next: i64,
    newest: Option<Timestamp>,
    at_end: bool,
    /// The offset after the last message of which everything is acknowledged, and its epoch.
    done: Option<(i64, u32)>,
    is_committed: bool,
}

/// What the group knew of a partition when it was assigned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// The committed offset and the epoch in its metadata.
    pub(super) committed: Option<(i64, u32)>,
    /// First and next offset of the partition, where the broker said them.
    pub(super) watermarks: Option<(i64, i64)>,
}

/// What was found of a partition that was just assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// It goes on where it was left, or begins.
    Continues,
    /// Its topic was made anew: offsets began again, in this epoch.
    Anew(u32),
    /// So many messages were deleted by retention before they were read.
    Lost(i64),
}

impl Owned {
    pub(super) fn new(least_epoch: u32) -> Owned {
        Owned { least_epoch, next_term: 0, partitions: Vec::new(), last: 0 }
    }

    /// Takes a partition over.
    pub(super) fn assigned(&mut self, topic: &str, partition: i32, known: Known) -> Found {
        let (committed, epoch) = known.committed.unwrap_or((0, 0));
        let mut epoch = epoch.max(self.least_epoch);
        let mut found = Found::Continues;
        let (mut next, mut done) = (committed, None);
        if let (Some(_), Some((low, high))) = (known.committed, known.watermarks) {
            if committed > high {
                epoch += 1;
                found = Found::Anew(epoch);
                // Committed soon, so that the new epoch is not forgotten.
                (next, done) = (low, Some((low, epoch)));
            } else if committed < low {
                found = Found::Lost(low - committed);
                next = low;
            }
        }
        self.revoked(topic, partition);
        let term = self.next_term;
        self.next_term += 1;
        let (newest, at_end, is_committed) = (None, false, done.is_none());
        let topic = topic.to_owned();
        self.partitions.push(Partition { topic, partition, term, epoch, next, newest, at_end, done, is_committed });
        found
    }

    /// Gives a partition away; what is still on its way for it is not committed any more.
    pub(super) fn revoked(&mut self, topic: &str, partition: i32) {
        self.partitions.retain(|owned| owned.partition != partition || owned.topic != topic);
        self.last = 0;
    }

    /// A message was read. None where its partition is not ours (any more).
    pub(super) fn arrived(&mut self, topic: &str, partition: i32, offset: i64) -> Option<Place> {
        let at = self.find(topic, partition)?;
        let owned = &mut self.partitions[at];
        if offset < owned.next {
            // The topic was deleted and made anew while it was read.
            owned.epoch += 1;
            owned.newest = None;
        }
        owned.next = offset + 1;
        owned.at_end = false;
        Some(Place { term: owned.term, epoch: owned.epoch, offset })
    }

    /// An event of this time was made of the message.
    pub(super) fn saw(&mut self, place: Place, time: Timestamp) {
        if let Some(owned) = self.of_term(place.term) {
            owned.newest = owned.newest.max(Some(time));
        }
    }

    /// Everything made of the message is acknowledged.
    pub(super) fn acknowledged(&mut self, place: Place) {
        if let Some(owned) = self.of_term(place.term) {
            owned.done = Some((place.offset + 1, place.epoch));
            owned.is_committed = false;
        }
    }

    /// The owned partitions of this number that were not read to their end, with the offset to be read next.
    pub(super) fn unfinished(&self, partition: i32) -> Vec<(String, i64)> {
        let matches = |owned: &&Partition| owned.partition == partition && !owned.at_end;
        self.partitions.iter().filter(matches).map(|owned| (owned.topic.clone(), owned.next)).collect()
    }

    /// There is nothing more to read for the moment.
    pub(super) fn read_to_end(&mut self, topic: &str, partition: i32) {
        if let Some(at) = self.find(topic, partition) {
            self.partitions[at].at_end = true;
        }
    }

    /// How far each partition was read, for a tick.
    pub(super) fn progress(&self) -> Vec<PartitionProgress<'_>> {
        let progress = |owned: &'_ Partition| (owned.newest, owned.at_end);
        self.partitions
            .iter()
            .map(|owned| {
                let (newest, at_end) = progress(owned);
                PartitionProgress { topic: owned.topic.as_str().into(), partition: owned.partition, newest, at_end }
            })
            .collect()
    }

    /// The offsets that may be committed and are not yet, with the epoch as metadata.
    pub(super) fn take_due(&mut self) -> TopicPartitionList {
        let mut offsets = TopicPartitionList::new();
        for owned in self.partitions.iter_mut().filter(|owned| !owned.is_committed) {
            let Some((next, epoch)) = owned.done else { continue };
            let mut element = offsets.add_partition(&owned.topic, owned.partition);
            if element.set_offset(Offset::Offset(next)).is_ok() {
                element.set_metadata(epoch_metadata(epoch));
                owned.is_committed = true;
            }
        }
        offsets
    }

    /// A commit failed: all of it is due again.
    pub(super) fn commit_failed(&mut self) {
        for owned in &mut self.partitions {
            owned.is_committed = owned.done.is_none();
        }
    }

    /// How many partitions are owned.
    pub(super) fn count(&self) -> usize {
        self.partitions.len()
    }

    fn find(&mut self, topic: &str, partition: i32) -> Option<usize> {
        let is_it = |owned: &Partition| owned.partition == partition && owned.topic == topic;
        if !self.partitions.get(self.last).is_some_and(is_it) {
            self.last = self.partitions.iter().position(is_it)?;
        }
        Some(self.last)
    }

    fn of_term(&mut self, term: u64) -> Option<&mut Partition> {
        if self.partitions.get(self.last).is_none_or(|owned| owned.term != term) {
            return self.partitions.iter_mut().find(|owned| owned.term == term);
        }
        self.partitions.get_mut(self.last)
    }
}

/// The metadata of a commit.
fn epoch_metadata(epoch: u32) -> String {
    format!("epoch={epoch}")
}

/// The epoch in a commit's metadata; 0 where somebody else committed.
pub(super) fn epoch_of(metadata: &str) -> u32 {
    metadata.strip_prefix("epoch=").and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(committed: i64, epoch: u32, low: i64, high: i64) -> Known {
        Known { committed: Some((committed, epoch)), watermarks: Some((low, high)) }
    }

    #[test]
    fn a_topic_made_anew_raises_the_epoch() {
        let mut owned = Owned::new(0);
        assert_eq!(owned.assigned("audit", 0, known(900, 2, 0, 10)), Found::Anew(3));
        assert_eq!(owned.arrived("audit", 0, 0).unwrap().epoch, 3);
        assert_eq!(owned.take_due().count(), 1);
        assert_eq!(owned.arrived("audit", 0, 1).unwrap().epoch, 3);
        assert_eq!(owned.arrived("audit", 0, 0).unwrap().epoch, 4);
    }

    #[test]
    fn retention_that_was_faster_is_told() {
        let mut owned = Owned::new(1);
        assert_eq!(owned.assigned("audit", 0, known(5, 0, 25, 99)), Found::Lost(20));
        assert_eq!(owned.assigned("audit", 1, known(30, 0, 25, 99)), Found::Continues);
        assert_eq!(owned.arrived("audit", 1, 30).unwrap().epoch, 1);
    }

    #[test]
    fn an_acknowledgement_for_a_partition_that_went_is_not_committed() {
        let mut owned = Owned::new(0);
        owned.assigned("audit", 0, Known::default());
        let place = owned.arrived("audit", 0, 7).unwrap();
        owned.revoked("audit", 0);
        owned.assigned("audit", 0, Known::default());
        owned.acknowledged(place);
        assert_eq!(owned.take_due().count(), 0);
        let place = owned.arrived("audit", 0, 7).unwrap();
        owned.acknowledged(place);
        let offsets = owned.take_due();
        let element = &offsets.elements()[0];
        assert_eq!((element.offset(), epoch_of(element.metadata())), (Offset::Offset(8), 0));
        assert_eq!(owned.take_due().count(), 0);
        owned.commit_failed();
        assert_eq!(owned.take_due().count(), 1);
    }
}
