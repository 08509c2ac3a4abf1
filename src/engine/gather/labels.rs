//! The labels of subjects.

use std::borrow::Cow;

use super::decode::{self, Fit};
use crate::engine::places::index;
use crate::engine::{Cell, Column, Keys, TextColumn};
use crate::time::InstantReader;
use crate::value::ColumnType;

/// The label of each row, and the rows whose label is not a text.
pub(super) struct Labels {
    /// One column of texts for each part of a label.
    parts: Vec<Column>,
    /// For each part, the rows where it is not a text.
    pub(super) odd: Vec<Vec<u32>>,
}

impl Labels {
    /// For labels that are made of this many parts.
    pub(super) fn new(parts: usize) -> Self {
        Self {
            parts: vec![decode::empty(ColumnType::Text); parts],
            odd: vec![Vec::new(); parts],
        }
    }

    /// Adds the next row's label, one cell per part. A text with a NUL character, which no table stores whole, does not
    /// count.
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

    /// The labels in the order of keys; the key's text replaces a missing label.
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

    /// A row's label; `None` if it is blank. A single part is used as it is; several parts that are not blank are
    /// joined with spaces.
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
