//! The distinct values of a field in all rows.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};

use super::keys::FastHasher;
use super::pick::Pick;
use super::slots::of_row;
use crate::engine::column::{MISSING_DATE, MISSING_I64};
use crate::engine::places::index;
use crate::engine::{Column, FIELD_VALUES};
use crate::value::{Truth, number};

/// The values that are met first in table order, as texts. One more than is listed is kept, to tell that there are
/// more.
#[derive(Default)]
pub(super) struct Values {
    /// For each value, the position of its first row.
    seen: HashMap<u64, i64, BuildHasherDefault<FastHasher>>,
    /// The same values by position, as texts.
    texts: BTreeMap<i64, (u64, String)>,
}

impl Values {
    /// Adds the picked rows of a batch; `first` is the position of its first row.
    pub(super) fn add(&mut self, picked: &[Pick], column: &Column, first: i64) {
        for pick in picked {
            let position = first.saturating_add_unsigned(u64::from(pick.row));
            if self.are_before(position) {
                return;
            }
            if let Some(value) = told_apart(column, pick.row) {
                let text = || column.value(index(pick.row)).to_string();
                self.meet(position, value, text);
            }
        }
    }

    /// Adds what was met elsewhere.
    pub(super) fn absorb(&mut self, other: Self) {
        for (position, (value, text)) in other.texts {
            self.meet(position, value, || text);
        }
    }

    /// Whether as many values as are kept were met before a position.
    fn are_before(&self, position: i64) -> bool {
        let last = self.texts.last_key_value();
        self.texts.len() > FIELD_VALUES && last.is_some_and(|(last, _)| *last < position)
    }

    fn meet(&mut self, position: i64, value: u64, text: impl FnOnce() -> String) {
        let known = self.seen.get(&value).copied();
        if known.is_some_and(|known| known <= position) {
            return;
        }
        if let Some(later) = known {
            self.texts.remove(&later);
        }
        self.seen.insert(value, position);
        self.texts.insert(position, (value, text()));
        if self.texts.len() > FIELD_VALUES + 1
            && let Some((_, (value, _))) = self.texts.pop_last()
        {
            self.seen.remove(&value);
        }
    }

    /// The values in table order.
    pub(super) fn column(&self) -> Column {
        let texts = self.texts.values().map(|(_, text)| Some(text));
        Column::Text(texts.collect())
    }
}

/// A number that tells values of one type apart; `None` for missing values.
pub(super) fn told_apart(column: &Column, row: u32) -> Option<u64> {
    match column {
        Column::Number(values) => of_row(values, row)
            .copied()
            .filter(|x| !x.is_nan())
            .map(|x| number::to_nine_decimals(x).to_bits()),
        Column::Money(values) | Column::Instant(values) => of_row(values, row)
            .copied()
            .filter(|x| *x != MISSING_I64)
            .map(i64::cast_unsigned),
        Column::Date(values) => of_row(values, row)
            .copied()
            .filter(|x| *x != MISSING_DATE)
            .map(|x| u64::from(x.cast_unsigned())),
        Column::Truth(values) => of_row(values, row)
            .copied()
            .filter(|x| *x != Truth::Unknown)
            .map(|x| u64::from(x == Truth::Yes)),
        Column::Text(_) => column.texts().get(index(row)).map(|text| {
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            hasher.finish()
        }),
    }
}
