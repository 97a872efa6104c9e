//! From scores to alerts, in the same way for every entrant: the scoring unit is the identity-hour, an identity that
//! alerted is mute for 24 hours, ties are broken by seeded noise (model, section 3.2).
//!
//! What is absent on purpose: labels.

use std::collections::HashMap;

use crate::event::Timestamp;

/// After an alert, the same identity gives none for so long.
pub const MUTE_MS: i64 = 24 * Timestamp::HOUR_MS;
/// Largest noise that breaks ties; less than anything that a score means.
const NOISE: f64 = 1e-6;

/// The score of an identity's current hour rose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rise {
    /// Its place in the roster.
    pub identity: u32,
    /// The event that raised it, event time.
    pub time: Timestamp,
    /// What it rose to: bits, points, or 1 where the entrant itself alerted.
    pub score: f64,
}

/// Somebody would have been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alert {
    /// Whose it is: a place in the roster.
    pub identity: u32,
    /// When, event time.
    pub time: Timestamp,
}

impl Rise {
    /// The same with the noise of its identity-hour, so that no two hours have equal scores.
    pub fn with_noise(self, seed: u64) -> Rise {
        let hour = self.time.hour() as u64;
        let mixed = mix(mix(seed, u64::from(self.identity)), hour);
        Rise { score: self.score + NOISE * (mixed >> 11) as f64 / (1u64 << 53) as f64, ..self }
    }
}

/// The alerts at a threshold; `rises` are in order of time.
pub fn alerts(rises: &[Rise], threshold: f64) -> Vec<Alert> {
    let mut told: HashMap<u32, Timestamp> = HashMap::new();
    let mut alerts = Vec::new();
    for rise in rises.iter().filter(|rise| rise.score >= threshold) {
        let is_mute = told.get(&rise.identity).is_some_and(|last| rise.time.since(*last) < MUTE_MS);
        if !is_mute {
            told.insert(rise.identity, rise.time);
            alerts.push(Alert { identity: rise.identity, time: rise.time });
        }
    }
    alerts
}

/// Mixes two numbers (the finaliser of SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.rotate_left(23) ^ b.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rise(identity: u32, hours: i64, score: f64) -> Rise {
        Rise { identity, time: Timestamp::from_millis(hours * Timestamp::HOUR_MS), score }
    }

    #[test]
    fn an_identity_is_mute_for_a_day() {
        let rises = [rise(1, 0, 5.0), rise(2, 1, 2.0), rise(1, 23, 9.0), rise(1, 24, 5.0), rise(1, 47, 5.0)];
        let told: Vec<_> = alerts(&rises, 3.0).iter().map(|alert| (alert.identity, alert.time.hour())).collect();
        assert_eq!(told, [(1, 0), (1, 24)]);
    }

    #[test]
    fn noise_breaks_ties_and_nothing_else() {
        let (a, b) = (rise(1, 0, 2.0).with_noise(7), rise(2, 0, 2.0).with_noise(7));
        assert!(a.score != b.score && (a.score - 2.0).abs() < 2.0 * NOISE);
        assert_eq!(a, rise(1, 0, 2.0).with_noise(7));
        assert!(rise(1, 0, 2.001).with_noise(7).score > b.score);
    }
}
