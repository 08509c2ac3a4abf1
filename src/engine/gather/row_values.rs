//! The values of rows, kept until all are there: for what no sum tells.

use super::pick::Pick;
use super::slots::of_row;
use crate::engine::Column;
use crate::engine::column::MISSING_I64;
use crate::engine::quantile;
use crate::value::{Money, Type, number};

/// What is taken of all values of a subject together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// Of a share in billionths.
    Quantile(u32),
    /// The standard deviation of a sample.
    Deviation,
}

/// The values of every subject's rows: 16 bytes each.
pub(super) struct RowValues {
    ty: Type,
    subjects: u32,
    /// Each with its subject's place; amounts as they are, numbers by [`ordered`].
    values: Vec<(u32, i64)>,
}

impl RowValues {
    pub(super) fn new(ty: Type, subjects: usize) -> Self {
        Self {
            ty,
            subjects: u32::try_from(subjects).unwrap_or(u32::MAX),
            values: Vec::new(),
        }
    }

    /// Takes the picked rows' values; missing ones do not count.
    pub(super) fn add(&mut self, picked: &[Pick], column: &Column) {
        let values = picked.iter().filter_map(|pick| {
            let value = match self.ty {
                Type::Money => of_row(column.amounts(), pick.row).copied(),
                _ => of_row(column.numbers(), pick.row)
                    .filter(|x| !x.is_nan())
                    .map(|x| ordered(*x)),
            };
            Some((pick.place, value.filter(|value| *value != MISSING_I64)?))
        });
        self.values.extend(values);
    }

    /// Appends the subjects of the next shard.
    pub(super) fn append(&mut self, next: Self) {
        let before = self.subjects;
        let moved = next.values.into_iter();
        self.values
            .extend(moved.map(|(place, value)| (place + before, value)));
        self.subjects += next.subjects;
    }

    /// Adds what other rows of the same subjects have.
    pub(super) fn merge(&mut self, other: &Self) {
        self.values.extend_from_slice(&other.values);
    }

    /// One value per subject. The order of rows does not matter: the values are sorted first.
    pub(super) fn column(&self, whole: Whole) -> Column {
        let mut values = self.values.clone();
        values.sort_unstable();
        let mut rest = values.as_slice();
        let groups = (0..self.subjects).map(|subject| {
            let count = rest
                .iter()
                .take_while(|(place, _)| *place == subject)
                .count();
            let (own, behind) = rest.split_at_checked(count).unwrap_or_default();
            rest = behind;
            own
        });
        match self.ty {
            Type::Money => Column::Money(groups.map(|own| of_amounts(own, whole)).collect()),
            _ => Column::Number(groups.map(|own| of_numbers(own, whole)).collect()),
        }
    }
}

fn of_amounts(own: &[(u32, i64)], whole: Whole) -> i64 {
    let value = match whole {
        Whole::Quantile(share) => quantile::Between::new(own.len(), i128::from(share))
            .and_then(|between| between.amounts(|place| own.get(place).map(|(_, value)| *value))),
        Whole::Deviation => deviation(own.iter().map(|(_, value)| Some(i128::from(*value))))
            .map(|deviation| deviation.round() as i128),
    };
    value
        .and_then(Money::from_i128)
        .map_or(MISSING_I64, |amount| amount.0)
}

fn of_numbers(own: &[(u32, i64)], whole: Whole) -> f64 {
    let value = match whole {
        Whole::Quantile(share) => {
            quantile::Between::new(own.len(), i128::from(share)).and_then(|between| {
                between.numbers(|place| own.get(place).map(|(_, value)| number_of(*value)))
            })
        }
        Whole::Deviation => {
            let values = own
                .iter()
                .map(|(_, value)| number::billionths(number_of(*value)));
            deviation(values).map(|deviation| deviation / number::BILLION as f64)
        }
    };
    value.unwrap_or(f64::NAN)
}

/// The standard deviation of a sample; none of fewer than two, and where one is too large to be exact. How far each
/// is from the mean is told exactly, times their number, so that equal values have none.
fn deviation(values: impl Iterator<Item = Option<i128>>) -> Option<f64> {
    let values: Vec<i128> = values.collect::<Option<_>>()?;
    let count = i128::try_from(values.len()).ok().filter(|n| *n > 1)?;
    let sum = values
        .iter()
        .try_fold(0_i128, |sum, x| sum.checked_add(*x))?;
    let squares = values.iter().map(|x| {
        let far = x.checked_mul(count)?.checked_sub(sum)? as f64;
        Some(far * far)
    });
    let squares: f64 = squares.sum::<Option<f64>>()?;
    let count = count as f64;
    Some((squares / (count - 1.0)).sqrt() / count)
}

/// A number's bits so that they are ordered as numbers are; -0 is 0.
fn ordered(x: f64) -> i64 {
    turned((x + 0.0).to_bits().cast_signed())
}

fn number_of(ordered: i64) -> f64 {
    f64::from_bits(turned(ordered).cast_unsigned())
}

/// Turns the order of what is below 0 round; twice is as it was.
fn turned(bits: i64) -> i64 {
    bits ^ (((bits >> 63).cast_unsigned() >> 1).cast_signed())
}
