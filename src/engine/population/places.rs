//! Functions of a subject's position within its group.

use super::ranks::{Groups, NONE, Ranks};
use crate::engine::vector::zip;
use crate::engine::{Column, WideTop};
use crate::ir::NodeId;
use crate::language::typed::PopulationFunction as Function;
use crate::value::{Truth, number};

/// How far a `top` or `bottom` reaches in each group.
pub(super) struct Limits {
    bottom: bool,
    /// For each group: a member is in if fewer members than this come before it.
    of_groups: Vec<u32>,
}

/// The limits of a `top` or `bottom`; `None` for other functions.
pub(super) fn limits(function: Function, ranks: &Ranks) -> Option<Limits> {
    let counts = ranks.counts();
    let (bottom, of_groups) = match function {
        Function::TopShare(percent) => (false, shares(percent, &counts)),
        Function::BottomShare(percent) => (true, shares(percent, &counts)),
        Function::TopCount(k) => (false, vec![u32::try_from(k).unwrap_or(NONE); counts.len()]),
        Function::BottomCount(k) => (true, vec![u32::try_from(k).unwrap_or(NONE); counts.len()]),
        _ => return None,
    };
    Some(Limits { bottom, of_groups })
}

/// before × 100 < p × n is equivalent to before < ⌈p × n / 100⌉; p is in whole billionths.
fn shares(percent: f64, counts: &[u32]) -> Vec<u32> {
    let percent = number::billionths(percent).unwrap_or(0).max(0);
    let whole = 100 * number::BILLION;
    counts
        .iter()
        .map(|n| (percent * i128::from(*n) + whole - 1) / whole)
        .map(|limit| u32::try_from(limit).unwrap_or(NONE))
        .collect()
}

/// Who is in a `top` or `bottom`; unknown without a value or a group.
pub(super) fn tops(
    node: NodeId,
    limits: &Limits,
    values: &Column,
    groups: &Groups,
    ranks: &Ranks,
) -> (Column, Option<WideTop>) {
    let before = if limits.bottom {
        &ranks.below
    } else {
        &ranks.ahead
    };
    let answers = zip(before, &groups.of, |before, group| {
        if before == NONE {
            return Truth::Unknown;
        }
        let limit = limits.of_groups.get(group as usize).copied().unwrap_or(0);
        Truth::certain(before < limit)
    });
    let wide = wide(node, limits, values, ranks, &answers);
    (Column::Truth(answers), wide)
}

/// A remark if ties at the boundary let in a quarter more than stated, and at least five more.
fn wide(
    node: NodeId,
    limits: &Limits,
    values: &Column,
    ranks: &Ranks,
    answers: &[Truth],
) -> Option<WideTop> {
    let (mut holds, mut says) = (0, 0);
    let mut worst = (0, None);
    let mut at_worst = Default::default();
    let is_held = |place: &u32| answers.get(*place as usize) == Some(&Truth::Yes);
    for (group, limit) in limits.of_groups.iter().enumerate() {
        let members = ranks.members(group);
        let limit = (*limit as usize).min(members.len());
        // The members ascend, so those that are held are all at one end.
        let held = match limits.bottom {
            true => members.partition_point(is_held),
            false => members.len() - members.partition_point(|place| !is_held(place)),
        };
        holds += held;
        says += limit;
        if held.saturating_sub(limit) > worst.0 {
            let boundary = if limits.bottom {
                limit.checked_sub(1)?
            } else {
                members.len() - limit
            };
            worst = (held - limit, members.get(boundary));
            at_worst = members;
        }
    }
    if holds < says + 5 || holds * 4 <= says * 5 {
        return None;
    }
    let boundary = *worst.1?;
    let value = values.value(boundary as usize);
    // A member that is held and not at the boundary is beyond it.
    let mut held = at_worst.iter().filter(|place| is_held(place));
    let beyond = held.any(|place| values.value(*place as usize) != value);
    Some(WideTop {
        node,
        holds: holds as u64,
        of: ranks.order.len() as u64,
        boundary: value.to_string(),
        bottom: limits.bottom,
        beyond,
    })
}

/// The functions that return a number; missing without a value or a group.
pub(super) fn number(function: Function, groups: &Groups, ranks: &Ranks) -> Column {
    let counts = ranks.counts();
    let rule = |place: usize, n: u32| -> f64 {
        let at = |values: &[u32]| values.get(place).copied().unwrap_or(NONE);
        match function {
            Function::Rank => 1.0 + f64::from(at(&ranks.ahead)),
            Function::Percentile if n <= 1 => 0.0,
            Function::Percentile => f64::from(at(&ranks.below)) / f64::from(n - 1),
            Function::Bin(k) => {
                let passed = u64::from(k) * u64::from(at(&ranks.below));
                1.0 + (passed / u64::from(n.max(1))) as f64
            }
            Function::Ntile(k) => f64::from(ntile(k.max(1), at(&ranks.position), n)),
            Function::Position => 1.0 + f64::from(at(&ranks.position)),
            _ => f64::NAN,
        }
    };
    Column::Number(
        groups
            .of
            .iter()
            .zip(&ranks.below)
            .enumerate()
            .map(
                |(place, (group, below))| match counts.get(*group as usize) {
                    Some(n) if *below != NONE => rule(place, *n),
                    _ => f64::NAN,
                },
            )
            .collect(),
    )
}

/// SQL's `ntile`: `n` rows in `k` buckets; the first `n % k` buckets hold one row more.
fn ntile(k: u32, position: u32, n: u32) -> u32 {
    let (small, larger) = (n / k, n % k);
    let in_larger = larger * (small + 1);
    if position < in_larger {
        1 + position / (small + 1)
    } else {
        1 + larger + (position - in_larger) / small.max(1)
    }
}
