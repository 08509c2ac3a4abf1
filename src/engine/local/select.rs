//! Which columns of a table are read, and how its rows are called in messages.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Statement};

use super::problems::shown;
use super::schema;

/// A `SELECT` of some columns of one table, in table order.
#[derive(Debug)]
pub(super) struct Select {
    table: String,
    /// The table's columns.
    known: Vec<String>,
    columns: Vec<String>,
    /// The column that names a row in messages, where there is one.
    name: Option<String>,
}

impl Select {
    /// Of a table; `None` where it is not there.
    pub(super) fn new(connection: &Connection, table: &str) -> rusqlite::Result<Option<Self>> {
        let found = schema::read_table(connection, table)?;
        if found.columns.is_empty() {
            return Ok(None);
        }
        let has_rowid = connection
            .prepare(&format!("SELECT t._rowid_ FROM {} AS t", quoted(table)))
            .is_ok();
        let name = match has_rowid {
            true => Some("t._rowid_".to_owned()),
            false => found.primary_key.first().map(|key| column(key)),
        };
        Ok(Some(Self {
            table: table.to_owned(),
            known: found.columns.into_iter().map(|known| known.name).collect(),
            columns: Vec::new(),
            name,
        }))
    }

    /// Reads this column too: its place in each row; or why it cannot be read.
    pub(super) fn column(&mut self, name: &str) -> Result<usize, String> {
        let known = self.known.iter().find(|k| k.eq_ignore_ascii_case(name));
        let Some(known) = known else {
            return Err(format!("table `{}` has no column `{name}`", self.table));
        };
        let column = column(known);
        let place = self.columns.iter().position(|there| *there == column);
        Ok(place.unwrap_or_else(|| {
            self.columns.push(column);
            self.columns.len() - 1
        }))
    }

    /// The statement.
    pub(super) fn prepare<'c>(
        &self,
        connection: &'c Connection,
    ) -> rusqlite::Result<Statement<'c>> {
        let one = "1".to_owned();
        let columns = self
            .columns
            .iter()
            .chain([self.name.as_ref().unwrap_or(&one)]);
        let columns: Vec<&str> = columns.map(String::as_str).collect();
        connection.prepare(&format!(
            "SELECT {} FROM {} AS t",
            columns.join(", "),
            quoted(&self.table)
        ))
    }

    /// About how many rows there are, where that costs nothing to know.
    pub(super) fn estimate(&self, connection: &Connection) -> Option<u64> {
        let table = quoted(&self.table);
        let sql = format!("SELECT max(t._rowid_) FROM {table} AS t");
        let largest = connection.query_row(&sql, [], |row| row.get::<_, Option<i64>>(0));
        u64::try_from(largest.ok()??).ok()
    }

    /// A row with an odd value, for people: `visits row 17: "31.02.2025"`. `ordinal` counts from 1.
    pub(super) fn example(&self, row: &Row<'_>, ordinal: u64, value: ValueRef<'_>) -> String {
        let name = match (&self.name, row.get_ref(self.columns.len())) {
            (Some(_), Ok(name)) => shown(name),
            _ => ordinal.to_string(),
        };
        format!("{} row {name}: {}", self.table, shown(value))
    }

    /// The table's name.
    pub(super) fn table(&self) -> &str {
        &self.table
    }
}

/// A column of the table. Qualified, because SQLite takes a bare `"name"` that is no column for a text.
fn column(name: &str) -> String {
    format!("t.{}", quoted(name))
}

/// A name as SQL quotes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
