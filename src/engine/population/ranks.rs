//! Which subject is in which group, and how the members of a group are ordered by a value.

use std::collections::HashMap;

use crate::engine::Column;
use crate::engine::column::{MISSING_DATE, MISSING_I64};
use crate::engine::vector::spread;
use crate::value::{Truth, number};

/// Stands for the group of a subject without a group, and for the place of a subject without a value.
pub(super) const NONE: u32 = u32::MAX;

/// The groups of a scope.
pub(super) struct Groups {
    /// The group of each subject, or [`NONE`].
    pub of: Vec<u32>,
    /// The number of subjects in each group, with or without a value.
    pub sizes: Vec<u32>,
    /// True if there is a single group that holds everyone.
    pub everyone: bool,
}

impl Groups {
    /// A single group of everyone.
    pub(super) fn everyone(subjects: usize) -> Self {
        Self {
            of: vec![0; subjects],
            sizes: vec![u32::try_from(subjects).unwrap_or(NONE)],
            everyone: true,
        }
    }

    /// One group for each distinct value. Subjects without a value are in no group.
    pub(super) fn by(column: &Column, subjects: usize) -> Self {
        let of = match column {
            Column::Text(texts) => {
                let mut numbers = HashMap::new();
                (0..subjects)
                    .map(|row| texts.get(if texts.len() == 1 { 0 } else { row }))
                    .map(|text| text.map_or(NONE, |text| next(&mut numbers, text)))
                    .collect()
            }
            other => {
                let mut numbers = HashMap::new();
                let keys = keys(other);
                spread(&keys, subjects)
                    .iter()
                    .map(|key| key.map_or(NONE, |key| next(&mut numbers, key)))
                    .collect::<Vec<u32>>()
            }
        };
        let groups = of.iter().filter(|group| **group != NONE).max();
        let mut sizes = vec![0; groups.map_or(0, |last| *last as usize + 1)];
        for group in &of {
            if let Some(size) = sizes.get_mut(*group as usize) {
                *size += 1;
            }
        }
        Self {
            of,
            sizes,
            everyone: false,
        }
    }

    /// The number of groups.
    pub(super) fn len(&self) -> usize {
        self.sizes.len()
    }
}

fn next<K: std::hash::Hash + Eq>(numbers: &mut HashMap<K, u32>, key: K) -> u32 {
    let fresh = u32::try_from(numbers.len()).unwrap_or(NONE);
    *numbers.entry(key).or_insert(fresh)
}

/// How the subjects of each group are ordered by one value.
pub(super) struct Ranks {
    /// The places of the subjects with a value: group by group, ascending; ties are ordered by key.
    pub order: Vec<u32>,
    /// Where each group begins in `order`; the last entry is where the last group ends.
    pub starts: Vec<usize>,
    /// For each subject, how many in its group have a strictly smaller value; [`NONE`] without a value.
    pub below: Vec<u32>,
    /// For each subject, how many in its group have a strictly larger value; [`NONE`] without a value.
    pub ahead: Vec<u32>,
    /// For each subject, its position in the order of its group, from 0; [`NONE`] without a value.
    pub position: Vec<u32>,
}

impl Ranks {
    /// Sorts the values of all groups, once.
    pub(super) fn new(values: &Column, groups: &Groups) -> Self {
        let subjects = groups.of.len();
        let keys = keys(values);
        let mut sorted: Vec<Standing> = spread(&keys, subjects)
            .iter()
            .zip(&groups.of)
            .zip(0..)
            .filter(|((_, group), _)| **group != NONE)
            .filter_map(|((key, group), place)| Some(Standing::new(*group, (*key)?, place)))
            .collect();
        sorted.sort_unstable();
        let mut ranks = Self {
            order: sorted.iter().map(|standing| standing.place()).collect(),
            starts: Vec::with_capacity(groups.len() + 1),
            below: vec![NONE; subjects],
            ahead: vec![NONE; subjects],
            position: vec![NONE; subjects],
        };
        let mut start = 0;
        let mut of_groups = sorted.chunk_by(|a, b| a.group() == b.group()).peekable();
        for group in 0..groups.len() {
            ranks.starts.push(start);
            let is_here = |chunk: &&[Standing]| {
                chunk
                    .first()
                    .is_some_and(|standing| standing.group() as usize == group)
            };
            if let Some(members) = of_groups.next_if(is_here) {
                ranks.place(members);
                start += members.len();
            }
        }
        ranks.starts.push(start);
        ranks
    }

    /// Records the ranks of the members of one group.
    fn place(&mut self, members: &[Standing]) {
        let mut below = 0;
        let mut left = u32::try_from(members.len()).unwrap_or(NONE);
        for ties in members.chunk_by(|a, b| a.key() == b.key()) {
            let count = u32::try_from(ties.len()).unwrap_or(NONE);
            left -= count;
            for (standing, position) in ties.iter().zip(below..) {
                let place = standing.place() as usize;
                set(&mut self.below, place, below);
                set(&mut self.ahead, place, left);
                set(&mut self.position, place, position);
            }
            below += count;
        }
    }

    /// The places of a group's members that have a value, ascending by that value.
    pub(super) fn members(&self, group: usize) -> &[u32] {
        match self.starts.get(group..) {
            Some([start, end, ..]) => self.order.get(*start..*end).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// For each group, how many members have a value.
    pub(super) fn counts(&self) -> Vec<u32> {
        self.starts
            .windows(2)
            .map(|ends| match ends {
                [start, end] => u32::try_from(end - start).unwrap_or(NONE),
                _ => 0,
            })
            .collect()
    }
}

/// A subject's group, sort key and place packed into one integer. It sorts as the three would, in half the time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Standing(u128);

impl Standing {
    fn new(group: u32, key: i64, place: u32) -> Self {
        let key = (key ^ i64::MIN).cast_unsigned();
        Self(u128::from(group) << 96 | u128::from(key) << 32 | u128::from(place))
    }

    fn group(self) -> u32 {
        (self.0 >> 96) as u32
    }

    fn key(self) -> u64 {
        (self.0 >> 32) as u64
    }

    fn place(self) -> u32 {
        self.0 as u32
    }
}

fn set(values: &mut [u32], place: usize, value: u32) {
    if let Some(slot) = values.get_mut(place) {
        *slot = value;
    }
}

/// Integers that sort as the values do and are equal if the values are; numbers are compared to nine decimals.
fn keys(column: &Column) -> Vec<Option<i64>> {
    match column {
        Column::Number(values) => values
            .iter()
            .map(|x| (!x.is_nan()).then(|| order_of(number::to_nine_decimals(*x))))
            .collect(),
        Column::Money(values) | Column::Instant(values) => values
            .iter()
            .map(|value| (*value != MISSING_I64).then_some(*value))
            .collect(),
        Column::Date(values) => values
            .iter()
            .map(|date| (*date != MISSING_DATE).then_some(i64::from(*date)))
            .collect(),
        Column::Truth(values) => values
            .iter()
            .map(|truth| (*truth != Truth::Unknown).then_some(*truth as i64))
            .collect(),
        Column::Text(_) => vec![None],
    }
}

/// A double's bits as an integer that sorts as the double does.
fn order_of(x: f64) -> i64 {
    let bits = x.to_bits().cast_signed();
    if bits < 0 { bits ^ i64::MAX } else { bits }
}
