//! Events → baselines → evidence → findings. Pure: the worker that owns a partition owns one [`Detector`].

mod effects;

pub use effects::{Census, Counts, Effects, StateChange};

use crate::config::DetectConfig;
use crate::event::{Attributed, Tick, Timestamp};

/// A closed cut, as its marker names it: state is complete up to, not including, `next_offset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Number of the cut; each cut has a higher one.
    pub id: u64,
    /// The offset in the events partition of the first entry that is not in it.
    pub next_offset: i64,
}

/// Why a record of the state changelog cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Not written by us, damaged, or of a version that is not known.
    #[error("the state record is damaged or of an unknown version: {0}")]
    Damaged(String),
}

/// Everything known of the identities of one events partition.
pub struct Detector {
    stream_time: Timestamp,
}

impl Detector {
    /// A detector that knows nothing yet.
    pub fn new(_config: &DetectConfig) -> Detector {
        Detector { stream_time: Timestamp::from_millis(0) }
    }

    /// Judges one event by what was known before it, then learns it.
    pub fn apply(&mut self, _event: &Attributed<'_>, _effects: &mut Effects) {}

    /// Takes ingest's word on how far time has come; calls for what is due by then.
    pub fn tick(&mut self, _tick: &Tick<'_>, _appended: Timestamp, _effects: &mut Effects) {}

    /// Stream time: never goes back.
    pub fn stream_time(&self) -> Timestamp {
        self.stream_time
    }

    /// What there is now, for gauges; cheap.
    pub fn census(&self) -> Census {
        Census::default()
    }

    /// Opens a cut at `next_offset`: what is known now, before that entry. Nothing happens while one is open.
    pub fn open_cut(&mut self, _next_offset: i64) {}

    /// Writes on at the open cut: at most about `budget` records into `changes`. Returns the cut once all of it was
    /// handed out and until it is closed; `None` while there is more to write, or where no cut is open.
    pub fn write_cut(&mut self, _budget: usize, _changes: &mut Vec<StateChange>) -> Option<Cut> {
        None
    }

    /// Closes the written cut: the marker, and what may be deleted now. To be called when its records are acknowledged
    /// and an offset at or beyond it is committed.
    pub fn close_cut(&mut self, _changes: &mut Vec<StateChange>) {}

    /// Reads the marker of a closed cut, where the record is one (first pass over a changelog: the last one counts).
    ///
    /// # Errors
    /// Where the record is a marker that cannot be read.
    pub fn marker(_key: &[u8], _value: Option<&[u8]>) -> Result<Option<Cut>, StateError> {
        Ok(None)
    }

    /// Takes one record of the changelog that belongs to `cut` or an earlier one (second pass); others are passed over.
    ///
    /// # Errors
    /// Where the record cannot be read.
    pub fn restore(&mut self, _key: &[u8], _value: Option<&[u8]>, _cut: Cut) -> Result<(), StateError> {
        Ok(())
    }
}
