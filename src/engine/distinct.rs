//! The distinct values of fields in the data.

use std::collections::BTreeSet;

use super::{Evaluation, Stale};
use crate::ir::OutputId;

/// The maximum number of distinct values listed for a field.
pub const FIELD_VALUES: usize = 1_000;

/// The distinct values that a field has in the data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DistinctValues {
    /// The values in the language's notation, texts without quotes: at most [`FIELD_VALUES`].
    pub values: BTreeSet<String>,
    /// Whether there are more values than `values` lists.
    pub more: bool,
}

impl Evaluation {
    /// The distinct values of an output: those of the subjects, or those of the rows behind an
    /// [`crate::ir::Output::Distinct`].
    ///
    /// # Errors
    /// As [`Evaluation::output`].
    pub fn distinct_values(&self, output: OutputId) -> Result<DistinctValues, Stale> {
        let column = self.output(output)?;
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
        Ok(found)
    }
}
