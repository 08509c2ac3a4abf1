//! Another file takes the place of the database: whatever is read is of one of them.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use muster::connector::Connector;
use muster::engine::{Evaluation, Keep, Unwatched};
use muster::project::Project;
use rusqlite::Connection;

use super::harness::{Folder, clock, in_parts};
use super::parallel::{PAYMENTS, Reading, STUDIO_OF_PAYMENTS, THREADS, readings};

/// The versions that a reading has found.
fn versions(project: &Project, evaluation: &Evaluation) -> Vec<String> {
    let column = |name| crate::support::library::metric(project, evaluation, name).unwrap();
    let values = ["oldest", "newest"].map(column).into_iter();
    let values = values.flat_map(|column| (0..20).map(|place| column.value(place).to_string()));
    let mut versions: Vec<String> = values.collect();
    versions.sort();
    versions.dedup();
    versions
}

/// A folder with the metrics of [`versions`].
fn folder_of_versions() -> Folder {
    let metrics = [
        ("oldest", "min(payments.version)"),
        ("newest", "max(payments.version)"),
    ];
    Folder::new(PAYMENTS, STUDIO_OF_PAYMENTS, &metrics)
}

/// A database of this version, beside the folder's.
fn another(database: &Path, version: usize) -> PathBuf {
    let another = database.with_file_name(format!("version{version}.db"));
    std::fs::copy(database, &another).unwrap();
    let sql = format!("PRAGMA synchronous = OFF; UPDATE payments SET version = {version}");
    let connection = Connection::open(&another).unwrap();
    connection.execute_batch(&sql).unwrap();
    another
}

/// Puts a file in the place of the database, as a program does that exports it anew. It also keeps its own name, so
/// that no later file gets its number.
fn replace(database: &Path, another: &Path) {
    let next = database.with_file_name("next.db");
    std::fs::hard_link(another, &next).unwrap();
    std::fs::rename(next, database).unwrap();
}

#[test]
fn a_snapshot_is_of_the_file_that_was_there_and_the_next_of_the_one_in_its_place() {
    let folder = folder_of_versions();
    let (database, project) = (folder.database(), folder.project());
    let mut version = "0".to_owned();
    for threads in THREADS {
        let before = in_parts(&database, threads).snapshot().unwrap();
        replace(&database, &another(&database, threads));
        let after = in_parts(&database, threads).snapshot().unwrap();
        let found = [before, after].map(|snapshot| {
            let evaluation = snapshot.evaluate(&project.ir, &clock(), Keep::Everything, &Unwatched);
            versions(&project, &evaluation.unwrap())
        });
        let next = threads.to_string();
        assert_eq!(found, [[version], [next.clone()]], "{threads} threads");
        version = next;
    }
}

#[test]
fn one_file_is_read_while_another_takes_its_place() {
    let folder = folder_of_versions();
    let (database, project) = (folder.database(), folder.project());
    let others = (1..=4 * readings()).map(|version| another(&database, version));
    let others: Vec<PathBuf> = others.collect();
    let (begun, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for (reading, another) in (1..).zip(&others) {
                while begun.load(Ordering::Relaxed) < reading && !done.load(Ordering::Relaxed) {
                    std::thread::yield_now();
                }
                // At another moment of each reading.
                let moment = Duration::from_micros(reading as u64 % 48 * 20);
                let began = Instant::now();
                while began.elapsed() < moment {
                    std::hint::spin_loop();
                }
                replace(&database, another);
            }
        });
        let _reading = Reading(&done);
        for (reading, threads) in (1..=others.len()).zip(THREADS[1..].iter().cycle()) {
            begun.store(reading, Ordering::Relaxed);
            let snapshot = in_parts(&database, *threads).snapshot().unwrap();
            let evaluation = snapshot.evaluate(&project.ir, &clock(), Keep::Everything, &Unwatched);
            let versions = versions(&project, &evaluation.unwrap());
            assert_eq!(versions.len(), 1, "{threads} threads: {versions:?}");
        }
    });
}
