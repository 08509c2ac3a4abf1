//! Whether what is examined is made of private values.

use super::Compiled;
use crate::catalog::CollectionId;
use crate::language::check::FieldValues;
use crate::language::typed::{Kind, Typed};

/// Whether a field by which segments are filtered has values of a private column.
pub(super) fn is_private_field(compiled: &Compiled<'_>, id: &str) -> bool {
    let mut fields = compiled.checked.fields.iter();
    let field = fields.find(|field| field.id == id);
    field.is_some_and(|field| match &field.source {
        FieldValues::One(value) => reads_private(compiled, value, None),
        FieldValues::Any(rows) => {
            let of = rows.measure.field();
            of.is_some_and(|of| reads_private(compiled, of, Some(rows.collection)))
        }
        FieldValues::Gone(_) => false,
    })
}

/// Whether an expression uses values of a private column. `row` is the collection whose rows it is about.
fn reads_private(compiled: &Compiled<'_>, typed: &Typed, row: Option<CollectionId>) -> bool {
    let catalog = compiled.catalog;
    let reads = |typed: &Typed, row| reads_private(compiled, typed, row);
    match &typed.kind {
        Kind::Subject(column) => catalog.is_private_of(&catalog.subject, column),
        Kind::Row(column) => {
            let collection = row.and_then(|row| catalog.collections.get(row));
            collection.is_some_and(|of| catalog.is_private_of(&of.entity, column))
        }
        Kind::Metric(name) => {
            let mut metrics = compiled.checked.metrics.iter();
            let metric = metrics.find(|metric| metric.name == *name);
            let value = metric.and_then(|metric| metric.definition.value());
            value.is_some_and(|value| reads(value, row))
        }
        Kind::Aggregate(aggregate) => {
            let of = aggregate.measure.field();
            of.is_some_and(|of| reads(of, Some(aggregate.collection)))
        }
        _ => {
            let mut operands = typed.operands().into_iter();
            operands.any(|operand| reads(operand, row))
        }
    }
}
