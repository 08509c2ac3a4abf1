//! What is measured, each in its own process.

use std::path::Path;
use std::time::Instant;

use muster::connector::connect;
use muster::engine::{Evaluation, Keep, Unwatched};
use muster::ir::{InputColumn, Ir};
use muster::project::{LoadError, Project};
use muster::run::{Options, Outcome};
use muster::time::{Clock, parse_instant};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::data::NOW;
use crate::measure::{Rounds, median_of, tell};
use crate::{beyond, kept, plan, postgres, rules, spark, sql};

/// How often anything is measured that takes about a second.
pub const TIMES: usize = 5;
/// How often what takes longer is.
pub const FEWER_TIMES: usize = 3;

pub fn run(phase: &str, folder: &Path) {
    match phase {
        "floor" => {
            let columns = columns(&project(folder, "fourteen").ir);
            median_of(TIMES, "floor", || floor(folder, &columns));
        }
        "sql_plain" => queries(&folder.join("studio.db")),
        "sql_indexed" => indexed(folder),
        "evaluate" => {
            let project = project(folder, "fourteen");
            let found = evaluate(&project);
            tell("scan", found.scan_time.as_secs_f64());
            tell("evaluation", found.evaluation_time.as_secs_f64());
            tell_members(&project, &found);
        }
        "one_thread" | "two_threads" => {
            let mut project = project(folder, "fourteen");
            project.config.threads = Some(if phase == "one_thread" { 1 } else { 2 });
            evaluate(&project);
        }
        "thresholds" | "windows" => {
            let project = project(folder, phase);
            assert_eq!(project.ir.segments.len(), 10 * rules::SEGMENTS.len());
            evaluate(&project);
        }
        "postgres_queries" => server(folder).queries(folder),
        "postgres" => server(folder).evaluate(folder),
        "spark" => spark::evaluate(folder),
        "end_to_end" => end_to_end(&project(folder, "fourteen")),
        "spark_end_to_end" => end_to_end(&spark::project(folder)),
        "drafts" => drafts(folder),
        "run" => publish(&project(folder, "fourteen")),
        "kept" => kept::questions(folder),
        "plan" => plan::edit(folder),
        "compose" => beyond::compose(&project(folder, "told")),
        "backtest" => beyond::past(&project(folder, "told")),
        other => panic!("no phase {other}"),
    }
}

fn server(folder: &Path) -> postgres::Database {
    postgres::Database::of(folder).expect("the report has looked")
}

/// How many members each segment has.
pub fn tell_members(project: &Project, found: &Evaluation) {
    for (segment, members) in project.ir.segments.iter().zip(&found.segments) {
        tell(&segment.id, members.as_ref().unwrap().len() as f64);
    }
}

/// One draft after the other, each read anew.
fn drafts(folder: &Path) {
    let mut rounds = Rounds::default();
    for n in 1..=rules::DRAFTS {
        let project = project(folder, &format!("draft_{n}"));
        let began = Instant::now();
        let found = evaluate_once(&project);
        rounds.add("question", began.elapsed().as_secs_f64());
        let members = found.segments.iter().next().unwrap();
        tell(
            &format!("draft_{n}"),
            members.as_ref().unwrap().len() as f64,
        );
    }
    rounds.tell();
}

pub fn project(folder: &Path, rules: &str) -> Project {
    let config = folder.join(format!("{rules}.yaml"));
    match runtime().block_on(muster::mail::load(&config, connect)) {
        Ok(project) => project,
        Err(LoadError::World(reason)) => panic!("{reason}"),
        Err(LoadError::Refused(_, findings)) => panic!("{findings:#?}"),
    }
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

pub fn evaluate(project: &Project) -> Evaluation {
    median_of(TIMES, "evaluate", || evaluate_once(project))
}

pub fn evaluate_once(project: &Project) -> Evaluation {
    let zone = project.config.timezone;
    let now = parse_instant(NOW, zone).unwrap();
    let clock = Clock { now, zone };
    let snapshot = connect(&project.config).snapshot().unwrap();
    snapshot
        .evaluate(&project.ir, &clock, Keep::Outputs, &Unwatched)
        .unwrap()
}

/// A first run, which writes everything, and a second one, in which nothing has changed.
fn publish(project: &Project) {
    let mut rounds = Rounds::default();
    for _ in 0..FEWER_TIMES {
        forget_results(project);
        for run in ["first", "unchanged"] {
            let outcome = run_once(project);
            let evaluation = outcome.evaluation.scan_time + outcome.evaluation.evaluation_time;
            for (figure, time) in [
                ("evaluation", evaluation),
                ("compare", outcome.compare_time),
                ("write", outcome.write_time),
            ] {
                rounds.add(format!("{run}_{figure}"), time.as_secs_f64());
            }
        }
    }
    rounds.tell();
}

/// A first run and one in which nothing has changed, each once and as a whole.
fn end_to_end(project: &Project) {
    forget_results(project);
    for run in ["first", "unchanged"] {
        let outcome = median_of(1, run, || run_once(project));
        let evaluation = outcome.evaluation.scan_time + outcome.evaluation.evaluation_time;
        tell(&format!("{run}_evaluation"), evaluation.as_secs_f64());
    }
}

fn run_once(project: &Project) -> Outcome {
    let options = Options {
        as_of: parse_instant(NOW, project.config.timezone),
        trigger: "bench".to_owned(),
        ..Options::default()
    };
    let connector = connect(&project.config);
    let run = muster::run::run(project, &*connector, &options, &Unwatched);
    let outcome = runtime().block_on(run).unwrap();
    assert!(outcome.unpublished.is_none(), "{:?}", outcome.unpublished);
    outcome
}

/// Removes what an earlier run has published, so that the next is a first one.
pub fn forget_results(project: &Project) {
    let results = project
        .config
        .results
        .as_ref()
        .unwrap()
        .display()
        .to_string();
    for ending in ["", "-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(format!("{results}{ending}"));
    }
}

/// The tables that a plan reads, with the columns.
pub fn columns(ir: &Ir) -> Vec<(String, Vec<String>)> {
    let own = |inputs: &[InputColumn]| -> Vec<String> {
        let own = inputs.iter().filter(|input| input.lookup.is_none());
        own.map(|input| input.column.clone()).collect()
    };
    let subject = &ir.subject;
    let mut names = own(subject.inputs.as_slice());
    names.push(subject.key.clone());
    names.extend(subject.label.clone());
    let mut tables = vec![(subject.table.clone(), names)];
    for scan in &ir.scans {
        let mut names = own(scan.inputs.as_slice());
        for collection in &scan.collections {
            names.push(collection.subject.column.clone());
            names.extend(collection.at.as_ref().map(|at| at.column.clone()));
            names.extend(collection.key.clone());
        }
        tables.push((scan.table.clone(), names));
    }
    for (_, names) in &mut tables {
        names.sort();
        names.dedup();
    }
    tables
}

/// A bare loop that reads the same columns of the same tables, times as text, and adds them up.
fn floor(folder: &Path, tables: &[(String, Vec<String>)]) -> f64 {
    let connection = open(&folder.join("studio.db"));
    let mut sum = 0.0;
    for (table, columns) in tables {
        let sql = format!("SELECT {} FROM {table}", columns.join(", "));
        let mut statement = connection.prepare(&sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for place in 0..columns.len() {
                sum += match row.get_ref(place).unwrap() {
                    ValueRef::Integer(value) => value as f64,
                    ValueRef::Real(value) => value,
                    ValueRef::Text(text) => text.len() as f64,
                    ValueRef::Null | ValueRef::Blob(_) => 0.0,
                };
            }
        }
    }
    std::hint::black_box(sum)
}

/// The hand-written queries on a copy of the database that has their indexes.
fn indexed(folder: &Path) {
    let copy = folder.join("indexed.db");
    std::fs::copy(folder.join("studio.db"), &copy).unwrap();
    let connection = Connection::open(&copy).unwrap();
    median_of(1, "indexes", || {
        connection.execute_batch(sql::INDEXES).unwrap()
    });
    queries(&copy);
    drop(connection);
    std::fs::remove_file(copy).unwrap();
}

fn queries(database: &Path) {
    let connection = open(database);
    let counts = median_of(FEWER_TIMES, "sql", || {
        sql::QUERIES.map(|(segment, query)| {
            let mut statement = connection.prepare(&sql::at_now(query)).unwrap();
            let mut rows = statement.query([]).unwrap();
            let mut members = 0;
            while rows.next().unwrap().is_some() {
                members += 1;
            }
            (segment, members)
        })
    });
    for (segment, members) in counts {
        tell(segment, f64::from(members));
    }
}

pub fn open(database: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(database, flags).unwrap()
}
