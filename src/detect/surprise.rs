//! How surprising something is, in bits: −log₂ of its probability (model, section 2.3).
//!
//! Everything here is a formula over counters; what is counted, and when, is decided elsewhere.

use serde::{Deserialize, Serialize};

use super::decay::Decay;

/// Categorical dimensions that are scored.
pub const DIMENSIONS: usize = 8;
/// Rungs of the ladder of strangeness.
pub const RUNGS: usize = 6;
/// Classes of sensitive action.
pub const SENSITIVITIES: usize = 4;

/// Weight of the fleet's rate of new things in a peer group's, in active hours.
const GROUP_WEIGHT: f64 = 30.0;
/// Weight of the peer group's rate of new things in an identity's, in active hours.
const OWN_WEIGHT: f64 = 20.0;
/// Weight of the fleet's ladder in a peer group's, in occasions.
const LADDER_WEIGHT: f64 = 15.0;
/// Weight of the fleet's mean number of extra values in a peer group's, in occasions.
const EXTRAS_WEIGHT: f64 = 8.0;
/// Weight of the fleet's rate of first sensitive uses in a peer group's, in active hours.
const SENSITIVE_WEIGHT: f64 = 60.0;

/// What warm identities of a peer group, or of the whole fleet, did in their active hours; decayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Habits {
    /// Active hours (n).
    pub hours: f32,
    /// Active hours with something new, by dimension (k).
    pub novel: [f32; DIMENSIONS],
    /// The strangest rung of those, by dimension (L).
    pub ladder: [[f32; RUNGS]; DIMENSIONS],
    /// New values beyond the first, added up, by dimension.
    pub extras: [f32; DIMENSIONS],
    /// Hours with a first use of a sensitive class.
    pub sensitive: [f32; SENSITIVITIES],
    /// The hour that the counters are decayed to.
    as_of: i64,
}

/// One active hour of a warm identity, closed, ready to be learned.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClosedHour {
    /// By dimension: the strangest rung and the number of new values, where there were any.
    pub novel: [Option<(u8, u16)>; DIMENSIONS],
    /// Bit by sensitive class: first used in this hour.
    pub sensitive: u8,
}

impl Habits {
    /// Of a peer group that nothing is known of.
    pub fn empty() -> Habits {
        Habits {
            hours: 0.0,
            novel: [0.0; DIMENSIONS],
            ladder: [[0.0; RUNGS]; DIMENSIONS],
            extras: [0.0; DIMENSIONS],
            sensitive: [0.0; SENSITIVITIES],
            as_of: 0,
        }
    }

    /// The shipped beginning of a fleet: pseudo-counts from simulated fleets (model, section 2.3).
    pub fn shipped() -> Habits {
        const LADDER: [f32; RUNGS] = [0.6, 0.4, 0.6, 0.6, 0.6, 1.2];
        Habits {
            hours: 50.0,
            novel: [0.5; DIMENSIONS],
            ladder: [LADDER; DIMENSIONS],
            extras: [0.25; DIMENSIONS],
            sensitive: [0.3 * 50.0 / 200.0; SENSITIVITIES],
            as_of: 0,
        }
    }

    /// Learns a closed hour. The shipped beginning fades as any other count does.
    pub fn learn(&mut self, hour: i64, closed: &ClosedHour, decay: &Decay) {
        self.decay_to(hour, decay);
        let weight = decay.factor(self.as_of - hour);
        self.hours += weight;
        for (dimension, novel) in closed.novel.iter().enumerate() {
            if let Some((rung, values)) = *novel {
                self.novel[dimension] += weight;
                self.ladder[dimension][usize::from(rung)] += weight;
                self.extras[dimension] += weight * f32::from(values.saturating_sub(1));
            }
        }
        for class in (0..SENSITIVITIES).filter(|class| closed.sensitive & (1 << class) != 0) {
            self.sensitive[class] += weight;
        }
    }

    fn decay_to(&mut self, hour: i64, decay: &Decay) {
        if hour <= self.as_of {
            return;
        }
        let factor = if self.as_of == 0 { 1.0 } else { decay.factor(hour - self.as_of) };
        self.as_of = hour;
        self.hours *= factor;
        self.novel.iter_mut().chain(&mut self.extras).chain(&mut self.sensitive).for_each(|count| *count *= factor);
        self.ladder.iter_mut().flatten().for_each(|count| *count *= factor);
    }
}

/// Probability that an active hour of a member of the group shows something new (ν_g).
pub fn group_novelty(group: &Habits, fleet: &Habits, dimension: usize) -> f64 {
    let fleet_rate = f64::from(fleet.novel[dimension]).max(0.01) / f64::from(fleet.hours).max(1.0);
    (f64::from(group.novel[dimension]) + GROUP_WEIGHT * fleet_rate) / (f64::from(group.hours) + GROUP_WEIGHT)
}

/// Probability that an active hour of this identity shows something new (ν_i): its own rate, shrunk to its peers'.
pub fn own_novelty(hours: f64, novel: f64, group_novelty: f64) -> f64 {
    ((novel + OWN_WEIGHT * group_novelty + 0.3) / (hours + OWN_WEIGHT + 0.3)).min(1.0)
}

/// Bits of the new values of one hour in one dimension beyond "something is new": the strangest way of reading them.
///
/// `values[c]` is the number of new values on rung c. The count term is a Lomax tail of exponent 2: benign novelty comes
/// in bursts, which a geometric one over-scores.
pub fn strangeness(values: &[u16; RUNGS], group: &Habits, fleet: &Habits, dimension: usize) -> f64 {
    let probabilities = rung_probabilities(group, fleet, dimension);
    let extra = mean_extras(group, fleet, dimension);
    let (mut cumulated, mut counted, mut bits) = (0.0, 0.0, 0.0f64);
    for (probability, &count) in probabilities.iter().zip(values) {
        cumulated += probability;
        counted += f64::from(count);
        if counted >= 1.0 {
            let spread = (extra * cumulated).max(0.3);
            bits = bits.max(2.0 * libm::log2(1.0 + (counted - 1.0) / spread) - libm::log2(cumulated.min(1.0)));
        }
    }
    bits
}

fn rung_probabilities(group: &Habits, fleet: &Habits, dimension: usize) -> [f64; RUNGS] {
    let (own, all) = (&group.ladder[dimension], &fleet.ladder[dimension]);
    let own_total: f64 = own.iter().map(|count| f64::from(*count)).sum();
    let all_total: f64 = all.iter().map(|count| f64::from(*count)).sum::<f64>().max(1e-9);
    std::array::from_fn(|rung| {
        (f64::from(own[rung]) + LADDER_WEIGHT * f64::from(all[rung]).max(1e-6) / all_total)
            / (own_total + LADDER_WEIGHT)
    })
}

fn mean_extras(group: &Habits, fleet: &Habits, dimension: usize) -> f64 {
    // The fleet's own mean begins at the shipped 1 of 2.
    let fleet_mean = (f64::from(fleet.extras[dimension]) + 1.0) / (f64::from(fleet.novel[dimension]) + 2.0);
    (f64::from(group.extras[dimension]) + EXTRAS_WEIGHT * fleet_mean)
        / (f64::from(group.novel[dimension]) + EXTRAS_WEIGHT)
}

/// Probability that an active hour of a warm member of the group brings its first use of a sensitive class.
pub fn sensitive_probability(group: &Habits, fleet: &Habits, class: usize) -> f64 {
    // The shipped pseudo-counts are 0.3 of 200 hours; 150 of these are not part of the fleet's beginning of 50.
    let fleet_rate = (f64::from(fleet.sensitive[class]) + 0.3 * 150.0 / 200.0 + 0.2) / (f64::from(fleet.hours) + 150.0);
    (f64::from(group.sensitive[class]) + SENSITIVE_WEIGHT * fleet_rate) / (f64::from(group.hours) + SENSITIVE_WEIGHT)
}

/// Probability of a category or a stranger one, by counts in the order of strangeness.
pub fn ordinal_probability(counts: &[f32], category: usize) -> f64 {
    let total: f64 = counts.iter().map(|count| f64::from(*count)).sum();
    let beyond: f64 = counts.iter().skip(category).map(|count| f64::from(*count)).sum();
    (beyond / total.max(1e-9)).clamp(1e-12, 1.0)
}

/// The rung of a new value by how many peers, and how many identities elsewhere, are known to have it: 0 nobody, 1 one
/// or two elsewhere, 2 three or more elsewhere, 3 one peer, 4 two or three peers, 5 four or more peers.
pub fn rung(peers: u32, elsewhere: u32) -> usize {
    match (peers, elsewhere) {
        (0, 0) => 0,
        (0, 1..=2) => 1,
        (0, _) => 2,
        (1, _) => 3,
        (2..=3, _) => 4,
        _ => 5,
    }
}

/// −log₂ p.
pub fn bits(probability: f64) -> f64 {
    -libm::log2(probability.clamp(1e-300, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(rung: usize, count: u16) -> [u16; RUNGS] {
        let mut values = [0; RUNGS];
        values[rung] = count;
        values
    }

    #[test]
    fn known_answers_of_the_shipped_beginning() {
        let (group, fleet) = (Habits::empty(), Habits::shipped());
        assert!((group_novelty(&group, &fleet, 0) - 0.01).abs() < 1e-9);
        assert!((own_novelty(200.0, 0.0, 0.01) - 0.5 / 220.3).abs() < 1e-9);
        assert!((strangeness(&values(0, 1), &group, &fleet, 0) - bits(0.15)).abs() < 1e-3);
        assert!((sensitive_probability(&group, &fleet, 1) - 0.0025).abs() < 1e-6);
        assert!((ordinal_probability(&[50.0, 5.0, 1.0, 0.3], 3) - 0.3 / 56.3).abs() < 1e-6);
    }

    /// U10: what peers do is less strange than the same thing that no peer does.
    #[test]
    fn what_peers_do_is_strictly_less_strange() {
        let (group, fleet) = (Habits::empty(), Habits::shipped());
        let bits: Vec<f64> = (0..RUNGS).map(|rung| strangeness(&values(rung, 1), &group, &fleet, 0)).collect();
        assert!(bits.windows(2).all(|pair| pair[0] > pair[1]), "{bits:?}");
    }

    proptest! {
        /// More new values, and stranger ones, are never less surprising.
        #[test]
        fn more_is_never_less(counts in proptest::array::uniform6(0u16..50), rung in 0usize..RUNGS) {
            let (group, fleet) = (Habits::empty(), Habits::shipped());
            let before = strangeness(&counts, &group, &fleet, 2);
            let mut more = counts;
            more[rung] += 1;
            prop_assert!(strangeness(&more, &group, &fleet, 2) >= before - 1e-12);
        }

        /// Rates stay probabilities whatever is learned, and learning in another order gives nearly the same.
        #[test]
        fn habits_stay_probabilities(hours in proptest::collection::vec((1_000i64..2_000, 0u8..6, 1u16..9), 1..60)) {
            let decay = Decay::half_life_hours(720.0);
            let (mut group, mut fleet) = (Habits::empty(), Habits::shipped());
            for (hour, rung, values) in hours {
                let closed = ClosedHour { novel: [Some((rung, values)); DIMENSIONS], sensitive: 0b1010 };
                group.learn(hour, &closed, &decay);
                fleet.learn(hour, &closed, &decay);
            }
            let nu = group_novelty(&group, &fleet, 3);
            prop_assert!(nu > 0.0 && nu <= 1.0);
            let ladder: f64 = rung_probabilities(&group, &fleet, 3).iter().sum();
            prop_assert!((ladder - 1.0).abs() < 1e-6);
            let sensitive = sensitive_probability(&group, &fleet, 1);
            prop_assert!(sensitive > 0.0 && sensitive < 1.0);
        }
    }
}
