//! What should happen after events were judged: findings to publish, state to write, counts to add up.

use crate::event::{Feature, Finding, Kind};

/// What should happen; filled by the detector, emptied by whoever owns it.
#[derive(Debug, Default)]
pub struct Effects {
    /// Findings to be published, in order.
    pub findings: Vec<Finding>,
    /// Evidence of the identity of the event applied last, in bits, where it is broad enough to alert; else 0.
    pub evidence_bits: f64,
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
    /// Events whose id was seen before and that brought nothing new.
    pub duplicate: u64,
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
    /// Surprises that were lowered because peers did the same within hours.
    pub waves_discounted: u64,
    /// Incidents that the hard cap on alerts held back when they opened.
    pub held_back: u64,
    /// Incidents whose events were too old to be news when they opened.
    pub too_old: u64,
}

/// What a detector holds, for gauges.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Census {
    /// Identities by kind, in the order of [`Kind::ALL`].
    pub identities: [u64; Kind::ALL.len()],
    /// Identities that have too little history of their own.
    pub learning: u64,
    /// Incidents that take up evidence.
    pub open_incidents: u64,
    /// Bytes of state, counted by its parts.
    pub state_bytes: u64,
    /// Thresholds and what came of them: the common pool first, then the kinds that have one of their own.
    pub pools: Vec<PoolCensus>,
    /// For how long back, from stream time, repeated events are known, in seconds.
    pub dedup_covered_s: u64,
}

/// One pool of identities that share a budget.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolCensus {
    /// `default`, or the kind.
    pub name: &'static str,
    /// Alerts asked for, per 1,000 identities and day.
    pub asked: f64,
    /// Alerts realised per 1,000 identities and day over the last weeks; none in the first ten days.
    pub realised: Option<f64>,
    /// The threshold, in bits of evidence.
    pub threshold_bits: f64,
}

/// One record of the state changelog; no value deletes the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateChange {
    /// The key within the partition.
    pub key: Vec<u8>,
    /// The value.
    pub value: Option<Vec<u8>>,
}
