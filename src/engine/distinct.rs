//! The different values that fields have in the data.

use std::collections::BTreeSet;

use super::{Evaluation, Stale};
use crate::ir::OutputId;

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

impl Evaluation {
    /// The different values of an output: those of the subjects, or of the rows behind an
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
