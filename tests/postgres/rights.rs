//! Rights that a role lacks: what to run is told, by whom.

use muster::connector::postgres::PostgresConnector;
use muster::connector::{Connector, KeptSnapshot};
use muster::engine::{Keep, Unwatched};

use super::failures::world;
use crate::support::clock::clock_at;
use crate::support::postgres::Postgres;
use crate::support::scratch::Scratch;

#[test]
fn a_role_that_may_not_log_in_is_told_how_it_may() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql("CREATE TABLE clients (id int PRIMARY KEY)");
    let folder = postgres.file("").display().to_string();
    let folder = folder.trim_end_matches('/').replace('/', "%2F");
    let role = format!("narrow_{}", postgres.database);
    let url = postgres.url(&role).replace("localhost", &folder);
    for (options, advice) in [
        ("NOLOGIN", format!("ALTER ROLE {role} LOGIN")),
        (
            "LOGIN CONNECTION LIMIT 0",
            format!("ALTER ROLE {role} CONNECTION LIMIT"),
        ),
    ] {
        postgres.sql(&format!("CREATE ROLE {role} {options}"));
        let scratch = Scratch::new();
        scratch.write(
            "config.yaml",
            format!("database: {url}\ntimezone: UTC\nsubject: {{ name: client, table: clients, key: id }}\n"),
        );
        scratch.rules("segments:\n  - { id: a, when: id > 3 }\n");
        let told = scratch.expect(3, &["check"]).err;
        postgres.sql(&format!("DROP ROLE {role}"));
        assert!(told.contains(&advice), "{told}");
        assert!(!told.contains("max_connections"), "{told}");
    }
}

#[test]
fn a_role_without_row_security_is_told_how_it_gets_it_back() {
    let Some(world) = world("quick") else {
        return;
    };
    world.postgres.sql(&format!(
        "ALTER TABLE visits ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON visits USING (true);
         ALTER ROLE quick IN DATABASE {} SET row_security = off",
        world.postgres.database
    ));
    world.run(1, &["often", "ALTER ROLE quick RESET row_security"]);
    let told = world.scratch.muster(&["segments"]).out;
    assert!(!told.contains("GRANT"), "{told}");
}

#[test]
fn a_view_whose_owner_lacks_a_right_is_told_whose_right_it_is() {
    let Some(world) = world("reader") else {
        return;
    };
    let owner = format!("owner_{}", world.postgres.database);
    world.postgres.sql(&format!(
        "CREATE ROLE {owner}; ALTER TABLE visits RENAME TO all_visits;
         CREATE VIEW visits AS SELECT * FROM all_visits; ALTER VIEW visits OWNER TO {owner};
         GRANT SELECT ON visits TO reader"
    ));
    world.run(
        1,
        &[
            "often",
            "permission denied for table all_visits",
            "the view `visits` reads it with the rights of the view's owner",
        ],
    );
    let told = world.scratch.muster(&["segments"]).out;
    assert!(!told.contains("GRANT"), "{told}");
    world
        .postgres
        .sql(&format!("GRANT SELECT ON all_visits TO {owner}"));
    world.scratch.expect(0, &["run"]);
    world
        .postgres
        .sql(&format!("DROP OWNED BY {owner}; DROP ROLE {owner}"));
}

/// Their rows change without anything that this server writes.
#[test]
fn foreign_tables_are_read_each_time() {
    let Some(world) = world("reader") else {
        return;
    };
    let connector = PostgresConnector::new(&world.postgres.server(), chrono_tz::UTC);
    let mut sentinel = connector.sentinel().unwrap();
    let file = world.postgres.file("foreign.csv");
    world.postgres.sql(&format!(
        "CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
         CREATE FOREIGN TABLE abroad (id int) SERVER files OPTIONS (filename '{}')",
        file.display()
    ));
    let first = sentinel.state();
    assert!(first.is_some());
    assert_ne!(sentinel.state(), first);
}

#[test]
fn a_start_names_the_tables_that_it_may_not_read() {
    let Some(world) = world("reader") else {
        return;
    };
    world
        .postgres
        .sql("REVOKE SELECT ON clients, visits FROM quick");
    let scratch = Scratch::new();
    let url = world
        .postgres
        .url("quick")
        .replace("localhost", "127.0.0.1");
    let told = scratch.expect(2, &["init", &url]).err;
    for table in ["clients", "visits"] {
        let line = format!(
            "{table}: cannot be read: permission denied: ask its owner to run \"GRANT SELECT ON {table} TO quick\""
        );
        assert!(told.contains(&line), "{told}");
    }
    assert!(!told.contains("finds no tables"), "{told}");
    let told = scratch.expect(2, &["init", &url, "--table", "clients"]).err;
    assert!(told.contains("GRANT SELECT ON clients TO quick"), "{told}");
}

/// A restart of the server, or a timeout, ends the connection that sees whether anything has changed.
#[test]
fn what_was_read_is_kept_again_after_a_connection_has_ended() {
    let Some(world) = world("reader") else {
        return;
    };
    let project = world.project();
    let clock = clock_at("2026-03-15T10:00:00", chrono_tz::UTC);
    let connector = PostgresConnector::new(&world.postgres.server(), chrono_tz::UTC);
    let mut kept = KeptSnapshot::new(&connector, 1 << 30);
    let mut state = || {
        kept.evaluate(&project.ir, &clock, Keep::Outputs, &Unwatched)
            .unwrap();
        kept.states()
    };
    // Others write to the same server.
    let mut is_kept = || (0..100).any(|_| state() == state());
    assert!(is_kept());
    world.postgres.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'muster' AND datname = current_database()",
    );
    assert!(is_kept());
}
