//! The demo's time: as far as the history has come, then one minute a second until it reaches the wall clock.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use crate::event::Timestamp;
use crate::kafka::wall_clock;

/// Simulated seconds in a second.
pub(super) const SPEED: i64 = 60;

/// What the demo takes for the time.
pub(super) struct DemoTime {
    live_from: Timestamp,
    went_live: OnceLock<Instant>,
    reached: AtomicI64,
}

impl DemoTime {
    /// The history ends, and the live part begins, at `live_from`.
    pub(super) fn new(live_from: Timestamp) -> DemoTime {
        DemoTime { live_from, went_live: OnceLock::new(), reached: AtomicI64::new(0) }
    }

    /// When the live part begins.
    pub(super) fn live_from(&self) -> Timestamp {
        self.live_from
    }

    /// The history has come this far.
    pub(super) fn reach(&self, time: Timestamp) {
        self.reached.fetch_max(time.as_millis(), Ordering::SeqCst);
    }

    /// From here on time passes by itself. Says whether this is the first call.
    pub(super) fn go_live(&self) -> bool {
        self.went_live.set(Instant::now()).is_ok()
    }

    /// Whether time passes by itself.
    pub(super) fn is_live(&self) -> bool {
        self.went_live.get().is_some()
    }

    /// The time.
    pub(super) fn now(&self) -> Timestamp {
        match self.went_live.get() {
            None => Timestamp::from_millis(self.reached.load(Ordering::SeqCst)),
            Some(begun) => {
                let passed = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX / SPEED);
                self.live_from.plus_millis(passed * SPEED).min(wall_clock())
            }
        }
    }
}
