//! Exponential forgetting by half-lives, on a table: a factor costs one look-up and is the same on every machine.
//!
//! Counters are order-independent under it: adding a weight of 2^(−age/H) for a late event gives what adding 1 in time
//! would have given by now (forward decay: Cormode, Shkapenyuk, Srivastava, Xu, "Forward Decay", ICDE 2009).

/// Factors 2^(−hours/half-life) for whole hours.
#[derive(Debug, Clone)]
pub struct Decay {
    factors: Box<[f32]>,
}

impl Decay {
    /// Ages beyond so many half-lives are forgotten altogether.
    const HALF_LIVES: f64 = 12.0;

    /// Forgetting with a half-life of so many hours (at least one).
    pub fn half_life_hours(hours: f64) -> Decay {
        let hours = hours.max(1.0);
        let entries = libm::ceil(hours * Self::HALF_LIVES) as usize + 1;
        Decay { factors: (0..entries).map(|age| libm::exp2(-(age as f64) / hours) as f32).collect() }
    }

    /// What is left of a weight after so many hours; 1 for none and for negative ages.
    pub fn factor(&self, hours: i64) -> f32 {
        match usize::try_from(hours) {
            Ok(age) => self.factors.get(age).copied().unwrap_or(0.0),
            Err(_) => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_at_each_half_life() {
        let decay = Decay::half_life_hours(336.0);
        assert_eq!(decay.factor(0), 1.0);
        assert!((decay.factor(336) - 0.5).abs() < 1e-6);
        assert!((decay.factor(672) - 0.25).abs() < 1e-6);
        assert_eq!(decay.factor(1 << 40), 0.0);
        assert_eq!(decay.factor(-5), 1.0);
    }
}
