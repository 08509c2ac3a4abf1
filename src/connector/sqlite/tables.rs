//! A file's tables, lent row by row.

use std::ops::ControlFlow;

use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, Row};

use super::open::concerns_whole_database;
use super::{SqliteSnapshot, schema};
use crate::engine::{self, Cell, ReadError, Select, Tables};

/// A row, and where in it stands what it is called.
pub(super) struct SqliteRow<'r> {
    row: &'r Row<'r>,
    named: Option<usize>,
}

impl engine::Row for SqliteRow<'_> {
    #[inline]
    fn cell(&self, place: usize) -> Cell<'_> {
        self.row.get_ref(place).map_or(Cell::Null, Cell::from)
    }

    fn name(&self) -> Option<Cell<'_>> {
        self.named.map(|place| self.cell(place))
    }
}

impl<'a> From<ValueRef<'a>> for Cell<'a> {
    #[inline]
    fn from(value: ValueRef<'a>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(whole) => Self::Integer(whole),
            ValueRef::Real(real) => Self::Real(real),
            ValueRef::Text(text) => Self::Text(text),
            ValueRef::Blob(bytes) => Self::Blob(bytes),
        }
    }
}

impl Tables for SqliteSnapshot {
    type Row<'r> = SqliteRow<'r>;

    fn columns(&self, table: &str) -> Result<Option<Vec<String>>, ReadError> {
        let found = schema::read_table(&self.connection, table);
        let columns = found.map_err(|error| self.read_error(&error))?.columns;
        let names: Vec<String> = columns.into_iter().map(|column| column.name).collect();
        Ok((!names.is_empty()).then_some(names))
    }

    /// Of a view only the column of its first part is known, which binds nobody.
    fn declared_type(&self, table: &str, column: &str) -> Result<Option<String>, ReadError> {
        let sql =
            "SELECT type FROM pragma_table_xinfo(?1) WHERE name = ?2 COLLATE NOCASE AND EXISTS
                   (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE)";
        self.connection
            .query_row(sql, [table, column], |row| row.get(0))
            .optional()
            .map_err(|error| self.read_error(&error))
    }

    fn estimate(&self, table: &str) -> Option<u64> {
        let table = quoted(table);
        let sql = format!("SELECT max(t._rowid_) FROM {table} AS t");
        let largest = self
            .connection
            .query_row(&sql, [], |row| row.get::<_, Option<i64>>(0));
        u64::try_from(largest.ok()??).ok()
    }

    fn read<F>(&self, select: &Select, mut each: F) -> Result<(), ReadError>
    where
        F: FnMut(&SqliteRow<'_>) -> Result<ControlFlow<()>, ReadError>,
    {
        let failed = |error| self.read_error(&error);
        let (sql, named) = self.statement(select).map_err(failed)?;
        let mut statement = self.connection.prepare(&sql).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            if each(&SqliteRow { row, named })?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl SqliteSnapshot {
    /// The statement that reads the columns in table order, and the place in its rows of what they are called.
    fn statement(&self, select: &Select) -> rusqlite::Result<(String, Option<usize>)> {
        let mut columns: Vec<String> = select.columns().iter().map(|name| column(name)).collect();
        let named = self.row_name(select.table())?.map(|name| {
            // A key of one column is often read anyway.
            let there = columns.iter().position(|column| *column == name);
            there.unwrap_or_else(|| {
                columns.push(name);
                columns.len() - 1
            })
        });
        let columns = match columns.as_slice() {
            [] => "1".to_owned(),
            columns => columns.join(", "),
        };
        let table = quoted(select.table());
        Ok((format!("SELECT {columns} FROM {table} AS t"), named))
    }

    /// What names a row of a table: its key of one column, else the rowid, else what the key begins with.
    fn row_name(&self, table: &str) -> rusqlite::Result<Option<String>> {
        let key = schema::read_table(&self.connection, table)?.primary_key;
        let rowid = format!("SELECT t._rowid_ FROM {} AS t", quoted(table));
        Ok(match key.as_slice() {
            [key] => Some(column(key)),
            _ if self.connection.prepare(&rowid).is_ok() => Some("t._rowid_".to_owned()),
            keys => keys.first().map(|key| column(key)),
        })
    }

    fn read_error(&self, error: &rusqlite::Error) -> ReadError {
        match concerns_whole_database(error) {
            true => ReadError::Whole(self.error(error)),
            false => ReadError::Table(error.to_string()),
        }
    }
}

/// A column of the table `t`. Qualified, because SQLite takes a bare `"name"` that is no column for a text.
pub(super) fn column(name: &str) -> String {
    format!("t.{}", quoted(name))
}

/// A name as SQL quotes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
