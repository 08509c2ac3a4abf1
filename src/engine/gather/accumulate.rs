//! The intermediate result of an aggregate, for every subject.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use super::keys::FastHasher;
use super::pick::Pick;
use super::row_values::{RowValues, Whole};
use super::slots::{Slots, of_row};
use super::values::{Values, told_apart};
use crate::engine::Column;
use crate::engine::column::MISSING_I64;
use crate::engine::places::index;
use crate::ir::IrMeasure;
use crate::value::{Money, Truth, Type, number};

/// Marks a sum as missing because a number was too large to be added exactly.
const TOO_LARGE: i128 = i128::MIN;

/// An aggregate while its rows are being added.
pub(super) enum Accumulator {
    Count(Vec<u32>),
    Exists(Vec<Truth>),
    Distinct(Distinct),
    /// In billionths, or in ten-thousandths for money.
    Sum(Vec<i128>, Type),
    /// The sum, as above, and the number of values.
    Avg(Vec<i128>, Vec<u32>, Type),
    /// The largest value if the flag is set, otherwise the smallest.
    Extreme(bool, Slots),
    /// The values themselves, for measures that need all of them at once. Such measures share one copy.
    Whole(RowValues),
    Values(Values),
}

/// The distinct values of each subject, and how many there are.
#[derive(Default)]
pub(super) struct Distinct {
    /// Subject and value; texts by a 64-bit hash. Collisions within one subject are not expected in real data.
    seen: HashSet<(u32, u64), BuildHasherDefault<FastHasher>>,
    counts: Vec<u32>,
}

impl Accumulator {
    /// For a measure whose field has values of type `ty`. Does not handle `first` and `last`.
    pub(super) fn new(measure: IrMeasure, ty: Type, subjects: usize) -> Option<Self> {
        Some(match measure {
            IrMeasure::Count => Self::Count(vec![0; subjects]),
            IrMeasure::Exists => Self::Exists(vec![Truth::No; subjects]),
            IrMeasure::CountDistinct(_) => Self::Distinct(Distinct {
                counts: vec![0; subjects],
                ..Distinct::default()
            }),
            IrMeasure::Sum(_) => Self::Sum(vec![0; subjects], ty),
            IrMeasure::Avg(_) => Self::Avg(vec![0; subjects], vec![0; subjects], ty),
            IrMeasure::Min(_) => Self::Extreme(false, Slots::new(ty, subjects)),
            IrMeasure::Max(_) => Self::Extreme(true, Slots::new(ty, subjects)),
            IrMeasure::Quantile(..) | IrMeasure::Stddev(_) => {
                Self::Whole(RowValues::new(ty, subjects))
            }
            IrMeasure::Values(_) => Self::Values(Values::default()),
            IrMeasure::First(_) | IrMeasure::Last(_) => return None,
        })
    }

    /// Adds the picked rows of a batch. `column` holds the field, if the measure has one; `first` is the position of
    /// the batch's first row.
    pub(super) fn add(&mut self, picked: &[Pick], column: &Column, first: i64) {
        match self {
            Self::Count(counts) => {
                for pick in picked {
                    count(counts, pick.place);
                }
            }
            Self::Exists(answers) => {
                for pick in picked {
                    if let Some(answer) = answers.get_mut(index(pick.place)) {
                        *answer = Truth::Yes;
                    }
                }
            }
            Self::Distinct(distinct) => distinct.add(picked, column),
            Self::Sum(totals, ty) => each_exact(picked, column, *ty, |place, amount| {
                add_to(totals, place, amount);
            }),
            Self::Avg(totals, counts, ty) => each_exact(picked, column, *ty, |place, amount| {
                add_to(totals, place, amount);
                count(counts, place);
            }),
            Self::Extreme(largest, slots) => slots.keep(*largest, picked, column),
            Self::Whole(kept) => kept.add(picked, column),
            Self::Values(values) => values.add(picked, column, first),
        }
    }

    /// Adds a number of rows of a subject, and a sum over them that was computed elsewhere.
    pub(super) fn add_total(&mut self, place: u32, total: i128, rows: u64) {
        match self {
            Self::Count(counts) => count_all(counts, place, rows),
            Self::Exists(answers) => {
                if let Some(answer) = answers.get_mut(index(place)) {
                    *answer = answer.or(Truth::certain(rows > 0));
                }
            }
            Self::Sum(totals, _) => add_to(totals, place, total),
            Self::Avg(totals, counts, _) => {
                add_to(totals, place, total);
                count_all(counts, place, rows);
            }
            // The others cannot be computed from a sum.
            Self::Distinct(_) | Self::Extreme(..) | Self::Whole(_) | Self::Values(_) => {}
        }
    }

    /// Appends the subjects of the next shard.
    pub(super) fn append(&mut self, next: Self) {
        match (self, next) {
            (Self::Count(counts), Self::Count(mut next)) => counts.append(&mut next),
            (Self::Exists(answers), Self::Exists(mut next)) => answers.append(&mut next),
            (Self::Distinct(distinct), Self::Distinct(mut next)) => {
                distinct.counts.append(&mut next.counts);
            }
            (Self::Sum(totals, _), Self::Sum(mut next, _)) => totals.append(&mut next),
            (Self::Avg(totals, counts, _), Self::Avg(mut next, mut next_counts, _)) => {
                totals.append(&mut next);
                counts.append(&mut next_counts);
            }
            (Self::Extreme(_, slots), Self::Extreme(_, next)) => slots.append(next),
            (Self::Whole(kept), Self::Whole(next)) => kept.append(next),
            (Self::Values(values), Self::Values(next)) => values.absorb(next),
            // All shards have the same measure.
            _ => {}
        }
    }

    /// Adds another accumulator's result for other rows of the same subjects.
    pub(super) fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Count(counts), Self::Count(more)) => add_counts(counts, more),
            (Self::Exists(answers), Self::Exists(more)) => {
                for (answer, more) in answers.iter_mut().zip(more) {
                    *answer = answer.or(*more);
                }
            }
            (Self::Sum(totals, _), Self::Sum(more, _)) => add_totals(totals, more),
            (Self::Avg(totals, counts, _), Self::Avg(more, more_counts, _)) => {
                add_totals(totals, more);
                add_counts(counts, more_counts);
            }
            (Self::Extreme(largest, slots), Self::Extreme(_, more)) => slots.merge(*largest, more),
            (Self::Whole(values), Self::Whole(more)) => values.merge(more),
            // Distinct values are never merged, nor are different measures.
            _ => {}
        }
    }

    /// One value per subject, for one of the measures that this accumulator serves.
    pub(super) fn column(&self, measure: IrMeasure) -> Column {
        match self {
            Self::Count(counts) => numbers(counts),
            Self::Exists(answers) => Column::Truth(answers.clone()),
            Self::Distinct(distinct) => numbers(&distinct.counts),
            Self::Sum(totals, Type::Money) => {
                Column::Money(totals.iter().copied().map(amount).collect())
            }
            Self::Sum(totals, _) => {
                Column::Number(totals.iter().copied().map(from_total).collect())
            }
            Self::Avg(totals, counts, Type::Money) => {
                let mean = |(total, count): (&i128, &u32)| {
                    let mean = number::divide_half_away(*total, i128::from(*count));
                    mean.map_or(MISSING_I64, amount)
                };
                Column::Money(totals.iter().zip(counts).map(mean).collect())
            }
            Self::Avg(totals, counts, _) => {
                let mean = |(total, count): (&i128, &u32)| match (*total, *count) {
                    (TOO_LARGE, _) | (_, 0) => f64::NAN,
                    (total, count) => {
                        number::ratio_to_f64(total, i128::from(count) * number::BILLION)
                    }
                };
                Column::Number(totals.iter().zip(counts).map(mean).collect())
            }
            // Adding 0 turns -0 into 0, so the result does not depend on the order of rows.
            Self::Extreme(_, Slots::Number(slots)) => {
                Column::Number(slots.iter().map(|slot| slot + 0.0).collect())
            }
            Self::Extreme(_, slots) => slots.column(),
            Self::Whole(values) => values.column(match measure {
                IrMeasure::Quantile(_, share) => Whole::Quantile(share),
                _ => Whole::Deviation,
            }),
            Self::Values(values) => values.column(),
        }
    }
}

impl Distinct {
    fn add(&mut self, picked: &[Pick], column: &Column) {
        let mut new = |pick: &Pick, value: u64| {
            if self.seen.insert((pick.place, value)) {
                count(&mut self.counts, pick.place);
            }
        };
        for pick in picked {
            if let Some(value) = told_apart(column, pick.row) {
                new(pick, value);
            }
        }
    }
}

/// Calls `with` with the subject's place and the exact amount, for each value that is present.
#[inline]
fn each_exact(picked: &[Pick], column: &Column, ty: Type, mut with: impl FnMut(u32, i128)) {
    if ty == Type::Money {
        let amounts = column.amounts();
        for pick in picked {
            match of_row(amounts, pick.row).copied() {
                None | Some(MISSING_I64) => {}
                Some(amount) => with(pick.place, i128::from(amount)),
            }
        }
        return;
    }
    let numbers = column.numbers();
    for pick in picked {
        match of_row(numbers, pick.row).copied() {
            Some(x) if !x.is_nan() => {
                with(pick.place, number::billionths(x).unwrap_or(TOO_LARGE));
            }
            _ => {}
        }
    }
}

#[inline]
fn add_to(totals: &mut [i128], place: u32, amount: i128) {
    if let Some(total) = totals.get_mut(index(place)) {
        *total = sum(*total, amount);
    }
}

fn sum(total: i128, amount: i128) -> i128 {
    match (total, amount) {
        (TOO_LARGE, _) | (_, TOO_LARGE) => TOO_LARGE,
        (total, amount) => total.saturating_add(amount),
    }
}

fn add_totals(totals: &mut [i128], more: &[i128]) {
    for (total, more) in totals.iter_mut().zip(more) {
        *total = sum(*total, *more);
    }
}

fn add_counts(counts: &mut [u32], more: &[u32]) {
    for (count, more) in counts.iter_mut().zip(more) {
        *count = count.saturating_add(*more);
    }
}

fn count_all(counts: &mut [u32], place: u32, rows: u64) {
    if let Some(count) = counts.get_mut(index(place)) {
        *count = count.saturating_add(u32::try_from(rows).unwrap_or(u32::MAX));
    }
}

#[inline]
fn count(counts: &mut [u32], place: u32) {
    if let Some(count) = counts.get_mut(index(place)) {
        *count = count.saturating_add(1);
    }
}

fn numbers(counts: &[u32]) -> Column {
    Column::Number(counts.iter().copied().map(f64::from).collect())
}

fn amount(total: i128) -> i64 {
    Money::from_i128(total).map_or(MISSING_I64, |amount| amount.0)
}

fn from_total(total: i128) -> f64 {
    match total {
        TOO_LARGE => f64::NAN,
        total => number::from_billionths(total),
    }
}
