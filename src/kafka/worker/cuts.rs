//! When a worker's checkpoints are opened, written and closed.
//!
//! ```text
//!          interval over           all written            committed beyond it
//!  Idle ───────────────▶ Writing ─────────────▶ Written ───────────────────▶ Idle
//! ```
//!
//! While a cut is written, its next records follow when the ones before are acknowledged, so that alerts never queue
//! behind many of them. A cut is closed only when its records are acknowledged and an offset at or beyond it is committed: the number of the
//! batch that carried its last records is settled.

use std::time::{Duration, Instant};

use crate::detect::{Cut, Detector, StateChange};

/// Where a worker is, between two batches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position {
    /// The offset of the first entry that was not scored yet.
    pub(super) next_offset: i64,
    /// The number of the batch that is to be handed over next.
    pub(super) number: u64,
    /// The number of the last batch that is acknowledged.
    pub(super) acknowledged: u64,
    /// The number of the last batch that is acknowledged and committed.
    pub(super) settled: u64,
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing to tell of.
    Quiet,
    /// A cut was closed, so long after it was opened.
    Closed(Duration),
}

/// The checkpoints of one worker.
#[derive(Debug)]
pub(super) struct Cuts {
    every: Duration,
    due: Instant,
    phase: Phase,
    opened: Instant,
    closed_at: Option<i64>,
    /// The batch that carried records of a cut last.
    written_with: u64,
    in_hurry: bool,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    Idle,
    Writing,
    Written { cut: Cut, number: u64 },
}

impl Cuts {
    pub(super) fn new(every: Duration) -> Cuts {
        let now = Instant::now();
        Cuts {
            every,
            due: now + every,
            phase: Phase::Idle,
            opened: now,
            closed_at: None,
            written_with: 0,
            in_hurry: false,
        }
    }

    /// From now on without pauses and as much at a time as there is.
    pub(super) fn hurry(&mut self) {
        self.due = Instant::now();
        self.in_hurry = true;
    }

    /// One step on; state records are added to `changes`, which go out with the batch of `position.number`.
    pub(super) fn step(
        &mut self,
        detector: &mut Detector,
        position: Position,
        budget: usize,
        changes: &mut Vec<StateChange>,
    ) -> Step {
        if let Phase::Written { cut, number } = self.phase
            && position.settled >= number
        {
            detector.close_cut(changes);
            self.closed_at = Some(cut.next_offset);
            self.phase = Phase::Idle;
            self.due = Instant::now() + if self.in_hurry { Duration::ZERO } else { self.every };
            return Step::Closed(self.opened.elapsed());
        }
        if matches!(self.phase, Phase::Idle)
            && Instant::now() >= self.due
            && self.closed_at != Some(position.next_offset)
        {
            detector.open_cut(position.next_offset);
            self.opened = Instant::now();
            self.phase = Phase::Writing;
        }
        if matches!(self.phase, Phase::Writing) && (self.in_hurry || position.acknowledged >= self.written_with) {
            let (budget, before) = (if self.in_hurry { usize::MAX } else { budget }, changes.len());
            if let Some(cut) = detector.write_cut(budget, changes) {
                self.phase = Phase::Written { cut, number: position.number };
            }
            if changes.len() > before {
                self.written_with = position.number;
            }
        }
        Step::Quiet
    }

    /// Whether the batch of this number must go out even if there is nothing in it, because a cut waits for it.
    pub(super) fn waits_for(&self, number: u64) -> bool {
        matches!(self.phase, Phase::Written { number: awaited, .. } if awaited == number)
    }

    /// Whether the last closed cut is at this offset.
    pub(super) fn is_closed_at(&self, next_offset: i64) -> bool {
        matches!(self.phase, Phase::Idle) && self.closed_at == Some(next_offset)
    }
}
