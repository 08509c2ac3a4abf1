//! How long SQLite takes for the rows that a run has written, with nothing else to be done.

use std::path::Path;
use std::time::Instant;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::phases::open;

/// The tables with a row a subject or more.
const TABLES: [&str; 4] = [
    "muster_memberships",
    "muster_movements",
    "muster_scores",
    "muster_health",
];

/// Writes the rows of results once more into tables of their own, in the order of their keys, by one
/// statement a table that is prepared once, in one transaction: seconds.
pub fn write(results: &Path) -> f64 {
    let copy = results.with_file_name("rows.db");
    let forget = || {
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", copy.display()));
        }
    };
    forget();
    let stored = open(results);
    let connection = Connection::open(&copy).unwrap();
    let pragmas = "pragma journal_mode = wal; pragma synchronous = normal";
    connection.execute_batch(pragmas).unwrap();
    let tables = TABLES.map(|table| {
        let schema = "select sql from sqlite_schema where name = ?";
        let schema: String = stored.query_row(schema, [table], |row| row.get(0)).unwrap();
        connection.execute_batch(&schema).unwrap();
        rows(&stored, table)
    });
    let began = Instant::now();
    connection.execute_batch("begin").unwrap();
    for (table, rows) in TABLES.iter().zip(&tables) {
        let values = vec!["?"; rows.first().map_or(1, Vec::len)].join(", ");
        let insert = format!("insert into {table} values ({values})");
        let mut insert = connection.prepare(&insert).unwrap();
        for row in rows {
            insert.execute(params_from_iter(row)).unwrap();
        }
    }
    connection.execute_batch("commit").unwrap();
    let took = began.elapsed().as_secs_f64();
    drop(connection);
    forget();
    took
}

fn rows(stored: &Connection, table: &str) -> Vec<Vec<Value>> {
    let mut select = stored.prepare(&format!("select * from {table}")).unwrap();
    let columns = select.column_count();
    let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
    let rows = select.query_map([], row).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}
