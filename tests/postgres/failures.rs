//! What goes wrong on a server: told in words, and the last results stay.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use muster::config::Server;
use muster::connector::Connector;
use muster::connector::postgres::PostgresConnector;
use muster::engine::{EngineError, Keep, Tuning, Unwatched, Watch};
use muster::project::Project;

use crate::support::clock::clock_at;
use crate::support::database::query;
use crate::support::library::{block_on, evaluate, whole};
use crate::support::postgres::Postgres;
use crate::support::scratch::Scratch;
use crate::support::waiting::holds_in_time;

const RULES: &str = "segments:
  - { id: here, when: id > 0 }
  - { id: often, when: count(visits) >= 2 }
  - { id: named, when: city is present }
";

pub struct World {
    pub postgres: Postgres,
    pub scratch: Scratch,
}

/// Nine clients, of whom each came as often as their number says, and one published run.
pub fn world(role: &str) -> Option<World> {
    let postgres = Postgres::open()?;
    postgres.sql(
        "CREATE TABLE clients (id int PRIMARY KEY, city text);
         INSERT INTO clients SELECT i, 'Ulm' FROM generate_series(1, 9) i;
         CREATE TABLE visits (id int PRIMARY KEY, client_id int, at timestamp);
         INSERT INTO visits SELECT i, i % 9 + 1, '2026-01-01'::timestamp + i * interval '1 hour' FROM generate_series(1, 90) i",
    );
    let scratch = Scratch::new();
    let database = match role {
        "reader" => postgres.config(),
        role => postgres.url(role).replace("localhost", "127.0.0.1"),
    };
    scratch.write(
        "config.yaml",
        format!(
            "database: {database}\ntimezone: UTC\nguard: {{ moves: 20%, at_least: 1 }}\n\
             subject: {{ name: client, table: clients, key: id }}\n\
             collections:\n  visits: {{ table: visits, subject: client_id, at: at }}\n"
        ),
    );
    scratch.rules(RULES);
    scratch.put_clock("2026-03-15T10:00:00Z");
    scratch.expect(0, &["run"]);
    Some(World { postgres, scratch })
}

impl World {
    pub fn members(&self) -> Vec<String> {
        let sql = "select segment_id || ' ' || count(*) from muster_memberships group by segment_id order by 1";
        query(&self.scratch.path("results.db"), sql)
    }

    /// A run that must end with a code and say this.
    pub fn run(&self, code: i32, words: &[&str]) {
        let said = self.scratch.expect(code, &["run"]);
        let told = said.out + &said.err;
        for word in words {
            assert!(told.contains(word), "{word}\n{told}");
        }
        assert!(!told.contains("secret"), "{told}");
        let whole = ["here 9", "named 9", "often 9"];
        assert_eq!(self.members(), whole, "the last results stay");
    }

    /// A run whose reading of the visits a function of the server ends; it must fail and say this.
    fn run_cut_off(&self, by: &str, words: &str) {
        let ended = format!(
            "SELECT count({by}(pid)) FROM pg_stat_activity
             WHERE application_name = 'muster' AND datname = current_database() AND query LIKE 'COPY%visits%'"
        );
        std::thread::scope(|scope| {
            scope.spawn(|| {
                assert!(
                    holds_in_time(|| self.postgres.sql(&ended) != "0"),
                    "the view is read"
                );
            });
            self.run(3, &[words]);
        });
    }

    pub fn project(&self) -> Project {
        whole(block_on(self.scratch.load()))
    }

    /// Sessions that the role has.
    fn sessions(&self) -> String {
        self.postgres.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'muster' AND datname = current_database()")
    }
}

#[test]
fn a_table_without_rights_keeps_what_reads_it() {
    let Some(world) = world("reader") else {
        return;
    };
    let checked = |words: &str| {
        let said = world.scratch.expect(1, &["check"]);
        let told = said.out + &said.err;
        assert!(told.contains(words), "{told}");
    };
    world.postgres.sql("REVOKE SELECT ON visits FROM reader");
    let grant = "ask its owner to run \"GRANT SELECT ON visits TO reader\"";
    world.run(1, &["often", "permission denied", grant]);
    checked(grant);
    world.postgres.sql("REVOKE SELECT ON clients FROM reader");
    let grant = "GRANT SELECT ON clients TO reader";
    world.run(3, &["`clients`", "permission denied", grant]);
    checked(grant);
}

#[test]
fn rights_to_columns_are_enough() {
    let Some(world) = world("reader") else {
        return;
    };
    let grants =
        "REVOKE SELECT ON clients, visits FROM reader; GRANT SELECT (id) ON clients TO reader;
                  GRANT SELECT (id, client_id, at) ON visits TO reader";
    world.postgres.sql(grants);
    let grant = "run \"GRANT SELECT (city) ON clients TO reader\"";
    world.run(1, &["named", "what reader may not read", grant]);
    let said = world.scratch.expect(1, &["check"]);
    let told = said.out + &said.err;
    assert!(
        told.contains(grant) && told.contains("help: do that, or take the column out"),
        "{told}"
    );
}

#[test]
fn a_row_is_named_by_its_key_or_its_place_where_the_key_may_not_be_read() {
    let Some(world) = world("reader") else {
        return;
    };
    world.postgres.sql(
        "ALTER TABLE visits ALTER at TYPE text USING to_char(at, 'YYYY-MM-DD HH24:MI:SS');
         UPDATE visits SET at = '31.02.2026', id = 1017 WHERE id = 17",
    );
    let told = |words| {
        let said = world.scratch.expect(0, &["run"]);
        let told = said.out + &said.err;
        assert!(told.contains(words), "{told}");
    };
    told("visits row 1017: \"31.02.2026\"");
    world.postgres.sql(
        "REVOKE SELECT ON visits FROM reader; GRANT SELECT (client_id, at) ON visits TO reader",
    );
    // The last of ninety rows, as an update puts it.
    told("visits row 90: \"31.02.2026\"");
}

#[test]
fn a_dropped_column_keeps_what_reads_it() {
    let Some(world) = world("reader") else {
        return;
    };
    world.postgres.sql("ALTER TABLE clients DROP COLUMN city");
    world.run(1, &["named", "city"]);
}

#[test]
fn a_run_sees_one_state() {
    let Some(world) = world("reader") else {
        return;
    };
    let project = world.project();
    let connector = PostgresConnector::new(&world.postgres.server(), chrono_tz::UTC);
    let snapshot = connector.snapshot().unwrap();
    world
        .postgres
        .sql("INSERT INTO clients VALUES (10, 'Bonn'); DELETE FROM visits");
    let clock = clock_at("2026-03-15T10:00:00", chrono_tz::UTC);
    let before = snapshot
        .evaluate(&project.ir, &clock, Keep::Outputs, &Unwatched)
        .unwrap();
    assert_eq!(before.subjects.len(), 9);
    assert_eq!(before.rows["visits"], 90);
    assert_eq!(evaluate(&project, &clock).unwrap().subjects.len(), 10);
}

/// Keeps a view busy for as long as it is read.
pub fn slow_visits(world: &World) {
    world.postgres.sql(
        "ALTER TABLE visits RENAME TO all_visits;
         CREATE VIEW visits AS
         SELECT id, client_id, CASE WHEN pg_sleep(0.2) IS NULL THEN NULL ELSE at END AS at FROM all_visits;
         GRANT SELECT ON visits TO reader, slow, quick",
    );
}

#[test]
fn a_statement_that_takes_too_long_is_told() {
    let Some(world) = world("slow") else {
        return;
    };
    slow_visits(&world);
    world.run(
        3,
        &["statement timeout", "ALTER ROLE slow SET statement_timeout"],
    );
}

#[test]
fn a_connection_that_ends_in_the_middle_is_told() {
    let Some(world) = world("reader") else {
        return;
    };
    slow_visits(&world);
    world.run_cut_off("pg_terminate_backend", "ended the connection");
}

#[test]
fn a_run_that_is_cut_off_does_not_go_on_without_the_rules_before_it() {
    let Some(world) = world("reader") else {
        return;
    };
    slow_visits(&world);
    world.scratch.rules(RULES.replace(">= 2", ">= 1").as_str());
    world.run_cut_off("pg_terminate_backend", "ended the connection");
    world.run_cut_off("pg_cancel_backend", "was asked to cancel");
    let failed = "select count(*) from muster_runs where status = 'failed'";
    assert_eq!(query(&world.scratch.path("results.db"), failed), ["2"]);
    world.postgres.sql(
        "DROP VIEW visits; ALTER TABLE all_visits RENAME TO visits; GRANT SELECT ON visits TO reader",
    );
    world.run(0, &[]);
}

/// Asks to stop once a table is read.
struct Impatient(AtomicBool);

impl Watch for Impatient {
    fn progress(&self, table: &str, _: u64, _: Option<u64>) {
        self.0.fetch_or(table == "visits", Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Asks to stop some time after a table began.
struct Later(std::sync::Mutex<Option<Instant>>);

impl Watch for Later {
    fn progress(&self, table: &str, _: u64, _: Option<u64>) {
        if table == "visits" {
            self.0.lock().unwrap().get_or_insert_with(Instant::now);
        }
    }

    fn cancelled(&self) -> bool {
        let begun = *self.0.lock().unwrap();
        begun.is_some_and(|begun| begun.elapsed() > Duration::from_millis(500))
    }
}

#[test]
fn whoever_stops_waits_for_no_query() {
    let Some(world) = world("reader") else {
        return;
    };
    slow_visits(&world);
    let project = world.project();
    let clock = clock_at("2026-03-15T10:00:00", chrono_tz::UTC);
    let begun = Instant::now();
    let watches: [&dyn Watch; 2] = [
        &Impatient(AtomicBool::new(false)),
        &Later(Default::default()),
    ];
    for watch in watches {
        let snapshot = PostgresConnector::new(&world.postgres.server(), chrono_tz::UTC).snapshot();
        let stopped = snapshot
            .unwrap()
            .evaluate(&project.ir, &clock, Keep::Outputs, watch);
        assert!(
            matches!(stopped, Err(EngineError::Cancelled)),
            "{stopped:?}"
        );
    }
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    assert!(
        holds_in_time(|| world.sessions() == "0"),
        "the server notices"
    );
}

#[test]
fn sessions_are_bounded_and_end() {
    let Some(world) = world("reader") else {
        return;
    };
    world.postgres.sql(
        "INSERT INTO visits SELECT i, i % 9 + 1, '2026-01-01' FROM generate_series(91, 200000) i",
    );
    let project = world.project();
    let clock = clock_at("2026-03-15T10:00:00", chrono_tz::UTC);
    let counted = |connector: PostgresConnector| {
        let most = Most {
            world: &world,
            seen: Default::default(),
        };
        let snapshot = connector.snapshot().unwrap();
        let found = snapshot
            .evaluate(&project.ir, &clock, Keep::Everything, &most)
            .unwrap();
        assert_eq!(found.rows["visits"], 200_000);
        (*most.seen.lock().unwrap(), found.segments)
    };
    let server: Server = world.postgres.server();
    let connector = || PostgresConnector::new(&server, chrono_tz::UTC);
    let (one, alone) = counted(connector());
    let (three, together) = counted(connector().threads(3));
    assert_eq!((one, three), (1, 3));
    assert_eq!(alone, together);
    assert!(holds_in_time(|| world.sessions() == "0"), "all have ended");
}

/// Counts sessions as a table is read.
struct Most<'w> {
    world: &'w World,
    seen: std::sync::Mutex<usize>,
}

impl Watch for Most<'_> {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {
        let mut seen = self.seen.lock().unwrap();
        *seen = (*seen).max(self.world.sessions().parse().unwrap());
    }

    fn cancelled(&self) -> bool {
        false
    }
}

#[test]
fn what_a_view_cannot_compute_keeps_what_reads_it() {
    let Some(world) = world("reader") else {
        return;
    };
    world.postgres.sql(
        "ALTER TABLE visits RENAME TO all_visits;
         CREATE VIEW visits AS SELECT id, client_id, at + (1 / (90 - id)) * interval '1 hour' AS at FROM all_visits",
    );
    world.run(1, &["often", "division by zero"]);
}

#[test]
fn small_parts_read_the_same() {
    let Some(world) = world("reader") else {
        return;
    };
    let project = world.project();
    let clock = clock_at("2026-03-15T10:00:00", chrono_tz::UTC);
    let tuning = Tuning {
        threads: 3,
        batch: 3,
        least: 1,
    };
    let connector = PostgresConnector::new(&world.postgres.server(), chrono_tz::UTC).tuned(tuning);
    let snapshot = connector.snapshot().unwrap();
    let found = snapshot
        .evaluate(&project.ir, &clock, Keep::Everything, &Unwatched)
        .unwrap();
    let whole = evaluate(&project, &clock).unwrap();
    assert_eq!(found.segments, whole.segments);
    assert_eq!(found.rows, whole.rows);
}
