//! The same tables, segments and drafts for DuckDB, which `ask_duckdb.py` asks.

use std::path::Path;
use std::process::Command;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::json;

use crate::phases::open;
use crate::{rules, sql};

/// How the script ends where DuckDB cannot be had.
pub const SKIPPED: i32 = 77;

/// The tables, and their columns as DuckDB has them.
pub const TABLES: [(&str, &[(&str, &str)]); 6] = [
    (
        "studios",
        &[
            ("id", "BIGINT"),
            ("name", "VARCHAR"),
            ("network_id", "BIGINT"),
        ],
    ),
    (
        "clients",
        &[
            ("id", "BIGINT"),
            ("name", "VARCHAR"),
            ("email", "VARCHAR"),
            ("birthday", "VARCHAR"),
            ("studio_id", "BIGINT"),
            ("signed_up_at", "TIMESTAMP"),
        ],
    ),
    (
        "visits",
        &[
            ("id", "BIGINT"),
            ("client_id", "BIGINT"),
            ("attended_at", "TIMESTAMP"),
            ("class", "VARCHAR"),
            ("is_intro", "BOOLEAN"),
        ],
    ),
    (
        "packages",
        &[
            ("id", "BIGINT"),
            ("client_id", "BIGINT"),
            ("product", "VARCHAR"),
            ("purchased_at", "TIMESTAMP"),
            ("expires_at", "TIMESTAMP"),
            ("total_count", "BIGINT"),
            ("used_count", "BIGINT"),
            ("is_intro", "BOOLEAN"),
        ],
    ),
    (
        "payments",
        &[
            ("id", "BIGINT"),
            ("client_id", "BIGINT"),
            ("paid_at", "TIMESTAMP"),
            ("amount", "DOUBLE"),
            ("method", "VARCHAR"),
        ],
    ),
    (
        "reservations",
        &[
            ("id", "BIGINT"),
            ("client_id", "BIGINT"),
            ("reserved_at", "TIMESTAMP"),
            ("source", "VARCHAR"),
            ("status", "VARCHAR"),
        ],
    ),
];

/// Writes the tables as CSV, and the statements, and asks DuckDB about them.
pub fn command(folder: &Path) -> Command {
    let files = folder.join("duckdb");
    write(&open(&folder.join("studio.db")), &files);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/engine/ask_duckdb.sh");
    let mut command = Command::new("sh");
    command.arg(script).arg(files);
    command
}

/// Writes each table as a CSV file with its name, unless they are there.
pub fn write_tables(connection: &Connection, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    for (table, _) in TABLES {
        let file = folder.join(format!("{table}.csv"));
        if file.exists() {
            continue;
        }
        // Under its name only once it is complete.
        let unfinished = folder.join("unfinished.csv");
        write_table(connection, table, &unfinished);
        std::fs::rename(unfinished, file).unwrap();
    }
}

fn write(connection: &Connection, folder: &Path) {
    write_tables(connection, folder);
    let import = TABLES.map(|(table, columns)| {
        let file = folder.join(format!("{table}.csv"));
        let types = columns.iter().map(|(name, ty)| format!("'{name}': '{ty}'"));
        let types = types.collect::<Vec<_>>().join(", ");
        format!(
            "CREATE TABLE {table} AS SELECT * FROM read_csv('{}', header = true, columns = {{{types}}})",
            file.display()
        )
    });
    let drafts = (1..=rules::DRAFTS).map(|n| (format!("draft_{n}"), sql::draft_in_duckdb(n)));
    let statements = json!({
        "import": import,
        "segments": sql::QUERIES.map(|(segment, query)| (segment, sql::in_duckdb(query))),
        "drafts": drafts.collect::<Vec<_>>(),
    });
    std::fs::write(folder.join("statements.json"), statements.to_string()).unwrap();
}

fn write_table(connection: &Connection, table: &str, file: &Path) {
    let mut statement = connection
        .prepare(&format!("SELECT * FROM {table}"))
        .unwrap();
    let mut csv = csv::Writer::from_path(file).unwrap();
    csv.write_record(statement.column_names()).unwrap();
    let width = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        for place in 0..width {
            match row.get_ref(place).unwrap() {
                ValueRef::Integer(value) => csv.write_field(value.to_string()),
                ValueRef::Real(value) => csv.write_field(value.to_string()),
                ValueRef::Text(text) | ValueRef::Blob(text) => csv.write_field(text),
                ValueRef::Null => csv.write_field(""),
            }
            .unwrap();
        }
        csv.write_record(None::<&[u8]>).unwrap();
    }
    csv.flush().unwrap();
}
