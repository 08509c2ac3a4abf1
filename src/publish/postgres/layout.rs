//! The tables and columns of a schema.

use std::collections::BTreeMap;

use super::sql::{MARKER, NOTED, PARTS};
use crate::publish::tables::{KEY, Keys, TABLES};

/// The types that a key has if it is a number.
const NUMBERS: [&str; 6] = [
    "bigint",
    "integer",
    "smallint",
    "numeric",
    "double precision",
    "real",
];

/// Tables and their columns with their types, from the server's catalogue.
#[derive(Debug)]
pub(super) struct Layout(BTreeMap<(String, String), String>);

impl Layout {
    /// Builds the layout from rows with the name of a table, the name of a column, and its type.
    pub(super) fn new(rows: Vec<Vec<Option<String>>>) -> Self {
        let columns = rows.into_iter().filter_map(|row| {
            let mut cells = row.into_iter();
            Some(((cells.next()??, cells.next()??), cells.next()??))
        });
        Self(columns.collect())
    }

    pub(super) fn has_table(&self, table: &str) -> bool {
        self.0.keys().any(|(there, _)| there == table)
    }

    pub(super) fn has(&self, table: &str, column: &str) -> bool {
        self.type_of(table, column).is_some()
    }

    pub(super) fn type_of(&self, table: &str, column: &str) -> Option<&str> {
        let name = (table.to_owned(), column.to_owned());
        self.0.get(&name).map(String::as_str)
    }

    /// What the subjects' keys are; `None` if no table with keys is left, or if the tables differ because somebody has altered some.
    pub(super) fn keys(&self) -> Option<Keys> {
        let tables = TABLES.iter().filter(|table| table.has_keys());
        let types = tables.filter_map(|table| self.type_of(table.name, KEY));
        let mut keys = types.map(|ty| match NUMBERS.contains(&ty) {
            true => Keys::Numbers,
            false => Keys::Texts,
        });
        let first = keys.next()?;
        keys.all(|other| other == first).then_some(first)
    }

    /// Whether Muster's tables were created here: at least one of the two that only Muster needs exists.
    pub(super) fn is_ours(&self) -> bool {
        let has_all =
            |table: &str, columns: &[&str]| columns.iter().all(|name| self.has(table, name));
        has_all(MARKER, &["run_id", "published_at"]) || has_all(PARTS, &NOTED)
    }
}
