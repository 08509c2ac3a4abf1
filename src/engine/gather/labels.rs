//! What subjects are called.

use std::borrow::Cow;

use super::decode::{self, Fit};
use crate::engine::places::index;
use crate::engine::{Cell, Column, Keys, TextColumn};
use crate::time::InstantReader;
use crate::value::ColumnType;

/// The label of each row, and the rows whose label is no text.
pub(super) struct Labels {
    /// One column of texts for each that a label is made of.
    parts: Vec<Column>,
    /// For each part, the rows where it is no text.
    pub(super) odd: Vec<Vec<u32>>,
}

impl Labels {
    /// Of labels that are made of so many columns.
    pub(super) fn new(parts: usize) -> Self {
        Self {
            parts: vec![decode::empty(ColumnType::Text); parts],
            odd: vec![Vec::new(); parts],
        }
    }

    /// The next row's, a cell for each part. A text with a NUL in it, which no table keeps whole, is none.
    pub(super) fn push<'c>(
        &mut self,
        cells: impl Iterator<Item = Cell<'c>>,
        times: &mut InstantReader,
    ) {
        for ((column, odd), value) in self.parts.iter_mut().zip(&mut self.odd).zip(cells) {
            let value = match value {
                Cell::Text(text) if text.contains(&0) => Cell::Blob(text),
                value => value,
            };
            let row = column.len();
            if decode::push(column, value, ColumnType::Text, times) == Fit::MISFIT {
                odd.extend(u32::try_from(row).ok());
            }
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
            match self.label(index(*row)) {
                Some(label) => sorted.push(Some(&label)),
                None => sorted.push(keyed(place).as_deref()),
            }
        }
        sorted
    }

    /// A row's label, none where it is blank: the text as it is, or those of several parts that say something, with blanks between them.
    fn label(&self, row: usize) -> Option<Cow<'_, str>> {
        if let [only] = self.parts.as_slice() {
            let text = only.texts().get(row).filter(|text| !text.trim().is_empty());
            return text.map(Cow::Borrowed);
        }
        let parts = self.parts.iter().filter_map(|part| part.texts().get(row));
        let parts: Vec<&str> = parts
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        (!parts.is_empty()).then(|| Cow::Owned(parts.join(" ")))
    }
}
