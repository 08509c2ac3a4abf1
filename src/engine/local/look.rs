//! A look into a database of which nothing is known yet.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::select::quoted;
use super::{Local, open};
use crate::catalog::Schema;
use crate::engine::{Engine, EngineError};
use crate::init::{About, Cell, Data};

/// So many rows of a table are looked at.
const ENOUGH: u32 = 1_000_000;
/// So many of them are looked at closely.
const SAMPLE: u64 = 1_000;

/// A SQLite file with its schema, for guesses.
#[derive(Debug)]
pub struct Look {
    connection: Connection,
    schema: Schema,
}

impl Look {
    /// Opens a database file read-only.
    ///
    /// # Errors
    /// See [`Local::open`].
    pub fn open(path: &Path) -> Result<Self, EngineError> {
        let mut local = Local::open_within(path, open::PATIENCE)?;
        let schema = local.schema()?;
        Ok(Self {
            connection: local.connection,
            schema,
        })
    }

    fn description(&self, table: &str) -> rusqlite::Result<Option<About>> {
        let kind = "SELECT l.type, s.sql FROM pragma_table_list l JOIN sqlite_schema s ON s.name = l.name \
                    WHERE l.schema = 'main' AND l.name = ?1";
        let (kind, definition): (String, String) =
            self.connection
                .query_row(kind, [table], |row| Ok((row.get(0)?, row.get(1)?)))?;
        // The parts of a search index are no tables of the user's.
        if !["table", "view"].contains(&kind.as_str()) {
            return Ok(None);
        }
        let rows = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} LIMIT {ENOUGH})",
            quoted(table)
        );
        let unique = "SELECT min(c.name) FROM pragma_index_list(?1) i, pragma_index_info(i.name) c \
                      WHERE i.\"unique\" = 1 AND i.partial = 0 AND i.origin <> 'pk' GROUP BY i.name HAVING count(*) = 1 AND min(c.name) IS NOT NULL";
        let references = "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?1) GROUP BY id HAVING count(*) = 1 ORDER BY id DESC";
        let mut unique = self.connection.prepare(unique)?;
        let mut references = self.connection.prepare(references)?;
        Ok(Some(About {
            rows: u64::from(
                self.connection
                    .query_row(&rows, [], |row| row.get::<_, u32>(0))?,
            ),
            view: (kind == "view").then_some(definition),
            unique: unique
                .query_map([table], |row| row.get(0))?
                .collect::<Result<_, _>>()?,
            references: references
                .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?,
        }))
    }

    /// Every `step`th row.
    fn rows(&self, table: &str, columns: &[&str], step: u64) -> rusqlite::Result<Vec<Vec<Cell>>> {
        let columns: Vec<String> = columns
            .iter()
            .map(|column| format!("t.{}", quoted(column)))
            .collect();
        let sql = format!(
            "SELECT {} FROM {} AS t LIMIT {ENOUGH}",
            columns.join(", "),
            quoted(table)
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut found = statement.query([])?;
        let mut rows = Vec::new();
        let mut place = 0;
        while let Some(row) = found.next()? {
            if place % step == 0 {
                let cells = (0..columns.len()).map(|column| Ok(cell(row.get_ref(column)?)));
                rows.push(cells.collect::<rusqlite::Result<_>>()?);
            }
            place += 1;
        }
        Ok(rows)
    }
}

impl Data for Look {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn about(&self, table: &str) -> Option<About> {
        self.description(table).ok().flatten()
    }

    fn sample(&self, table: &str) -> Vec<Vec<Cell>> {
        let rows = self.about(table).map_or(0, |about| about.rows);
        let columns = self
            .schema
            .tables
            .get(table)
            .map(|table| table.columns.iter());
        let columns: Vec<&str> = columns
            .into_iter()
            .flatten()
            .map(|c| c.name.as_str())
            .collect();
        self.rows(table, &columns, rows.div_ceil(SAMPLE).max(1))
            .unwrap_or_default()
    }

    fn values(&self, table: &str, column: &str) -> Vec<Cell> {
        let rows = self.rows(table, &[column], 1).unwrap_or_default();
        rows.into_iter().flatten().collect()
    }
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(whole) => Cell::Integer(whole),
        ValueRef::Real(real) => Cell::Real(real),
        ValueRef::Text(text) => {
            std::str::from_utf8(text).map_or(Cell::Bytes, |text| Cell::Text(text.to_owned()))
        }
        ValueRef::Blob(_) => Cell::Bytes,
    }
}
