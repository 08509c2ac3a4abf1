//! Draws from a stream of our own, so that a date gives the same studio on every machine and with every
//! version of every dependency. Only whole numbers: no rounding differs anywhere.

use crate::validation::SplitMix64;

/// A stream of numbers that looks random and never changes.
pub struct Random(SplitMix64);

impl Random {
    /// The stream of one thing: same `seed` and `stream`, same numbers.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut numbers = SplitMix64::new(seed ^ stream.wrapping_mul(0xD1B5_4A32_D192_ED03));
        numbers.draw();
        Self(numbers)
    }

    /// A number from `low` to `high`, both included; `low` where they are the wrong way round.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).unwrap_or(0) + 1;
        low + i64::try_from(self.0.below(width)).unwrap_or(0)
    }

    /// True `in_million` times out of a million.
    pub fn chance(&mut self, in_million: i64) -> bool {
        self.between(0, 999_999) < in_million
    }

    /// True `percent` times out of a hundred.
    pub fn percent(&mut self, percent: i64) -> bool {
        self.chance(percent * 10_000)
    }

    /// One of the items, each as likely as any other.
    pub fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let last = i64::try_from(items.len()).unwrap_or(1) - 1;
        let place = usize::try_from(self.between(0, last)).unwrap_or(0);
        items.get(place).copied().unwrap_or_default()
    }

    /// One of the items, as likely as the number before it says.
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
