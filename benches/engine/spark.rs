//! The same tables as Parquet files on a Spark server, and the segments as queries there, which `ask_spark.py` asks.

use std::path::Path;
use std::process::Command;

use muster::project::Project;
use serde_json::json;

use crate::measure::{Rounds, median_of, processor_of, tell};
use crate::phases::{TIMES, evaluate_once, open, project as read, tell_members};
use crate::{duckdb, rules, sql};

/// Where a Spark server listens: the one that `MUSTER_BENCH_SPARK` names, else that of the tests; none where it has not been
/// started, or where Muster was built without the feature.
pub fn address() -> Option<String> {
    if !cfg!(feature = "spark") {
        return None;
    }
    named().or_else(|| {
        let port = of_tests("address")?;
        Some(format!("sc://127.0.0.1:{port}"))
    })
}

fn named() -> Option<String> {
    std::env::var("MUSTER_BENCH_SPARK").ok()
}

/// The id of the server's process, where it is that of the tests.
fn process() -> Option<String> {
    match named() {
        Some(_) => None,
        None => of_tests("pid"),
    }
}

/// What the tests' server wrote down when it was started.
fn of_tests(file: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/spark");
    let written = std::fs::read_to_string(folder.join(file)).ok()?;
    Some(written.trim().to_owned())
}

/// Writes the tables, and the statements, and asks the server about them.
pub fn command(folder: &Path) -> Command {
    duckdb::write_tables(&open(&folder.join("studio.db")), &folder.join("duckdb"));
    let tables = duckdb::TABLES.map(|(table, columns)| {
        let columns = columns.iter().map(|(name, ty)| json!([name, ty]));
        (table, columns.collect::<Vec<_>>())
    });
    let statements = json!({
        "tables": tables,
        "segments": sql::QUERIES.map(|(segment, query)| (segment, sql::in_spark(query))),
    });
    std::fs::write(folder.join("spark.json"), statements.to_string()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/engine/ask_spark.sh");
    let mut command = Command::new("sh");
    command.arg(script).arg(folder).args(address());
    command
}

/// The same with what the server's processors spend, where its process is known.
pub fn queries(folder: &Path) -> Command {
    let mut command = command(folder);
    command.args(process());
    command
}

/// Muster over the same files.
pub fn evaluate(folder: &Path) {
    let project = project(folder);
    let mut rounds = Rounds::default();
    let process = process();
    let processor = || process.as_deref().map_or(f64::NAN, processor_of);
    let found = median_of(TIMES, "evaluate", || {
        let before = processor();
        let found = evaluate_once(&project);
        rounds.add("server_processor", processor() - before);
        found
    });
    rounds.tell();
    tell("scan", found.scan_time.as_secs_f64());
    tell_members(&project, &found);
}

/// The fourteen over those files, which are written first where they are not there.
pub fn project(folder: &Path) -> Project {
    if !folder.join("parquet").exists() {
        let written = command(folder).arg("--write").status().unwrap();
        assert!(written.success(), "the Parquet files were not written");
    }
    let tables = duckdb::TABLES.map(|(table, _)| {
        let files = folder.join("parquet").join(table);
        format!("{table}: {}", files.display())
    });
    let address = address().expect("the report has looked");
    let tables = tables.join(", ");
    rules::write_for(
        folder,
        "spark",
        &format!("{{ spark: \"{address}\", tables: {{ {tables} }} }}"),
    );
    // Files do not tell which column is a row's key.
    let config = folder.join("spark.yaml");
    let keyless = std::fs::read_to_string(&config).unwrap();
    let keyed = keyless.replace("subject: client_id,", "subject: client_id, key: id,");
    std::fs::write(config, keyed).unwrap();
    read(folder, "spark")
}
