//! Looking into a database file from outside.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::Value;

/// The first column of a query's rows as text.
pub fn query(path: &Path, sql: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement
        .query_map([], |row| row.get::<_, Value>(0))
        .unwrap();
    rows.map(|value| match value.unwrap() {
        Value::Null => "null".into(),
        Value::Integer(value) => value.to_string(),
        Value::Real(value) => format!("{value:?}"),
        Value::Text(value) => value,
        Value::Blob(value) => format!("{value:?}"),
    })
    .collect()
}

/// Every row of every table.
pub fn dump(path: &Path) -> BTreeMap<String, Vec<Vec<Value>>> {
    let names = query(path, "select name from sqlite_schema where type = 'table'");
    let connection = rusqlite::Connection::open(path).unwrap();
    let rows = |name: &String| {
        let mut statement = connection
            .prepare(&format!("select * from \"{name}\""))
            .unwrap();
        let width = statement.column_count();
        statement
            .query_map([], |row| (0..width).map(|at| row.get(at)).collect())
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    };
    names
        .iter()
        .map(|name| (name.clone(), rows(name)))
        .collect()
}
