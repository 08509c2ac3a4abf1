//! The different texts of a column, where a look at them is cheap.

use std::collections::BTreeSet;

use super::{Local, open, select};
use crate::engine::EngineError;

impl Local {
    /// The different texts of a table's column, without empty ones; none where there are more than
    /// `most`, where the table has more than `rows` rows, where it is no table but a view, which may take
    /// long, and where there is no such column or one of its cells is no text.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn texts(
        &self,
        table: &str,
        column: &str,
        most: usize,
        rows: usize,
    ) -> Result<Option<BTreeSet<String>>, EngineError> {
        match self.look_at_texts(table, column, most, rows) {
            Err(error) if open::concerns_whole_database(&error) => {
                Err(open::database_error(&self.path, &error))
            }
            found => Ok(found.ok().flatten()),
        }
    }

    /// Whether a name is a table's, and no view's.
    pub(super) fn is_table(&self, name: &str) -> rusqlite::Result<bool> {
        let kind = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 \
                    COLLATE NOCASE)";
        self.connection.query_row(kind, [name], |row| row.get(0))
    }

    fn look_at_texts(
        &self,
        table: &str,
        column: &str,
        most: usize,
        rows: usize,
    ) -> rusqlite::Result<Option<BTreeSet<String>>> {
        if !self.is_table(table)? {
            return Ok(None);
        }
        let (table, column) = (select::quoted(table), select::quoted(column));
        let beyond = format!("SELECT EXISTS (SELECT 1 FROM {table} LIMIT 1 OFFSET {rows})");
        if self.connection.query_row(&beyond, [], |row| row.get(0))? {
            return Ok(None);
        }
        let sql = format!(
            "SELECT DISTINCT CAST(t.{column} AS TEXT) FROM {table} t \
             WHERE t.{column} IS NOT NULL AND t.{column} <> '' LIMIT {}",
            most.saturating_add(1)
        );
        let mut statement = self.connection.prepare(&sql)?;
        let texts = statement.query_map([], |row| row.get(0))?;
        let texts: BTreeSet<String> = texts.collect::<rusqlite::Result<_>>()?;
        Ok((texts.len() <= most).then_some(texts))
    }
}
