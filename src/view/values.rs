//! Values of segments and scores as table cells.

use super::table::Cell;
use crate::config::{ValueDefinition, ValueFormat};
use crate::value::SegmentValue;

/// The label of a value; amounts include their currency.
pub fn value_label(column: &ValueDefinition, currency: &str) -> String {
    match column.format {
        ValueFormat::Money => format!("{} ({currency})", column.label),
        ValueFormat::Days => format!("{} (days)", column.label),
        ValueFormat::Number | ValueFormat::Percent => column.label.clone(),
    }
}

/// A value of a segment with `members` members; an average over only a few of them says so.
pub fn segment_value_cell(format: ValueFormat, value: &SegmentValue, members: u64) -> Cell {
    let cell = value_cell(format, value.number());
    match value.of_few(members) {
        Some(few) if cell != Cell::Empty => Cell::OfFew(Box::new(cell), few, members),
        _ => cell,
    }
}

/// A value in its format; whole numbers without decimals.
pub fn value_cell(format: ValueFormat, value: Option<f64>) -> Cell {
    match (value, format) {
        (None, _) => Cell::Empty,
        (Some(value), ValueFormat::Percent) => Cell::Percent(value),
        (Some(value), ValueFormat::Money) => Cell::Number(value, 2),
        (Some(value), ValueFormat::Days) => Cell::Number(value, 1),
        // A double with a whole value is exact up to 2^53.
        (Some(value), ValueFormat::Number) if value.fract() == 0.0 && value.abs() < 9e15 => {
            Cell::Integer(value as i64)
        }
        (Some(value), ValueFormat::Number) => Cell::Number(value, 2),
    }
}

/// A health score with one decimal; empty if there is none.
pub fn health_cell(health: Option<f64>) -> Cell {
    health.map(|health| Cell::Number(health, 1)).into()
}
