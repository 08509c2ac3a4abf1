//! What a server refuses: the first reason is told, without values of the data, and concerns no more than it has to.

use super::failures::world;
use crate::support::database::query;

/// The timeout ends one of several readings of a large table.
#[test]
fn a_statement_that_takes_too_long_is_told_however_a_table_is_read() {
    let Some(world) = world("slow") else {
        return;
    };
    world.postgres.sql(
        "INSERT INTO visits SELECT i, i % 9 + 1, '2026-01-01' FROM generate_series(91, 200000) i;
         ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
         CREATE POLICY slowly ON visits USING (CASE WHEN id % 20000 = 0 THEN pg_sleep(0.2) IS NOT NULL ELSE true END)",
    );
    world
        .scratch
        .edit("config.yaml", "timezone:", "threads: 4\ntimezone:");
    world.run(
        3,
        &["statement timeout", "ALTER ROLE slow SET statement_timeout"],
    );
}

#[test]
fn a_view_that_would_write_keeps_what_reads_it() {
    let Some(world) = world("reader") else {
        return;
    };
    world.postgres.sql(
        "ALTER TABLE visits RENAME TO all_visits; CREATE SEQUENCE seen; GRANT USAGE ON SEQUENCE seen TO reader;
         CREATE VIEW visits AS SELECT id, client_id, at, nextval('seen') AS place FROM all_visits",
    );
    world.run(1, &["often", "nextval", "may not write"]);
    world.postgres.sql(
        "CREATE OR REPLACE VIEW visits AS SELECT id, client_id, at, 1::bigint AS place FROM all_visits FOR UPDATE",
    );
    world.run(1, &["often", "FOR UPDATE", "may not write"]);
}

#[test]
fn values_in_errors_of_the_server_are_left_out() {
    let Some(world) = world("reader") else {
        return;
    };
    world.postgres.sql(
        "ALTER TABLE visits RENAME TO all_visits;
         CREATE VIEW visits AS SELECT id, client_id, ('eve@example.com ' || at)::timestamp AS at FROM all_visits",
    );
    world.run(1, &["often", "invalid datetime format (SQLSTATE 22007"]);
    let told = world.scratch.muster(&["segments", "--format", "json"]).out
        + &world.scratch.muster(&["status", "--format", "json"]).out;
    assert!(!told.contains("eve@"), "{told}");
    world.postgres.sql(
        "CREATE FUNCTION refuse(who int) RETURNS timestamp LANGUAGE plpgsql AS
         'BEGIN RAISE EXCEPTION ''not for eve@example.com''; END';
         CREATE OR REPLACE VIEW visits AS SELECT id, client_id, refuse(id) AS at FROM all_visits",
    );
    world.run(1, &["often", "a function of the database raised an error"]);
    let told = world.scratch.muster(&["segments", "--format", "json"]).out;
    assert!(!told.contains("eve@"), "{told}");
    // Whatever code it gives, it speaks in anybody's words.
    for code in ["22023", "45000", "57P01", "check_violation", "42883"] {
        world.postgres.sql(&format!(
            "CREATE OR REPLACE FUNCTION refuse(who int) RETURNS timestamp LANGUAGE plpgsql AS
             'BEGIN RAISE EXCEPTION ''not for eve@example.com'' USING ERRCODE = ''{code}''; END'"
        ));
        world.run(1, &["often", "a function of the database raised an error"]);
        let told = world.scratch.muster(&["segments", "--format", "json"]).out;
        assert!(!told.contains("eve@"), "{code}: {told}");
    }
}

#[test]
fn who_may_not_connect_is_told_and_remembered() {
    let Some(world) = world("reader") else {
        return;
    };
    let database = &world.postgres.database;
    world.postgres.sql(&format!(
        "REVOKE CONNECT ON DATABASE {database} FROM PUBLIC"
    ));
    world.run(3, &["GRANT CONNECT ON DATABASE", "reader"]);
    let told = world.scratch.muster(&["status"]).out;
    assert!(told.contains("failed"), "{told}");
    let runs = "select status || ' ' || message from muster_runs order by id desc limit 1";
    let last = query(&world.scratch.path("results.db"), runs).join(" ");
    assert!(
        last.contains("failed") && last.contains("CONNECT"),
        "{last}"
    );
    world.scratch.expect(3, &["run", "--dry-run"]);
    let count = query(
        &world.scratch.path("results.db"),
        "select count(*) from muster_runs",
    );
    assert_eq!(count, ["2"]);
}

#[test]
fn a_schema_without_rights_is_told() {
    let Some(world) = world("reader") else {
        return;
    };
    world
        .postgres
        .sql("REVOKE USAGE ON SCHEMA public FROM PUBLIC");
    world.run(3, &["permission denied for schema `public`", "GRANT USAGE"]);
    world
        .scratch
        .edit("config.yaml", "database: {", "database: { schema: public,");
    world.run(3, &["permission denied for schema `public`", "GRANT USAGE"]);
}
