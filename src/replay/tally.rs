//! What became of the records that were read, in numbers.

use crate::decode::{DecodeError, Decoded, IgnoreReason, NoEvent};
use crate::event::Timestamp;

/// Counts by outcome and reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records read.
    pub records: u64,
    /// Those that are events.
    pub events: u64,
    /// Those that were ignored, in the order of [`IgnoreReason::ALL`].
    pub ignored: [u64; IgnoreReason::ALL.len()],
    /// Those that are dead letters, in the order of [`DecodeError::REASONS`].
    pub dead: [u64; DecodeError::REASONS.len()],
    /// Ticks, in the events topic.
    pub ticks: u64,
    /// Entries of the events topic that cannot be read.
    pub damaged: u64,
    /// Time of the earliest and of the latest event.
    pub range: Option<(Timestamp, Timestamp)>,
}

impl Tally {
    /// Counts one record.
    pub fn count(&mut self, decoded: &Decoded<'_>) {
        match decoded {
            Ok(event) => return self.count_event(event.time),
            Err(NoEvent::Ignored(reason)) => self.ignored[*reason as usize] += 1,
            Err(NoEvent::Dead(error)) => self.dead[error.index()] += 1,
        }
        self.records += 1;
    }

    /// Counts one event of this time.
    pub(super) fn count_event(&mut self, time: Timestamp) {
        self.records += 1;
        self.events += 1;
        let (first, last) = self.range.unwrap_or((time, time));
        self.range = Some((first.min(time), last.max(time)));
    }

    /// Counts one tick.
    pub(super) fn count_tick(&mut self) {
        self.records += 1;
        self.ticks += 1;
    }

    /// Counts one entry that cannot be read.
    pub(super) fn count_damaged(&mut self) {
        self.records += 1;
        self.damaged += 1;
    }

    /// Records that were ignored.
    pub fn ignored_in_all(&self) -> u64 {
        self.ignored.iter().sum()
    }

    /// Records that are dead letters.
    pub fn dead_in_all(&self) -> u64 {
        self.dead.iter().sum()
    }

    /// Why records were ignored, for those reasons that occurred.
    pub fn ignored_reasons(&self) -> Vec<(&'static str, u64)> {
        let all = IgnoreReason::ALL.map(IgnoreReason::reason).into_iter().zip(self.ignored);
        all.filter(|(_, count)| *count > 0).collect()
    }

    /// Why records are dead letters, for those reasons that occurred.
    pub fn dead_reasons(&self) -> Vec<(&'static str, u64)> {
        DecodeError::REASONS.into_iter().zip(self.dead).filter(|(_, count)| *count > 0).collect()
    }
}
