//! What becomes of the entries of the events topic, and what the detectors of this process hold.

#![allow(clippy::disallowed_types, reason = "partitions report once a batch, and the sums are over all of them")]

use std::collections::BTreeMap;
use std::sync::Mutex;

use prometheus::{Gauge, GaugeVec, IntCounter, IntCounterVec, Registry};

use super::pools::PoolMetrics;
use super::table::{counters, gauges};
use crate::detect::{Census, Counts};
use crate::event::{Feature, Kind, Timestamp};

/// Outcomes of an entry of the events topic.
const OUTCOMES: [&str; 5] = ["scored", "repeated", "tick", "damaged", "duplicate"];

/// What becomes of events.
pub struct DetectMetrics {
    entries: IntCounter,
    outcomes: IntCounterVec,
    late: IntCounter,
    duplicate: IntCounter,
    learning: IntCounter,
    waves_discounted: IntCounter,
    held_back: IntCounter,
    too_old: IntCounter,
    created: IntCounterVec,
    evicted: IntCounterVec,
    values_evicted: IntCounter,
    fired: IntCounterVec,
    watermark: Gauge,
    identities: GaugeVec,
    identities_learning: Gauge,
    open_incidents: Gauge,
    state_bytes: Gauge,
    dedup_covered: Gauge,
    pools: PoolMetrics,
    partitions: Mutex<BTreeMap<i32, (Census, Timestamp)>>,
}

impl DetectMetrics {
    pub(super) fn register(registry: &Registry) -> DetectMetrics {
        let none: &[&str] = &[];
        let metrics = DetectMetrics {
            entries: counters(registry, "nhi_detect_entries_total").with_label_values(none),
            outcomes: counters(registry, "nhi_detect_outcomes_total"),
            late: counters(registry, "nhi_events_late_total").with_label_values(none),
            duplicate: counters(registry, "nhi_events_duplicate_total").with_label_values(none),
            waves_discounted: counters(registry, "nhi_waves_discounted_total").with_label_values(none),
            held_back: counters(registry, "nhi_incidents_held_back_total").with_label_values(none),
            too_old: counters(registry, "nhi_incidents_too_old_total").with_label_values(none),
            learning: counters(registry, "nhi_events_learning_total").with_label_values(none),
            created: counters(registry, "nhi_identities_created_total"),
            evicted: counters(registry, "nhi_identities_evicted_total"),
            values_evicted: counters(registry, "nhi_values_evicted_total").with_label_values(none),
            fired: counters(registry, "nhi_feature_fired_total"),
            watermark: gauges(registry, "nhi_watermark_timestamp_seconds").with_label_values(none),
            identities: gauges(registry, "nhi_identities"),
            identities_learning: gauges(registry, "nhi_identities_learning").with_label_values(none),
            open_incidents: gauges(registry, "nhi_open_incidents").with_label_values(none),
            state_bytes: gauges(registry, "nhi_state_bytes").with_label_values(none),
            dedup_covered: gauges(registry, "nhi_dedup_covered_seconds").with_label_values(none),
            pools: PoolMetrics::register(registry),
            partitions: Mutex::new(BTreeMap::new()),
        };
        metrics.start_at_zero();
        metrics
    }

    fn start_at_zero(&self) {
        self.add(&Counts::default());
        self.damaged(0);
        self.show(&BTreeMap::new());
    }

    /// So many entries were read from the events topic.
    pub fn read(&self, entries: u64) {
        self.entries.inc_by(entries);
    }

    /// So many entries could not be read: written by another version, or damaged.
    pub fn damaged(&self, entries: u64) {
        self.outcome(OUTCOMES[3], entries);
    }

    /// Adds the counts of a batch.
    pub fn add(&self, counts: &Counts) {
        self.outcome(OUTCOMES[0], counts.scored);
        self.outcome(OUTCOMES[1], counts.repeated);
        self.outcome(OUTCOMES[2], counts.ticks);
        self.outcome(OUTCOMES[4], counts.duplicate);
        self.duplicate.inc_by(counts.duplicate);
        self.waves_discounted.inc_by(counts.waves_discounted);
        self.held_back.inc_by(counts.held_back);
        self.too_old.inc_by(counts.too_old);
        self.late.inc_by(counts.late);
        self.learning.inc_by(counts.learning);
        for (kind, count) in Kind::ALL.iter().zip(counts.identities_created) {
            self.created.with_label_values(&[kind.name()]).inc_by(count);
        }
        self.evicted.with_label_values(&["limit"]).inc_by(counts.identities_evicted);
        self.values_evicted.inc_by(counts.values_evicted);
        for (feature, count) in Feature::ALL.iter().zip(counts.features_fired) {
            self.fired.with_label_values(&[feature.name()]).inc_by(count);
        }
    }

    /// What the detector of this events partition holds now, and how far its time has come.
    pub fn set_census(&self, partition: i32, census: &Census, stream_time: Timestamp) {
        let mut partitions = self.partitions.lock().expect("nothing panics while it is held");
        partitions.insert(partition, (census.clone(), stream_time));
        self.show(&partitions);
    }

    /// The partition is no longer ours.
    pub fn forget_partition(&self, partition: i32) {
        let mut partitions = self.partitions.lock().expect("nothing panics while it is held");
        partitions.remove(&partition);
        self.show(&partitions);
    }

    fn outcome(&self, outcome: &str, entries: u64) {
        self.outcomes.with_label_values(&[outcome]).inc_by(entries);
    }

    /// Gauges are sums over the owned partitions; stream time is the least of them.
    fn show(&self, partitions: &BTreeMap<i32, (Census, Timestamp)>) {
        let sum = |part: fn(&Census) -> u64| partitions.values().map(|(census, _)| part(census)).sum::<u64>() as f64;
        for (i, kind) in Kind::ALL.iter().enumerate() {
            let identities: u64 = partitions.values().map(|(census, _)| census.identities[i]).sum();
            self.identities.with_label_values(&[kind.name()]).set(identities as f64);
        }
        self.identities_learning.set(sum(|census| census.learning));
        self.open_incidents.set(sum(|census| census.open_incidents));
        self.state_bytes.set(sum(|census| census.state_bytes));
        let covered = partitions.values().map(|(census, _)| census.dedup_covered_s).min();
        self.dedup_covered.set(covered.map_or(0.0, |seconds| seconds as f64));
        self.pools.show(partitions.values().map(|(census, _)| census));
        self.watermark.set(partitions.values().map(|(_, time)| *time).min().map_or(0.0, super::seconds));
    }
}
