//! What is known of subjects before a query: rows that it joins.

use super::form::Form;
use super::query::{Kind, kind};
use super::source::GIVEN;
use crate::engine::{Asked, Cell, Column, Keys, OwnedCell};
use crate::ir::NodeId;
use crate::value::{Truth, Value};

/// What is known of the subjects before a query: a table with a row for each.
pub struct Given<'g> {
    /// What queries call the table.
    pub table: &'static str,
    /// Its columns: the key, which is `k`, then values.
    pub columns: Vec<(String, Kind)>,
    asked: &'g Asked<'g>,
    values: Vec<Column>,
}

impl<'g> Given<'g> {
    pub(super) fn new(asked: &'g Asked<'g>, given: &[(NodeId, Form)]) -> Self {
        let key = match asked.subjects.keys {
            Keys::Integer(_) => Kind::Whole,
            Keys::Text(_) => Kind::Text,
        };
        let values = given.iter().enumerate();
        let values = values.map(|(place, (_, form))| (format!("v{place}"), kind(*form)));
        let nodes: Vec<NodeId> = given.iter().map(|(node, _)| *node).collect();
        Self {
            table: GIVEN,
            columns: std::iter::once(("k".to_owned(), key))
                .chain(values)
                .collect(),
            asked,
            values: asked.of_subjects(&nodes),
        }
    }

    /// Its rows, a cell for each column.
    pub fn rows(&self) -> impl Iterator<Item = Vec<OwnedCell>> {
        (0..self.asked.subjects.len()).map(|place| {
            let key = match &self.asked.subjects.keys {
                Keys::Integer(keys) => keys.get(place).map(|key| OwnedCell::Integer(*key)),
                Keys::Text(keys) => keys.get(place).map(|key| text(key)),
            };
            let values = self.values.iter().map(|column| cell(&column.value(place)));
            let key = key.unwrap_or(OwnedCell::Null);
            std::iter::once(key).chain(values).collect()
        })
    }
}

fn text(text: &str) -> OwnedCell {
    Cell::Text(text.as_bytes()).into()
}

fn cell(value: &Value) -> OwnedCell {
    match value {
        Value::Missing | Value::Truth(Truth::Unknown) => OwnedCell::Null,
        Value::Number(x) => OwnedCell::Real(*x),
        Value::Money(amount) => OwnedCell::Integer(amount.0),
        Value::Text(value) => text(value),
        Value::Truth(truth) => OwnedCell::Integer(i64::from(*truth == Truth::Yes)),
        Value::Date(days) => OwnedCell::Integer(i64::from(*days)),
        Value::Instant(micros) => OwnedCell::Integer(*micros),
    }
}
