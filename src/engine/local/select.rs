//! Which columns of a table are read, and how its rows are called in messages.

use std::collections::{BTreeSet, HashMap};

use rusqlite::types::{Value, ValueRef};
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
    /// Its place in each row, once prepared.
    named: Option<usize>,
}

/// A stored value that was looked at again.
pub(super) struct Seen {
    /// Its row and itself, for people.
    pub(super) example: String,
    pub(super) value: Value,
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
        // A key of one column is often read anyway.
        let name = match found.primary_key.as_slice() {
            [key] => Some(column(key)),
            _ if has_rowid => Some("t._rowid_".to_owned()),
            keys => keys.first().map(|key| column(key)),
        };
        Ok(Some(Self {
            table: table.to_owned(),
            known: found.columns.into_iter().map(|known| known.name).collect(),
            columns: Vec::new(),
            name,
            named: None,
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

    /// The statement; all columns must be asked for before.
    pub(super) fn prepare<'c>(
        &mut self,
        connection: &'c Connection,
    ) -> rusqlite::Result<Statement<'c>> {
        if let Some(name) = &self.name {
            let place = self.columns.iter().position(|there| there == name);
            self.named = Some(place.unwrap_or(self.columns.len()));
            if place.is_none() {
                self.columns.push(name.clone());
            }
        }
        let columns = match self.columns.as_slice() {
            [] => "1".to_owned(),
            columns => columns.join(", "),
        };
        let table = quoted(&self.table);
        connection.prepare(&format!("SELECT {columns} FROM {table} AS t"))
    }

    /// About how many rows there are, where that costs nothing to know.
    pub(super) fn estimate(&self, connection: &Connection) -> Option<u64> {
        let table = quoted(&self.table);
        let sql = format!("SELECT max(t._rowid_) FROM {table} AS t");
        let largest = connection.query_row(&sql, [], |row| row.get::<_, Option<i64>>(0));
        u64::try_from(largest.ok()??).ok()
    }

    /// Values of a table that was read before, by their rows' places in it, from 1, and their places in the
    /// row: one snapshot gives its rows in the same order again.
    pub(super) fn look_again(
        &mut self,
        connection: &Connection,
        wanted: &BTreeSet<(u64, usize)>,
    ) -> rusqlite::Result<HashMap<(u64, usize), Seen>> {
        let mut seen = HashMap::new();
        let Some((last, _)) = wanted.last() else {
            return Ok(seen);
        };
        let mut statement = self.prepare(connection)?;
        let mut rows = statement.query([])?;
        for ordinal in 1..=*last {
            let Some(row) = rows.next()? else { break };
            for (_, column) in wanted.range((ordinal, 0)..=(ordinal, usize::MAX)) {
                let value = row.get_ref(*column)?;
                let example = self.example(row, ordinal, value);
                let value = Value::try_from(value).unwrap_or(Value::Null);
                seen.insert((ordinal, *column), Seen { example, value });
            }
        }
        Ok(seen)
    }

    /// A row with an odd value, for people: `visits row 17: "31.02.2025"`. `ordinal` counts from 1.
    pub(super) fn example(&self, row: &Row<'_>, ordinal: u64, value: ValueRef<'_>) -> String {
        let name = self.named.and_then(|place| row.get_ref(place).ok());
        let name = name.map_or_else(|| ordinal.to_string(), shown);
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
