//! What is known of subjects before a query: rows that it joins.

use chrono_tz::Tz;

use super::form::{Form, from};
use super::query::{Kind, kind};
use super::source::GIVEN;
use crate::engine::{Asked, Cell, Column, Keys, OwnedCell};
use crate::ir::NodeId;
use crate::value::{Truth, Value};

/// A column of what is lent: the values of a node in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lent {
    node: NodeId,
    form: Form,
    /// Whether it is of what comes behind the values: of instants, the microsecond after each.
    is_behind: bool,
}

impl Lent {
    /// The values as they are.
    pub(super) fn value(node: NodeId, form: Form) -> Self {
        Self {
            node,
            form,
            is_behind: false,
        }
    }

    /// Where times on the clock of a zone that are equal to the node's instants begin, and where those behind them.
    pub(super) fn bounds(node: NodeId, zone: Tz) -> [Self; 2] {
        [false, true].map(|is_behind| Self {
            node,
            form: Form::Micros(zone),
            is_behind,
        })
    }

    fn cell(self, value: &Value) -> OwnedCell {
        match (self.form, value) {
            (Form::Micros(zone), Value::Instant(at)) => {
                let at = at.saturating_add(i64::from(self.is_behind));
                OwnedCell::Integer(from(at, zone))
            }
            _ => cell(value),
        }
    }
}

/// What is known of the subjects before a query: a table with a row for each.
pub struct Given<'g> {
    /// What queries call the table.
    pub table: &'static str,
    /// Its columns: the key, which is `k`, then values.
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

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.asked.subjects.len()
    }

    /// Its rows, a cell for each column.
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
