//! From a budget of alerts to thresholds, and what is held back when it is spent (model, section 2.5).
//!
//! Each kind with a budget of its own, and each that is recorded only, is a pool by itself; all other kinds share one.
//! A pool's threshold is the evidence that the share of identity-days asked for reaches, corrected slowly by what was
//! realised. Beyond it stands a hard cap, for the day on which everything goes wrong at once:
//!
//! ```text
//! τ  = max(6, p̂⁻¹(B/1000) + offset)
//! offset += 0.15 · tanh((alerts − asked) / max(5, asked)) · ē   a day; alerts and asked decayed with 30 days
//! cap: a bucket of max(5, 3 × daily budget), filled once a day; as much again is kept for Critical alone
//! ```

use serde::{Deserialize, Serialize};

use crate::config::{BudgetConfig, DetectConfig};
use crate::event::{Band, Kind, Timestamp};

use super::peaks::{Peaks, Run};
use super::score::Reference;

/// Lowest threshold, in bits.
pub const FLOOR_BITS: f64 = 6.0;
/// How much of ē the offset may move a day.
const STEP: f64 = 0.15;
/// How many ē the offset may reach: a factor of three in the number of alerts.
const MOST_OFFSET: f64 = 1.1;
/// Half-life of what was realised and asked, in days.
const MEMORY_DAYS: f64 = 30.0;
/// Least capacity of the bucket.
const LEAST_CAPACITY: f64 = 5.0;
/// Days of budget in the bucket.
const CAPACITY_DAYS: f64 = 3.0;
/// Most hours of a gap in stream time that are counted.
const MOST_GAP_HOURS: i64 = 10 * 24;

/// Kinds, peaks and thresholds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// The common pool first, then one for each kind with its own.
    pools: Vec<Pool>,
    /// The last hour of stream time that was counted.
    hour: i64,
}

/// Identities that share a threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pool {
    /// The kind that it is for; none for the common one.
    pub kind: Option<Kind>,
    /// Alerts asked for, per 1,000 identities and day.
    pub per_1000_per_day: f64,
    reference: Reference,
    peaks: Peaks,
    /// The threshold, in bits, before the offset.
    base: f64,
    offset: f64,
    /// Identities at the last hour.
    identities: u64,
    /// Alerts and identity-days so far, decayed.
    alerts: f64,
    identity_days: f64,
    /// What is left in the bucket, and in the reserve for Critical.
    tokens: [f64; 2],
}

impl Budget {
    /// The beginning: the shipped reference, a full bucket.
    pub fn new(detect: &DetectConfig, budget: &BudgetConfig) -> Budget {
        let common = Pool::new(None, budget.acute_per_1000_per_day);
        let own = Kind::ALL.into_iter().filter_map(|kind| {
            let muted = detect.record_only.contains(&kind).then_some(budget.acute_per_1000_per_day);
            Some(Pool::new(Some(kind), budget.own(kind).or(muted)?))
        });
        Budget { pools: std::iter::once(common).chain(own).collect(), hour: i64::MIN }
    }

    /// What was learned, under the budgets of today's configuration.
    pub fn resume(&mut self, restored: Budget) {
        self.hour = restored.hour;
        for pool in restored.pools {
            if let Some(own) = self.pools.iter_mut().find(|own| own.kind == pool.kind) {
                let per_1000_per_day = own.per_1000_per_day;
                *own = Pool { per_1000_per_day, reference: own.reference, ..pool.clone() };
                if own.per_1000_per_day != pool.per_1000_per_day {
                    own.find_base();
                }
            }
        }
    }

    /// The pool of a kind.
    pub fn pool(&self, kind: Kind) -> &Pool {
        self.pools.iter().find(|pool| pool.kind == Some(kind)).unwrap_or(&self.pools[0])
    }

    /// The pool of a kind, to count in.
    pub fn pool_mut(&mut self, kind: Kind) -> &mut Pool {
        let own = self.pools.iter().position(|pool| pool.kind == Some(kind));
        &mut self.pools[own.unwrap_or(0)]
    }

    /// All pools, the common one first.
    pub fn pools(&self) -> &[Pool] {
        &self.pools
    }

    /// Stream time has come to `hour` with so many identities by kind. Says whether that is a new hour.
    pub fn advance(&mut self, hour: i64, identities: &[u64; Kind::ALL.len()]) -> bool {
        if hour <= self.hour {
            return false;
        }
        let passed = if self.hour == i64::MIN { 1 } else { (hour - self.hour).min(MOST_GAP_HOURS) };
        self.hour = hour;
        for index in 0..self.pools.len() {
            let counted = Kind::ALL.into_iter().zip(identities).filter(|(kind, _)| self.index(*kind) == index);
            let identities = counted.map(|(_, count)| count).sum();
            for hour in hour - passed..hour {
                self.pools[index].pass_hour(hour, identities);
            }
            self.pools[index].peaks.refresh(hour);
            self.pools[index].find_base();
        }
        true
    }

    fn index(&self, kind: Kind) -> usize {
        self.pools.iter().position(|pool| pool.kind == Some(kind)).unwrap_or(0)
    }
}

impl Pool {
    fn new(kind: Option<Kind>, per_1000_per_day: f64) -> Pool {
        let reference = kind.map_or(Reference::shipped_common(), Reference::shipped);
        let mut pool = Pool {
            kind,
            per_1000_per_day,
            reference,
            peaks: Peaks::default(),
            base: 0.0,
            offset: 0.0,
            identities: 0,
            alerts: 0.0,
            identity_days: 0.0,
            tokens: [LEAST_CAPACITY; 2],
        };
        pool.find_base();
        pool
    }

    /// The threshold τ, in bits of evidence.
    pub fn threshold(&self) -> f64 {
        (self.base + self.offset).max(FLOOR_BITS)
    }

    /// The score S of evidence: one identity-day in 2^S reaches it.
    pub fn score(&self, evidence_bits: f64) -> f64 {
        -libm::log2(self.peaks.probability(evidence_bits, &self.reference))
    }

    /// Alerts realised per 1,000 identities and day, over the last weeks; none before the first day is over.
    pub fn realised(&self) -> Option<f64> {
        (self.identity_days >= 1.0).then(|| self.alerts / self.identity_days * 1_000.0)
    }

    /// Counts evidence that is broad enough to alert.
    pub fn note(&mut self, run: &mut Option<Run>, evidence_bits: f64, time: Timestamp) {
        self.peaks.note(run, evidence_bits, time);
    }

    /// An incident opens or rises. Says whether the cap lets it through.
    pub fn spend(&mut self, band: Band) -> bool {
        let purse = self.tokens.iter().take(if band == Band::Critical { 2 } else { 1 }).position(|left| *left >= 1.0);
        if let Some(purse) = purse {
            self.tokens[purse] -= 1.0;
        }
        purse.is_some()
    }

    /// Counts an incident that passed the threshold, whether or not it was let through.
    pub fn count_alert(&mut self) {
        self.alerts += 1.0;
    }

    /// Most alerts a day, those of the reserve left out.
    pub fn capacity(&self) -> f64 {
        let daily = self.per_1000_per_day / 1_000.0 * self.identities as f64;
        (CAPACITY_DAYS * daily).max(LEAST_CAPACITY)
    }

    fn pass_hour(&mut self, hour: i64, identities: u64) {
        self.identities = identities;
        self.peaks.pass_hour(hour, identities);
        let capacity = self.capacity();
        for left in &mut self.tokens {
            *left = (*left + capacity / 24.0).min(capacity);
        }
        let fading = libm::exp2(-1.0 / (24.0 * MEMORY_DAYS));
        self.alerts *= fading;
        self.identity_days = self.identity_days * fading + identities as f64 / 24.0;
        let asked = self.per_1000_per_day / 1_000.0 * self.identity_days;
        let excess = self.peaks.excess(&self.reference);
        let step = STEP / 24.0 * libm::tanh((self.alerts - asked) / asked.max(LEAST_CAPACITY));
        self.offset = (self.offset + step * excess).clamp(-MOST_OFFSET * excess, MOST_OFFSET * excess);
    }

    fn find_base(&mut self) {
        self.base = self.peaks.quantile(self.per_1000_per_day / 1_000.0, &self.reference);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn identities(workloads: u64) -> [u64; Kind::ALL.len()] {
        let mut counts = [0; Kind::ALL.len()];
        counts[Kind::Workload as usize] = workloads;
        counts
    }

    fn budget(per_1000_per_day: f64) -> Budget {
        let asked = BudgetConfig { acute_per_1000_per_day: per_1000_per_day, ..BudgetConfig::default() };
        Budget::new(&DetectConfig::default(), &asked)
    }

    /// Days of a fleet whose identity-days peak exponentially; returns the alerts by day.
    fn realise(budget: &mut Budget, days: i64, share: f64, scale: f64) -> Vec<u32> {
        let (mut state, mut by_day) = (7u64, vec![0; days as usize]);
        for hour in 0..days * 24 {
            budget.advance(1_000_000 + hour, &identities(2_400));
            let pool = budget.pool_mut(Kind::Workload);
            for _ in 0..100 {
                state = super::super::hash::mix(state, 1);
                let uniform = (state >> 11) as f64 / (1u64 << 53) as f64;
                if uniform < share {
                    let bits = 3.0 - scale * libm::log(uniform.max(1e-12) / share);
                    pool.note(&mut None, bits, Timestamp::from_millis((1_000_000 + hour) * Timestamp::HOUR_MS));
                    if bits >= pool.threshold() {
                        pool.count_alert();
                        by_day[(hour / 24) as usize] += 1;
                    }
                }
            }
        }
        by_day
    }

    #[test]
    fn what_is_asked_is_what_comes() {
        for asked in [0.2, 1.0, 5.0] {
            let by_day = realise(&mut budget(asked), 60, 0.03, 4.0);
            let realised = f64::from(by_day[10..].iter().sum::<u32>()) / 50.0 / 2.4;
            assert!((0.6..1.4).contains(&(realised / asked)), "{realised} for {asked}");
        }
    }

    #[test]
    fn the_cap_holds_back_and_keeps_a_reserve_for_critical() {
        let mut budget = budget(1.0);
        let pool = budget.pool_mut(Kind::Workload);
        let medium = (0..100).filter(|_| pool.spend(Band::Medium)).count();
        let critical = (0..100).filter(|_| pool.spend(Band::Critical)).count();
        assert_eq!((medium, critical), (5, 5));
        budget.advance(100, &identities(10_000));
        for hour in 101..=124 {
            budget.advance(hour, &identities(10_000));
        }
        let pool = budget.pool_mut(Kind::Workload);
        let medium = (0..100).filter(|_| pool.spend(Band::Medium)).count();
        assert!((29..=30).contains(&medium), "{medium}");
    }

    #[test]
    fn kinds_with_a_budget_of_their_own_do_not_share() {
        let detect = DetectConfig::default();
        let mut asked = BudgetConfig::default();
        asked.kind.ai_agent = Some(crate::config::KindBudget { acute_per_1000_per_day: 7.0 });
        let budget = Budget::new(&detect, &asked);
        assert_eq!(budget.pool(Kind::AiAgent).per_1000_per_day, 7.0);
        assert_eq!((budget.pool(Kind::Workload).kind, budget.pool(Kind::Human).kind), (None, Some(Kind::Human)));
    }

    proptest! {
        /// A smaller budget never lowers the threshold, and no threshold is below the floor.
        #[test]
        fn thresholds_follow_the_budget(a in 0.001f64..50.0, b in 0.001f64..50.0) {
            let threshold = |per_1000: f64| budget(per_1000).pool(Kind::Workload).threshold();
            prop_assert!(threshold(a.min(b)) >= threshold(a.max(b)) && threshold(a) >= FLOOR_BITS);
        }
    }
}
