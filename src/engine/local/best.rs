//! The earliest or latest row of each subject.

use std::borrow::Cow;

use rusqlite::types::ValueRef;

use super::gather::index;
use super::keys::key_of;
use super::selection::Pick;
use super::slots::Slots;
use crate::engine::{Column, Key};
use crate::plan::NodeId;

/// A row without a key stands before all others.
const NO_KEY: i64 = i64::MIN;

/// Keys that break ties in time: integers as long as all are.
pub(super) struct Ties {
    integers: Vec<i64>,
    /// All of them, once one is no integer.
    any: Option<Vec<Key>>,
}

impl Ties {
    pub(super) fn new(len: usize) -> Self {
        Self {
            integers: vec![NO_KEY; len],
            any: None,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, value: ValueRef<'_>) {
        match (&self.any, value) {
            (None, ValueRef::Integer(key)) => self.integers.push(key),
            _ => match (&self.any, key_of(value).unwrap_or(Key::Integer(NO_KEY))) {
                (None, Key::Integer(key)) => self.integers.push(key),
                (_, key) => self.any().push(key),
            },
        }
    }

    pub(super) fn clear(&mut self) {
        self.integers.clear();
        self.any = None;
    }

    /// The keys as keys of any kind, from now on.
    fn any(&mut self) -> &mut Vec<Key> {
        let integers = std::mem::take(&mut self.integers);
        self.any
            .get_or_insert_with(|| integers.into_iter().map(Key::Integer).collect())
    }

    /// A copy as keys of any kind.
    fn as_any(&self) -> Cow<'_, [Key]> {
        match &self.any {
            Some(keys) => Cow::Borrowed(keys),
            None => self.integers.iter().copied().map(Key::Integer).collect(),
        }
    }
}

/// The best row of each subject so far, and what is wanted of it.
pub(super) struct Best {
    latest: bool,
    times: Vec<i64>,
    ties: Ties,
    fields: Vec<Field>,
    winners: Vec<Pick>,
}

/// A field of the best row.
pub(super) struct Field {
    pub(super) aggregate: usize,
    pub(super) node: NodeId,
    pub(super) slots: Slots,
}

impl Best {
    pub(super) fn new(latest: bool, subjects: usize) -> Self {
        let nobody = if latest { i64::MIN } else { i64::MAX };
        Self {
            latest,
            times: vec![nobody; subjects],
            ties: Ties::new(subjects),
            fields: Vec::new(),
            winners: Vec::new(),
        }
    }

    pub(super) fn want(&mut self, field: Field) {
        self.fields.push(field);
    }

    /// Takes the picked rows of a batch. Without times all rows are of one time.
    pub(super) fn add<'c>(
        &mut self,
        picked: &[Pick],
        at: Option<&[i64]>,
        keys: Option<&Ties>,
        column: impl Fn(NodeId) -> &'c Column,
    ) {
        self.winners.clear();
        let (times, winners, latest) = (&mut self.times, &mut self.winners, self.latest);
        match keys {
            None => win(
                picked,
                times,
                &mut self.ties.integers,
                at,
                &[],
                latest,
                winners,
            ),
            Some(keys) if keys.any.is_none() && self.ties.any.is_none() => {
                let best = &mut self.ties.integers;
                win(picked, times, best, at, &keys.integers, latest, winners);
            }
            Some(keys) => {
                let best = self.ties.any();
                win(picked, times, best, at, &keys.as_any(), latest, winners);
            }
        }
        for field in &mut self.fields {
            field.slots.put(&self.winners, column(field.node));
        }
    }

    pub(super) fn into_fields(self) -> Vec<Field> {
        self.fields
    }
}

/// Notes the picked rows that are better than all before them.
fn win<K: Ord + Clone>(
    picked: &[Pick],
    times: &mut [i64],
    best: &mut [K],
    at: Option<&[i64]>,
    keys: &[K],
    latest: bool,
    winners: &mut Vec<Pick>,
) {
    for pick in picked {
        let time = at.map_or(Some(0), |at| at.get(index(pick.row)).copied());
        let (Some(time), Some(held), Some(tie)) = (
            time,
            times.get_mut(index(pick.place)),
            best.get_mut(index(pick.place)),
        ) else {
            continue;
        };
        let key = keys.get(index(pick.row));
        let wins = match (time.cmp(held), latest) {
            (std::cmp::Ordering::Less, latest) => !latest,
            (std::cmp::Ordering::Greater, latest) => latest,
            (std::cmp::Ordering::Equal, true) => key.is_some_and(|key| key > tie),
            (std::cmp::Ordering::Equal, false) => key.is_some_and(|key| key < tie),
        };
        if wins {
            *held = time;
            if let Some(key) = key {
                tie.clone_from(key);
            }
            winners.push(*pick);
        }
    }
}
