//! Whether the parts of this process are ready, for `/readyz`.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

/// Whether the parts are ready.
#[derive(Debug, Default)]
pub struct Health {
    connected: AtomicBool,
    /// The groups, one bit each, that did not give us our share yet.
    waiting: AtomicU8,
    restoring: AtomicU64,
}

/// A consumer group of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Reads audit topics.
    Ingest = 1,
    /// Reads the events topic.
    Detect = 2,
}

impl Health {
    /// Waits for brokers and for these groups.
    pub fn waiting_for(groups: &[Group]) -> Health {
        let waiting = groups.iter().fold(0, |bits, group| bits | *group as u8);
        Health { waiting: AtomicU8::new(waiting), ..Health::default() }
    }

    /// Brokers answered and all topics are there.
    pub fn is_connected(&self) -> bool {
        self.connected.load(Ordering::Relaxed)
    }

    /// Every group gave this process its share, which may be empty.
    pub fn is_assigned(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) == 0
    }

    /// Events partitions of which the state is still being read back.
    pub fn restoring(&self) -> u64 {
        self.restoring.load(Ordering::Relaxed)
    }

    /// Connected, assigned, and nothing is being restored.
    pub fn is_ready(&self) -> bool {
        self.is_connected() && self.is_assigned() && self.restoring() == 0
    }

    /// Brokers answered and all topics are there.
    pub fn set_connected(&self) {
        self.connected.store(true, Ordering::Relaxed);
    }

    pub(super) fn set_assigned(&self, group: Group) {
        self.waiting.fetch_and(!(group as u8), Ordering::Relaxed);
    }

    pub(super) fn restore_begins(&self) {
        self.restoring.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn restore_ends(&self) {
        self.restoring.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ready_means_connected_assigned_and_restored() {
        let health = Health::waiting_for(&[Group::Ingest, Group::Detect]);
        health.set_connected();
        health.set_assigned(Group::Ingest);
        assert!(!health.is_ready());
        health.restore_begins();
        health.set_assigned(Group::Detect);
        assert!(!health.is_ready());
        health.restore_ends();
        assert!(health.is_ready());
    }
}
