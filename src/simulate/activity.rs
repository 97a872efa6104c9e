//! When an identity is active: hour by hour, in UTC.

use super::rng::Rng;

/// In which hours something happens.
#[derive(Debug, Clone)]
pub enum Activity {
    /// In fixed hours of the day (bit 0 is 00:00–00:59), every day.
    Fixed(u32),
    /// Every so many hours.
    Every {
        /// Hours from one to the next.
        period: u8,
        /// The first of them.
        phase: u8,
    },
    /// By chance, more by day than by night.
    Daily(Profile),
}

/// The chances of activity in an hour.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Within the working hours, 8 to 18 o'clock.
    pub day: f32,
    /// Outside them.
    pub night: f32,
    /// What remains of both at weekends.
    pub weekend: f32,
    /// Hours by which the local clock is ahead of UTC.
    pub ahead: i8,
}

impl Activity {
    /// Whether the hour (since the Unix epoch) is an active one.
    pub fn is_active(&self, hour: i64, rng: &mut Rng) -> bool {
        match self {
            Activity::Fixed(hours) => hours >> hour.rem_euclid(24) & 1 == 1,
            Activity::Every { period, phase } => hour.rem_euclid(i64::from(*period)) == i64::from(*phase),
            Activity::Daily(profile) => rng.chance(profile.chance(hour)),
        }
    }

    /// The mean share of hours that are active.
    pub fn share(&self) -> f64 {
        match self {
            Activity::Fixed(hours) => f64::from(hours.count_ones()) / 24.0,
            Activity::Every { period, .. } => 1.0 / f64::from(*period),
            Activity::Daily(profile) => (0..168).map(|hour| profile.chance(hour)).sum::<f64>() / 168.0,
        }
    }
}

impl Profile {
    fn chance(&self, hour: i64) -> f64 {
        let local = hour + i64::from(self.ahead);
        let chance = if (8..18).contains(&local.rem_euclid(24)) { self.day } else { self.night };
        // Day 0 of the Unix epoch was a Thursday.
        let is_weekend = matches!(local.div_euclid(24).rem_euclid(7), 2 | 3);
        f64::from(if is_weekend { chance * self.weekend } else { chance })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_agree_with_what_happens() {
        let activities = [
            Activity::Fixed(0b1000_0000_0001),
            Activity::Every { period: 6, phase: 2 },
            Activity::Daily(Profile { day: 0.5, night: 0.1, weekend: 0.2, ahead: 2 }),
        ];
        for activity in activities {
            let mut rng = Rng::new(3, 3);
            let active = (0..16_800).filter(|&hour| activity.is_active(hour, &mut rng)).count() as f64 / 16_800.0;
            assert!((active - activity.share()).abs() < 0.02, "{activity:?}: {active}");
        }
    }
}
