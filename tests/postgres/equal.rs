//! The same rules over the same rows in a SQLite file and on a server: everything that is published is equal.

use std::path::Path;

use rusqlite::types::Value;

use crate::support::data_set::DataSet;
use crate::support::database::dump;
use crate::support::postgres::Postgres;
use crate::support::scratch::Scratch;

/// What differs between two runs over the same rows: when they were, what begins a table's life, and a secret that is drawn.
const APART: [&str; 4] = [
    "muster_runs",
    "muster_migrations",
    "muster_deliveries",
    "muster_page_key",
];

/// Runs both, and compares what was published: how many rows that were.
fn assert_equal(scratch: &Scratch, file: &Path, postgres: &Postgres, as_of: &str) -> usize {
    postgres.take_over(file);
    scratch.expect(0, &["run", "--as-of", as_of]);
    let config = scratch.read("config.yaml");
    let lines = config
        .lines()
        .map(|line| match line.starts_with("database:") {
            true => format!("database: {}", postgres.config()),
            false => line.to_owned(),
        });
    scratch.write("config.yaml", lines.collect::<Vec<_>>().join("\n"));
    scratch.expect(0, &["run", "--as-of", as_of]);
    let of_file = dump(file);
    let of_server = dump(&scratch.path("results.db"));
    let mut compared = 0;
    for (table, rows) in of_server {
        if !APART.contains(&table.as_str()) && table.starts_with("muster_") {
            // The texts that a run was made from hold config, which differs.
            let is_text = ["muster_texts", "muster_sources"].contains(&table.as_str());
            if !is_text {
                assert!(sorted(&rows) == sorted(&of_file[&table]), "{table} differs");
                compared += rows.len();
            }
        }
    }
    compared
}

fn sorted(rows: &[Vec<Value>]) -> Vec<String> {
    let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    rows
}

fn data_set(name: &str, as_of: &str) {
    let Some(set) = DataSet::open(name) else {
        return;
    };
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let file = set.folder.path(&format!("{name}.sqlite"));
    let compared = assert_equal(&set.folder, &file, &postgres, as_of);
    assert!(compared > 1_000, "{name}: {compared} rows");
}

#[test]
fn a_shop_is_the_same() {
    data_set("rfm_orders", "2006-12-31");
}

#[test]
fn donors_are_the_same() {
    data_set("donor_analytics", "2021-12-31");
}

#[test]
fn households_are_the_same() {
    data_set("completejourney", "2017-12-31");
}

#[test]
fn the_demo_studio_is_the_same() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let scratch = Scratch::shipped();
    scratch.put_clock("2026-03-15T10:00:00Z");
    scratch.expect(0, &["demo"]);
    let file = scratch.database();
    // The run of the demo, and then one of the same instant: the second moves nobody.
    assert!(assert_equal_after_demo(&scratch, &file, &postgres) > 1_000);
}

/// A demo publishes by itself; without its results both begin alike.
fn assert_equal_after_demo(scratch: &Scratch, file: &Path, postgres: &Postgres) -> usize {
    let connection = crate::support::database::open(file);
    for row in crate::support::database::rows(
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
    assert_equal(scratch, file, postgres, "2026-03-15")
}
