//! What is known about the subjects before a query: rows that the query joins.

use super::lent::{Lent, text};
use super::query::{Kind, kind};
use super::source::GIVEN;
use crate::engine::{Asked, Column, Keys, OwnedCell};
use crate::ir::NodeId;

/// A table with one row per subject, which holds what is known before a query.
pub struct Given<'g> {
    /// The name of the table in queries.
    pub table: &'static str,
    /// Its columns: the key, named `k`, then values.
    pub columns: Vec<(String, Kind)>,
    asked: &'g Asked<'g>,
    values: Vec<(Lent, Column)>,
}

impl<'g> Given<'g> {
    pub(super) fn new(asked: &'g Asked<'g>, given: &[Lent]) -> Self {
        let key = match asked.subjects.keys {
            Keys::Integer(_) => Kind::Whole,
            Keys::Text(_) => Kind::Text,
        };
        let values = given.iter().enumerate();
        let values = values.map(|(place, lent)| (format!("v{place}"), kind(lent.form)));
        let nodes: Vec<NodeId> = given.iter().map(|lent| lent.node).collect();
        let of_nodes = given.iter().copied().zip(asked.of_subjects(&nodes));
        Self {
            table: GIVEN,
            columns: std::iter::once(("k".to_owned(), key))
                .chain(values)
                .collect(),
            asked,
            values: of_nodes.collect(),
        }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.asked.subjects.len()
    }

    /// Its rows, one cell per column.
    pub fn rows(&self) -> impl Iterator<Item = Vec<OwnedCell>> {
        (0..self.len()).map(|place| {
            let key = match &self.asked.subjects.keys {
                Keys::Integer(keys) => keys.get(place).map(|key| OwnedCell::Integer(*key)),
                Keys::Text(keys) => keys.get(place).map(|key| text(key)),
            };
            let values = self.values.iter();
            let values = values.map(|(lent, column)| lent.cell(&column.value(place)));
            let key = key.unwrap_or(OwnedCell::Null);
            std::iter::once(key).chain(values).collect()
        })
    }
}
