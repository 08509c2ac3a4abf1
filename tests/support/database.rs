//! SQLite files from outside, without Muster.

use std::collections::BTreeMap;
use std::path::Path;

use muster::catalog::{Schema, Table, TableColumn};
use rusqlite::types::Value;
use rusqlite::{Connection, Error};

use super::scratch::Scratch;
use super::waiting::PATIENCE;

/// A connection that waits for whoever writes.
pub fn open(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.busy_timeout(PATIENCE).unwrap();
    connection
}

/// Executes statements; makes the file where there is none.
pub fn execute(path: &Path, sql: &str) {
    open(path).execute_batch(sql).unwrap();
}

/// The rows of a query, each value as text.
pub fn rows(path: &Path, sql: &str) -> Vec<Vec<String>> {
    rows_of(&open(path), sql).unwrap()
}

/// The first column of a query's rows as text.
pub fn query(path: &Path, sql: &str) -> Vec<String> {
    first_column(rows(path, sql))
}

/// As [`rows`]; none where the file or a table is not there yet. Makes no file.
pub fn rows_so_far(path: &Path, sql: &str) -> Vec<Vec<String>> {
    if !path.exists() {
        return Vec::new();
    }
    match rows_of(&open(path), sql) {
        Err(error) if error.to_string().contains("no such table") => Vec::new(),
        found => found.unwrap(),
    }
}

/// As [`query`], of [`rows_so_far`].
pub fn query_so_far(path: &Path, sql: &str) -> Vec<String> {
    first_column(rows_so_far(path, sql))
}

/// The rows of tables, by the tables' names.
pub type Tables = BTreeMap<String, Vec<Vec<Value>>>;

/// Every row of every table.
pub fn dump(path: &Path) -> Tables {
    let connection = open(path);
    let names = query(path, "select name from sqlite_schema where type = 'table'");
    let rows = |name: String| {
        let sql = format!("select * from \"{name}\"");
        let rows = values_of(&connection, &sql).unwrap();
        (name, rows)
    };
    names.into_iter().map(rows).collect()
}

fn first_column(rows: Vec<Vec<String>>) -> Vec<String> {
    let rows = rows.into_iter();
    rows.map(|mut row| row.swap_remove(0)).collect()
}

fn rows_of(connection: &Connection, sql: &str) -> Result<Vec<Vec<String>>, Error> {
    let text = |value| match value {
        Value::Null => "null".into(),
        Value::Integer(value) => value.to_string(),
        Value::Real(value) => format!("{value:?}"),
        Value::Text(value) => value,
        Value::Blob(value) => format!("{value:?}"),
    };
    let rows = values_of(connection, sql)?.into_iter();
    Ok(rows
        .map(|row| row.into_iter().map(text).collect())
        .collect())
}

fn values_of(connection: &Connection, sql: &str) -> Result<Vec<Vec<Value>>, Error> {
    let mut statement = connection.prepare(sql)?;
    let width = statement.column_count();
    let rows = statement.query_map([], |row| (0..width).map(|at| row.get(at)).collect())?;
    rows.collect()
}

impl Scratch {
    /// A connection to the folder's database.
    pub fn connection(&self) -> Connection {
        open(&self.database())
    }

    /// Executes statements in another database of the folder.
    pub fn sql_in(&self, file: &str, sql: &str) {
        execute(&self.path(file), sql);
    }

    /// Executes statements in the folder's database.
    pub fn sql(&self, sql: &str) {
        execute(&self.database(), sql);
    }

    /// Every row of every table of the folder's database.
    pub fn dump(&self) -> Tables {
        dump(&self.database())
    }

    /// The first column of a query's rows in the folder's database.
    pub fn query(&self, sql: &str) -> Vec<String> {
        query(&self.database(), sql)
    }
}

/// The tables and views that statements make.
pub fn schema_of(sql: &str) -> Schema {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(sql).unwrap();
    let names = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')";
    let names = first_column(rows_of(&db, names).unwrap());
    let tables = names.into_iter().map(|name| {
        let table = table_of(&db, &name);
        (name, table)
    });
    Schema {
        tables: tables.collect(),
        ..Schema::default()
    }
}

fn table_of(db: &Connection, name: &str) -> Table {
    let mut info = db
        .prepare("SELECT name, type, dflt_value, pk FROM pragma_table_info(?1)")
        .unwrap();
    let rows = info.query_map([name], |row| {
        let column = TableColumn {
            name: row.get(0)?,
            declared: row.get(1)?,
            default: row.get(2)?,
            unreadable: None,
        };
        Ok((column, row.get::<_, u32>(3)?))
    });
    let rows: Vec<_> = rows.unwrap().map(Result::unwrap).collect();
    let mut keys: Vec<_> = rows.iter().filter(|(_, place)| *place > 0).collect();
    keys.sort_by_key(|(_, place)| place);
    Table {
        primary_key: keys.iter().map(|(column, _)| column.name.clone()).collect(),
        columns: rows.into_iter().map(|(column, _)| column).collect(),
    }
}
