//! Columns whose values are private.

use std::collections::BTreeSet;

/// The columns that config marks as private: a value is shown only to someone who asks for one client or one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrivateColumns {
    /// Table and column, in lower case: SQLite's names are case-insensitive.
    columns: BTreeSet<(String, String)>,
}

impl PrivateColumns {
    pub(super) fn insert(&mut self, table: &str, column: &str) {
        let place = (table.to_lowercase(), column.to_lowercase());
        self.columns.insert(place);
    }

    /// Whether values of a column may be shown as an example of anything.
    pub fn has(&self, table: &str, column: &str) -> bool {
        // Mostly, nothing is private.
        !self.columns.is_empty()
            && self
                .columns
                .contains(&(table.to_lowercase(), column.to_lowercase()))
    }
}
