//! Columns whose values are nobody's business.

use std::collections::BTreeSet;

/// Columns of which config says that no value is shown but to who asks for one client or one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrivateColumns {
    /// Table and column, in small letters: SQLite tells neither apart by case.
    columns: BTreeSet<(String, String)>,
}

impl PrivateColumns {
    pub(super) fn insert(&mut self, table: &str, column: &str) {
        let place = (table.to_lowercase(), column.to_lowercase());
        self.columns.insert(place);
    }

    /// Whether values of a column may be shown as an example of anything.
    pub fn has(&self, table: &str, column: &str) -> bool {
        // Mostly nothing is private.
        !self.columns.is_empty()
            && self
                .columns
                .contains(&(table.to_lowercase(), column.to_lowercase()))
    }
}
