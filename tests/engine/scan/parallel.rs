//! Several threads read one state, whatever the table looks like and whoever writes meanwhile.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use muster::connector::Connector;
use muster::connector::sqlite::SqliteConnector;
use muster::engine::{DistinctValues, Keep, Tuning, Unwatched};
use muster::ir::{OutputId, Request};
use rusqlite::Connection;

use super::harness::{Folder, STUDIO, clock, in_parts};
use crate::support::program::{MUSTER, Said};
use crate::support::waiting::PATIENCE;

/// How many threads read, each time with the same result.
pub const THREADS: [usize; 4] = [1, 2, 3, 8];

/// Visits whose ids are an expression over `i`, from 1 to 600: many at the same time, so that places in the table
/// decide which is the first and the last. Every 97th has a time that nobody can read, every 83rd nobody's key.
fn visits(table: &str, id: &str) -> String {
    format!(
        "CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
           INSERT INTO clients SELECT i, 'Client ' || i FROM n;
         CREATE TABLE {table};
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
           INSERT INTO visits ({id_column}client_id, at, class, price)
           SELECT {id}CASE WHEN i % 83 = 0 THEN 999 ELSE i * 7 % 41 END,
             CASE WHEN i % 97 = 0 THEN 'soon' ELSE '2025-06-0' || (1 + i % 3) || ' 10:00' END,
             'class ' || i, i * 0.1 FROM n;",
        id_column = if id.is_empty() { "" } else { "id, " },
        id = if id.is_empty() {
            String::new()
        } else {
            format!("{id}, ")
        },
    )
}

const COLUMNS: &str = "client_id INT, at DATETIME, class TEXT, price REAL";

const METRICS: [(&str, &str); 9] = [
    ("made", "count(visits)"),
    ("lately", "count(visits in last 13 days)"),
    ("first_class", "first(visits).class"),
    ("last_class", "last(visits).class"),
    ("classes", "count(distinct visits.class)"),
    ("spent", "sum(visits.price)"),
    ("middle", "median(visits.price)"),
    ("middle_lately", "median(visits.price in last 13 days)"),
    ("dearest", "max(visits.price where class != \"class 500\")"),
];

/// Evaluated as one thread reads it, and again in parts by several.
fn evaluated(table: &str, id: &str) -> Vec<String> {
    // A key that all visits of a client share: where they are in the table decides.
    let config = STUDIO.replace("at: at }", "at: at, key: client_id }");
    let folder = Folder::new(&visits(table, id), &config, &METRICS);
    let found = folder.evaluate();
    let shared = found.is_the_same_in_parts(&folder.database(), &THREADS);
    shared.unwrap();
    let mut told: Vec<String> = METRICS.iter().map(|(name, _)| found.metric(name)).collect();
    told.extend(found.problems());
    told
}

#[test]
fn ids_without_gaps_and_with_all_kinds_of_gaps() {
    let keyed = format!("visits (id INTEGER PRIMARY KEY, {COLUMNS})");
    let dense = evaluated(&keyed, "i");
    for id in [
        "i * i * 1000",
        "i - 300",
        // Nearly all of them in the first millionth of the range.
        "CASE WHEN i < 600 THEN i ELSE 9223372036854775807 END",
        "CASE WHEN i = 1 THEN -9223372036854775808 ELSE i END",
        "i * 15000000000000000",
    ] {
        let gaps = evaluated(&keyed, id);
        // Only what rows are called in messages differs.
        assert_eq!(dense[..METRICS.len()], gaps[..METRICS.len()], "{id}");
    }
}

#[test]
fn tables_without_ids_to_read_by() {
    let dense = evaluated(&format!("visits ({COLUMNS})"), "");
    for table in [
        format!("visits (id INTEGER PRIMARY KEY, {COLUMNS}) WITHOUT ROWID"),
        format!("visits (id INTEGER PRIMARY KEY DESC, {COLUMNS})"),
        format!("visits (id TEXT PRIMARY KEY, {COLUMNS})"),
        format!("visits (id, {COLUMNS}, _rowid_ TEXT DEFAULT 'none')"),
        format!("visits (id, {COLUMNS}, rowid TEXT, oid TEXT, _rowid_ TEXT)"),
    ] {
        let found = evaluated(&table, "printf('%05d', i)");
        assert_eq!(dense[..METRICS.len()], found[..METRICS.len()], "{table}");
    }
}

#[test]
fn an_index_with_all_the_columns_changes_nothing() {
    let table = format!("visits ({COLUMNS})");
    let index = "; CREATE INDEX all_of_it ON visits (class DESC, client_id, at, price)";
    assert_eq!(
        evaluated(&table, ""),
        evaluated(&format!("{table}{index}"), "")
    );
}

/// What rows lead through, with trouble in every part of it: rows without a key, of nobody, of a client in another form, with times that nobody
/// can read, and rows that a key between two others finds.
#[test]
fn a_table_to_look_rows_up_in_is_read_in_parts_as_well() {
    let booked = |table: &str, id: &str| {
        let sql = format!(
            "{}; CREATE TABLE bookings (no TEXT, who TEXT, made DATETIME, place TEXT{table});
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
               INSERT INTO bookings (no, who, made, place{})
               SELECT CASE WHEN i % 61 = 0 THEN NULL ELSE 'b' || i END,
                 CASE WHEN i % 53 = 0 THEN NULL WHEN i % 47 = 0 THEN 'nobody' ELSE i % 43 END,
                 CASE WHEN i % 41 = 0 THEN 'soon' ELSE '2025-05-0' || (1 + i % 9) END, 'place ' || i % 7{} FROM n;
             ALTER TABLE visits ADD COLUMN booking TEXT;
             UPDATE visits SET booking = 'b' || id",
            visits(&format!("visits (id INTEGER PRIMARY KEY, {COLUMNS})"), "i"),
            if table.is_empty() { "" } else { ", id" },
            if id.is_empty() { String::new() } else { format!(", {id}") },
        );
        let config = STUDIO.replace(
            "subject: client_id, at: at }",
            "subject: booking.who, at: booking.made, lookups: { booking: { table: bookings, key: no, by: booking } } }",
        );
        let metrics = [
            ("made", "count(visits)"),
            ("first_place", "first(visits).booking.place"),
            ("places", "count(distinct visits.booking.place)"),
            ("in_one", "count(visits where booking.place = \"place 3\")"),
        ];
        let folder = Folder::new(&sql, &config, &metrics);
        let found = folder.evaluate();
        let shared = found.is_the_same_in_parts(&folder.database(), &THREADS);
        shared.unwrap();
        let told = metrics.map(|(name, _)| found.metric(name));
        (told, found.problems())
    };
    let (dense, problems) = booked("", "");
    assert!(problems.len() >= 3, "{problems:#?}");
    for id in [
        "i",
        "i * i * 1000",
        "CASE WHEN i < 500 THEN i ELSE 9223372036854775807 END",
        "CASE WHEN i = 1 THEN -9223372036854775808 ELSE i END",
    ] {
        assert_eq!(dense, booked(", id INTEGER PRIMARY KEY", id).0, "{id}");
    }
}

/// A thousand values of a field are listed, those that come first in the table: whoever reads its end must not be
/// asked.
#[test]
fn of_many_values_those_at_the_head_of_the_table_are_listed() {
    // Every value comes twice, near to each other and to where another part begins.
    let sql = format!(
        "CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
         INSERT INTO clients VALUES (1, 'Ann'), (2, 'Bob');
         CREATE TABLE visits (id INTEGER PRIMARY KEY, {COLUMNS});
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 6999)
           INSERT INTO visits SELECT i, 1 + i % 2, '2025-06-01 10:00', 'class ' || ((i + i % 2 * 9) / 2), i / 5 FROM n;"
    );
    let config = format!(
        "{STUDIO}
    fields:
      class: {{ any: visits, of: class }}
      client: {{ any: visits, of: client_id }}
      late: {{ any: visits where price >= 1000, of: class }}
      price: {{ any: visits, of: price }}
    "
    );
    let folder = Folder::new(&sql, &config, &[]);
    let project = folder.project();
    let mut request = Request::outputs();
    let fields = project.checked.fields.iter();
    let outputs: Vec<OutputId> = fields.map(|field| request.ask(&field.source)).collect();
    let ir = project.lower(&request);
    let listed = |connector: SqliteConnector| {
        let snapshot = connector.snapshot().unwrap();
        let evaluation = snapshot.evaluate(&ir, &clock(), Keep::Outputs, &Unwatched);
        let evaluation = evaluation.unwrap();
        let outputs = outputs.iter();
        let values = outputs.map(|output| evaluation.distinct_values(*output).unwrap());
        values.collect::<Vec<DistinctValues>>()
    };
    let whole = listed(SqliteConnector::new(&folder.database()));
    let sizes = whole.iter().map(|found| (found.values.len(), found.more));
    let sizes: Vec<(usize, bool)> = sizes.collect();
    assert_eq!(
        sizes,
        [(1_000, true), (2, false), (1_000, true), (1_000, true)]
    );
    // Read from the head, and never further.
    let numbers = whole[3].values.iter().map(|price| price.parse::<u32>());
    assert!(numbers.into_iter().all(|price| price.unwrap() < 1_000));
    for threads in THREADS {
        let same = listed(in_parts(&folder.database(), threads)) == whole;
        assert!(same, "{threads} threads");
    }
}

#[test]
fn views_and_tables_with_next_to_nothing() {
    for rows in ["", "INSERT INTO v VALUES (1, 1, '2025-06-01')"] {
        let sql = format!(
            "CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
             INSERT INTO clients VALUES (1, 'Ann'), (2, 'Bob');
             CREATE TABLE v (id INTEGER PRIMARY KEY, client_id INT, at DATETIME); {rows};
             CREATE VIEW visits AS SELECT * FROM v;"
        );
        let config = STUDIO.replace("at: at }", "at: at, types: { at: instant } }")
            + "      direct: { table: v, subject: client_id, at: at }\n";
        let metrics = [
            ("viewed", "count(visits)"),
            ("made", "count(direct)"),
            ("latest", "last(direct).at"),
        ];
        let found = Folder::new(&sql, &config, &metrics).evaluate();
        assert_eq!(found.metric("viewed"), found.metric("made"));
    }
}

/// Payments that are all rewritten by every commit: each row has the number of the commit that wrote it.
pub const PAYMENTS: &str = "
    CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
      INSERT INTO clients SELECT i, 'Client ' || i FROM n;
    CREATE TABLE payments (id INTEGER PRIMARY KEY, client_id INT, amount NUMERIC(10, 2), version INT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
      INSERT INTO payments SELECT i * 5, i % 20 + 1, 100, 0 FROM n;";

pub const STUDIO_OF_PAYMENTS: &str = "
    subject: { name: client, table: clients, key: id, label: name }
    collections:
      payments: { table: payments, subject: client_id }
";

/// The first row moves behind the last one, and amounts move from one client to another.
const COMMIT: &str = "
    BEGIN IMMEDIATE;
    UPDATE payments SET version = version + 1, client_id = client_id % 20 + 1;
    UPDATE payments SET id = (SELECT max(id) + 3 FROM payments) WHERE id = (SELECT min(id) FROM payments);
    UPDATE payments SET amount = amount + 1 WHERE id % 2 = 0;
    UPDATE payments SET amount = amount - 1 WHERE id % 2 = 0;
    COMMIT;";

fn commit_until(database: &Path, done: &AtomicBool) -> u64 {
    let writer = Connection::open(database).unwrap();
    writer.busy_timeout(PATIENCE).unwrap();
    let mut commits = 0;
    while !done.load(Ordering::Relaxed) {
        match writer.execute_batch(COMMIT) {
            Ok(()) => commits += 1,
            Err(_) => writer.execute_batch("ROLLBACK").unwrap_or_default(),
        }
        // Somebody else has to come by a lock as well.
        std::thread::sleep(Duration::from_millis(1));
    }
    commits
}

/// While somebody reads; the writer stops after that, even where a reading fails.
pub struct Reading<'d>(pub &'d AtomicBool);

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// `MUSTER_READINGS=500` reads so often in each mode.
pub fn readings() -> usize {
    let readings = std::env::var("MUSTER_READINGS");
    readings.map_or(24, |readings| readings.parse().unwrap())
}

fn each_reading_is_of_one_state(journal: &str) {
    let metrics = [
        ("made", "count(payments)"),
        ("paid", "sum(payments.amount)"),
        ("oldest", "min(payments.version)"),
        ("newest", "max(payments.version)"),
    ];
    let sql = format!("PRAGMA journal_mode = {journal}; {PAYMENTS}");
    let folder = Folder::new(&sql, STUDIO_OF_PAYMENTS, &metrics);
    let project = folder.project();
    let done = AtomicBool::new(false);
    let database = folder.database();
    let (commits, shared) = std::thread::scope(|scope| {
        let writer = scope.spawn(|| commit_until(&database, &done));
        let reading = Reading(&done);
        let mut shared = 0;
        let mut versions = Vec::new();
        for (reading, threads) in (0..readings()).zip(THREADS.iter().cycle()) {
            // On a busy machine the writer's commits take their time.
            let connector = in_parts(&database, *threads).patient(PATIENCE);
            let snapshot = connector.snapshot().unwrap();
            shared += usize::from(*threads > 1 && connections(&database) > 3);
            let evaluation = snapshot
                .evaluate(&project.ir, &clock(), Keep::Everything, &Unwatched)
                .unwrap();
            let values = |name| {
                let column = crate::support::library::metric(&project, &evaluation, name).unwrap();
                let values = (0..20).map(|place| column.value(place).to_string());
                values.collect::<Vec<String>>()
            };
            let [oldest, newest] = [values("oldest"), values("newest")];
            let version = oldest[0].clone();
            let one = vec![version.clone(); 20];
            assert_eq!(
                [&oldest, &newest],
                [&one; 2],
                "{journal}, reading {reading}, {threads} threads"
            );
            assert_eq!(values("made"), vec!["20"; 20]);
            assert_eq!(values("paid"), vec!["2000.00"; 20]);
            versions.push(version);
        }
        drop(reading);
        versions.dedup();
        // Somebody did write, and was seen.
        assert!(versions.len() > 1, "{versions:?}");
        (writer.join().unwrap(), shared)
    });
    assert!(commits > 0);
    if cfg!(target_os = "linux") {
        assert!(shared > 0, "{journal}: one thread read everything");
    }
    println!(
        "{journal}: {commits} commits, {shared} of {} readings shared",
        readings()
    );
}

/// How often the process has the file open, where the system tells.
fn connections(database: &Path) -> usize {
    let Ok(open) = std::fs::read_dir("/proc/self/fd") else {
        return 0;
    };
    let files = open.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
    files.filter(|file| file == database).count()
}

#[test]
fn one_state_in_wal_mode_while_somebody_commits() {
    each_reading_is_of_one_state("wal");
}

#[test]
fn one_state_in_rollback_mode_while_somebody_commits() {
    each_reading_is_of_one_state("delete");
}

#[test]
#[cfg(target_os = "linux")]
fn each_thread_has_a_connection_of_its_own_where_that_pays() {
    let folder = Folder::new(PAYMENTS, STUDIO, &[]);
    let database = std::fs::canonicalize(folder.database()).unwrap();
    let open = |connector: SqliteConnector| {
        let _snapshot = connector.snapshot().unwrap();
        connections(&database)
    };
    let one = open(in_parts(&database, 1));
    assert_eq!(one, 1);
    // The one that watches is closed once the locks of the others are gone.
    assert!((8..=9).contains(&open(in_parts(&database, 8))));
    // A small file is not worth it.
    let tuning = Tuning {
        threads: 8,
        ..Tuning::default()
    };
    let untuned = SqliteConnector::new(&database).tuned(tuning);
    assert!(open(untuned) <= 2);
}

/// The program evaluates with so many threads where only so many files may be open; what it says, if it can.
#[cfg(unix)]
fn with_few_files(folder: &Folder, threads: usize, files: usize) -> Option<String> {
    let script = format!("ulimit -n {files}; exec \"$0\" run --dry-run");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script, MUSTER]);
    folder.place(&mut shell);
    shell.env("MUSTER_THREADS", threads.to_string());
    let said = Said::by(&mut shell);
    assert!(!said.err.contains("panicked"), "{}", said.err);
    (said.code == 0).then_some(said.out)
}

#[test]
#[cfg(unix)]
fn where_no_further_connection_can_be_opened_one_thread_reads() {
    let filler = "CREATE TABLE filler (bytes); INSERT INTO filler VALUES (zeroblob(200000));";
    let folder = Folder::new(&format!("{PAYMENTS}{filler}"), STUDIO_OF_PAYMENTS, &[]);
    let all = with_few_files(&folder, 1, 200).unwrap();
    let needed = |threads| {
        let mut files = 10..60;
        files.find(|files| match with_few_files(&folder, threads, *files) {
            Some(out) => out == all,
            None => false,
        })
    };
    let one = needed(1).unwrap();
    // Seven more connections need seven more files at least; two more or less are chance.
    assert!(needed(8).unwrap() < one + 5);
}
