//! One value per subject, replaced as rows arrive.

use super::pick::Pick;
use crate::engine::column::{MISSING_DATE, MISSING_I64};
use crate::engine::places::index;
use crate::engine::scalar::Ordered;
use crate::engine::{Column, TextColumn};
use crate::value::{Truth, Type};

/// Values by subject; missing until one is stored.
pub(super) enum Slots {
    Number(Vec<f64>),
    /// Amounts and instants.
    Whole(Vec<i64>, Type),
    Date(Vec<i32>),
    Truth(Vec<Truth>),
    Text(Vec<Option<String>>),
}

impl Slots {
    pub(super) fn new(ty: Type, subjects: usize) -> Self {
        match ty {
            Type::Number => Self::Number(vec![f64::NAN; subjects]),
            Type::Money | Type::Instant => Self::Whole(vec![MISSING_I64; subjects], ty),
            Type::Date => Self::Date(vec![MISSING_DATE; subjects]),
            Type::Text => Self::Text(vec![None; subjects]),
            Type::Truth | Type::Missing | Type::Unknown => {
                Self::Truth(vec![Truth::Unknown; subjects])
            }
        }
    }

    /// Stores the value of each picked row, missing or not, in its subject's slot.
    pub(super) fn put(&mut self, picked: &[Pick], column: &Column) {
        match self {
            Self::Number(slots) => put(slots, picked, column.numbers()),
            Self::Whole(slots, Type::Money) => put(slots, picked, column.amounts()),
            Self::Whole(slots, _) => put(slots, picked, column.instants()),
            Self::Date(slots) => put(slots, picked, column.dates()),
            Self::Truth(slots) => put(slots, picked, column.truths()),
            Self::Text(slots) => {
                for pick in picked {
                    if let Some(slot) = slots.get_mut(index(pick.place)) {
                        put_text(slot, column.texts().get(index(pick.row)));
                    }
                }
            }
        }
    }

    /// Keeps the larger (or smaller) of the current value and each picked row's value; missing values do not count.
    pub(super) fn keep(&mut self, largest: bool, picked: &[Pick], column: &Column) {
        match self {
            Self::Number(slots) => keep(slots, picked, column.numbers(), beats(largest)),
            Self::Whole(slots, Type::Money) => {
                keep(slots, picked, column.amounts(), beats(largest));
            }
            Self::Whole(slots, _) => keep(slots, picked, column.instants(), beats(largest)),
            Self::Date(slots) => keep(slots, picked, column.dates(), beats(largest)),
            // The language has no smallest or largest value of these types.
            Self::Truth(_) | Self::Text(_) => {}
        }
    }

    /// Keeps the larger (or smaller) of the current values and those in the other slots.
    pub(super) fn merge(&mut self, largest: bool, other: &Self) {
        match (self, other) {
            (Self::Number(slots), Self::Number(more)) => merge(slots, more, beats(largest)),
            (Self::Whole(slots, _), Self::Whole(more, _)) => merge(slots, more, beats(largest)),
            (Self::Date(slots), Self::Date(more)) => merge(slots, more, beats(largest)),
            // Both hold the same type, which has a largest value.
            _ => {}
        }
    }

    /// Takes the values of the other slots at some places.
    pub(super) fn take(&mut self, other: &Self, places: &[u32]) {
        match (self, other) {
            (Self::Number(slots), Self::Number(from)) => take(slots, from, places),
            (Self::Whole(slots, _), Self::Whole(from, _)) => take(slots, from, places),
            (Self::Date(slots), Self::Date(from)) => take(slots, from, places),
            (Self::Truth(slots), Self::Truth(from)) => take(slots, from, places),
            (Self::Text(slots), Self::Text(from)) => take(slots, from, places),
            // Both hold the same type.
            _ => {}
        }
    }

    /// Appends the subjects of the next shard.
    pub(super) fn append(&mut self, next: Self) {
        match (self, next) {
            (Self::Number(slots), Self::Number(mut next)) => slots.append(&mut next),
            (Self::Whole(slots, _), Self::Whole(mut next, _)) => slots.append(&mut next),
            (Self::Date(slots), Self::Date(mut next)) => slots.append(&mut next),
            (Self::Truth(slots), Self::Truth(mut next)) => slots.append(&mut next),
            (Self::Text(slots), Self::Text(mut next)) => slots.append(&mut next),
            // All shards hold the same type.
            _ => {}
        }
    }

    pub(super) fn column(&self) -> Column {
        match self {
            Self::Number(slots) => Column::Number(slots.clone()),
            Self::Whole(slots, Type::Money) => Column::Money(slots.clone()),
            Self::Whole(slots, _) => Column::Instant(slots.clone()),
            Self::Date(slots) => Column::Date(slots.clone()),
            Self::Truth(slots) => Column::Truth(slots.clone()),
            Self::Text(slots) => {
                Column::Text(slots.iter().map(Option::as_deref).collect::<TextColumn>())
            }
        }
    }
}

/// The value of a row in a slice in which one value may stand for all rows.
#[inline]
pub(super) fn of_row<T>(values: &[T], row: u32) -> Option<&T> {
    match values {
        [only] => Some(only),
        values => values.get(index(row)),
    }
}

fn put<T: Copy>(slots: &mut [T], picked: &[Pick], values: &[T]) {
    for pick in picked {
        if let (Some(slot), Some(&value)) =
            (slots.get_mut(index(pick.place)), of_row(values, pick.row))
        {
            *slot = value;
        }
    }
}

/// Reuses the memory of the text that was there.
fn put_text(slot: &mut Option<String>, text: Option<&str>) {
    match (slot.as_mut(), text) {
        (Some(kept), Some(text)) => {
            kept.clear();
            kept.push_str(text);
        }
        (_, text) => *slot = text.map(str::to_owned),
    }
}

/// Whether a value replaces another as the larger (or smaller) one; a missing value never does.
fn beats<T: Ordered + PartialOrd>(largest: bool) -> impl Fn(T, T) -> bool {
    move |new, old| {
        let wins = if largest { new > old } else { new < old };
        !new.is_missing() && (old.is_missing() || wins)
    }
}

fn keep<T: Copy>(slots: &mut [T], picked: &[Pick], values: &[T], beats: impl Fn(T, T) -> bool) {
    for pick in picked {
        if let (Some(slot), Some(&value)) =
            (slots.get_mut(index(pick.place)), of_row(values, pick.row))
            && beats(value, *slot)
        {
            *slot = value;
        }
    }
}

fn merge<T: Copy>(slots: &mut [T], more: &[T], beats: impl Fn(T, T) -> bool) {
    for (slot, value) in slots.iter_mut().zip(more) {
        if beats(*value, *slot) {
            *slot = *value;
        }
    }
}

fn take<T: Clone>(slots: &mut [T], from: &[T], places: &[u32]) {
    for place in places {
        if let (Some(slot), Some(value)) = (slots.get_mut(index(*place)), from.get(index(*place))) {
            slot.clone_from(value);
        }
    }
}
