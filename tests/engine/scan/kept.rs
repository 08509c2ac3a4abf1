//! Many questions to one reading: the answers are those of the data as it is, and what has not changed is not read
//! again.

use std::sync::Arc;

use muster::connector::sqlite::SqliteConnector;
use muster::connector::{Connector, KeptSnapshot};
use muster::engine::{Evaluation, Keep, Unwatched};
use muster::project::Project;
use muster::time::Clock;

use proptest::prelude::*;

use super::both::told;
use super::harness::{Folder, STUDIO, clock, in_parts};
use super::oracle;

const ROOM: u64 = 1 << 30;

const METRICS: [(&str, &str); 3] = [
    ("made", "count(visits)"),
    ("recent", "count(visits in last 30 days)"),
    ("last_grade", "last(visits).grade"),
];

/// So many clients with so many visits, among them odd ones.
fn studio(clients: u32, visits: u32) -> Folder {
    let sql = format!(
        "CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
         CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INTEGER, at TEXT, grade INTEGER);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {clients})
         INSERT INTO clients SELECT i, 'client ' || i FROM n;
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {visits})
         INSERT INTO visits SELECT i * 3, i % ({clients} + 1),
           CASE i % 17 WHEN 0 THEN 'soon' ELSE datetime('2025-06-14', '-' || (i % 400) || ' days') END,
           CASE i % 13 WHEN 0 THEN 'good' ELSE i % 7 END FROM n;"
    );
    let config = STUDIO.replace("at: at", "at: at, types: { grade: number }");
    Folder::new(&sql, &config, &METRICS)
}

struct Asking {
    project: Arc<Project>,
    connector: Arc<dyn Connector>,
    kept: KeptSnapshot<Arc<dyn Connector>>,
}

impl Asking {
    fn new(folder: &Folder, most: u64) -> Self {
        let connector: Arc<dyn Connector> = Arc::new(in_parts(&folder.database(), 3));
        Self {
            project: Arc::new(folder.project()),
            kept: KeptSnapshot::new(Arc::clone(&connector), most),
            connector,
        }
    }

    /// Fails where the answer is not that of a fresh reading.
    fn ask(&mut self, clock: &Clock) -> Evaluation {
        let ir = &self.project.ir;
        let found = (self.kept)
            .evaluate(ir, clock, Keep::Everything, &Unwatched)
            .unwrap();
        let fresh = self.connector.snapshot().unwrap();
        let fresh = fresh
            .evaluate(ir, clock, Keep::Everything, &Unwatched)
            .unwrap();
        assert_eq!(told(&fresh), told(&found));
        found
    }

    fn readings(&self) -> u64 {
        self.kept.kept().readings()
    }
}

#[test]
fn what_has_not_changed_is_read_once() {
    let folder = studio(9, 400);
    let mut asking = Asking::new(&folder, ROOM);
    asking.ask(&clock());
    assert_eq!(asking.readings(), 2, "clients and visits");
    for days in 1..5 {
        let now = clock().now - days * 86_400_000_000;
        asking.ask(&Clock { now, ..clock() });
    }
    assert_eq!(asking.readings(), 2);
    assert_eq!(asking.kept.states(), 1);
}

#[test]
fn other_questions_read_only_what_is_lacking() {
    let folder = studio(9, 400);
    let mut asking = Asking::new(&folder, ROOM);
    asking.ask(&clock());
    let (readings, bytes) = (asking.readings(), asking.kept.kept().bytes());
    folder.more_rules("more", "metrics:\n  grades: sum(visits.grade in last 90 days)\n  first_id: first(visits).id\nsegments:\n  - { id: b, name: B, when: grades > 9 and first_id > 3 }\n");
    asking.project = Arc::new(folder.project());
    asking.ask(&clock());
    assert_eq!(asking.readings(), readings + 1, "visits.id");
    assert!(asking.kept.kept().bytes() > bytes);
    asking.ask(&clock());
    assert_eq!(asking.readings(), readings + 1);
}

#[test]
fn a_changed_file_is_read_again() {
    for mode in ["DELETE", "WAL"] {
        let folder = studio(9, 400);
        folder.sql(&format!("PRAGMA journal_mode = {mode}"));
        let mut asking = Asking::new(&folder, ROOM);
        asking.ask(&clock());
        for round in 1..4 {
            folder
                .sql("DELETE FROM visits WHERE id IN (SELECT id FROM visits ORDER BY id LIMIT 40)");
            asking.ask(&clock());
            assert_eq!(asking.kept.states(), 1 + round, "{mode}");
            assert_eq!(asking.readings(), 2 + 2 * round);
        }
    }
}

#[test]
fn a_file_put_in_its_place_is_read() {
    let folder = studio(9, 400);
    let mut asking = Asking::new(&folder, ROOM);
    asking.ask(&clock());
    for visits in [300, 200] {
        let other = studio(7, visits);
        std::fs::rename(other.database(), folder.database()).unwrap();
        asking.ask(&clock());
    }
    assert_eq!(asking.kept.states(), 3);
}

#[test]
fn a_file_overwritten_by_a_copy_is_read() {
    let folder = studio(9, 400);
    let other = studio(8, 400);
    let told = |folder: &Folder| {
        let file = std::fs::read(folder.database()).unwrap();
        (file.len(), file[24..28].to_vec())
    };
    assert_eq!(told(&folder), told(&other), "as long, and as many commits");
    let mut asking = Asking::new(&folder, ROOM);
    asking.ask(&clock());
    // File systems tell times to a few milliseconds.
    std::thread::sleep(std::time::Duration::from_millis(50));
    std::fs::copy(other.database(), folder.database()).unwrap();
    asking.ask(&clock());
    assert_eq!(asking.kept.states(), 2);
}

#[test]
fn nobody_waits_between_two_questions() {
    let folder = studio(9, 400);
    let mut asking = Asking::new(&folder, ROOM);
    asking.ask(&clock());
    let writer = rusqlite::Connection::open(folder.database()).unwrap();
    writer.busy_timeout(std::time::Duration::ZERO).unwrap();
    writer
        .execute_batch("BEGIN EXCLUSIVE; DELETE FROM visits WHERE id < 100; COMMIT;")
        .unwrap();
    asking.ask(&clock());
}

#[test]
fn while_somebody_writes_the_data_is_read_and_not_kept() {
    let folder = studio(9, 400);
    folder.sql("PRAGMA journal_mode = WAL");
    let writing = Writing(SqliteConnector::new(&folder.database()), folder.database());
    let mut kept = KeptSnapshot::new(&writing as &dyn Connector, ROOM);
    let project = folder.project();
    let mut counts = Vec::new();
    for _ in 0..2 {
        let found = kept
            .evaluate(&project.ir, &clock(), Keep::Outputs, &Unwatched)
            .unwrap();
        counts.push(found.rows["visits"]);
        assert_eq!(kept.kept().bytes(), 0);
    }
    assert_eq!(counts, [396, 391], "each of the fifth snapshot");
    assert_eq!(kept.states(), 2);
}

/// Another program commits each time just after a snapshot has been pinned.
#[derive(Debug)]
struct Writing(SqliteConnector, std::path::PathBuf);

impl Connector for Writing {
    fn snapshot(
        &self,
    ) -> Result<Box<dyn muster::connector::Snapshot>, muster::engine::EngineError> {
        let snapshot = self.0.snapshot();
        let writer = rusqlite::Connection::open(&self.1).unwrap();
        writer
            .execute_batch("DELETE FROM visits WHERE id = (SELECT max(id) FROM visits)")
            .unwrap();
        snapshot
    }

    fn sentinel(
        &self,
    ) -> Result<Box<dyn muster::connector::Sentinel>, muster::engine::EngineError> {
        self.0.sentinel()
    }
}

#[test]
fn what_does_not_fit_is_read_each_time_and_named() {
    let folder = studio(9, 4_000);
    let mut roomy = Asking::new(&folder, ROOM);
    roomy.ask(&clock());
    let needed = roomy.kept.kept().bytes();
    assert_eq!(roomy.kept.too_large(), []);

    let mut tight = Asking::new(&folder, needed / 2);
    tight.ask(&clock());
    let readings = tight.readings();
    tight.ask(&clock());
    assert_eq!(
        tight.readings(),
        readings,
        "what does not fit is not tried again"
    );
    assert!(tight.kept.kept().bytes() <= needed / 2);
    let large = tight.kept.too_large();
    let [visits] = large.as_slice() else {
        panic!("{large:?}");
    };
    assert_eq!(visits.table, "visits");
    assert!(visits.bytes > needed / 2, "{visits:?} of {needed}");
    assert!(visits.bytes < needed * 4, "{visits:?} of {needed}");

    let mut none = Asking::new(&folder, 0);
    none.ask(&clock());
    assert_eq!(none.kept.kept().bytes(), 0);
    assert_eq!(none.kept.too_large().len(), 2);
}

#[test]
fn what_nobody_asks_for_any_more_makes_room() {
    let folder = studio(9, 4_000);
    let mut asking = Asking::new(&folder, ROOM);
    asking.ask(&clock());
    let needed = asking.kept.kept().bytes();
    // Room for either question, and not for both.
    let mut asking = Asking::new(&folder, needed * 5 / 4);
    asking.ask(&clock());
    folder.rules(
        "segments:\n  - { id: a, name: A, when: max(visits.id) > 3000 and count(visits) > 3 }\n",
    );
    asking.project = Arc::new(folder.project());
    asking.ask(&clock());
    assert_eq!(asking.kept.too_large(), []);
    assert!(asking.kept.kept().bytes() <= needed * 5 / 4);
}

#[test]
fn a_table_is_kept_once_there_is_room_for_it() {
    let sql = ["visits", "orders"].map(|table| {
        format!(
            "CREATE TABLE {table} (id INTEGER PRIMARY KEY, client_id INTEGER, at TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
             INSERT INTO {table} SELECT i, i % 9, datetime('2025-06-14', '-' || i || ' hours') FROM n;"
        )
    });
    let clients = "CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
                   INSERT INTO clients VALUES (1, 'Ada'), (2, 'Bo');";
    let orders = "  orders: { table: orders, subject: client_id, at: at }\n";
    let folder = Folder::new(
        &format!("{clients}{}", sql.concat()),
        &format!("{}{orders}", STUDIO.trim_end_matches(' ')),
        &[("visited", "count(visits)"), ("ordered", "count(orders)")],
    );
    let mut roomy = Asking::new(&folder, ROOM);
    roomy.ask(&clock());
    let mut asking = Asking::new(&folder, roomy.kept.kept().bytes() * 3 / 4);
    asking.ask(&clock());
    let [refused] = &asking.kept.too_large()[..] else {
        panic!("{:?}", asking.kept.too_large());
    };
    folder.rules(&format!(
        "segments:\n  - {{ id: a, name: A, when: count({}) > 3 }}\n",
        refused.table
    ));
    asking.project = Arc::new(folder.project());
    asking.ask(&clock());
    assert_eq!(asking.kept.too_large(), []);
    let readings = asking.readings();
    asking.ask(&clock());
    assert_eq!(asking.readings(), readings);
}

#[test]
fn nothing_is_kept_of_a_table_that_does_not_fit() {
    let folder = studio(9, 4_000);
    let question = |when: &str| {
        folder.rules(&format!(
            "segments:\n  - {{ id: a, name: A, when: {when} }}\n"
        ));
        Arc::new(folder.project())
    };
    let few = question("count(visits) > 3");
    let many = question("max(visits.id) > 3000 and sum(visits.grade) > 3");
    let needed = [&few, &many].map(|project| {
        let mut roomy = Asking::new(&folder, ROOM);
        roomy.project = Arc::clone(project);
        roomy.ask(&clock());
        roomy.kept.kept().bytes()
    });
    let mut asking = Asking::new(&folder, needed[0].midpoint(needed[1]));
    let mut ask = |project: &Arc<Project>| {
        asking.project = Arc::clone(project);
        asking.ask(&clock());
        (asking.kept.kept().bytes(), asking.readings())
    };
    let (kept, _) = ask(&few);
    let (without, readings) = ask(&many);
    assert!(without < kept / 4, "only clients: {without} of {kept}");
    assert_eq!(ask(&many), (without, readings));
    let again = ask(&few);
    assert_eq!(again.1, readings + 1);
    assert_eq!(ask(&many), again);
}

#[test]
fn a_column_that_is_used_twice_is_kept_once() {
    let sql = "CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
               CREATE TABLE homes (id INTEGER PRIMARY KEY, city TEXT);
               CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INTEGER);
               WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
               INSERT INTO visits SELECT i, i % 9 FROM n;
               INSERT INTO clients SELECT id, 'client ' || id FROM visits WHERE id < 9;
               INSERT INTO homes SELECT id, 'city ' || id FROM clients;";
    let config = "
    subject: { name: client, table: clients, key: id, label: name }
    collections:
      visits:
        table: visits
        subject: client_id
        lookups: { home: { table: homes, key: id, by: client_id } }
";
    let rule = "count(visits where home.city = \"city 3\")";
    let folder = Folder::new(sql, config, &[("at_home", rule)]);
    let mut roomy = Asking::new(&folder, ROOM);
    roomy.ask(&clock());
    // Threads share a table out differently each time, so that batches are not the same.
    let mut tight = Asking::new(&folder, roomy.kept.kept().bytes() * 11 / 10);
    tight.ask(&clock());
    assert_eq!(tight.kept.too_large(), []);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    #[test]
    fn different_questions_get_the_answers_of_a_fresh_reading(
        ages in prop::collection::vec(prop::option::weighted(0.8, 0..6_i8), 6),
        visits in prop::collection::vec(oracle::visit(), 0..60),
        questions in prop::collection::vec(prop::collection::vec(oracle::truth(), 3), 3),
        days in prop::collection::vec(0..60_i64, 6),
        room in prop::sample::select(vec![ROOM, 4_000, 1_500, 300]),
    ) {
        let folder = Folder::new(&oracle::tables(&ages, &visits), oracle::COLLECTIONS, &[]);
        let mut projects = Vec::new();
        for question in questions {
            let rules = question.into_iter().enumerate().map(|(n, truth)| {
                format!("  - id: s{n}\n    when: '{}'\n", truth.placed(n).rule())
            });
            folder.rules(&format!("segments:\n{}", rules.collect::<String>()));
            projects.push(Arc::new(folder.project()));
        }
        let mut asking = Asking::new(&folder, room);
        for (days, project) in days.into_iter().zip(projects.iter().cycle()) {
            asking.project = Arc::clone(project);
            let now = clock().now - days * 86_400_000_000;
            asking.ask(&Clock { now, ..clock() });
            prop_assert!(asking.kept.kept().bytes() <= room);
        }
    }
}
