//! When an identity is active: hour by hour, in UTC.

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
    /// In one hour of the week, from Thursday 00:00 on.
    Weekly(u8),
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
    /// The chance that the hour (since the Unix epoch) is an active one.
    pub fn chance(&self, hour: i64) -> f64 {
        let certain = match self {
            Activity::Fixed(hours) => hours >> hour.rem_euclid(24) & 1 == 1,
            Activity::Every { period, phase } => hour.rem_euclid(i64::from(*period)) == i64::from(*phase),
            Activity::Weekly(at) => hour.rem_euclid(168) == i64::from(*at),
            Activity::Daily(profile) => return profile.chance(hour),
        };
        f64::from(u8::from(certain))
    }

    /// The mean share of hours that are active.
    pub fn share(&self) -> f64 {
        match self {
            Activity::Fixed(hours) => f64::from(hours.count_ones()) / 24.0,
            Activity::Every { period, .. } => 1.0 / f64::from(*period),
            Activity::Weekly(_) => 1.0 / 168.0,
            Activity::Daily(profile) => profile.share(),
        }
    }
}

impl Profile {
    /// The mean over a week, with its 5 days of work and 2 others.
    fn share(&self) -> f64 {
        let weekday = (10.0 * f64::from(self.day) + 14.0 * f64::from(self.night)) / 24.0;
        weekday * (5.0 + 2.0 * f64::from(self.weekend)) / 7.0
    }

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
    fn shares_agree_with_the_chances_of_a_week() {
        let activities = [
            Activity::Fixed(0b1000_0000_0001),
            Activity::Every { period: 6, phase: 2 },
            Activity::Weekly(100),
            Activity::Daily(Profile { day: 0.5, night: 0.1, weekend: 0.2, ahead: 2 }),
        ];
        for activity in activities {
            let mean = (0..168).map(|hour| activity.chance(hour)).sum::<f64>() / 168.0;
            assert!((mean - activity.share()).abs() < 1e-6, "{activity:?}: {mean}");
        }
    }
}
