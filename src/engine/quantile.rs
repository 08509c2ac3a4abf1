//! Quantiles of sorted values: linear interpolation between the order statistics at (n − 1) × p (type 7), in whole
//! billionths throughout.

use crate::value::number;

/// Two neighbouring places among sorted values, and the position between them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Between {
    low: usize,
    high: usize,
    /// The fraction of the way from the lower to the upper place, in billionths.
    rest: i128,
}

impl Between {
    /// The place of a share, given in billionths, among this many values; `None` if there are no values.
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

    /// The quantile of amounts; `of` returns the amount at a place.
    pub(super) fn amounts(self, of: impl Fn(usize) -> Option<i64>) -> Option<i128> {
        let (low, high) = (i128::from(of(self.low)?), i128::from(of(self.high)?));
        number::divide_half_away(self.scaled(low, high), number::BILLION)
    }

    /// The quantile of numbers; `None` if it lies between two numbers that are too large to be exact.
    pub(super) fn numbers(self, of: impl Fn(usize) -> Option<f64>) -> Option<f64> {
        let (low, high) = (of(self.low)?, of(self.high)?);
        if self.rest == 0 {
            return Some(low);
        }
        let (low, high) = (number::billionths(low)?, number::billionths(high)?);
        let scaled = self.scaled(low, high);
        Some(number::ratio_to_f64(scaled, number::BILLION.pow(2)))
    }

    /// The interpolated value times a billion. It lies between the two values, so it fits; their difference times a
    /// billion may not.
    fn scaled(self, low: i128, high: i128) -> i128 {
        low * (number::BILLION - self.rest) + high * self.rest
    }
}
