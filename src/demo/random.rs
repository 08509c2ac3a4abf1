//! Random numbers from our own generator, so that a date gives the same data on every machine and with every version of
//! every dependency. Integers only, so that rounding never differs.

use crate::validation::SplitMix64;

/// A deterministic stream of pseudo-random numbers.
pub struct Random(SplitMix64);

impl Random {
    /// A stream: the same `seed` and `stream` give the same numbers.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut numbers = SplitMix64::new(seed ^ stream.wrapping_mul(0xD1B5_4A32_D192_ED03));
        numbers.draw();
        Self(numbers)
    }

    /// A number from `low` to `high`, inclusive; `low` if they are in the wrong order.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).unwrap_or(0) + 1;
        low + i64::try_from(self.0.below(width)).unwrap_or(0)
    }

    /// True with a probability of `in_million` in a million.
    pub fn chance(&mut self, in_million: i64) -> bool {
        self.between(0, 999_999) < in_million
    }

    /// True with a probability of `percent` in a hundred.
    pub fn percent(&mut self, percent: i64) -> bool {
        self.chance(percent * 10_000)
    }

    /// One of the items, with equal probability.
    pub fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let last = i64::try_from(items.len()).unwrap_or(1) - 1;
        let place = usize::try_from(self.between(0, last)).unwrap_or(0);
        items.get(place).copied().unwrap_or_default()
    }

    /// One of the items, weighted by the number before it.
    pub fn weighted<T: Copy + Default>(&mut self, items: &[(i64, T)]) -> T {
        let total: i64 = items.iter().map(|(weight, _)| weight).sum();
        let mut ticket = self.between(0, total - 1);
        for &(weight, item) in items {
            if ticket < weight {
                return item;
            }
            ticket -= weight;
        }
        T::default()
    }
}
