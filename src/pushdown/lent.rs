//! What a column of the lent table holds.

use chrono_tz::Tz;

use super::form::{Form, from};
use crate::engine::{Cell, OwnedCell};
use crate::ir::NodeId;
use crate::value::{Truth, Value};

/// A column of the lent table: the values of a node, in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lent {
    pub(super) node: NodeId,
    pub(super) form: Form,
    /// Whether it holds what comes after the values: for instants, the microsecond after each.
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

    /// Where times on a zone's clock that equal the node's instants begin, and where those after them begin.
    pub(super) fn bounds(node: NodeId, zone: Tz) -> [Self; 2] {
        [false, true].map(|is_behind| Self {
            node,
            form: Form::Micros(zone),
            is_behind,
        })
    }

    pub(super) fn cell(self, value: &Value) -> OwnedCell {
        match (self.form, value) {
            (Form::Micros(zone), Value::Instant(at)) => {
                let at = at.saturating_add(i64::from(self.is_behind));
                OwnedCell::Integer(from(at, zone))
            }
            _ => cell(value),
        }
    }
}

/// A text in a lent row.
pub(super) fn text(text: &str) -> OwnedCell {
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
