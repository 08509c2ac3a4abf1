//! What subjects are called.

use crate::engine::Cell;

use super::decode::{self, Fit};
use crate::engine::places::index;
use crate::engine::{Column, Keys, TextColumn};
use crate::time::InstantReader;
use crate::value::ColumnType;

/// The label of each row, and the rows whose label is no text.
pub(super) struct Labels {
    texts: Column,
    pub(super) odd: Vec<u32>,
}

impl Labels {
    pub(super) fn new() -> Self {
        Self {
            texts: decode::empty(ColumnType::Text),
            odd: Vec::new(),
        }
    }

    /// The next row's. A text with a NUL in it, which no table keeps whole, is none.
    pub(super) fn push(&mut self, value: Cell<'_>, times: &mut InstantReader) {
        let value = match value {
            Cell::Text(text) if text.contains(&0) => Cell::Blob(text),
            value => value,
        };
        let row = self.texts.len();
        if decode::push(&mut self.texts, value, ColumnType::Text, times) == Fit::Misfit {
            self.odd.extend(u32::try_from(row).ok());
        }
    }

    /// In the order of keys; a missing one is the key's text.
    pub(super) fn sorted(&self, order: &[u32], keys: &Keys) -> TextColumn {
        let keyed = |place: usize| match keys {
            Keys::Integer(keys) => keys.get(place).map(i64::to_string),
            Keys::Text(keys) => keys.get(place).map(ToString::to_string),
        };
        let mut sorted = TextColumn::default();
        for (place, row) in order.iter().enumerate() {
            let label = match &self.texts {
                Column::Text(labels) => labels.get(index(*row)),
                _ => None,
            };
            match label {
                Some(label) => sorted.push(Some(label)),
                None => sorted.push(keyed(place).as_deref()),
            }
        }
        sorted
    }
}
