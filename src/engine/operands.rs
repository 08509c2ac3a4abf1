//! What every operator needs to know about the columns of its operands.

use super::column::{Column, TextColumn};
use super::scalar::Ordered;
use super::vector::map;
use crate::value::{Truth, Type};

/// Stands in for an operand without a column. In a lowered program, every operand has one.
pub(super) static NOTHING: Column = Column::Truth(Vec::new());

/// The type of the values of operands that share one type; the literal `missing` fits any type.
pub(super) fn kind(columns: &[&Column]) -> Type {
    columns
        .iter()
        .map(|column| column.kind())
        .find(|kind| *kind != Type::Truth)
        .unwrap_or(Type::Truth)
}

/// Yes where the column has no value; unknown counts as missing.
pub(super) fn is_missing(x: &Column) -> Vec<Truth> {
    fn marks<T: Ordered>(values: &[T]) -> Vec<Truth> {
        map(values, |value| Truth::certain(value.is_missing()))
    }
    match x {
        Column::Number(values) => marks(values),
        Column::Money(values) | Column::Instant(values) => marks(values),
        Column::Date(values) => marks(values),
        Column::Truth(values) => map(values, |t| Truth::certain(t == Truth::Unknown)),
        Column::Text(values) => (0..values.len())
            .map(|row| Truth::certain(values.get(row).is_none()))
            .collect(),
    }
}

/// One text per row, for messages and days.
pub(super) fn texts<'t>(texts: impl Iterator<Item = Option<&'t str>>) -> Column {
    Column::Text(TextColumn::from_iter(texts))
}
