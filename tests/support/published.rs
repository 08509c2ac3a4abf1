//! What two runs over the same rows have published, wherever the rows were.

use std::path::Path;

use rusqlite::types::Value;

use super::database::{dump, open, rows};
use super::scratch::Scratch;

/// What differs between two runs over the same rows: when they were, what begins a table's life, a secret that is drawn, and the
/// texts that a run was made from, which hold config.
const APART: [&str; 6] = [
    "muster_runs",
    "muster_migrations",
    "muster_deliveries",
    "muster_page_key",
    "muster_texts",
    "muster_sources",
];

/// Runs over a SQLite file and then over the same rows elsewhere, and compares what was published: how many rows that were.
/// `elsewhere` is what stands behind `database:` then.
pub fn assert_equal(scratch: &Scratch, file: &Path, elsewhere: &str, as_of: &str) -> usize {
    scratch.expect(0, &["run", "--as-of", as_of]);
    let config = scratch.read("config.yaml");
    let lines = config
        .lines()
        .map(|line| match line.starts_with("database:") {
            true => format!("database: {elsewhere}"),
            false => line.to_owned(),
        });
    scratch.write("config.yaml", lines.collect::<Vec<_>>().join("\n"));
    scratch.expect(0, &["run", "--as-of", as_of]);
    let of_file = dump(file);
    let of_server = dump(&scratch.path("results.db"));
    let mut compared = 0;
    for (table, rows) in of_server {
        if !APART.contains(&table.as_str()) && table.starts_with("muster_") {
            assert!(sorted(&rows) == sorted(&of_file[&table]), "{table} differs");
            compared += rows.len();
        }
    }
    compared
}

/// Takes the results out of a file that holds rows as well: without them two runs begin alike.
pub fn forget_results(file: &Path) {
    let connection = open(file);
    for row in rows(
        file,
        "select name from sqlite_schema where type = 'table' and (name like 'muster_%' or name like '\\_sqlx%' escape '\\')",
    ) {
        connection
            .execute_batch(&format!(
                "pragma foreign_keys = off; drop table \"{}\"",
                row[0]
            ))
            .unwrap();
    }
}

fn sorted(rows: &[Vec<Value>]) -> Vec<String> {
    let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    rows
}
