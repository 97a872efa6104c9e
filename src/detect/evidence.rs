//! From bits of surprise to evidence: families, caps, decay (model, section 2.5), and what an identity with evidence
//! keeps of it.
//!
//! ```text
//! C_f  = s_f · bits_f                                            scale: see `calibration`
//! E_k  = cap(max(0, max_{f∈k} C_f − log₂|k| − 3)) · w_k          w = 1.5 for `sens`, else 1
//! cap(x) = x up to 12 bits, half of what is beyond, at most 24     breadth beats depth, but depth still counts
//! HW_k = max(HW_k · 2^(−Δt/3 h), E_k)                            evidence counts once, and fades
//! A    = Σ_k HW_k
//! ```

use serde::{Deserialize, Serialize};

use crate::event::{AuditRef, Expectation, Family, Feature, NetworkClass, Origin, Tactic, Timestamp, Wave};

use super::baseline::{HourNews, OPEN_HOURS};
use super::incident::Incident;
use super::peaks::Run;

/// Bits that a family's evidence is lowered by: what ordinary days reach.
const ALLOWANCE: f64 = 3.0;
/// How much of a family's bits counts beyond those that count in full.
const BEYOND_FULL: f64 = 0.5;
/// Half-life of evidence.
const HALF_LIFE_MS: f64 = 3.0 * Timestamp::HOUR_MS as f64;
/// Evidence below this is over.
const NOTHING: f64 = 0.05;
/// A new value counts towards opening an incident for so long: four half-lives of its evidence.
const ROOT_LIFE_MS: i64 = 12 * Timestamp::HOUR_MS;
/// New values that are remembered for that.
const MAX_ROOTS: usize = 32;
/// Events with evidence that are remembered before an incident opens.
const MAX_PRELUDE: usize = 8;

/// What an identity with something new keeps beside its baseline.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Open {
    /// What is new in each open hour, newest first.
    pub hours: [HourNews; OPEN_HOURS],
    /// Evidence by family.
    pub families: [Option<Box<FamilyEvidence>>; Family::ALL.len()],
    /// New values that do not imply one another, with the time of the first.
    pub roots: Vec<(u32, Timestamp)>,
    /// Events with evidence, while no incident is open.
    pub prelude: Vec<AuditRef>,
    /// The open incident.
    pub incident: Option<Box<Incident>>,
    /// Evidence by family had peers done nothing like it: bits at the last rise, and when that was.
    pub undiscounted: [(f32, Timestamp); Family::ALL.len()],
    /// Where the present evidence is counted among the peaks of identity-days.
    pub run: Option<Run>,
}

/// The evidence of one family, with its reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FamilyEvidence {
    /// Bits at the last rise (HW_k).
    pub bits: f32,
    /// When it rose last.
    pub rose: Timestamp,
    /// The feature that counts.
    pub feature: Feature,
    /// Its surprise in bits, waves not taken off.
    pub surprise_bits: f32,
    /// Factor from surprise to evidence.
    pub scale: f32,
    /// What peers did.
    pub wave: Option<Wave>,
    /// The newest value.
    pub observed: String,
    /// Others of the same hour.
    pub others: Vec<String>,
    /// All of the same hour.
    pub values: u32,
    /// What was to be expected.
    pub expected: Expectation,
    /// The event that raised it.
    pub event_id: String,
    /// Other features of the family in the same hour, waves taken off.
    pub also: Vec<(Feature, f64)>,
    /// Tactic and technique of the action.
    pub tactic: Option<Tactic>,
    /// See `tactic`.
    pub technique: Option<String>,
    /// Features of its family that were looked at (|k|).
    pub looked_at: u8,
    /// Class of the source.
    pub network_class: NetworkClass,
}

impl FamilyEvidence {
    /// Peers turned out to do the same in a feature of the family. Returns what its evidence (E_k) may be at most now,
    /// where that makes a difference. Features that stand behind the strongest one are taken with its scale.
    pub fn lower(&mut self, feature: Feature, wave: Wave) -> Option<f64> {
        if feature == self.feature && wave.bits < self.bits_of_surprise() {
            self.wave = Some(wave);
        } else {
            let also = self.also.iter_mut().find(|(also, bits)| *also == feature && *bits > wave.bits)?;
            also.1 = wave.bits;
        }
        let strongest = self.also.iter().map(|(_, bits)| *bits).fold(self.bits_of_surprise(), f64::max);
        Some(family_evidence(self.feature.family(), self.looked_at, f64::from(self.scale) * strongest))
    }

    /// Its surprise in bits, waves taken off.
    fn bits_of_surprise(&self) -> f64 {
        self.wave.map_or(f64::from(self.surprise_bits), |wave| wave.bits)
    }

    /// What is left of it (HW_k, decayed when read).
    pub fn bits_at(&self, time: Timestamp) -> f64 {
        faded(self.bits, self.rose, time)
    }
}

impl Open {
    /// Bytes that it holds, texts left out.
    pub fn bytes(&self) -> usize {
        let families = self.families.iter().flatten().count() * size_of::<FamilyEvidence>();
        size_of::<Open>() + families + self.incident.as_ref().map_or(0, |_| size_of::<Incident>())
    }

    /// The evidence A, in bits.
    pub fn evidence(&self, time: Timestamp) -> f64 {
        self.families.iter().flatten().map(|family| family.bits_at(time)).sum()
    }

    /// The evidence had peers done nothing like it, in bits.
    pub fn undiscounted_evidence(&self, time: Timestamp) -> f64 {
        self.undiscounted.iter().map(|(bits, rose)| faded(*bits, *rose, time)).sum()
    }

    /// Lets one family's undiscounted evidence rise.
    pub fn raise_undiscounted(&mut self, family: Family, bits: f64, time: Timestamp) {
        let (before, rose) = &mut self.undiscounted[family as usize];
        if bits > faded(*before, *rose, time) {
            (*before, *rose) = (bits as f32, time);
        }
    }

    /// Evidence of one family, in bits.
    pub fn family_bits(&self, family: Family, time: Timestamp) -> f64 {
        self.families[family as usize].as_ref().map_or(0.0, |evidence| evidence.bits_at(time))
    }

    /// Remembers a new value that no other new value implies.
    pub fn add_root(&mut self, fingerprint: u32, time: Timestamp) {
        self.roots.retain(|(_, seen)| time.since(*seen) < ROOT_LIFE_MS);
        if self.roots.len() < MAX_ROOTS && !self.roots.iter().any(|(known, _)| *known == fingerprint) {
            self.roots.push((fingerprint, time));
        }
    }

    /// Whether the evidence rests on more than one new value: a sensitive action, or two that do not imply one another.
    pub fn is_broad(&self, time: Timestamp) -> bool {
        let alive = self.roots.iter().filter(|(_, seen)| time.since(*seen) < ROOT_LIFE_MS).count();
        alive >= 2 || self.family_bits(Family::Sens, time) > NOTHING
    }

    /// Remembers an event with evidence for the incident that may open.
    pub fn add_prelude(&mut self, event: AuditRef) {
        self.prelude.retain(|earlier| event.time.since(earlier.time) < ROOT_LIFE_MS);
        if self.prelude.len() == MAX_PRELUDE {
            self.prelude.remove(1);
        }
        self.prelude.push(event);
    }

    /// Whether nothing of it is needed any more.
    pub fn is_over(&self, time: Timestamp) -> bool {
        self.incident.is_none()
            && self.run.is_none_or(|run| !run.is_open(time))
            && self.hours.iter().all(HourNews::is_empty)
            && self.families.iter().flatten().all(|family| family.bits_at(time) < NOTHING)
    }
}

/// What is left of evidence that rose some time ago.
fn faded(bits: f32, rose: Timestamp, time: Timestamp) -> f64 {
    let age = time.since(rose).max(0) as f64;
    f64::from(bits) * libm::exp2(-age / HALF_LIFE_MS)
}

/// Features of a family that an event can speak by (|k|): one more chance to be the strongest for each.
pub fn looked_at(family: Family, origin: &Origin<'_>) -> u8 {
    let can_speak =
        |feature: &&Feature| feature.family() == family && (**feature != Feature::Asn || origin.asn.is_some());
    Feature::ALL.iter().filter(can_speak).count() as u8
}

/// The evidence that a family's strongest feature gives (E_k), from its scaled surprise (C_f), in bits; so many features
/// were looked at (|k|).
pub fn family_evidence(family: Family, looked_at: u8, scaled_bits: f64) -> f64 {
    let bits = (scaled_bits - libm::log2(f64::from(looked_at)) - ALLOWANCE).max(0.0);
    let full = bits.min(Family::FULL_BITS);
    (full + BEYOND_FULL * (bits - full)).min(Family::MOST_BITS) * family.weight()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Evidence grows with surprise, is never negative, and a family never gives more than its cap and weight.
        #[test]
        fn evidence_is_monotone_and_capped(a in 0.0f64..200.0, b in 0.0f64..200.0) {
            for family in Family::ALL {
                let (low, high) = (family_evidence(family, 2, a.min(b)), family_evidence(family, 2, a.max(b)));
                prop_assert!(0.0 <= low && low <= high && high <= 36.0);
            }
        }
    }

    #[test]
    fn one_new_value_is_one_root_however_often() {
        let mut open = Open::default();
        for minute in 0..100 {
            open.add_root(7, Timestamp::from_millis(minute * 60_000));
        }
        assert!(!open.is_broad(Timestamp::from_millis(0)));
        open.add_root(8, Timestamp::from_millis(60_000));
        assert!(open.is_broad(Timestamp::from_millis(60_000)));
        assert!(!open.is_broad(Timestamp::from_millis(14 * Timestamp::HOUR_MS)));
    }
}
