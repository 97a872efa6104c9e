//! The threshold that gives an entrant as many false alerts as were asked for. It is chosen with the labels in hand, which
//! nobody can do who operates it: good for ranking methods, no promise of what they do (model, section 3.3).

use super::rise::Rise;

/// The lowest threshold with no more than `allowed` false alerts, as `false_alerts` counts them at a threshold;
/// infinity where there is none among the scores.
pub fn threshold(rises: &[Rise], allowed: u64, false_alerts: impl Fn(f64) -> u64) -> f64 {
    let mut scores: Vec<f64> = rises.iter().map(|rise| rise.score).collect();
    scores.sort_by(f64::total_cmp);
    scores.dedup();
    // False alerts fall as the threshold rises, but for what muting moves by one.
    let (mut low, mut high) = (0, scores.len());
    while low < high {
        let middle = low.midpoint(high);
        if false_alerts(scores[middle]) <= allowed {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    scores.get(low).copied().unwrap_or(f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::alerts;
    use crate::event::Timestamp;

    #[test]
    fn as_many_false_alerts_as_were_asked_for() {
        let rise = |n: i64| Rise { identity: n as u32, time: Timestamp::from_millis(n), score: n as f64 };
        let rises: Vec<Rise> = (0..100).map(rise).collect();
        let count = |threshold| alerts(&rises, threshold).len() as u64;
        assert_eq!(threshold(&rises, 10, count), 90.0);
        assert_eq!(threshold(&rises, 0, count), f64::INFINITY);
        assert_eq!(threshold(&rises, 1_000, count), 0.0);
        assert_eq!(threshold(&[], 1, |_| 0), f64::INFINITY);
    }
}
