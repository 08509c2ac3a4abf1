//! The rule of every operator and function for one row. No other place defines them.
//!
//! Arguments and results use the marks for missing values (see [`super::column`]).

use std::cmp::Ordering;

use super::column::{MISSING_DATE, MISSING_I64};
use crate::language::typed::Comparison;
use crate::value::{Money, Truth, number};

/// What a comparison answers for less, equal and greater.
#[derive(Clone, Copy)]
pub(super) struct Outcomes {
    less: Truth,
    equal: Truth,
    greater: Truth,
}

impl Outcomes {
    /// The answers of a comparison operator.
    pub(super) fn of(comparison: Comparison) -> Self {
        let answer = |order| Truth::certain(comparison.holds(order));
        Self {
            less: answer(Ordering::Less),
            equal: answer(Ordering::Equal),
            greater: answer(Ordering::Greater),
        }
    }

    /// The answer; unknown if either side is missing.
    #[inline]
    pub(super) fn answer(self, order: Option<Ordering>) -> Truth {
        match order {
            Some(Ordering::Less) => self.less,
            Some(Ordering::Equal) => self.equal,
            Some(Ordering::Greater) => self.greater,
            None => Truth::Unknown,
        }
    }
}

/// Types whose values have an order.
pub(super) trait Ordered: Copy {
    /// How two values compare; `None` if either is missing.
    fn order(self, other: Self) -> Option<Ordering>;

    /// What a comparison of the two answers.
    #[inline]
    fn compare(self, other: Self, outcomes: Outcomes) -> Truth {
        outcomes.answer(self.order(other))
    }

    /// The smaller value; missing if either is.
    fn least(self, other: Self) -> Self;

    /// The larger value; missing if either is.
    fn greatest(self, other: Self) -> Self;

    /// True if there is no value.
    fn is_missing(self) -> bool;
}

impl Ordered for f64 {
    #[inline]
    fn order(self, other: Self) -> Option<Ordering> {
        number::order(self, other)
    }

    /// Has no branch that depends on the values, unless they are close.
    #[inline]
    fn compare(self, other: Self, outcomes: Outcomes) -> Truth {
        let difference = self - other;
        let apart = if difference > 0.0 {
            outcomes.greater
        } else {
            outcomes.less
        };
        if difference == 0.0 {
            outcomes.equal
        } else if difference.abs() > number::CLEAR {
            apart
        } else {
            outcomes.answer(number::order(self, other))
        }
    }

    fn least(self, other: Self) -> Self {
        if self.is_nan() || other.is_nan() {
            f64::NAN
        } else {
            self.min(other)
        }
    }

    fn greatest(self, other: Self) -> Self {
        if self.is_nan() || other.is_nan() {
            f64::NAN
        } else {
            self.max(other)
        }
    }

    #[inline]
    fn is_missing(self) -> bool {
        self.is_nan()
    }
}

/// Integer columns mark a missing value with their smallest value.
macro_rules! ordered_by_mark {
    ($type:ty, $missing:expr) => {
        impl Ordered for $type {
            #[inline]
            fn order(self, other: Self) -> Option<Ordering> {
                (self != $missing && other != $missing).then(|| self.cmp(&other))
            }

            fn least(self, other: Self) -> Self {
                self.min(other)
            }

            fn greatest(self, other: Self) -> Self {
                if self == $missing || other == $missing {
                    $missing
                } else {
                    self.max(other)
                }
            }

            #[inline]
            fn is_missing(self) -> bool {
                self == $missing
            }
        }
    };
}

ordered_by_mark!(i64, MISSING_I64);
ordered_by_mark!(i32, MISSING_DATE);

/// Compares yes and no; unknown counts as missing.
pub(super) fn order_truths(a: Truth, b: Truth) -> Option<Ordering> {
    (a != Truth::Unknown && b != Truth::Unknown).then(|| a.cmp(&b))
}

/// Turns infinity into missing.
#[inline]
pub(super) fn finite(x: f64) -> f64 {
    if x.abs() <= f64::MAX { x } else { f64::NAN }
}

/// Converts a column's mark into an amount.
#[inline]
pub(super) fn amount(mark: i64) -> Option<Money> {
    (mark != MISSING_I64).then_some(Money(mark))
}

/// Converts an amount into a column's mark.
#[inline]
pub(super) fn mark(amount: Option<Money>) -> i64 {
    amount.map_or(MISSING_I64, |amount| amount.0)
}

/// The number, if present.
fn present(x: f64) -> Option<f64> {
    (!x.is_nan()).then_some(x)
}

/// money + money
pub(super) fn add_amounts(a: i64, b: i64) -> i64 {
    mark(amount(a).zip(amount(b)).and_then(|(a, b)| a.plus(b)))
}

/// money − money
pub(super) fn subtract_amounts(a: i64, b: i64) -> i64 {
    mark(amount(a).zip(amount(b)).and_then(|(a, b)| a.minus(b)))
}

/// money × number
pub(super) fn multiply_amount(a: i64, x: f64) -> i64 {
    mark(amount(a).zip(present(x)).and_then(|(a, x)| a.times(x)))
}

/// money / number
pub(super) fn divide_amount(a: i64, x: f64) -> i64 {
    mark(amount(a).zip(present(x)).and_then(|(a, x)| a.over(x)))
}

/// money / money, a number
pub(super) fn ratio_of_amounts(a: i64, b: i64) -> f64 {
    amount(a)
        .zip(amount(b))
        .map_or(f64::NAN, |(a, b)| a.ratio(b))
}

/// `scale(x, from, to)`: 0 at `from`, 100 at `to`, clamped; missing if the two are equal.
pub(super) fn scale(x: f64, from: f64, to: f64) -> f64 {
    match number::order(from, to) {
        None | Some(Ordering::Equal) => f64::NAN,
        Some(_) if x.is_nan() => f64::NAN,
        Some(_) => finite((x - from) / (to - from) * 100.0).clamp(0.0, 100.0),
    }
}

/// `elapsed(start, end)`: the share of the time from start to end that has passed; missing unless end > start.
pub(super) fn elapsed(start: i64, end: i64, now: i64) -> f64 {
    if start == MISSING_I64 || end == MISSING_I64 || end <= start {
        return f64::NAN;
    }
    let passed = i128::from(now) - i128::from(start);
    number::ratio_to_f64(passed, i128::from(end) - i128::from(start))
}

/// `round(x, digits)`; missing if `digits` is not a whole number.
pub(super) fn round(x: f64, digits: f64) -> f64 {
    places(digits).map_or(f64::NAN, |digits| number::round(x, digits))
}

/// `round(x, digits)` of money.
pub(super) fn round_amount(a: i64, digits: f64) -> i64 {
    mark(
        amount(a)
            .zip(places(digits))
            .and_then(|(a, digits)| a.round(digits)),
    )
}

fn places(digits: f64) -> Option<i32> {
    (digits.trunc() == digits).then_some(digits.clamp(-100.0, 100.0) as i32)
}
