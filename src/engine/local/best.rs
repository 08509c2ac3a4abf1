//! The earliest or latest row of each subject.

use rusqlite::types::ValueRef;

use super::gather::index;
use super::keys::key_of;
use super::selection::Pick;
use super::slots::Slots;
use crate::engine::{Column, Key};
use crate::plan::NodeId;

/// Keys that break ties in time: integers as long as all are.
pub(super) enum Ties {
    Integer(Vec<i64>),
    Any(Vec<Key>),
}

/// A row without a key stands before all others.
const NO_KEY: i64 = i64::MIN;

impl Ties {
    pub(super) fn new(len: usize) -> Self {
        Self::Integer(vec![NO_KEY; len])
    }

    pub(super) fn push(&mut self, value: ValueRef<'_>) {
        match (&mut *self, value) {
            (Self::Integer(keys), ValueRef::Integer(key)) => keys.push(key),
            _ => {
                let key = key_of(value).unwrap_or(Key::Integer(NO_KEY));
                match (&mut *self, key) {
                    (Self::Integer(keys), Key::Integer(key)) => keys.push(key),
                    (_, key) => self.any().push(key),
                }
            }
        }
    }

    pub(super) fn clear(&mut self) {
        *self = match std::mem::replace(self, Self::Any(Vec::new())) {
            Self::Integer(mut keys) => {
                keys.clear();
                Self::Integer(keys)
            }
            Self::Any(_) => Self::Integer(Vec::new()),
        };
    }

    /// The keys as keys of any kind, from now on.
    fn any(&mut self) -> &mut Vec<Key> {
        if let Self::Integer(keys) = self {
            *self = Self::Any(keys.iter().map(|key| Key::Integer(*key)).collect());
        }
        match self {
            Self::Any(keys) => keys,
            Self::Integer(_) => unreachable!("the keys were just turned into any kind"),
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
        match (&mut self.ties, keys) {
            (Ties::Integer(best), Some(Ties::Integer(keys))) => {
                win(
                    picked,
                    &mut self.times,
                    best,
                    at,
                    keys,
                    self.latest,
                    &mut self.winners,
                );
            }
            (Ties::Integer(best), None) => {
                win(
                    picked,
                    &mut self.times,
                    best,
                    at,
                    &[],
                    self.latest,
                    &mut self.winners,
                );
            }
            (best, Some(Ties::Any(keys))) => {
                let best = best.any();
                win(
                    picked,
                    &mut self.times,
                    best,
                    at,
                    keys,
                    self.latest,
                    &mut self.winners,
                );
            }
            (Ties::Any(best), Some(Ties::Integer(keys))) => {
                let keys: Vec<Key> = keys.iter().map(|key| Key::Integer(*key)).collect();
                win(
                    picked,
                    &mut self.times,
                    best,
                    at,
                    &keys,
                    self.latest,
                    &mut self.winners,
                );
            }
            (Ties::Any(_), None) => {}
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
