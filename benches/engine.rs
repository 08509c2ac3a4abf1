//! How fast and how big: `cargo bench --bench engine`.
//!
//! Makes a studio chain of 100,000 clients and 5,000,000 visits, then measures on that one file a bare loop
//! over the same columns, fourteen hand-written SQL queries with and without indexes, Muster, and DuckDB where
//! it can be had. Each phase is a process of its own, so that its peak of memory is its own. Seconds are
//! of the wall, medians of three or more; those of the processor, all threads together, stand beside them.
//!
//! After `--`:
//!
//! - `--only kept,backtest` prints these sections only (their names stand before their headings);
//! - `--small` is a fiftieth of it, and `--divide 10` a tenth;
//! - `--long` takes 1,000,000 clients and 100,000,000 visits, some minutes and 5 GB of disk;
//! - `--people` takes 10,000,000 clients with small histories, through whole runs.
//!
//! The sections `postgres` and `spark` need the servers of the tests (`sh tests/postgres/server.sh start`, `sh tests/spark/server.sh
//! start`), `spark` the feature of that name too; `MUSTER_BENCH_SPARK=sc://HOST:PORT` names another Spark server.
//!
//! The database is made in the folder that `MUSTER_BENCH_FOLDER` names, and used again if it is there; without
//! it, in a temporary one.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "engine/beyond.rs"]
mod beyond;
#[path = "engine/data.rs"]
mod data;
#[path = "engine/duckdb.rs"]
mod duckdb;
#[path = "engine/figures.rs"]
mod figures;
#[path = "engine/kept.rs"]
mod kept;
#[path = "engine/long.rs"]
mod long;
#[path = "engine/measure.rs"]
mod measure;
#[path = "engine/people.rs"]
mod people;
#[path = "engine/phases.rs"]
mod phases;
#[path = "engine/plan.rs"]
mod plan;
#[path = "engine/postgres.rs"]
mod postgres;
#[path = "engine/report.rs"]
mod report;
#[path = "engine/rows.rs"]
mod rows;
#[path = "engine/rules.rs"]
mod rules;
#[path = "engine/spark.rs"]
mod spark;
#[path = "engine/sql.rs"]
mod sql;

use std::path::{Path, PathBuf};

use data::Size;
use figures::Figures;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let is_given = |name: &str| arguments.iter().any(|argument| argument == name);
    let value = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)
    };
    if let (Some(phase), Some(folder)) = (value("--phase"), value("--folder")) {
        phases::run(phase, Path::new(folder));
        measure::tell("peak_memory", measure::peak_memory());
        return;
    }
    let divisor = match value("--divide") {
        Some(divisor) => divisor.parse().expect("--divide takes a whole number"),
        None if is_given("--small") => 50,
        None => 1,
    };
    let temporary = tempfile::tempdir().unwrap();
    let named = std::env::var_os("MUSTER_BENCH_FOLDER").map(PathBuf::from);
    let root = named.as_deref().unwrap_or(temporary.path());
    if is_given("--long") {
        long::report(&Figures::new(root, Size::long().divided_by(divisor)));
        return;
    }
    if is_given("--people") {
        people::report(&Figures::new(root, Size::people().divided_by(divisor)));
        return;
    }
    let size = Size::full().divided_by(divisor);
    let tenth = Figures::new(root, size.with_fewer_visits());
    report::report(
        &report::Measured {
            whole: Figures::new(root, size),
            tenth,
        },
        value("--only").map(String::as_str),
    );
}
