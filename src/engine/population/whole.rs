//! Functions that have one value for a whole group: exact sums, means and quantiles.

use super::ranks::{Groups, NONE, Ranks};
use crate::engine::Column;
use crate::engine::column::{MISSING_DATE, MISSING_I64};
use crate::engine::scalar::{self, Ordered};
use crate::engine::vector::spread;
use crate::value::{Money, number};

/// How many subjects a group has.
pub(super) fn size(groups: &Groups) -> Column {
    let sizes: Vec<f64> = groups.sizes.iter().map(|size| f64::from(*size)).collect();
    Column::Number(by_group(groups, &sizes, f64::NAN))
}

/// The sum, 0 of nothing.
pub(super) fn sum(values: &Column, groups: &Groups) -> Column {
    let totals = totals(values, groups);
    match values {
        Column::Money(_) => amounts(groups, totals.iter().map(|total| total.sum)),
        _ => numbers(
            groups,
            totals.iter().map(|t| t.sum.map(number::from_billionths)),
        ),
    }
}

/// The mean of those with a value.
pub(super) fn avg(values: &Column, groups: &Groups) -> Column {
    let totals = totals(values, groups);
    match values {
        Column::Money(_) => amounts(
            groups,
            totals
                .iter()
                .map(|t| number::divide_half_away(t.sum?, t.count)),
        ),
        _ => numbers(
            groups,
            totals
                .iter()
                .map(|t| Some(number::ratio_to_f64(t.sum?, t.count * number::BILLION))),
        ),
    }
}

/// The smallest value.
pub(super) fn min(values: &Column, groups: &Groups) -> Column {
    extreme(values, groups, true)
}

/// The largest value.
pub(super) fn max(values: &Column, groups: &Groups) -> Column {
    extreme(values, groups, false)
}

/// Linear between the order statistics at (n − 1) × p (type 7), in whole billionths throughout.
pub(super) fn quantile(share: f64, values: &Column, groups: &Groups, ranks: &Ranks) -> Column {
    let share = number::billionths(share.clamp(0.0, 1.0)).unwrap_or(0);
    let between = (0..groups.len()).map(|group| {
        let members = ranks.members(group);
        let last = members.len().checked_sub(1)? as i128;
        let at = last * share;
        let (index, rest) = (at / number::BILLION, at % number::BILLION);
        let low = *members.get(usize::try_from(index).ok()?)?;
        let high = *members.get(usize::try_from((index + 1).min(last)).ok()?)?;
        Some((low as usize, high as usize, rest))
    });
    match values {
        Column::Money(values) => amounts(
            groups,
            between.map(|between| {
                let (low, high, rest) = between?;
                let (low, high) = (
                    i128::from(one(values, low)?),
                    i128::from(one(values, high)?),
                );
                let scaled = low * number::BILLION + (high - low) * rest;
                number::divide_half_away(scaled, number::BILLION)
            }),
        ),
        _ => numbers(
            groups,
            between.map(|between| {
                let (low, high, rest) = between?;
                let (low, high) = (one(values.numbers(), low)?, one(values.numbers(), high)?);
                if rest == 0 {
                    return Some(low);
                }
                let (low, high) = (number::billionths(low)?, number::billionths(high)?);
                let scaled = low * number::BILLION + (high - low) * rest;
                Some(number::ratio_to_f64(scaled, number::BILLION.pow(2)))
            }),
        ),
    }
}

/// What a group adds up to.
#[derive(Clone, Copy)]
struct Total {
    /// In billionths or ten-thousandths; none where a value is too large to add exactly.
    sum: Option<i128>,
    count: i128,
}

fn totals(values: &Column, groups: &Groups) -> Vec<Total> {
    let mut totals = vec![
        Total {
            sum: Some(0),
            count: 0,
        };
        groups.len()
    ];
    let mut add = |group: u32, value: Option<i128>| {
        if let Some(total) = totals.get_mut(group as usize) {
            total.sum = total.sum.zip(value).and_then(|(sum, v)| sum.checked_add(v));
            total.count += 1;
        }
    };
    match values {
        Column::Money(values) => {
            for (amount, group) in spread(values, groups.of.len()).iter().zip(&groups.of) {
                if *amount != MISSING_I64 {
                    add(*group, Some(i128::from(*amount)));
                }
            }
        }
        other => {
            for (x, group) in spread(other.numbers(), groups.of.len())
                .iter()
                .zip(&groups.of)
            {
                if !x.is_nan() {
                    add(*group, number::billionths(*x));
                }
            }
        }
    }
    totals
}

fn extreme(values: &Column, groups: &Groups, least: bool) -> Column {
    fn of<T: Ordered>(values: &[T], groups: &Groups, least: bool, missing: T) -> Vec<T> {
        let join = if least { T::least } else { T::greatest };
        let mut found = vec![missing; groups.len()];
        for (value, group) in spread(values, groups.of.len()).iter().zip(&groups.of) {
            let Some(so_far) = found.get_mut(*group as usize) else {
                continue;
            };
            if so_far.is_missing() {
                *so_far = *value;
            } else if !value.is_missing() {
                *so_far = join(*so_far, *value);
            }
        }
        by_group(groups, &found, missing)
    }
    match values {
        Column::Number(values) => Column::Number(of(values, groups, least, f64::NAN)),
        Column::Money(values) => Column::Money(of(values, groups, least, MISSING_I64)),
        Column::Date(values) => Column::Date(of(values, groups, least, MISSING_DATE)),
        Column::Instant(values) => Column::Instant(of(values, groups, least, MISSING_I64)),
        other => Column::missing(other.kind()),
    }
}

fn numbers(groups: &Groups, of_groups: impl Iterator<Item = Option<f64>>) -> Column {
    let values: Vec<f64> = of_groups.map(|x| x.unwrap_or(f64::NAN)).collect();
    Column::Number(by_group(groups, &values, f64::NAN))
}

fn amounts(groups: &Groups, of_groups: impl Iterator<Item = Option<i128>>) -> Column {
    let values: Vec<i64> = of_groups
        .map(|amount| scalar::mark(amount.and_then(Money::from_i128)))
        .collect();
    Column::Money(by_group(groups, &values, MISSING_I64))
}

/// A group's value for each of its subjects; for everyone it is said once.
fn by_group<T: Copy>(groups: &Groups, values: &[T], missing: T) -> Vec<T> {
    if groups.everyone {
        return values.to_vec();
    }
    groups
        .of
        .iter()
        .map(|group| match *group {
            NONE => missing,
            group => values.get(group as usize).copied().unwrap_or(missing),
        })
        .collect()
}

fn one<T: Copy>(values: &[T], row: usize) -> Option<T> {
    match values {
        [value] => Some(*value),
        values => values.get(row).copied(),
    }
}
