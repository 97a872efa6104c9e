//! Seeded random numbers: the same seed gives the same fleet on every machine.
//!
//! SplitMix64 and xoshiro256** (Blackman, Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021), with the
//! few distributions that the scenario catalogue names. Logarithms come from `libm`, because the system's differ
//! between CPUs. Not for anything secret.

/// A generator of its own stream of numbers.
#[derive(Debug, Clone)]
pub struct Rng {
    state: [u64; 4],
}

/// Mixes two numbers into one that tells nothing of either (the finaliser of SplitMix64).
pub fn mix(a: u64, b: u64) -> u64 {
    let mut z = a ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Rng {
    /// The stream numbered `stream` of a seed; streams of one seed are independent of each other.
    pub fn new(seed: u64, stream: u64) -> Rng {
        let base = mix(seed, stream);
        Rng { state: [mix(base, 1), mix(base, 2), mix(base, 3), mix(base, 4) | 1] }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A number from 0 to `n` - 1; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// A number from 0 (included) to 1 (excluded).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number from `low` to `high`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// True with the probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of `items`, which must not be empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Puts `items` in random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// Tries until the first success of probability `p`: 1, 2, 3 …, at most 64.
    pub fn geometric(&mut self, p: f64) -> usize {
        let mut tries = 1;
        while tries < 64 && !self.chance(p) {
            tries += 1;
        }
        tries
    }

    /// The exponential of a normal with this mean and standard deviation.
    pub fn lognormal(&mut self, mu: f64, sigma: f64) -> f64 {
        libm::exp(mu + sigma * self.normal())
    }

    /// Counts with this mean and size (variance = mean + mean² / size): a Poisson of a gamma.
    pub fn negative_binomial(&mut self, mean: f64, size: f64) -> usize {
        let rate = self.gamma(size) * mean / size;
        self.poisson(rate)
    }

    /// A Poisson count; above a mean of 60 by its normal approximation.
    pub fn poisson(&mut self, mean: f64) -> usize {
        if mean > 60.0 {
            return (mean + libm::sqrt(mean) * self.normal() + 0.5).max(0.0) as usize;
        }
        let limit = libm::exp(-mean);
        let mut product = self.unit();
        let mut count = 0;
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }

    /// A standard normal (Box and Muller).
    fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }

    /// A gamma with this shape and scale 1 (Marsaglia and Tsang, 2000).
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = libm::pow(1.0 - self.unit(), 1.0 / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let x = self.normal();
            let v = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x);
            if v > 0.0 && libm::log(1.0 - self.unit()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_stream_give_the_same_numbers() {
        let numbers = |seed, stream| {
            let mut rng = Rng::new(seed, stream);
            [rng.bits(), rng.bits(), rng.bits()]
        };
        assert_eq!(numbers(7, 1), numbers(7, 1));
        assert_ne!(numbers(7, 1), numbers(7, 2));
        assert_ne!(numbers(7, 1), numbers(8, 1));
    }

    #[test]
    fn distributions_have_their_means() {
        let mut rng = Rng::new(1, 1);
        let mut mean =
            |draw: &mut dyn FnMut(&mut Rng) -> f64| (0..20_000).map(|_| draw(&mut rng)).sum::<f64>() / 20_000.0;
        assert!((mean(&mut |r| r.negative_binomial(8.0, 2.0) as f64) - 8.0).abs() < 0.3);
        assert!((mean(&mut |r| r.negative_binomial(3.0, 0.5) as f64) - 3.0).abs() < 0.3);
        assert!((mean(&mut |r| r.poisson(200.0) as f64) - 200.0).abs() < 1.0);
        assert!((mean(&mut |r| r.geometric(0.5) as f64) - 2.0).abs() < 0.1);
        assert!((mean(&mut |r| r.lognormal(0.0, 0.5)) - libm::exp(0.125)).abs() < 0.05);
    }
}
