//! Types and texts that could mean several things: those of one's own that are called as the server's, and days in numbers.

use muster::connector::Connector;
use muster::connector::postgres::PostgresConnector;
use muster::engine::OwnedCell;

use crate::support::postgres::Postgres;
use crate::support::scratch::Scratch;

/// The first text of a column.
fn text(postgres: &Postgres, table: &str, column: &str) -> String {
    let connector = PostgresConnector::new(&postgres.server(), chrono_tz::UTC);
    let rows = connector
        .snapshot()
        .unwrap()
        .sample(table, &[column], 1, 1)
        .unwrap();
    match &rows[0][0] {
        OwnedCell::Text(text) => String::from_utf8_lossy(text).into_owned(),
        other => format!("{other:?}"),
    }
}

#[test]
fn types_of_ones_own_are_not_those_of_the_server() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql(
        "CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO quick;
         CREATE TYPE app.bool AS ENUM ('never', 'always'); CREATE TYPE app.date AS ENUM ('today');
         CREATE TYPE app.int8 AS ENUM ('eight'); CREATE DOMAIN app.float8 AS app.int8;
         CREATE TYPE mood AS ENUM ('sad', 'happy');
         CREATE FUNCTION told(mood) RETURNS text LANGUAGE sql AS $$ SELECT 'told' $$;
         CREATE CAST (mood AS text) WITH FUNCTION told(mood);
         CREATE TABLE owned (a app.bool, b app.date, c app.int8, d app.float8, e mood);
         INSERT INTO owned VALUES ('always', 'today', 'eight', 'eight', 'happy')",
    );
    let expected = [
        ("a", "always"),
        ("b", "today"),
        ("c", "eight"),
        ("d", "eight"),
        ("e", "happy"),
    ];
    for (column, text_of_it) in expected {
        assert_eq!(text(&postgres, "owned", column), text_of_it);
    }
}

/// The driver asks for months first, whatever is set.
#[test]
fn a_view_reads_days_in_numbers_as_the_server_does_for_the_role() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql(
        "CREATE TABLE people (joined text); INSERT INTO people VALUES ('03/04/2025');
         CREATE VIEW days AS SELECT joined::date::text AS day FROM people",
    );
    let database = &postgres.database;
    for (set, expected) in [
        (String::new(), "2025-03-04"),
        (
            format!("ALTER DATABASE {database} SET DateStyle = 'SQL, DMY'"),
            "2025-04-03",
        ),
        (
            format!("ALTER ROLE quick IN DATABASE {database} SET DateStyle = 'ISO, MDY'"),
            "2025-03-04",
        ),
        // A style alone, which has an order of its own.
        (
            format!("ALTER ROLE quick IN DATABASE {database} SET DateStyle = 'German'"),
            "2025-04-03",
        ),
        (
            format!(
                "ALTER ROLE quick IN DATABASE {database} SET DateStyle = 'ISO'; ALTER DATABASE {database} RESET DateStyle"
            ),
            "2025-03-04",
        ),
    ] {
        postgres.sql(&set);
        assert_eq!(text(&postgres, "days", "day"), expected, "{set}");
    }
}

#[test]
fn bytes_are_refused_with_what_a_view_can_make_of_them() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql("CREATE TABLE clients (id int PRIMARY KEY, b bytea)");
    let scratch = Scratch::new();
    scratch.write(
        "config.yaml",
        format!(
            "database: {}\ntimezone: UTC\nsubject: {{ name: client, table: clients, key: id }}\n",
            postgres.config()
        ),
    );
    scratch.rules("segments:\n  - { id: a, when: b = \"x\" }\n");
    let said = scratch.expect(1, &["check"]);
    let told = said.out + &said.err;
    assert!(
        told.contains("holds bytes (`bytea`)") && told.contains("encode(b, 'hex')"),
        "{told}"
    );
}

#[test]
fn the_key_of_a_partitioned_table_is_to_be_named() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql(
        "CREATE TABLE clients (id int PRIMARY KEY, name text);
         INSERT INTO clients SELECT i, 'Client ' || i FROM generate_series(1, 50) i;
         CREATE TABLE orders (id bigint, client_id int, ordered_at timestamp, channel text, PRIMARY KEY (id, ordered_at))
             PARTITION BY RANGE (ordered_at);
         CREATE TABLE first_half PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2025-07-01');
         CREATE TABLE second_half PARTITION OF orders FOR VALUES FROM ('2025-07-01') TO ('2026-07-01');
         INSERT INTO orders SELECT i, i % 50 + 1, '2025-01-02'::timestamp + i * interval '1 hour', 'web' FROM generate_series(1, 5000) i",
    );
    let scratch = Scratch::new();
    let config = format!(
        "database: {}\ntimezone: UTC\nsubject: {{ name: client, table: clients, key: id }}\n\
         collections:\n  orders: {{ table: orders, subject: client_id, at: ordered_at }}\n",
        postgres.config()
    );
    scratch.write("config.yaml", config);
    scratch.rules("segments:\n  - { id: a, when: last(orders).channel = \"web\" }\n");
    let said = scratch.expect(2, &["check"]);
    let told = said.out + &said.err;
    assert!(
        told.contains("several columns (`id`, `ordered_at`)")
            && told.contains("`key:` of `orders`"),
        "{told}"
    );
    let other = Scratch::new();
    let url = postgres.url("quick").replace("localhost", "127.0.0.1");
    other.expect(0, &["init", &url]);
    let config = other.read("config.yaml");
    assert!(config.contains("    key: id\n"), "{config}");
    // Where it is not unique, nobody knows it.
    postgres.sql("INSERT INTO orders VALUES (7, 7, '2026-01-01', 'web')");
    let other = Scratch::new();
    other.expect(0, &["init", &url]);
    let config = other.read("config.yaml");
    assert!(!config.contains("    key: id\n"), "{config}");
}
