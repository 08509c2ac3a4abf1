//! Files that are not as they should be, and what is said about them.

use std::time::Duration;

use muster::connector::sqlite::SqliteConnector;
use muster::connector::{Connector, Snapshot};
use muster::engine::{EngineError, Keep, Unwatched};

use super::harness::{Folder, STUDIO, clock};
use crate::support::library::snapshot;
use crate::support::scratch::Scratch;

fn folder() -> Folder {
    Folder::new(
        "CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
         CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at DATETIME);
         INSERT INTO clients VALUES (1, 'Ann');
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
           INSERT INTO visits SELECT i, 1, '2025-06-01T10:00:00' FROM n;",
        STUDIO,
        &[("all_visits", "count(visits)")],
    )
}

fn refused(result: Result<Box<dyn Snapshot>, EngineError>) -> String {
    match result {
        Err(EngineError::Database(reason) | EngineError::Interrupted(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn not_there_a_folder_not_a_database() {
    let folder = Scratch::new();
    let absent = folder.path("absent.db");
    let reason = refused(snapshot(&absent));
    assert!(reason.contains("absent.db` is not there"), "{reason}");
    assert!(!absent.exists());
    let reason = refused(snapshot(folder.folder()));
    assert!(
        reason.ends_with("is a folder, not a database file"),
        "{reason}"
    );
    let text = folder.path("text.db");
    std::fs::write(&text, "id,name\n".repeat(1000)).unwrap();
    let reason = refused(snapshot(&text));
    assert!(
        reason.ends_with("text.db` is not a SQLite database"),
        "{reason}"
    );
}

#[test]
fn an_empty_file_is_an_empty_database() {
    let folder = Scratch::new();
    let empty = folder.path("empty.db");
    std::fs::write(&empty, "").unwrap();
    assert_eq!(snapshot(&empty).unwrap().schema().unwrap().tables.len(), 0);
}

#[test]
fn truncated() {
    let folder = folder();
    let project = folder.project();
    let file = std::fs::File::options()
        .write(true)
        .open(folder.database())
        .unwrap();
    let length = file.metadata().unwrap().len();
    file.set_len(length / 2).unwrap();
    match folder.evaluate_as(project) {
        Err(EngineError::Database(reason)) => assert!(reason.contains("is damaged"), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn locked_by_another_writer() {
    let folder = folder();
    let other = folder.connection();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let impatient = SqliteConnector::new(&folder.database()).patient(Duration::from_millis(50));
    let reason = refused(impatient.snapshot());
    assert!(reason.contains("is locked by another program"), "{reason}");
    other.execute_batch("COMMIT").unwrap();
    assert!(snapshot(&folder.database()).is_ok());
}

#[test]
fn a_lock_that_is_let_go_in_time_is_waited_for() {
    let folder = folder();
    let project = folder.project();
    let other = folder.connection();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let waiting = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(150));
        other.execute_batch("COMMIT").unwrap();
    });
    let found = folder.evaluate_as(project).unwrap();
    waiting.join().unwrap();
    assert_eq!(found.metric("all_visits"), "20000");
}

#[test]
fn wal_files_keep_their_mode_and_show_what_was_committed() {
    let folder = folder();
    let other = folder.connection();
    other
        .execute_batch("PRAGMA journal_mode = WAL; DELETE FROM visits WHERE id > 7; BEGIN; DELETE FROM visits;")
        .unwrap();
    // A writer in the middle of its work holds nobody off.
    let found = folder.evaluate();
    assert_eq!(found.metric("all_visits"), "7");
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    let mode: String = folder
        .connection()
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn a_read_only_file_is_read_and_left_as_it_was() {
    let folder = folder();
    let project = folder.project();
    let path = folder.database();
    let before = std::fs::read(&path).unwrap();
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let found = folder.evaluate_as(project).unwrap();
    assert_eq!(found.metric("all_visits"), "20000");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn the_snapshot_is_let_go_when_the_evaluation_is_done() {
    let folder = folder();
    let project = folder.project();
    let connector = SqliteConnector::new(&folder.database());
    let evaluate = || {
        let snapshot = connector.snapshot().unwrap();
        snapshot
            .evaluate(&project.ir, &clock(), Keep::Outputs, &Unwatched)
            .unwrap()
    };
    assert_eq!(evaluate().subjects.len(), 1);
    // The connector is still there; a writer finds no lock.
    folder.sql("INSERT INTO clients VALUES (2, 'Bob')");
    assert_eq!(evaluate().subjects.len(), 2);
}

#[test]
fn a_snapshot_stays_as_it_is_while_somebody_writes() {
    let folder = folder();
    folder.sql("PRAGMA journal_mode = WAL");
    let before = snapshot(&folder.database()).unwrap();
    folder.sql("DELETE FROM visits WHERE id > 7; CREATE TABLE news (id INTEGER)");
    assert_eq!(before.row_count("visits", u32::MAX), 20_000);
    assert!(before.schema().unwrap().table("news").is_none());
    let later = snapshot(&folder.database()).unwrap();
    assert_eq!(later.row_count("visits", u32::MAX), 7);
}

#[test]
fn schema_tells_tables_views_keys_and_generated_columns() {
    let folder = Folder::new(
        "CREATE TABLE clients (id INTEGER PRIMARY KEY, name VARCHAR(20), upper TEXT GENERATED ALWAYS AS (upper(name)));
         CREATE TABLE pairs (a TEXT, b TEXT, c, PRIMARY KEY (b, a)) WITHOUT ROWID;
         CREATE VIEW seen AS SELECT id, name || '!' AS shout FROM clients;
         CREATE VIEW broken AS SELECT * FROM nowhere;",
        STUDIO,
        &[],
    );
    let schema = snapshot(&folder.database()).unwrap().schema().unwrap();
    let names: Vec<_> = schema.tables.keys().cloned().collect();
    assert_eq!(names, ["broken", "clients", "pairs", "seen"]);
    let columns = |table: &str| -> Vec<(String, String)> {
        let table = &schema.tables[table];
        table
            .columns
            .iter()
            .map(|c| (c.name.clone(), c.declared.clone()))
            .collect()
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        columns("clients"),
        [
            pair("id", "INTEGER"),
            pair("name", "VARCHAR(20)"),
            pair("upper", "TEXT")
        ]
    );
    assert_eq!(schema.tables["clients"].primary_key, ["id"]);
    assert_eq!(schema.tables["pairs"].primary_key, ["b", "a"]);
    assert_eq!(columns("seen"), [pair("id", "INTEGER"), pair("shout", "")]);
    assert_eq!(schema.tables["broken"].columns, []);
}
