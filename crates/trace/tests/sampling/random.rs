//! Random numbers that are the same on every machine.

use std::f64::consts::TAU;

/// xoshiro256++ (Blackman and Vigna), begun by splitmix64.
pub(crate) struct Random([u64; 4]);

impl Random {
    pub(crate) fn new(number: u64) -> Self {
        let mut state = number;
        Self([(); 4].map(|()| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let word = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^ (word >> 31)
        }))
    }

    pub(crate) fn word(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.0;
        let word = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        word
    }

    /// In [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub(crate) fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.unit()).ln()).sqrt() * (TAU * self.unit()).cos()
    }

    /// The Pareto distribution of the second kind (Lomax), from zero on.
    pub(crate) fn pareto(&mut self, shape: f64) -> f64 {
        (1.0 - self.unit()).powf(-1.0 / shape) - 1.0
    }

    pub(crate) fn poisson(&mut self, mean: f64) -> usize {
        // Knuth's product, in logarithms; a few hundred steps for the few hundred that are asked for.
        let mut left = mean;
        let mut count = 0;
        loop {
            left += (1.0 - self.unit()).ln();
            if left < 0.0 {
                return count;
            }
            count += 1;
        }
    }

    /// Zipf's distribution, from 1 on (Devroye's rejection).
    pub(crate) fn zipf(&mut self, exponent: f64) -> u64 {
        let less = exponent - 1.0;
        let b = 2_f64.powf(less);
        loop {
            let x = (1.0 - self.unit()).powf(-1.0 / less).floor();
            let t = (1.0 + 1.0 / x).powf(less);
            if x < 1e15 && self.unit() * x * (t - 1.0) / (b - 1.0) <= t / b {
                return x as u64;
            }
        }
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }
}
