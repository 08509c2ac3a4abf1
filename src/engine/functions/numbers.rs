//! Functions of numbers and amounts.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::engine::column::Column;
use crate::engine::operands::{is_missing, kind};
use crate::engine::scalar::{self, Ordered};
use crate::engine::vector::{map, zip, zip3};
use crate::value::{Money, Truth, Type, number};

/// Applies a function of one number, or of one amount.
pub(super) fn of_one(
    x: &Column,
    number: impl Fn(f64) -> f64,
    amount: impl Fn(Money) -> Option<Money>,
) -> Option<Column> {
    match x {
        Column::Number(values) => Some(Column::Number(map(values, number))),
        Column::Money(values) => Some(Column::Money(map(values, |mark| {
            scalar::mark(scalar::amount(mark).and_then(&amount))
        }))),
        _ => None,
    }
}

pub(super) fn round(x: &Column, digits: &Column) -> Option<Column> {
    let digits = digits.numbers();
    match x {
        Column::Number(x) => Some(Column::Number(zip(x, digits, scalar::round))),
        Column::Money(x) => Some(Column::Money(zip(x, digits, scalar::round_amount))),
        _ => None,
    }
}

/// The remainder of a division.
pub(super) fn modulo(a: &Column, b: &Column) -> Option<Column> {
    match (a, b) {
        (Column::Number(a), Column::Number(b)) => Some(Column::Number(zip(a, b, number::modulo))),
        (Column::Money(a), Column::Money(b)) => Some(Column::Money(zip(a, b, |a, b| {
            let (a, b) = (scalar::amount(a), scalar::amount(b));
            scalar::mark(a.zip(b).and_then(|(a, b)| a.modulo(b)))
        }))),
        _ => None,
    }
}

/// 1 plus the number of boundaries that `x` has passed; missing if any argument is missing.
pub(super) fn band(x: &Column, bounds: &[&Column], passed: fn(Ordering) -> bool) -> Column {
    fn steps<T: Ordered>(x: &[T], bound: &[T], passed: fn(Ordering) -> bool) -> Vec<f64> {
        zip(x, bound, |x, bound| match x.order(bound) {
            Some(order) => f64::from(u8::from(passed(order))),
            None => f64::NAN,
        })
    }
    let start = map(&is_missing(x), |missing| match missing {
        Truth::Yes => f64::NAN,
        _ => 1.0,
    });
    Column::Number(bounds.iter().fold(start, |so_far, bound| {
        let step = match kind(&[x, bound]) {
            Type::Money => steps(x.amounts(), bound.amounts(), passed),
            Type::Date => steps(x.dates(), bound.dates(), passed),
            Type::Instant => steps(x.instants(), bound.instants(), passed),
            _ => steps(x.numbers(), bound.numbers(), passed),
        };
        zip(&so_far, &step, |sum, step| sum + step)
    }))
}

pub(super) fn scale(x: &Column, from: &Column, to: &Column) -> Column {
    let (x, from, to) = (doubles(x), doubles(from), doubles(to));
    Column::Number(zip3(&x, &from, &to, scalar::scale))
}

/// The values as doubles, for shares of a distance: numbers as they are, amounts and times converted.
fn doubles(x: &Column) -> Cow<'_, [f64]> {
    fn convert<T: Ordered>(values: &[T], double: impl Fn(T) -> f64) -> Vec<f64> {
        map(values, |value| {
            if value.is_missing() {
                f64::NAN
            } else {
                double(value)
            }
        })
    }
    match x {
        Column::Money(values) => convert(values, |mark| Money(mark).to_f64()).into(),
        Column::Date(values) => convert(values, f64::from).into(),
        Column::Instant(values) => convert(values, |micros| micros as f64).into(),
        _ => x.numbers().into(),
    }
}
