//! The values of rows, kept until all are there: for measures that cannot be computed from sums.

use super::pick::Pick;
use super::slots::of_row;
use crate::engine::Column;
use crate::engine::column::MISSING_I64;
use crate::engine::places::index;
use crate::engine::quantile;
use crate::value::{Money, Type, number};

/// A measure that needs all values of a subject at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// The quantile of a share in billionths.
    Quantile(u32),
    /// The sample standard deviation.
    Deviation,
}

/// The values of every subject's rows: 12 bytes each, and 8 more while a shard's values are sorted.
pub(super) struct RowValues {
    ty: Type,
    /// In the order of their subjects.
    shards: Vec<Shard>,
}

/// The values of some subjects' rows.
struct Shard {
    subjects: u32,
    /// For each value, its subject's place in the shard.
    places: Vec<u32>,
    /// Amounts as they are; numbers as [`ordered`] encodes them.
    values: Vec<i64>,
}

impl RowValues {
    pub(super) fn new(ty: Type, subjects: usize) -> Self {
        let shard = Shard {
            subjects: u32::try_from(subjects).unwrap_or(u32::MAX),
            places: Vec::new(),
            values: Vec::new(),
        };
        Self {
            ty,
            shards: vec![shard],
        }
    }

    /// Adds the picked rows' values, for subjects of the first shard; missing values do not count.
    pub(super) fn add(&mut self, picked: &[Pick], column: &Column) {
        let Some(shard) = self.shards.first_mut() else {
            return;
        };
        for pick in picked {
            let value = match self.ty {
                Type::Money => of_row(column.amounts(), pick.row).copied(),
                _ => of_row(column.numbers(), pick.row)
                    .filter(|x| !x.is_nan())
                    .map(|x| ordered(*x)),
            };
            if let Some(value) = value.filter(|value| *value != MISSING_I64) {
                shard.places.push(pick.place);
                shard.values.push(value);
            }
        }
    }

    /// Appends the subjects of the next shard.
    pub(super) fn append(&mut self, next: Self) {
        self.shards.extend(next.shards);
    }

    /// Adds the values of other rows of the same subjects. All values must be of one shard.
    pub(super) fn merge(&mut self, other: &Self) {
        let Some(all) = self.shards.first_mut() else {
            return;
        };
        let mut before = 0;
        for shard in &other.shards {
            let places = shard.places.iter().map(|place| place + before);
            all.places.extend(places);
            all.values.extend_from_slice(&shard.values);
            before += shard.subjects;
        }
    }

    /// One value per subject. The values are sorted first, so the order of rows does not matter.
    pub(super) fn column(&self, whole: Whole) -> Column {
        let shards = self.shards.iter();
        match self.ty {
            Type::Money => Column::Money(
                shards
                    .flat_map(|shard| shard.each(|own| of_amounts(own, whole)))
                    .collect(),
            ),
            _ => Column::Number(
                shards
                    .flat_map(|shard| shard.each(|own| of_numbers(own, whole)))
                    .collect(),
            ),
        }
    }
}

impl Shard {
    /// Applies `of` to each subject's values, sorted.
    fn each<T>(&self, of: impl Fn(&[i64]) -> T) -> Vec<T> {
        let mut ends = vec![0; index(self.subjects)];
        for place in &self.places {
            if let Some(count) = ends.get_mut(index(*place)) {
                *count += 1;
            }
        }
        // Turns counts into where each subject's values begin, which becomes their end as values are placed.
        let mut begin = 0;
        for end in &mut ends {
            begin += std::mem::replace(end, begin);
        }
        let mut grouped = vec![0; begin];
        for (place, value) in self.places.iter().zip(&self.values) {
            if let Some(end) = ends.get_mut(index(*place)) {
                if let Some(slot) = grouped.get_mut(*end) {
                    *slot = *value;
                }
                *end += 1;
            }
        }
        let mut begin = 0;
        let subjects = ends.into_iter().map(|end| {
            let own = grouped.get_mut(std::mem::replace(&mut begin, end)..end);
            let own = own.unwrap_or_default();
            own.sort_unstable();
            of(own)
        });
        subjects.collect()
    }
}

fn of_amounts(own: &[i64], whole: Whole) -> i64 {
    let value = match whole {
        Whole::Quantile(share) => quantile::Between::new(own.len(), i128::from(share))
            .and_then(|between| between.amounts(|place| own.get(place).copied())),
        Whole::Deviation => deviation(own.iter().map(|value| Some(i128::from(*value))))
            .map(|deviation| deviation.round() as i128),
    };
    value
        .and_then(Money::from_i128)
        .map_or(MISSING_I64, |amount| amount.0)
}

fn of_numbers(own: &[i64], whole: Whole) -> f64 {
    let value = match whole {
        Whole::Quantile(share) => {
            quantile::Between::new(own.len(), i128::from(share)).and_then(|between| {
                between.numbers(|place| own.get(place).map(|value| number_of(*value)))
            })
        }
        Whole::Deviation => {
            let values = own
                .iter()
                .map(|value| number::billionths(number_of(*value)));
            deviation(values).map(|deviation| deviation / number::BILLION as f64)
        }
    };
    value.unwrap_or(f64::NAN)
}

/// The sample standard deviation; `None` for fewer than two values, or if one is too large to be exact. Each deviation
/// from the mean is computed exactly, times the number of values, so equal values have a deviation of 0.
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

/// A number's bits as an integer that sorts as the number does; -0 becomes 0.
fn ordered(x: f64) -> i64 {
    turned((x + 0.0).to_bits().cast_signed())
}

fn number_of(ordered: i64) -> f64 {
    f64::from_bits(turned(ordered).cast_unsigned())
}

/// Reverses the order of negative values. Applying it twice restores the original.
fn turned(bits: i64) -> i64 {
    bits ^ (((bits >> 63).cast_unsigned() >> 1).cast_signed())
}
