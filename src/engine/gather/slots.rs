//! One value per subject, replaced as rows come by.

use super::pick::Pick;
use crate::engine::column::{MISSING_DATE, MISSING_I64};
use crate::engine::places::index;
use crate::engine::{Column, TextColumn};
use crate::value::{Truth, Type};

/// Values by subject; missing until one is put there.
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

    /// Puts the value of each picked row, missing or not, into its subject's slot.
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

    /// Keeps the larger (or smaller) of what is there and each picked row's value; missing ones do not
    /// count.
    pub(super) fn keep(&mut self, largest: bool, picked: &[Pick], column: &Column) {
        match self {
            Self::Number(slots) => {
                keep(slots, picked, column.numbers(), f64::is_nan, |new, old| {
                    old.is_nan() || if largest { new > old } else { new < old }
                });
            }
            Self::Whole(slots, ty) => {
                let values = match ty {
                    Type::Money => column.amounts(),
                    _ => column.instants(),
                };
                keep(
                    slots,
                    picked,
                    values,
                    |x| x == MISSING_I64,
                    |new, old| old == MISSING_I64 || if largest { new > old } else { new < old },
                );
            }
            Self::Date(slots) => {
                keep(
                    slots,
                    picked,
                    column.dates(),
                    |x| x == MISSING_DATE,
                    |new, old| old == MISSING_DATE || if largest { new > old } else { new < old },
                );
            }
            // The language has no smallest or largest of these.
            Self::Truth(_) | Self::Text(_) => {}
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

    pub(super) fn into_column(self) -> Column {
        match self {
            Self::Number(slots) => Column::Number(slots),
            Self::Whole(slots, Type::Money) => Column::Money(slots),
            Self::Whole(slots, _) => Column::Instant(slots),
            Self::Date(slots) => Column::Date(slots),
            Self::Truth(slots) => Column::Truth(slots),
            Self::Text(slots) => Column::Text(slots.into_iter().collect::<TextColumn>()),
        }
    }
}

/// The value of a row in a slice of which one value may stand for all rows.
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

/// Keeps the memory of the text that was there.
fn put_text(slot: &mut Option<String>, text: Option<&str>) {
    match (slot.as_mut(), text) {
        (Some(kept), Some(text)) => {
            kept.clear();
            kept.push_str(text);
        }
        (_, text) => *slot = text.map(str::to_owned),
    }
}

fn keep<T: Copy>(
    slots: &mut [T],
    picked: &[Pick],
    values: &[T],
    missing: impl Fn(T) -> bool,
    wins: impl Fn(T, T) -> bool,
) {
    for pick in picked {
        if let (Some(slot), Some(&value)) =
            (slots.get_mut(index(pick.place)), of_row(values, pick.row))
            && !missing(value)
            && wins(value, *slot)
        {
            *slot = value;
        }
    }
}
