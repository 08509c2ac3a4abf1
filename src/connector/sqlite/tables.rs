//! The tables of a file, read row by row.

use std::ops::ControlFlow;
use std::path::PathBuf;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};

use super::build::files_of;
use super::open::{concerns_whole_database, database_error};
use super::schema;
use crate::engine::{self, Cell, EngineError, Part, ReadError, Select, Tables};
use crate::sql::quoted;

/// One connection in one read transaction.
#[derive(Debug)]
pub(super) struct SqliteTables {
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
    /// Tables with fewer ids are read whole.
    pub(super) least: u64,
}

/// A row, and the positions of its name and its id.
pub(super) struct SqliteRow<'r> {
    row: &'r Row<'r>,
    marks: Marks,
}

/// The positions of a row's name and id in the results of a statement.
#[derive(Debug, Clone, Copy)]
struct Marks {
    name: Option<usize>,
    id: Option<usize>,
}

impl engine::Row for SqliteRow<'_> {
    #[inline]
    fn cell(&self, place: usize) -> Cell<'_> {
        self.row.get_ref(place).map_or(Cell::Null, Cell::from)
    }

    fn name(&self) -> Option<Cell<'_>> {
        self.marks.name.map(|place| self.cell(place))
    }

    fn id(&self) -> Option<i64> {
        match self.cell(self.marks.id?) {
            Cell::Integer(id) => Some(id),
            _ => None,
        }
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

impl Tables for SqliteTables {
    type Row<'r> = SqliteRow<'r>;

    fn columns(&self, table: &str) -> Result<Option<Vec<String>>, ReadError> {
        let found = schema::read_table(&self.connection, table);
        let columns = found.map_err(|error| self.read_error(&error))?.columns;
        let names: Vec<String> = columns.into_iter().map(|column| column.name).collect();
        Ok((!names.is_empty()).then_some(names))
    }

    /// For a view, SQLite only reports the column of its first part, which is no guarantee.
    fn declared_type(&self, table: &str, column: &str) -> Result<Option<String>, ReadError> {
        let sql =
            "SELECT type FROM pragma_table_xinfo(?1) WHERE name = ?2 COLLATE NOCASE AND EXISTS
                   (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE)";
        self.connection
            .query_row(sql, [table, column], |row| row.get(0))
            .optional()
            .map_err(|error| self.read_error(&error))
    }

    fn is_of_files(&self, table: &str) -> Result<bool, ReadError> {
        let files = files_of(&self.connection, table);
        Ok(files.map_err(|error| self.read_error(&error))? > 0)
    }

    fn estimate(&self, table: &str) -> Option<u64> {
        let table = quoted(table);
        let sql = format!("SELECT max(t._rowid_) FROM {table} AS t");
        let largest = self
            .connection
            .query_row(&sql, [], |row| row.get::<_, Option<i64>>(0));
        u64::try_from(largest.ok()??).ok()
    }

    fn ids(&self, table: &str) -> Result<Part, ReadError> {
        let ids = self
            .id_range(table)
            .map_err(|error| self.read_error(&error))?;
        let is_large = |(first, last): &(i64, i64)| last.abs_diff(*first) >= self.least;
        Ok(match ids.filter(is_large) {
            Some((first, last)) => Part::Ids { first, last },
            None => Part::Whole,
        })
    }

    fn id_column(&self, table: &str) -> Result<Option<String>, ReadError> {
        self.id_alias(table)
            .map_err(|error| self.read_error(&error))
    }

    fn is_unique(&self, table: &str, column: &str) -> Result<bool, ReadError> {
        schema::is_unique(&self.connection, table, column).map_err(|error| self.read_error(&error))
    }

    fn read<F>(&self, select: &Select, part: Part, mut each: F) -> Result<(), ReadError>
    where
        F: FnMut(&SqliteRow<'_>) -> Result<ControlFlow<()>, ReadError>,
    {
        let failed = |error| self.read_error(&error);
        let (sql, marks) = self.statement(select, part).map_err(failed)?;
        let mut statement = self.connection.prepare(&sql).map_err(failed)?;
        let mut rows = match part {
            Part::Whole => statement.query([]),
            Part::Ids { first, last } => statement.query([first, last]),
        }
        .map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            if each(&SqliteRow { row, marks })?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl SqliteTables {
    /// The statement that reads the columns of a part in order, and the positions of its other values.
    fn statement(&self, select: &Select, part: Part) -> rusqlite::Result<(String, Marks)> {
        let mut columns: Vec<String> = select.columns().iter().map(|name| column(name)).collect();
        // A single-column key is often read anyway.
        let mut place = |name: String| {
            let there = columns.iter().position(|column| *column == name);
            there.unwrap_or_else(|| {
                columns.push(name);
                columns.len() - 1
            })
        };
        let id = match part {
            Part::Whole => None,
            Part::Ids { .. } => self.row_id(select.table())?,
        };
        let marks = Marks {
            name: self.row_name(select.table())?.map(&mut place),
            id: id.clone().map(&mut place),
        };
        let columns = match columns.as_slice() {
            [] => "1".to_owned(),
            columns => columns.join(", "),
        };
        let mut sql = format!("SELECT {columns} FROM {} AS t", quoted(select.table()));
        if let (Some(id), Part::Ids { last, .. }) = (id, part) {
            let ids = match Some(last) >= self.end_of_ids("max", select.table(), &id)? {
                // No row of this state is beyond the part, so comparing with its end is unnecessary.
                true => format!("{id} >= ?1 AND ?2 IS NOT NULL"),
                false => format!("{id} BETWEEN ?1 AND ?2"),
            };
            // A covering index would return the rows in its own order.
            sql.push_str(&format!(" NOT INDEXED WHERE {ids} ORDER BY {id}"));
        }
        Ok((sql, marks))
    }

    /// The name of a table's rows: its single-column key, else the rowid, else the first column of the key.
    fn row_name(&self, table: &str) -> rusqlite::Result<Option<String>> {
        let key = schema::read_table(&self.connection, table)?.primary_key;
        Ok(match key.as_slice() {
            [key] => Some(column(key)),
            keys => {
                let id = self.row_id(table)?;
                id.or_else(|| keys.first().map(|key| column(key)))
            }
        })
    }

    /// The expression for the row ids of a table; none where there are none, as in a view or a `WITHOUT ROWID` table.
    fn row_id(&self, table: &str) -> rusqlite::Result<Option<String>> {
        if !self.has_row_ids(table)? {
            return Ok(None);
        }
        if let Some(key) = self.id_alias(table)? {
            return Ok(Some(column(&key)));
        }
        let columns = schema::read_table(&self.connection, table)?.columns;
        let mut names = columns.iter().map(|column| &column.name);
        let is_hidden = names.any(|name| name.eq_ignore_ascii_case("_rowid_"));
        Ok((!is_hidden).then(|| "t._rowid_".to_owned()))
    }

    fn has_row_ids(&self, table: &str) -> rusqlite::Result<bool> {
        let sql = "SELECT type = 'table' AND wr = 0 FROM pragma_table_list
                   WHERE schema = 'main' AND name = ?1 COLLATE NOCASE";
        let found = self.connection.query_row(sql, [table], |row| row.get(0));
        Ok(found.optional()?.unwrap_or(false))
    }

    /// The column that is an alias of the row id in a table with row ids: the only kind of key without an index.
    fn id_alias(&self, table: &str) -> rusqlite::Result<Option<String>> {
        let key = schema::read_table(&self.connection, table)?.primary_key;
        let [key] = key.as_slice() else {
            return Ok(None);
        };
        let is_id = "SELECT count(*) = 0 FROM pragma_index_list(?1) WHERE origin = 'pk'";
        let is_id: bool = self
            .connection
            .query_row(is_id, [table], |row| row.get(0))?;
        Ok(is_id.then(|| key.clone()))
    }

    /// The lowest and highest row ids of a table; none where it has none.
    fn id_range(&self, table: &str) -> rusqlite::Result<Option<(i64, i64)>> {
        let Some(id) = self.row_id(table)? else {
            return Ok(None);
        };
        // Asked for both at once, SQLite scans the whole table.
        let first = self.end_of_ids("min", table, &id)?;
        Ok(first.zip(self.end_of_ids("max", table, &id)?))
    }

    /// The lowest or highest of a table's row ids, from the column `id`.
    fn end_of_ids(&self, which: &str, table: &str, id: &str) -> rusqlite::Result<Option<i64>> {
        let sql = format!("SELECT {which}({id}) FROM {} AS t", quoted(table));
        self.connection.query_row(&sql, [], |row| row.get(0))
    }

    /// An error of the file, as a message.
    pub(super) fn error(&self, error: &rusqlite::Error) -> EngineError {
        database_error(&self.path, error)
    }

    fn read_error(&self, error: &rusqlite::Error) -> ReadError {
        match concerns_whole_database(error) {
            true => ReadError::Whole(self.error(error)),
            false => ReadError::Table(error.to_string()),
        }
    }
}

/// A column of the table `t`, qualified because SQLite takes a bare `"name"` that is not a column for a string.
pub(super) fn column(name: &str) -> String {
    format!("t.{}", quoted(name))
}
