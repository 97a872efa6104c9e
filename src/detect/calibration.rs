//! Makes the bits of different features comparable: a factor by feature and maturity, from what this fleet's own hours
//! showed in the previous seven days (model, section 2.5).
//!
//! ```text
//! s_f = clip( log₂(1/q) / Q_f(1 − q), 0.15, 1.25 )        1 until there are 1,000 hours
//! ```
//!
//! Q is the quantile of a feature's bits over all judged active hours, those with nothing new (0 bits) included, and
//! q = 0.001; where a feature speaks in fewer hours than that, half of those in which it does, so that its scale too
//! rests on what it says and not on how seldom. By temperature and not by rank: ranks end at the logarithm of their
//! number.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::event::Feature;

/// Features that are calibrated.
pub const FEATURES: usize = Feature::ALL.len();
/// Scale from bits of surprise to bits of evidence until there are hours enough: what calibrated fleets come to, as the
/// shipped reference of peaks was measured on such (the model has ½).
const SHIPPED_SCALE: f64 = 1.0;

/// Maturities that are calibrated apart: fewer than 12 active hours, fewer than 100, more.
const STRATA: usize = 3;
/// Days that count.
const DAYS: i64 = 7;
/// Share of hours that lies beyond the quantile (q).
const BEYOND: f64 = 0.001;
/// Hours with bits that a smaller share may rest on.
const LEAST_SPOKEN: f64 = 20.0;
/// Hours that a calibration needs.
const LEAST_HOURS: u64 = 1_000;
/// Scales stay within these.
const SCALES: (f64, f64) = (0.15, 1.25);
/// Bits are counted in hundredths, up to 64.
const UNIT: f64 = 100.0;
const MOST_UNITS: u64 = 6_400;

/// What the hours of the last days showed, and the scales that follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    days: BTreeMap<i64, [Hours; STRATA]>,
    scales: [[f32; FEATURES]; STRATA],
}

/// Judged active hours of one day and maturity.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Hours {
    count: u64,
    features: [Surprises; FEATURES],
}

/// Bits above zero of one feature. Nothing is allocated while there are none.
#[derive(Debug, Clone, Default, PartialEq)]
struct Surprises(Option<Box<Histogram<u32>>>);

impl Default for Calibration {
    fn default() -> Calibration {
        Calibration { days: BTreeMap::new(), scales: [[SHIPPED_SCALE as f32; FEATURES]; STRATA] }
    }
}

impl Calibration {
    /// The factor for a feature's bits of an identity with so many active hours before this one.
    pub fn scale(&self, feature: Feature, prior_hours: u32) -> f64 {
        f64::from(self.scales[stratum(prior_hours)][feature as usize])
    }

    /// Learns a closed hour: the most bits of each feature in it.
    pub fn learn(&mut self, hour: i64, prior_hours: u32, bits: &[f32; FEATURES]) {
        let hours = &mut self.days.entry(hour.div_euclid(24)).or_default()[stratum(prior_hours)];
        hours.count += 1;
        for (surprises, bits) in hours.features.iter_mut().zip(bits).filter(|(_, bits)| **bits > 0.0) {
            surprises.record(f64::from(*bits));
        }
    }

    /// Forgets days that are over and calibrates anew; to be called once an hour of stream time.
    pub fn refresh(&mut self, hour: i64) {
        let oldest = hour.div_euclid(24) - DAYS;
        self.days.retain(|day, _| *day > oldest);
        for feature in 0..FEATURES {
            let by_stratum: [Sum; STRATA] = std::array::from_fn(|stratum| self.sum(feature, stratum..stratum + 1));
            let all = self.sum(feature, 0..STRATA).scale();
            for (stratum, sum) in by_stratum.iter().enumerate() {
                self.scales[stratum][feature] = sum.scale().or(all).unwrap_or(SHIPPED_SCALE) as f32;
            }
        }
    }

    fn sum(&self, feature: usize, strata: std::ops::Range<usize>) -> Sum {
        let mut sum = Sum::default();
        for hours in self.days.values().flat_map(|day| &day[strata.clone()]) {
            sum.count += hours.count;
            sum.surprises.add(&hours.features[feature]);
        }
        sum
    }
}

/// Hours of several days.
#[derive(Debug, Default)]
struct Sum {
    count: u64,
    surprises: Surprises,
}

impl Sum {
    /// The scale that follows; none where there are too few hours.
    fn scale(&self) -> Option<f64> {
        if self.count < LEAST_HOURS {
            return None;
        }
        let count = self.count as f64;
        let spoken = self.surprises.0.as_ref().map_or(0.0, |histogram| histogram.len() as f64);
        let beyond = if spoken >= LEAST_SPOKEN { (BEYOND * count).min(spoken / 2.0) } else { BEYOND * count };
        let quantile = self.surprises.exceeded_by(beyond);
        Some((libm::log2(count / beyond) / quantile.max(1e-3)).clamp(SCALES.0, SCALES.1))
    }
}

impl Surprises {
    fn empty() -> Box<Histogram<u32>> {
        Box::new(Histogram::new_with_bounds(1, MOST_UNITS, 2).expect("the bounds are in order"))
    }

    fn record(&mut self, bits: f64) {
        let units = libm::round(bits * UNIT).clamp(1.0, MOST_UNITS as f64) as u64;
        self.0.get_or_insert_with(Surprises::empty).saturating_record(units);
    }

    fn add(&mut self, other: &Surprises) {
        if let Some(other) = &other.0 {
            self.0.get_or_insert_with(Surprises::empty).add(&**other).expect("the bounds are the same");
        }
    }

    /// The bits that so many hours, or fewer, lie beyond; 0 where fewer have any.
    fn exceeded_by(&self, hours: f64) -> f64 {
        let Some(histogram) = self.0.as_ref().filter(|histogram| histogram.len() as f64 > hours) else { return 0.0 };
        let below = 1.0 - hours / histogram.len() as f64;
        histogram.value_at_quantile(below) as f64 / UNIT
    }
}

impl Serialize for Surprises {
    /// As the values that were counted, with their counts.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let counted = self.0.iter().flat_map(|histogram| histogram.iter_recorded());
        let pairs: Vec<(u64, u32)> = counted.map(|value| (value.value_iterated_to(), value.count_at_value())).collect();
        pairs.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Surprises {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Surprises, D::Error> {
        let mut surprises = Surprises::default();
        for (value, count) in Vec::<(u64, u32)>::deserialize(deserializer)? {
            surprises.0.get_or_insert_with(Surprises::empty).saturating_record_n(value, count);
        }
        Ok(surprises)
    }
}

fn stratum(prior_hours: u32) -> usize {
    usize::from(prior_hours >= 12) + usize::from(prior_hours >= 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn learned(hours: &[f32]) -> Calibration {
        let mut calibration = Calibration::default();
        for bits in hours {
            let mut all = [0.0; FEATURES];
            all[Feature::Action as usize] = *bits;
            calibration.learn(2_400, 50, &all);
        }
        calibration.refresh(2_401);
        calibration
    }

    #[test]
    fn one_hour_in_a_thousand_has_ten_bits_after_scaling() {
        let hours: Vec<f32> =
            (0..100_000).map(|index| if index % 100 == 0 { index as f32 / 5_000.0 } else { 0.0 }).collect();
        let calibration = learned(&hours);
        let scale = calibration.scale(Feature::Action, 50);
        let beyond = hours.iter().filter(|bits| f64::from(**bits) * scale > 9.97).count();
        assert!((95..=105).contains(&beyond), "{beyond} with scale {scale}");
    }

    #[test]
    fn few_hours_are_no_calibration_and_a_feature_that_never_speaks_may_speak_up() {
        assert_eq!(learned(&[3.0; 999]).scale(Feature::Action, 50), 1.0);
        let calibration = learned(&[3.0; 1_000]);
        assert_eq!(calibration.scale(Feature::Action, 500), calibration.scale(Feature::Action, 50));
        assert_eq!(calibration.scale(Feature::Region, 50), 1.25);
    }

    #[test]
    fn a_rare_feature_is_scaled_by_what_it_says() {
        // 40 of 100,000 hours speak, with 20 bits: that is as rare as 12.3 bits at the median.
        let hours: Vec<f32> = (0..100_000).map(|index| if index % 2_500 == 0 { 20.0 } else { 0.0 }).collect();
        let scale = learned(&hours).scale(Feature::Action, 50);
        assert!((scale - 12.29 / 20.0).abs() < 0.01, "{scale}");
    }

    #[test]
    fn days_are_forgotten() {
        let mut calibration = learned(&[30.0; 2_000]);
        assert!(calibration.scale(Feature::Action, 50) < 0.4);
        calibration.refresh(2_400 + 7 * 24);
        assert_eq!(calibration.scale(Feature::Action, 50), 1.0);
    }

    proptest! {
        /// What a cut writes is what comes back.
        #[test]
        fn survives_being_written(hours in proptest::collection::vec(0.0f32..80.0, 0..50)) {
            let calibration = learned(&hours);
            let bytes = postcard::to_stdvec(&calibration).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Calibration>(&bytes).unwrap(), calibration);
        }
    }
}
