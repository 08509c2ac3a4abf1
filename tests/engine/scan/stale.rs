//! What is gone or broken makes stale only what uses it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use muster::engine::{EngineError, Watch};

use crate::support::library::evaluate_watched;

use super::harness::{Folder, STUDIO, clock};

const TABLES: &str = "
    CREATE TABLE studios (id INTEGER, city TEXT);
    INSERT INTO studios VALUES (1, 'Berlin'), (2, 'Paris');
    CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT, studio_id INT, born DATE);
    INSERT INTO clients VALUES (1, 'Ann', 1, '1990-01-01'), (2, 'Bob', 9, NULL);
    CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at DATETIME, studio_id INT, grade REAL, class TEXT);
    INSERT INTO visits VALUES (1, 1, '2025-06-01', 2, 3, 'yoga'), (2, 2, '2025-06-01', 7, 4, 'spin');
    CREATE TABLE payments (id INTEGER PRIMARY KEY, client_id INT, at DATETIME, amount DECIMAL(9,2));
    INSERT INTO payments VALUES (1, 1, '2025-06-01', 5);
";
const CONFIG: &str = "
    subject:
      name: client
      table: clients
      key: id
      lookups: { studio: { table: studios, key: id, by: studio_id } }
    collections:
      visits:
        table: visits
        subject: client_id
        at: at
        lookups: { studio: { table: studios, key: id, by: studio_id } }
      payments: { table: payments, subject: client_id, at: at }
";
const METRICS: [(&str, &str); 8] = [
    ("all_visits", "count(visits)"),
    ("grades", "sum(visits.grade)"),
    ("yoga", "count(visits where class = \"yoga\")"),
    ("paid", "sum(payments.amount)"),
    ("city", "studio.city"),
    ("visited", "last(visits).studio.city"),
    (
        "at_home",
        "count(visits where client.studio.city = \"Berlin\")",
    ),
    ("birth", "born"),
];

fn folder() -> Folder {
    Folder::new(TABLES, CONFIG, &METRICS)
}

/// Evaluates what was checked before `sql` changed the database: the stale metrics and why.
fn after(sql: &str) -> Vec<(&'static str, String)> {
    let folder = folder();
    let project = folder.project();
    folder.sql(sql);
    let found = folder.evaluate_as(project).unwrap();
    let values = METRICS.map(|(name, _)| (name, found.metric(name)));
    values
        .into_iter()
        .filter(|(_, v)| v.starts_with("stale"))
        .collect()
}

#[test]
fn whole_data_first() {
    let found = folder().evaluate();
    let values = METRICS.map(|(name, _)| found.metric(name));
    assert_eq!(
        values,
        [
            "1 | 1",
            "3 | 4",
            "1 | 0",
            "5.00 | 0.00",
            "Berlin | missing",
            "Paris | missing",
            "1 | 0",
            "1990-01-01 | missing"
        ]
    );
}

#[test]
fn a_table_that_vanished() {
    assert_eq!(
        after("DROP TABLE payments"),
        [(
            "paid",
            "stale: `payments` cannot be read: there is no table `payments` in the database"
                .to_owned()
        )]
    );
}

#[test]
fn columns_that_vanished() {
    assert_eq!(
        after("ALTER TABLE visits DROP COLUMN grade; ALTER TABLE clients DROP COLUMN born"),
        [
            (
                "grades",
                "stale: table `visits` has no column `grade`".to_owned()
            ),
            (
                "birth",
                "stale: table `clients` has no column `born`".to_owned()
            ),
        ]
    );
    let lost: Vec<_> = after("ALTER TABLE visits RENAME COLUMN client_id TO who")
        .into_iter()
        .map(|(n, _)| n)
        .collect();
    assert_eq!(lost, ["all_visits", "grades", "yoga", "visited", "at_home"]);
}

#[test]
fn a_lookup_whose_key_stands_twice() {
    let stale = after("INSERT INTO studios VALUES (2, 'Rome')");
    let names: Vec<_> = stale.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["city", "visited", "at_home"]);
    assert_eq!(
        stale[0].1,
        "stale: lookup `studio`: table `studios` has more than one row with the same `id`, for example 2; `muster check` says what to do"
    );
}

#[test]
fn a_view_that_fails_half_way() {
    let stale = after(
        "ALTER TABLE payments RENAME TO paid;
         INSERT INTO paid VALUES (2, 1, '2025-06-01', -9223372036854775808);
         CREATE VIEW payments AS SELECT id, client_id, at, abs(amount) AS amount FROM paid;",
    );
    assert_eq!(
        stale,
        [(
            "paid",
            "stale: `payments` cannot be read: integer overflow".to_owned()
        )]
    );
}

#[test]
fn the_subjects_table_is_needed_by_all() {
    let folder = folder();
    let project = folder.project();
    folder.sql("DROP TABLE clients");
    match folder.evaluate_as(project) {
        Err(EngineError::Subjects(reason)) => assert_eq!(
            reason,
            "the subject's table `clients` cannot be used: there is no table `clients` in the database"
        ),
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_collections_over_one_table_are_one_scan() {
    let folder = Folder::new(
        "CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
         INSERT INTO clients VALUES (1, 'Ann'), (2, 'Bob');
         CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, friend_id INT, at DATETIME, booked DATETIME, class TEXT);
         INSERT INTO visits VALUES (1, 1, 2, '2025-06-01', '2025-01-01', 'yoga'), (2, 1, NULL, '2025-06-02', '2025-01-02', 'spin'), (3, 2, 1, '2025-06-02', NULL, 'yoga');",
        "
    subject: { name: client, table: clients, key: id, label: name }
    collections:
      visits: { table: visits, subject: client_id, at: at }
      yoga: { table: visits, subject: client_id, at: at, where: class = \"yoga\" }
      brought: { table: VISITS, subject: friend_id, at: booked, where: client.name = \"Bob\" }
",
        &[("all_visits", "count(visits)"), ("yogas", "count(yoga)"), ("bring", "count(brought)"), ("ann", "count(visits where client.name = \"Ann\")")],
    );
    let found = folder.evaluate();
    assert_eq!(found.project.ir.scans.len(), 1);
    assert_eq!(found.evaluation.rows.values().sum::<u64>(), 3);
    assert_eq!(found.metric("all_visits"), "2 | 1");
    assert_eq!(found.metric("yogas"), "1 | 1");
    assert_eq!(found.metric("bring"), "0 | 1");
    assert_eq!(found.metric("ann"), "2 | 0");
}

/// Stops after the first word of progress.
#[derive(Default)]
struct Impatient {
    stop: AtomicBool,
    told: Mutex<Vec<String>>,
}

impl Watch for Impatient {
    fn progress(&self, table: &str, rows: u64, of: Option<u64>) {
        self.told
            .lock()
            .unwrap()
            .push(format!("{table} {rows} {of:?}"));
        self.stop.store(true, Ordering::Release);
    }
    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}

#[test]
fn whoever_watches_can_stop_it() {
    let folder = folder();
    let project = folder.project();
    let watch = Impatient::default();
    let stopped = evaluate_watched(&project, &clock(), &watch);
    assert!(matches!(stopped, Err(EngineError::Cancelled)));
    assert_eq!(*watch.told.lock().unwrap(), ["visits 0 Some(2)"]);
}

/// A view that would sort for hours is interrupted before its first row.
#[test]
fn a_view_that_blocks_can_be_stopped() {
    struct Soon(std::time::Instant);
    impl Watch for Soon {
        fn progress(&self, _: &str, _: u64, _: Option<u64>) {}
        fn cancelled(&self) -> bool {
            self.0.elapsed() > std::time::Duration::from_millis(200)
        }
    }
    let folder = Folder::new(
        "CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
         INSERT INTO clients VALUES (1, 'Ann');
         CREATE VIEW visits AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000000)
           SELECT i AS id, 1 AS client_id, '2025-06-01' AS at FROM n ORDER BY i % 7;",
        &STUDIO.replace("at: at", "at: at, types: { at: instant }"),
        &[("all_visits", "count(visits)")],
    );
    let project = folder.project();
    let watch = Soon(std::time::Instant::now());
    let stopped = evaluate_watched(&project, &clock(), &watch);
    assert!(
        matches!(stopped, Err(EngineError::Cancelled)),
        "{stopped:?}"
    );
}
