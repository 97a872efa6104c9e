//! What should happen after events were judged: findings to publish, state to write, counts to add up.

use crate::event::{Feature, Finding, Kind};

/// What should happen; filled by the detector, emptied by whoever owns it.
#[derive(Debug, Default)]
pub struct Effects {
    /// Findings to be published, in order.
    pub findings: Vec<Finding>,
    /// What was counted.
    pub counts: Counts,
}

/// Plain counters; whoever owns the detector adds them to its metrics once a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events judged, late or not.
    pub scored: u64,
    /// Those of them that were late (see `detect.lateness_min`).
    pub late: u64,
    /// Those of them whose identity is still learning and was judged by nothing but the sensitivity of its action.
    pub learning: u64,
    /// Events not above the position of their audit partition: read before (law 4).
    pub repeated: u64,
    /// Ticks.
    pub ticks: u64,
    /// New identities by kind, in the order of [`Kind::ALL`].
    pub identities_created: [u64; Kind::ALL.len()],
    /// Identities evicted because the limit was reached.
    pub identities_evicted: u64,
    /// Values pushed out of full tables.
    pub values_evicted: u64,
    /// Evidence by feature, in the order of [`Feature::ALL`].
    pub features_fired: [u64; Feature::ALL.len()],
}

/// What a detector holds, for gauges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    /// Identities by kind, in the order of [`Kind::ALL`].
    pub identities: [u64; Kind::ALL.len()],
    /// Identities that have too little history of their own.
    pub learning: u64,
    /// Incidents that take up evidence.
    pub open_incidents: u64,
    /// Bytes of state, counted by its parts.
    pub state_bytes: u64,
}

/// One record of the state changelog; no value deletes the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateChange {
    /// The key within the partition.
    pub key: Vec<u8>,
    /// The value.
    pub value: Option<Vec<u8>>,
}
