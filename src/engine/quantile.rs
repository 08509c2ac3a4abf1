//! Quantiles of sorted values: linear between the order statistics at (n − 1) × p (type 7), in whole billionths
//! throughout.

use crate::value::number;

/// Two places among sorted values, and how far between them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Between {
    low: usize,
    high: usize,
    /// The share of the way from the one to the other, in billionths.
    rest: i128,
}

impl Between {
    /// Where a share, in billionths, is among so many values; none among none.
    pub(super) fn new(count: usize, share: i128) -> Option<Self> {
        let last = count.checked_sub(1)?;
        let at = last as i128 * share;
        let low = usize::try_from(at / number::BILLION).ok()?;
        Some(Self {
            low,
            high: (low + 1).min(last),
            rest: at % number::BILLION,
        })
    }

    /// The quantile of amounts, of which `of` gives those at a place.
    pub(super) fn amounts(self, of: impl Fn(usize) -> Option<i64>) -> Option<i128> {
        let (low, high) = (i128::from(of(self.low)?), i128::from(of(self.high)?));
        number::divide_half_away(self.scaled(low, high), number::BILLION)
    }

    /// The quantile of numbers; none where it lies between two that are too large to be exact.
    pub(super) fn numbers(self, of: impl Fn(usize) -> Option<f64>) -> Option<f64> {
        let (low, high) = (of(self.low)?, of(self.high)?);
        if self.rest == 0 {
            return Some(low);
        }
        let (low, high) = (number::billionths(low)?, number::billionths(high)?);
        let scaled = self.scaled(low, high);
        Some(number::ratio_to_f64(scaled, number::BILLION.pow(2)))
    }

    /// The place between two values, times a billion. It lies between theirs, so that it fits; their distance, times
    /// a billion, may not.
    fn scaled(self, low: i128, high: i128) -> i128 {
        low * (number::BILLION - self.rest) + high * self.rest
    }
}
