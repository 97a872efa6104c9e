//! How high evidence rises on an ordinary day: the peaks of identity-days of the last ten days, and their tail (model,
//! section 2.5).
//!
//! A peak is the most evidence, broad enough to alert, that an identity had within 24 hours from the first of it; days
//! without any count as peak 0. Beyond the k-th largest the tail is a generalised Pareto one (peaks over a threshold:
//! Siffer, Fouque, Termier, Largouët, "Anomaly Detection in Streams with Extreme Value Theory", KDD 2017):
//!
//! ```text
//! P(A ≥ u + y) = k/n · (1 + ξ·y/σ)^(−1/ξ)
//! ```
//!
//! Scale and shape follow from the excess that half and that a quarter of the tail reach, which a few attacks among the peaks
//! cannot move far (Pickands, "Statistical Inference Using Extreme Order Statistics", Annals of Statistics 3, 1975):
//!
//! ```text
//! σ = ξ·y(½)/(2^ξ − 1),   2^ξ + 1 = y(¼)/y(½)
//! ```
//!
//! The shape needs many peaks, so that one is shipped, as simulated fleets without attacks showed it, and weighs as much as
//! many.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::score::Reference;
use crate::event::Timestamp;

/// Days that count.
const DAYS: i64 = 10;
/// Peaks are counted in twentieths of a bit.
const UNIT: f64 = 20.0;
/// Identity-days that the shipped reference weighs: so many that a few attacks on a small fleet do not become what is
/// usual there (the model has 500).
const REFERENCE_DAYS: f64 = 5_000.0;
/// The tail has at least so many peaks, where there are so many,
const LEAST_TAIL: f64 = 40.0;
/// and this share of the identity-days.
const TAIL_SHARE: f64 = 1.0 / 250.0;
/// Least median excess, in bits.
const LEAST_EXCESS: f64 = 0.35;
/// Shape of the tail (ξ) that is shipped: with it scores up to 14 hold what they say within a third over seven simulated
/// fleets without attacks (seeds 101 to 107 of `benches/budget.rs`),
const SHAPE: f64 = 0.55;
/// how many peaks of the tail it weighs,
const SHAPE_PEAKS: f64 = 200.0;
/// and the largest that is believed of any fleet.
const LARGEST_SHAPE: f64 = 1.0;
/// A peak belongs to the day of the first evidence, for so long.
pub const RUN_MS: i64 = Timestamp::DAY_MS;

/// Where an identity's present run of evidence is counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its first evidence.
    start: Timestamp,
    /// What it is counted as, in units.
    units: u32,
}

/// The peaks of identities that share a threshold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Peaks {
    days: BTreeMap<i64, Day>,
    tail: Tail,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Day {
    /// Identity-days.
    identities: f64,
    /// How many peaks of so many units.
    peaks: BTreeMap<u32, u32>,
}

/// The tail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Tail {
    /// Identity-days that it was taken from (n).
    days: f64,
    /// Where it begins (u), in bits.
    start: f64,
    /// Peaks from there on (k).
    peaks: f64,
    /// Median excess, in bits.
    median_excess: f64,
    /// Its shape (ξ).
    shape: f64,
}

impl Run {
    /// Whether it takes up evidence of that time.
    pub fn is_open(&self, time: Timestamp) -> bool {
        time.since(self.start) < RUN_MS
    }
}

impl Peaks {
    /// Counts evidence: a new peak, or a higher one of the same run.
    pub fn note(&mut self, run: &mut Option<Run>, evidence_bits: f64, time: Timestamp) {
        let units = libm::round(evidence_bits * UNIT) as u32;
        if units == 0 {
            return;
        }
        match run {
            Some(run) if run.is_open(time) => {
                if units > run.units {
                    let peaks = &mut self.days.entry(day(run.start)).or_default().peaks;
                    if let Some(count) = peaks.get_mut(&run.units) {
                        *count = count.saturating_sub(1);
                    }
                    *peaks.entry(units).or_default() += 1;
                    run.units = units;
                }
            }
            _ => {
                *self.days.entry(day(time)).or_default().peaks.entry(units).or_default() += 1;
                *run = Some(Run { start: time, units });
            }
        }
    }

    /// An hour of stream time has passed with so many identities.
    pub fn pass_hour(&mut self, hour: i64, identities: u64) {
        self.days.entry(hour.div_euclid(24)).or_default().identities += identities as f64 / 24.0;
    }

    /// Whether so many days were seen as count: before that the fleet is still new to the model.
    pub fn is_settled(&self) -> bool {
        self.days.len() as i64 >= DAYS
    }

    /// Forgets days that are over and takes the tail anew; to be called once an hour of stream time.
    pub fn refresh(&mut self, hour: i64) {
        let oldest = hour.div_euclid(24) - DAYS;
        self.days.retain(|day, _| *day > oldest);
        self.tail = self.fit();
    }

    /// Probability that an identity-day reaches this evidence (p̂), the shipped reference weighed in.
    pub fn probability(&self, evidence_bits: f64, reference: &Reference) -> f64 {
        let shipped = libm::exp2(-reference.score(evidence_bits));
        let weighed = self.tail.days * self.own_probability(evidence_bits) + REFERENCE_DAYS * shipped;
        weighed / (self.tail.days + REFERENCE_DAYS)
    }

    /// The evidence that a share of identity-days reaches, in bits: the inverse of [`Peaks::probability`].
    pub fn quantile(&self, share: f64, reference: &Reference) -> f64 {
        let (mut low, mut high) = (0.0, 256.0);
        for _ in 0..48 {
            let middle = (low + high) / 2.0;
            if self.probability(middle, reference) > share {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }

    /// Bits by which the probability falls to about a third, at the tail's beginning (ē).
    pub fn excess(&self, reference: &Reference) -> f64 {
        let own = self.tail.days / (self.tail.days + REFERENCE_DAYS);
        own * self.tail.median_excess / std::f64::consts::LN_2 + (1.0 - own) * reference.mean_excess
    }

    fn own_probability(&self, evidence_bits: f64) -> f64 {
        let tail = &self.tail;
        if evidence_bits >= tail.start {
            let excess = (evidence_bits - tail.start) / tail.median_excess.max(LEAST_EXCESS);
            return tail.peaks / tail.days.max(1.0) * beyond(excess, tail.shape);
        }
        let units = libm::round(evidence_bits * UNIT) as u32;
        let reached: u32 = self.days.values().flat_map(|day| day.peaks.range(units..)).map(|(_, count)| count).sum();
        ((f64::from(reached) + 1.0) / (tail.days + 1.0)).min(1.0)
    }

    fn fit(&self) -> Tail {
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        for (units, count) in self.days.values().flat_map(|day| &day.peaks) {
            *counts.entry(*units).or_default() += count;
        }
        let days: f64 = self.days.values().map(|day| day.identities).sum();
        let wanted = LEAST_TAIL.max(days * TAIL_SHARE);
        let (mut peaks, mut start) = (0.0, 0);
        let mut tail = Vec::new();
        for (units, count) in counts.into_iter().rev().filter(|(_, count)| *count > 0) {
            peaks += f64::from(count);
            start = units;
            tail.push((units, f64::from(count)));
            if peaks >= wanted {
                break;
            }
        }
        let reached_by = |share: f64| excess(&tail, start, peaks * share).max(LEAST_EXCESS);
        let (median_excess, quarter) = (reached_by(0.5), reached_by(0.25));
        let shape = shape(quarter / median_excess, peaks);
        Tail { days, start: f64::from(start) / UNIT, peaks, median_excess, shape }
    }
}

/// The excess over `start` that so many peaks reach, in bits; the largest units come first.
fn excess(tail: &[(u32, f64)], start: u32, reaching: f64) -> f64 {
    let mut above = 0.0;
    let place = tail.iter().find(|(_, count)| {
        above += count;
        above >= reaching
    });
    place.map_or(0.0, |(units, _)| f64::from(units - start) / UNIT)
}

/// The shape of a tail of so many peaks from how far a quarter of them reach beside half of them, the shipped one weighed in.
fn shape(quarter_by_half: f64, peaks: f64) -> f64 {
    let own = libm::log2((quarter_by_half - 1.0).clamp(1.0, libm::exp2(LARGEST_SHAPE)));
    (peaks * own + SHAPE_PEAKS * SHAPE) / (peaks + SHAPE_PEAKS)
}

/// The share of a tail of this shape that reaches an excess, in medians.
fn beyond(medians: f64, shape: f64) -> f64 {
    if shape < 1e-6 {
        return libm::exp2(-medians);
    }
    libm::pow(1.0 + (libm::exp2(shape) - 1.0) * medians, -1.0 / shape)
}

fn day(time: Timestamp) -> i64 {
    time.hour().div_euclid(24)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kind;
    use proptest::prelude::*;

    const DAY: i64 = 20_000;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_millis(day * Timestamp::DAY_MS)
    }

    /// Ten days of 2,000 identities; `peaks` of them all on one day.
    fn filled(peaks: &[f64]) -> Peaks {
        let mut filled = Peaks::default();
        for hour in (DAY - 9) * 24..(DAY + 1) * 24 {
            filled.pass_hour(hour, 2_000);
        }
        for bits in peaks {
            filled.note(&mut None, *bits, at(DAY));
        }
        filled.refresh(DAY * 24 + 23);
        filled
    }

    #[test]
    fn the_threshold_for_a_budget_is_what_such_a_share_of_days_reaches() {
        // 2 % of 800,000 identity-days have evidence: generalised Pareto tails beyond 4 bits with a median of 2.
        for shape in [0.1, 0.3, 0.4, 0.55, 0.8] {
            let truth = |share: f64| 4.0 + 2.0 * (libm::pow(0.02 / share, shape) - 1.0) / (libm::exp2(shape) - 1.0);
            let mut filled = Peaks::default();
            for hour in (DAY - 9) * 24..(DAY + 1) * 24 {
                filled.pass_hour(hour, 80_000);
            }
            for rank in 0..16_000 {
                filled.note(&mut None, truth((f64::from(rank) + 0.5) / 800_000.0), at(DAY));
            }
            filled.refresh(DAY * 24 + 23);
            let reference = Reference::shipped(Kind::Workload);
            for share in [0.01, 0.001, 0.0002] {
                let (threshold, truth) = (filled.quantile(share, &reference), truth(share));
                // Far out the shipped shape, which weighs in, shows.
                let near = if share < 0.001 { 0.05 * truth } else { 0.5 };
                assert!((threshold - truth).abs() < near, "{threshold} for {share} and {shape}, not {truth}");
            }
        }
    }

    #[test]
    fn a_run_is_one_peak_however_it_climbs() {
        let (mut peaks, mut run) = (Peaks::default(), None);
        for (hours, bits) in [(0, 5.0), (5, 9.0), (7, 8.0), (20, 12.0)] {
            peaks.note(&mut run, bits, at(DAY).plus_millis(hours * Timestamp::HOUR_MS));
        }
        let counted: Vec<(u32, u32)> = peaks.days[&DAY].peaks.iter().map(|(units, count)| (*units, *count)).collect();
        assert_eq!(counted, [(100, 0), (180, 0), (240, 1)]);
        peaks.note(&mut run, 6.0, at(DAY + 1));
        assert_eq!(peaks.days[&(DAY + 1)].peaks[&120], 1);
    }

    proptest! {
        /// More evidence is never more probable, and every probability is one.
        #[test]
        fn probability_falls_with_evidence(
            peaks in proptest::collection::vec(0.1f64..60.0, 0..200), a in 0.0f64..80.0, b in 0.0f64..80.0,
        ) {
            let (filled, reference) = (filled(&peaks), Reference::shipped(Kind::AiAgent));
            let (low, high) = (filled.probability(a.min(b), &reference), filled.probability(a.max(b), &reference));
            prop_assert!(0.0 < high && high <= low + 1e-12 && low <= 1.0, "{low} {high}");
        }

        /// A few attacks of any strength move the threshold by little.
        #[test]
        fn a_few_attacks_do_not_carry_the_threshold_away(strength in 20.0f64..60.0) {
            let ordinary: Vec<f64> = (0..400).map(|rank| 4.0 - 2.0 * libm::log((f64::from(rank) + 0.5) / 400.0)).collect();
            let attacked: Vec<f64> = ordinary.iter().copied().chain([strength; 8]).collect();
            let reference = Reference::shipped(Kind::Workload);
            let (before, after) = (filled(&ordinary).quantile(0.001, &reference), filled(&attacked).quantile(0.001, &reference));
            prop_assert!(after - before < 2.0, "{before} {after}");
        }
    }
}
