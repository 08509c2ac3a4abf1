//! Tables that others empty, rewrite or replace while they are being read: the attempt fails, and nothing is published.

use muster::connector::Connector;
use muster::connector::postgres::PostgresConnector;
use muster::engine::{EngineError, Evaluation, Keep, Unwatched};

use super::failures::{World, world};
use crate::support::clock::clock_at;
use crate::support::waiting::holds_in_time;

/// What is found by a state that was pinned before something was done.
fn found_after(world: &World, sql: &str) -> Result<Evaluation, EngineError> {
    let project = world.project();
    let connector = PostgresConnector::new(&world.postgres.server(), chrono_tz::UTC);
    let before = connector.snapshot().unwrap();
    world.postgres.sql(sql);
    let clock = clock_at("2026-03-15T10:00:00", chrono_tz::UTC);
    before.evaluate(&project.ir, &clock, Keep::Outputs, &Unwatched)
}

#[track_caller]
fn is_told(world: &World, sql: &str, table: &str) {
    match found_after(world, sql) {
        Err(EngineError::Interrupted(told)) => {
            let words = format!("emptied, rewrote, replaced or altered `{table}`");
            assert!(told.contains(&words), "{sql}\n{told}");
        }
        found => panic!("{sql}\n{:?}", found.map(|found| found.rows)),
    }
}

#[test]
fn a_table_that_is_rebuilt_fails_the_attempt() {
    let Some(world) = world("reader") else {
        return;
    };
    world.postgres.sql(
        "CREATE TABLE kept AS SELECT * FROM visits; CREATE TABLE early AS SELECT * FROM visits",
    );
    for (sql, table) in [
        ("TRUNCATE visits", "visits"),
        (
            "BEGIN; TRUNCATE visits; INSERT INTO visits SELECT * FROM kept; COMMIT",
            "visits",
        ),
        (
            "BEGIN; DROP TABLE visits; CREATE TABLE visits AS SELECT * FROM kept; COMMIT",
            "visits",
        ),
        (
            "CREATE TABLE late AS SELECT * FROM kept;
             BEGIN; ALTER TABLE visits RENAME TO old; ALTER TABLE late RENAME TO visits; DROP TABLE old; COMMIT",
            "visits",
        ),
        // The other one was there before, under another name.
        (
            "BEGIN; ALTER TABLE visits RENAME TO old; ALTER TABLE early RENAME TO visits; DROP TABLE old; COMMIT",
            "visits",
        ),
        (
            "ALTER TABLE visits ALTER COLUMN client_id TYPE bigint",
            "visits",
        ),
        ("ALTER TABLE clients ADD COLUMN drawn float DEFAULT random()", "clients"),
    ] {
        is_told(&world, sql, table);
    }
    // The next attempt sees the table as it is now.
    world.run(0, &[]);
}

#[test]
fn a_table_whose_columns_are_altered_fails_the_attempt() {
    let Some(world) = world("reader") else {
        return;
    };
    world
        .postgres
        .sql("ALTER TABLE visits ADD COLUMN late timestamp DEFAULT '2020-01-01'");
    let swap =
        "BEGIN; ALTER TABLE visits RENAME id TO third; ALTER TABLE visits RENAME client_id TO id;
                ALTER TABLE visits RENAME third TO client_id; COMMIT";
    for sql in [
        "BEGIN; ALTER TABLE visits RENAME at TO early; ALTER TABLE visits RENAME late TO at; COMMIT",
        "BEGIN; ALTER TABLE visits DROP COLUMN at; ALTER TABLE visits ADD COLUMN at timestamp;
         UPDATE visits SET at = early; COMMIT",
        // The last of them, which is so made anew where it was, in a part of a transaction.
        "BEGIN; SAVEPOINT s; ALTER TABLE visits DROP COLUMN at; ALTER TABLE visits ADD COLUMN at timestamp; RELEASE s;
         UPDATE visits SET at = early; COMMIT",
        swap,
        swap,
        "ALTER TABLE visits RENAME early TO earlier",
        "ALTER TABLE visits ALTER COLUMN client_id TYPE oid",
    ] {
        is_told(&world, sql, "visits");
    }
    world.run(0, &[]);
}

#[test]
fn policies_and_enumerations_count_too() {
    let Some(world) = world("reader") else {
        return;
    };
    world.postgres.sql(
        "CREATE TYPE state AS ENUM ('open', 'done'); ALTER TABLE visits ADD COLUMN state state DEFAULT 'open'",
    );
    for sql in [
        "CREATE POLICY part ON visits USING (client_id < 5); ALTER TABLE visits ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY few ON visits AS RESTRICTIVE USING (client_id < 3)",
        "ALTER POLICY few ON visits USING (client_id < 4)",
        "DROP POLICY few ON visits",
        "ALTER TABLE visits DISABLE ROW LEVEL SECURITY",
        "ALTER TYPE state RENAME VALUE 'open' TO 'shut'",
    ] {
        is_told(&world, sql, "visits");
    }
    let found = found_after(&world, "ALTER TYPE state ADD VALUE 'late' BEFORE 'done'");
    assert!(
        found.is_ok(),
        "a value that is added says nothing of the rows"
    );
    world.run(0, &[]);
}

/// A run during whose reading of the visits something is done that no lock on a table keeps away, before it reads `later`.
#[track_caller]
fn is_told_in_the_middle(world: &World, sql: &str) {
    let reading = "SELECT count(*) FROM pg_stat_activity
                   WHERE application_name = 'muster' AND datname = current_database() AND query LIKE 'COPY%visits%'";
    std::thread::scope(|scope| {
        scope.spawn(|| {
            assert!(holds_in_time(|| world.postgres.sql(reading) != "0"));
            world.postgres.sql(sql);
        });
        world.run(3, &["emptied, rewrote, replaced or altered", "`later`"]);
    });
}

#[test]
fn what_no_lock_keeps_away_fails_the_attempt() {
    let Some(world) = world("reader") else {
        return;
    };
    let role = format!("member_{}", world.postgres.database);
    world.postgres.sql(&format!(
        "CREATE ROLE {role} LOGIN BYPASSRLS PASSWORD 'secret';
         CREATE TYPE state AS ENUM ('open', 'done');
         CREATE TABLE later AS SELECT *, 'open'::state AS state FROM visits;
         CREATE POLICY part ON later USING (client_id < 5); ALTER TABLE later ENABLE ROW LEVEL SECURITY;
         ALTER TABLE visits RENAME TO all_visits;
         CREATE VIEW visits AS SELECT v.* FROM all_visits v, (SELECT pg_sleep(2) OFFSET 0) s;
         CREATE SCHEMA staging; CREATE TABLE staging.later AS SELECT * FROM later WHERE client_id < 3;
         GRANT SELECT ON ALL TABLES IN SCHEMA public, staging TO {role}; GRANT USAGE ON SCHEMA staging TO {role}"
    ));
    world
        .scratch
        .edit("config.yaml", "//reader@", &format!("//{role}@"));
    world.scratch.edit(
        "config.yaml",
        "collections:\n",
        "collections:\n  later: { table: later, subject: client_id, at: at }\n",
    );
    world.scratch.rules(
        "segments:
  - { id: here, when: id > 0 }
  - { id: often, when: count(visits) >= 2 }
  - { id: named, when: count(later where state = \"open\") >= 2 }
",
    );
    world.run(0, &[]);
    is_told_in_the_middle(&world, &format!("ALTER ROLE {role} NOBYPASSRLS"));
    world.postgres.sql(&format!("ALTER ROLE {role} BYPASSRLS"));
    is_told_in_the_middle(&world, "ALTER TYPE state RENAME VALUE 'open' TO 'shut'");
    world
        .postgres
        .sql("ALTER TYPE state RENAME VALUE 'shut' TO 'open'");
    is_told_in_the_middle(
        &world,
        "BEGIN; ALTER SCHEMA public RENAME TO old; ALTER SCHEMA staging RENAME TO public; COMMIT",
    );
    world
        .postgres
        .sql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn a_view_that_is_replaced_fails_the_attempt() {
    let Some(world) = world("reader") else {
        return;
    };
    world.postgres.sql(
        "ALTER TABLE visits RENAME TO all_visits; ALTER TABLE all_visits ADD COLUMN late timestamp;
         CREATE VIEW some_visits AS SELECT id, client_id, at, late FROM all_visits;
         CREATE VIEW visits AS SELECT id, client_id, at FROM some_visits; GRANT SELECT ON visits TO reader, quick",
    );
    let replaced = "CREATE OR REPLACE VIEW visits AS SELECT id, client_id, coalesce(late, at) AS at FROM some_visits";
    is_told(&world, replaced, "visits");
    // Also one that another one reads.
    is_told(
        &world,
        "CREATE OR REPLACE VIEW some_visits AS SELECT id, client_id, at, at AS late FROM all_visits",
        "some_visits",
    );
    world.run(0, &[]);
}

#[test]
fn what_a_view_reads_counts_too() {
    let Some(world) = world("reader") else {
        return;
    };
    world.postgres.sql(
        "ALTER TABLE visits RENAME TO all_visits;
         CREATE VIEW visits AS SELECT * FROM all_visits WHERE id > 0;
         GRANT SELECT ON visits TO reader, quick",
    );
    let reload = "BEGIN; CREATE TEMP TABLE t AS SELECT * FROM all_visits; TRUNCATE all_visits;
                  INSERT INTO all_visits SELECT * FROM t; COMMIT";
    is_told(&world, reload, "all_visits");
    // A function of which nobody knows beforehand what it reads.
    world.postgres.sql(
        "CREATE FUNCTION visited() RETURNS SETOF all_visits LANGUAGE plpgsql SECURITY DEFINER AS
         'BEGIN RETURN QUERY SELECT * FROM all_visits; END';
         CREATE OR REPLACE VIEW visits AS SELECT * FROM visited()",
    );
    is_told(&world, reload, "all_visits");
    world.run(0, &[]);
}

#[test]
fn a_materialized_view_that_is_refreshed_fails_the_attempt() {
    let Some(world) = world("reader") else {
        return;
    };
    world.postgres.sql(
        "ALTER TABLE visits RENAME TO all_visits;
         CREATE MATERIALIZED VIEW visits AS SELECT * FROM all_visits; GRANT SELECT ON visits TO reader, quick",
    );
    is_told(
        &world,
        "DELETE FROM all_visits; REFRESH MATERIALIZED VIEW visits",
        "visits",
    );
}

#[test]
fn parts_and_heirs_count_too() {
    let Some(world) = world("reader") else {
        return;
    };
    world.postgres.sql(
        "ALTER TABLE visits RENAME TO all_visits;
         CREATE TABLE visits (id int, client_id int, at timestamp) PARTITION BY RANGE (id);
         CREATE TABLE low PARTITION OF visits FOR VALUES FROM (0) TO (50);
         CREATE TABLE high PARTITION OF visits FOR VALUES FROM (50) TO (1000);
         INSERT INTO visits SELECT * FROM all_visits",
    );
    is_told(&world, "TRUNCATE low", "low");
    world
        .postgres
        .sql("INSERT INTO visits SELECT * FROM all_visits WHERE id < 50");
    is_told(&world, "ALTER TABLE visits DETACH PARTITION low", "visits");
    is_told(
        &world,
        "ALTER TABLE visits ATTACH PARTITION low FOR VALUES FROM (0) TO (50)",
        "visits",
    );
    world.run(0, &[]);
    world.postgres.sql(
        "DROP TABLE visits; CREATE TABLE visits (LIKE all_visits); CREATE TABLE heir () INHERITS (visits);
         INSERT INTO heir SELECT * FROM all_visits",
    );
    is_told(&world, "TRUNCATE heir", "heir");
    world
        .postgres
        .sql("INSERT INTO heir SELECT * FROM all_visits");
    is_told(&world, "ALTER TABLE heir NO INHERIT visits", "visits");
    is_told(&world, "ALTER TABLE heir INHERIT visits", "visits");
    is_told(&world, "DROP TABLE heir", "heir");
}

#[test]
fn changes_that_are_kept_apart_disturb_nobody() {
    let Some(world) = world("reader") else {
        return;
    };
    for sql in [
        "DELETE FROM visits WHERE id > 80; INSERT INTO visits SELECT i, 1, '2026-02-01' FROM generate_series(81, 90) i",
        "UPDATE visits SET at = at",
        "ANALYZE visits; CREATE INDEX ON visits (at)",
        "VACUUM visits",
        "REINDEX TABLE visits",
        "ALTER TABLE visits ADD COLUMN note text",
        "ALTER TABLE visits ALTER COLUMN client_id SET STATISTICS 50; ALTER TABLE visits ALTER COLUMN client_id SET DEFAULT 3",
        "GRANT SELECT (at) ON visits TO reader",
        "BEGIN; ALTER TABLE visits RENAME at TO early; ROLLBACK",
        "CREATE TABLE another (id int); DROP TABLE another",
    ] {
        let found = found_after(&world, sql);
        assert_eq!(found.unwrap().rows["visits"], 90, "{sql}");
    }
}

/// Every table is locked before the first is read: whoever reloads one waits until all have been.
#[test]
fn a_reload_waits_for_the_whole_reading() {
    let Some(world) = world("reader") else {
        return;
    };
    world.postgres.sql(
        "ALTER TABLE visits RENAME TO all_visits;
         CREATE VIEW visits AS SELECT id, client_id,
             CASE WHEN id % 30 = 0 AND pg_sleep(2) IS NULL THEN NULL ELSE at END AS at FROM all_visits;
         GRANT SELECT ON visits TO reader;
         CREATE TABLE payments AS SELECT i AS id, i % 9 + 1 AS client_id FROM generate_series(1, 90) i",
    );
    let scratch = &world.scratch;
    scratch.edit("config.yaml", "{ moves: 20%, at_least: 1 }", "off");
    let payments = "collections:\n  payments: { table: payments, subject: client_id }\n";
    scratch.edit("config.yaml", "collections:\n", payments);
    scratch.rules(
        "segments:
  - { id: often, when: count(visits) >= 2 }
  - { id: paid, when: count(payments) >= 2 }
",
    );
    let count = |which: &str| {
        world.postgres.sql(&format!(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {which}"
        ))
    };
    std::thread::scope(|scope| {
        let run = scope.spawn(|| scratch.expect(0, &["run"]));
        assert!(holds_in_time(|| count("query LIKE 'COPY%visits%'") != "0"));
        scope.spawn(|| {
            world.postgres.sql(
                "BEGIN; CREATE TEMP TABLE t AS SELECT * FROM payments; TRUNCATE payments;
                 INSERT INTO payments SELECT * FROM t; COMMIT",
            )
        });
        assert!(holds_in_time(|| count("wait_event_type = 'Lock'") == "1"));
        run.join().unwrap();
    });
    assert_eq!(world.members(), ["often 9", "paid 9"]);
}
