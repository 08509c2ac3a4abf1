//! The tables and columns of a schema.

use std::collections::BTreeSet;

use super::sql::{MARKER, NOTED, PARTS};

/// Tables and their columns, from the server's catalogue.
#[derive(Debug)]
pub(super) struct Layout(BTreeSet<(String, String)>);

impl Layout {
    /// Builds the layout from rows with the names of a table and a column.
    pub(super) fn new(rows: Vec<Vec<Option<String>>>) -> Self {
        let columns = rows.into_iter().filter_map(|row| {
            let mut cells = row.into_iter();
            Some((cells.next()??, cells.next()??))
        });
        Self(columns.collect())
    }

    pub(super) fn has_table(&self, table: &str) -> bool {
        self.0.iter().any(|(there, _)| there == table)
    }

    pub(super) fn has(&self, table: &str, column: &str) -> bool {
        self.0.contains(&(table.to_owned(), column.to_owned()))
    }

    /// Whether Muster's tables were created here: at least one of the two that only Muster needs exists.
    pub(super) fn is_ours(&self) -> bool {
        let has_all =
            |table: &str, columns: &[&str]| columns.iter().all(|name| self.has(table, name));
        has_all(MARKER, &["run_id", "published_at"]) || has_all(PARTS, &NOTED)
    }
}
