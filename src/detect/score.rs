//! The shipped reference, and from evidence to a risk (model, section 2.5).
//!
//! Until a fleet knows itself, the distribution of an identity's daily peak of evidence is the shipped reference,
//! measured on simulated fleets without attacks (`benches/budget.rs` prints it again).

use serde::{Deserialize, Serialize};

use crate::event::{Band, Kind};

use super::budget::FLOOR_BITS;

/// The tail of the daily peaks of evidence of one kind of identity: exponential beyond `start`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Where the tail begins (u), in bits.
    pub start: f64,
    /// Share of identity-days beyond it (k/n).
    pub share: f64,
    /// Mean excess beyond it (ē), in bits.
    pub mean_excess: f64,
}

impl Reference {
    /// The shipped reference of a kind, as `cargo bench --bench budget` measured it: three fleets of 2,000 identities over
    /// 20 days with benign change and without attacks, 1,574 incidents at the lowest threshold in 134,000 identity-days.
    /// Kinds with few of their own are rounded towards what all have together.
    pub fn shipped(kind: Kind) -> Reference {
        let (share, mean_excess) = match kind {
            Kind::AiAgent => (0.021, 3.5),
            Kind::Human => (0.003, 3.0),
            Kind::ServiceAccount => (0.004_9, 4.0),
            Kind::CiPipeline => (0.006_2, 5.5),
            Kind::Workload => (0.014, 4.5),
            Kind::Unknown => (0.008_5, 4.7),
            Kind::CloudService => (0.003_4, 3.1),
            Kind::VendorApp => (0.009_8, 6.4),
        };
        Reference { start: FLOOR_BITS, share, mean_excess }
    }

    /// That of all kinds together that alert.
    pub fn shipped_common() -> Reference {
        Reference { start: FLOOR_BITS, share: 0.012, mean_excess: 4.5 }
    }

    /// The score S of evidence: −log₂ of the share of identity-days that reach it. Rises with the evidence throughout.
    pub fn score(&self, evidence_bits: f64) -> f64 {
        let at_start = -libm::log2(self.share);
        if evidence_bits <= self.start {
            at_start * (evidence_bits / self.start).max(0.0)
        } else {
            at_start + (evidence_bits - self.start) / self.mean_excess * std::f64::consts::LOG2_E
        }
    }
}

/// 0–99: 50 at the threshold, 70 four bits above it, 90 eight bits above it, straight lines between and beyond.
pub fn risk_score(evidence_bits: f64, threshold_bits: f64) -> u8 {
    (50.0 + 5.0 * (evidence_bits - threshold_bits)).clamp(0.0, 99.0) as u8
}

/// The band of a risk score.
pub fn band(evidence_bits: f64, threshold_bits: f64) -> Band {
    match evidence_bits - threshold_bits {
        above if above >= 8.0 => Band::Critical,
        above if above >= 4.0 => Band::High,
        above if above >= 0.0 => Band::Medium,
        _ => Band::Low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marks_are_where_the_model_puts_them() {
        assert_eq!([8.0, 12.0, 16.0, 40.0].map(|bits| risk_score(bits, 8.0)), [50, 70, 90, 99]);
        assert_eq!([8.0, 12.0, 16.0].map(|bits| band(bits, 8.0)), [Band::Medium, Band::High, Band::Critical]);
    }

    proptest! {
        /// The score rises with the evidence.
        #[test]
        fn score_is_monotone(a in 0.0f64..60.0, b in 0.0f64..60.0) {
            for kind in Kind::ALL {
                let reference = Reference::shipped(kind);
                prop_assert!(reference.score(a.min(b)) <= reference.score(a.max(b)));
            }
        }
    }
}
