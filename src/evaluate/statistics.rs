//! Intervals and quantiles. All intervals are of 95 %.

use serde::Serialize;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// From low to high.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// Both ends by a factor.
    pub fn times(self, factor: f64) -> Interval {
        Interval { low: self.low * factor, high: self.high * factor }
    }
}

/// The exact interval of the mean of a Poisson count (Garwood, "Fiducial limits for the Poisson distribution",
/// Biometrika 1936).
pub fn poisson_interval(count: u64) -> Interval {
    let count = count as f64;
    let quantile = |freedom: f64, p: f64| {
        let distribution = ChiSquared::new(freedom).expect("the freedom is positive");
        distribution.inverse_cdf(p) / 2.0
    };
    let low = if count == 0.0 { 0.0 } else { quantile(2.0 * count, 0.025) };
    Interval { low, high: quantile(2.0 * count + 2.0, 0.975) }
}

/// The interval of a share (Wilson, "Probable inference, the law of succession, and statistical inference", JASA 1927);
/// from 0 to 1 where nothing was counted.
pub fn share_interval(hits: u64, of: u64) -> Interval {
    if of == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let (n, share) = (of as f64, hits as f64 / of as f64);
    let z2 = Z * Z / n;
    let centre = (share + z2 / 2.0) / (1.0 + z2);
    let half = Z / (1.0 + z2) * (share * (1.0 - share) / n + z2 / (4.0 * n)).sqrt();
    Interval { low: (centre - half).max(0.0), high: (centre + half).min(1.0) }
}

/// The value that a share `q` of the values does not exceed (nearest rank); none where there are no values.
pub fn quantile(values: &[f64], q: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (q * sorted.len() as f64).ceil().max(1.0) as usize;
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// An interval holds what it is the interval of, and shares stay shares.
        #[test]
        fn intervals_hold_the_estimate(hits in 0u64..5_000, misses in 0u64..5_000) {
            let (rate, share) = (poisson_interval(hits), share_interval(hits, hits + misses));
            prop_assert!(rate.low <= hits as f64 && hits as f64 <= rate.high);
            let estimate = hits as f64 / (hits + misses).max(1) as f64;
            prop_assert!(0.0 <= share.low && share.low <= estimate + 1e-12);
            prop_assert!(estimate <= share.high + 1e-12 && share.high <= 1.0);
        }
    }

    fn close(interval: Interval, low: f64, high: f64) {
        assert!((interval.low - low).abs() < 0.005 && (interval.high - high).abs() < 0.005, "{interval:?}");
    }

    #[test]
    fn intervals_are_those_of_the_tables() {
        close(poisson_interval(0), 0.0, 3.689);
        close(poisson_interval(1), 0.025, 5.572);
        close(poisson_interval(40), 28.577, 54.469);
        close(poisson_interval(1_000), 938.97, 1_063.95);
        close(share_interval(0, 10), 0.0, 0.278);
        close(share_interval(5, 10), 0.237, 0.763);
        close(share_interval(0, 0), 0.0, 1.0);
    }

    #[test]
    fn quantiles_are_values() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.9), Some(3.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
