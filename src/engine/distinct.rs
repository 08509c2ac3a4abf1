//! The different values that fields have in the data.

use std::collections::BTreeSet;

use super::{Column, Evaluation, Stale};
use crate::ir::FieldIr;

/// How many different values of a field are listed.
pub const FIELD_VALUES: usize = 1_000;

/// The different values that a field has in the data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DistinctValues {
    /// The values as the language writes them, texts without quotes: at most [`FIELD_VALUES`].
    pub values: BTreeSet<String>,
    /// Whether there are more than these.
    pub more: bool,
}

/// The values of each field, from an evaluation that kept [`FieldIr::fields`].
pub fn distinct_values(
    ir: &FieldIr,
    evaluation: &Evaluation,
) -> Vec<Result<DistinctValues, Stale>> {
    let of = |column: &Column| {
        let mut found = DistinctValues::default();
        for row in 0..column.len() {
            let value = column.value(row);
            if value.is_missing() || found.values.contains(&value.to_string()) {
                continue;
            }
            if found.values.len() == FIELD_VALUES {
                found.more = true;
                break;
            }
            found.values.insert(value.to_string());
        }
        found
    };
    ir.fields
        .iter()
        .map(|field| match evaluation.kept.get(field) {
            Some(Ok(column)) => Ok(of(column)),
            Some(Err(stale)) => Err(stale.clone()),
            None => Ok(DistinctValues::default()),
        })
        .collect()
}
