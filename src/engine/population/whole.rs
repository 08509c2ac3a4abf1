//! Functions with one value for a whole group: exact sums, means and quantiles.

use super::ranks::{Groups, NONE, Ranks};
use crate::engine::Column;
use crate::engine::column::{MISSING_DATE, MISSING_I64};
use crate::engine::quantile::Between;
use crate::engine::scalar::{self, Ordered};
use crate::engine::vector::spread;
use crate::value::{Money, number};

/// The number of subjects in a group.
pub(super) fn size(groups: &Groups) -> Column {
    let sizes: Vec<f64> = groups.sizes.iter().map(|size| f64::from(*size)).collect();
    Column::Number(by_group(groups, &sizes, f64::NAN))
}

/// The sum; 0 for no values.
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

/// The mean of the values that are present.
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

/// The quantile of the values that are present.
pub(super) fn quantile(share: f64, values: &Column, groups: &Groups, ranks: &Ranks) -> Column {
    let share = number::billionths(share.clamp(0.0, 1.0)).unwrap_or(0);
    let all = (0..groups.len()).map(|group| ranks.members(group));
    let all = all.map(|members| (members, Between::new(members.len(), share)));
    let row = |members: &[u32], place: usize| members.get(place).map(|row| *row as usize);
    match values {
        Column::Money(values) => amounts(
            groups,
            all.map(|(members, between)| between?.amounts(|at| one(values, row(members, at)?))),
        ),
        _ => numbers(
            groups,
            all.map(|(members, between)| {
                between?.numbers(|at| one(values.numbers(), row(members, at)?))
            }),
        ),
    }
}

/// The sum and count of a group's values.
#[derive(Clone, Copy)]
struct Total {
    /// In billionths (money: ten-thousandths); `None` if a value is too large to add exactly.
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

/// Spreads the values of groups to their subjects. For the single group of everyone, one value stands for all.
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
