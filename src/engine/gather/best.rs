//! The earliest or latest row of each subject.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::engine::Cell;

use super::keys::key_of;
use super::pick::Pick;
use super::slots::{Slots, of_row};
use crate::engine::places::index;
use crate::engine::{Column, Key};
use crate::ir::NodeId;

/// A row without a key comes before all others.
const NO_KEY: i64 = i64::MIN;

/// Keys that break ties in time: stored as integers as long as all of them are integers.
#[derive(Clone)]
pub(super) struct Ties {
    integers: Vec<i64>,
    /// All keys, once one of them is not an integer.
    any: Option<Vec<Key>>,
}

impl Ties {
    pub(super) fn new() -> Self {
        Self {
            integers: Vec::new(),
            any: None,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, value: Cell<'_>) {
        match (&self.any, value) {
            (None, Cell::Integer(key)) => self.integers.push(key),
            _ => match (&self.any, key_of(value).unwrap_or(Key::Integer(NO_KEY))) {
                (None, Key::Integer(key)) => self.integers.push(key),
                (_, key) => self.any().push(key),
            },
        }
    }

    /// Fills the keys with consecutive integers.
    pub(super) fn count_from(&mut self, first: i64, rows: usize) {
        self.clear();
        self.integers.extend((first..).take(rows));
    }

    pub(super) fn clear(&mut self) {
        self.integers.clear();
        self.any = None;
    }

    /// Switches to keys of any kind.
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

/// The best row of each subject so far, and the wanted fields of it.
pub(super) struct Best {
    latest: bool,
    /// What is compared, side by side: it is read together, in no order of subjects.
    held: Vec<Held<i64>>,
    /// The same, once a key is not an integer.
    held_any: Option<Vec<Held<Key>>>,
    /// No row held is later than this.
    newest: i64,
    /// Which subjects have a row: one bit each, small enough for the processor's nearest cache.
    holders: Vec<u64>,
    fields: Vec<Field>,
    hopeful: Vec<Pick>,
    winners: Vec<Pick>,
}

/// A row's standing among others. Of two rows with the same time and key, the one that comes first in the table wins.
#[derive(Clone)]
struct Held<K> {
    time: i64,
    key: K,
    position: i64,
}

/// What puts the rows of a batch in order.
pub(super) struct Order<'b> {
    /// The rows' times; a single one if the rows have none.
    pub(super) at: &'b [i64],
    /// No row is earlier than this.
    pub(super) earliest: i64,
    /// The rows' keys, if they have keys.
    pub(super) keys: Option<&'b Ties>,
    /// The position of the first row.
    pub(super) first: i64,
}

/// A field of the best row.
pub(super) struct Field {
    pub(super) node: NodeId,
    pub(super) slots: Slots,
}

impl Best {
    pub(super) fn new(latest: bool, subjects: usize) -> Self {
        Self {
            latest,
            held: vec![Held::at(nobody(latest)); subjects],
            held_any: None,
            newest: i64::MIN,
            holders: vec![0; subjects.div_ceil(64)],
            fields: Vec::new(),
            hopeful: Vec::new(),
            winners: Vec::new(),
        }
    }

    pub(super) fn want(&mut self, field: Field) {
        self.fields.push(field);
    }

    /// Adds the picked rows of a batch.
    pub(super) fn add<'c>(
        &mut self,
        picked: &[Pick],
        order: &Order<'_>,
        column: impl Fn(NodeId) -> &'c Column,
    ) {
        self.winners.clear();
        let at = order.at;
        // Tables mostly grow with time. If all rows are later than every row held, only subjects without a row can gain
        // their earliest one.
        let picked = match !self.latest && order.earliest > self.newest {
            true => {
                self.hopeful.clear();
                let holders = &self.holders;
                let hopeful = picked.iter().filter(|pick| !holds(holders, pick.place));
                self.hopeful.extend(hopeful);
                self.hopeful.as_slice()
            }
            false => picked,
        };
        let (latest, winners) = (self.latest, &mut self.winners);
        match order.keys {
            Some(keys) if keys.any.is_some() || self.held_any.is_some() => {
                let held = self.held_any.get_or_insert_with(|| any(&mut self.held));
                win(picked, held, order, &keys.as_any(), latest, winners);
            }
            keys => {
                let keys = keys.map_or(&[NO_KEY][..], |keys| &keys.integers);
                win(picked, &mut self.held, order, keys, latest, winners);
            }
        }
        if !self.latest {
            for winner in &self.winners {
                let time = of_row(at, winner.row).copied();
                self.newest = self.newest.max(time.unwrap_or(i64::MAX));
                if let Some(word) = self.holders.get_mut(index(winner.place / 64)) {
                    *word |= 1 << (winner.place % 64);
                }
            }
        }
        for field in &mut self.fields {
            field.slots.put(&self.winners, column(field.node));
        }
    }

    /// Adds the rows of another, which are all earlier.
    pub(super) fn merge_earlier(&mut self, earlier: &Self) {
        let latest = self.latest;
        let mut taken = Vec::new();
        for ((place, held), time) in (0..).zip(&mut self.held).zip(earlier.times()) {
            let has = |time: i64| time != nobody(latest);
            if has(time) && !(latest && has(held.time)) {
                held.time = time;
                taken.push(place);
            }
        }
        for field in &mut self.fields {
            if let Some(slots) = earlier.field(field.node) {
                field.slots.take(slots, &taken);
            }
        }
    }

    /// The time of each row held.
    fn times(&self) -> Vec<i64> {
        match &self.held_any {
            Some(held) => held.iter().map(|held| held.time).collect(),
            None => self.held.iter().map(|held| held.time).collect(),
        }
    }

    /// Appends the subjects of the next shard. From here on, only the times and the wanted fields of their rows are
    /// needed.
    pub(super) fn append(&mut self, next: Self) {
        let times = next.times().into_iter();
        let mut next_held = times.map(Held::<i64>::at).collect();
        if let Some(held) = self.held_any.take() {
            self.held = held.iter().map(|held| Held::at(held.time)).collect();
        }
        self.held.append(&mut next_held);
        for (field, next) in self.fields.iter_mut().zip(next.fields) {
            field.slots.append(next.slots);
        }
    }

    /// The field that a node returns.
    pub(super) fn field(&self, node: NodeId) -> Option<&Slots> {
        let field = self.fields.iter().find(|field| field.node == node);
        field.map(|field| &field.slots)
    }
}

/// The time of a placeholder where no row is held; every row beats it.
fn nobody(latest: bool) -> i64 {
    if latest { i64::MIN } else { i64::MAX }
}

impl Held<i64> {
    /// A row without a key.
    fn at(time: i64) -> Self {
        Self {
            time,
            key: NO_KEY,
            // No row comes before this one, so a row with the same time does not beat the placeholder.
            position: i64::MIN,
        }
    }
}

fn holds(holders: &[u64], place: u32) -> bool {
    let word = holders.get(index(place / 64));
    word.is_some_and(|word| word >> (place % 64) & 1 == 1)
}

/// The rows held, with keys of any kind.
fn any(held: &mut Vec<Held<i64>>) -> Vec<Held<Key>> {
    let held = std::mem::take(held).into_iter();
    let any = held.map(|held| Held {
        time: held.time,
        key: Key::Integer(held.key),
        position: held.position,
    });
    any.collect()
}

/// Records the picked rows that are better than all before them.
fn win<K: Ord + Clone>(
    picked: &[Pick],
    held: &mut [Held<K>],
    order: &Order<'_>,
    keys: &[K],
    latest: bool,
    winners: &mut Vec<Pick>,
) {
    for pick in picked {
        let (Some(&time), Some(key), Some(held)) = (
            of_row(order.at, pick.row),
            of_row(keys, pick.row),
            held.get_mut(index(pick.place)),
        ) else {
            continue;
        };
        let position = order.first.saturating_add_unsigned(u64::from(pick.row));
        let wins = match time.cmp(&held.time).then_with(|| key.cmp(&held.key)) {
            Ordering::Equal => position < held.position,
            Ordering::Greater => latest,
            Ordering::Less => !latest,
        };
        if wins {
            held.time = time;
            held.key.clone_from(key);
            held.position = position;
            winners.push(*pick);
        }
    }
}
