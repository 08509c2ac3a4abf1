//! What each type of PostgreSQL is worth as a cell, and what is told of what cannot be one.

use chrono_tz::Tz;
use muster::connector::postgres::PostgresConnector;
use muster::connector::{Connector, Snapshot};
use muster::engine::OwnedCell;
use proptest::prelude::*;

use crate::support::database::query;
use crate::support::postgres::Postgres;
use crate::support::scratch::Scratch;

fn snapshot(postgres: &Postgres) -> Box<dyn Snapshot> {
    let connector = PostgresConnector::new(&postgres.server(), Tz::America__New_York);
    connector.snapshot().unwrap()
}

/// The cells of expressions, in words.
fn cells(postgres: &Postgres, expressions: &[&str]) -> Vec<String> {
    let columns = expressions.iter().enumerate();
    let columns: Vec<String> = columns.map(|(n, sql)| format!("{sql} AS c{n}")).collect();
    postgres.sql(&format!(
        "DROP TABLE IF EXISTS cells; CREATE TABLE cells AS SELECT {}",
        columns.join(", ")
    ));
    let names: Vec<String> = (0..expressions.len()).map(|n| format!("c{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rows = snapshot(postgres).first_rows("cells", &names, 1).unwrap();
    rows[0].iter().map(shown).collect()
}

fn shown(cell: &OwnedCell) -> String {
    match cell {
        OwnedCell::Text(text) => format!("text {}", String::from_utf8_lossy(text)),
        OwnedCell::Null => "nothing".to_owned(),
        OwnedCell::Integer(whole) => format!("whole {whole}"),
        OwnedCell::Real(real) => format!("real {real:?}"),
        OwnedCell::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

#[test]
fn every_type_has_its_cell() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql(
        "CREATE EXTENSION IF NOT EXISTS citext; CREATE TYPE mood AS ENUM ('sad', 'happy');
         CREATE DOMAIN price AS numeric(12,2); CREATE DOMAIN dear AS price",
    );
    let known = [
        ("true", "whole 1"),
        ("false", "whole 0"),
        ("(-32768)::smallint", "whole -32768"),
        ("7::int", "whole 7"),
        ("9223372036854775807::bigint", "whole 9223372036854775807"),
        ("42::oid", "whole 42"),
        ("0.1::real", "real 0.1"),
        ("16777217::real", "real 16777216.0"),
        ("0.1::float8", "real 0.1"),
        ("'NaN'::float8", "nothing"),
        ("'-infinity'::float8", "real -inf"),
        ("0::numeric", "whole 0"),
        ("12.50::numeric(12,2)", "real 12.5"),
        ("12.00::numeric(12,2)", "whole 12"),
        ("(-0.0001)::numeric", "real -0.0001"),
        ("1e20::numeric", "text 100000000000000000000"),
        (
            "123456789012345678.91::numeric",
            "text 123456789012345678.91",
        ),
        (
            "(-0.1234567890123456789)::numeric",
            "text -0.1234567890123456789",
        ),
        (
            "12345678901234567890::numeric(38,10)",
            "text 12345678901234567890",
        ),
        (
            "123456789012345678.9::numeric(38,4)",
            "text 123456789012345678.9",
        ),
        ("'NaN'::numeric", "nothing"),
        ("'infinity'::numeric", "real inf"),
        ("3.99::price", "real 3.99"),
        ("4.99::dear", "real 4.99"),
        ("'1234.56'::money", "real 1234.56"),
        ("'Zoë %_\\'", "text Zoë %_\\"),
        ("'ab '::varchar(9)", "text ab "),
        ("'ab'::char(5)", "text ab"),
        ("'Ab'::citext", "text Ab"),
        ("''", "text "),
        ("'happy'::mood", "text happy"),
        (
            "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid",
            "text a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        ),
        ("'{\"a\": 1}'::json", "text {\"a\": 1}"),
        ("'{\"a\":1}'::jsonb", "text {\"a\": 1}"),
        ("'2024-02-29'::date", "text 2024-02-29"),
        ("'0001-01-01'::date", "text 0001-01-01"),
        ("'infinity'::date", "text infinity"),
        ("'-infinity'::timestamp", "text -infinity"),
        (
            "'294276-12-31 23:59:59.999999'::timestamp",
            "text 294276-12-31 23:59:59.999999",
        ),
        ("'1200-03-15 BC'::date", "text BC 1200-03-15"),
        (
            "'0044-03-15 10:00:00 BC'::timestamp",
            "text BC 0044-03-15 10:00:00",
        ),
        (
            "'1969-12-31 23:59:59.5'::timestamp",
            "text 1969-12-31 23:59:59.500000",
        ),
        (
            "'2025-03-30 02:30:00+02'::timestamptz",
            "text 2025-03-30 00:30:00Z",
        ),
        ("'10:30'::time", "text 10:30:00"),
        ("'1 day'::interval", "text 1 day"),
        ("'\\x00ff'::bytea", "2 bytes"),
        ("'10.0.0.1'::inet", "text 10.0.0.1"),
        ("'10.0.0.1/24'::inet", "text 10.0.0.1/24"),
        ("'10.0.0.0/8'::cidr", "text 10.0.0.0/8"),
        ("null::inet", "nothing"),
        ("'ab'::name", "text ab"),
        ("'c'::\"char\"", "text c"),
        ("'<a/>'::xml", "text <a/>"),
        ("null::int", "nothing"),
    ];
    let expressions: Vec<&str> = known.iter().map(|(sql, _)| *sql).collect();
    for ((sql, expected), found) in known.iter().zip(cells(&postgres, &expressions)) {
        assert_eq!(*expected, found, "{sql}");
    }
}

#[test]
fn days_of_instants_in_a_view_are_those_of_the_business_zone() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql(
        "CREATE TABLE visits (at timestamptz); INSERT INTO visits VALUES ('2025-01-01 03:00Z');
         CREATE VIEW days AS SELECT at::date AS day FROM visits",
    );
    let rows = snapshot(&postgres).sample("days", &["day"], 1, 1).unwrap();
    assert_eq!(shown(&rows[0][0]), "text 2024-12-31");
}

#[test]
fn a_day_that_no_calendar_has_is_told_and_missing() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql(
        "CREATE TABLE clients (id int PRIMARY KEY, born date, seen timestamptz, weight float8);
         INSERT INTO clients VALUES (1, '2000-02-29', '2000-02-29 10:00Z', 1), (2, 'infinity', '-infinity', 'infinity'),
             (3, '0044-03-15 BC', '0044-03-15 10:00Z BC', '-infinity'), (4, '10000-01-01', '10000-01-01 00:00Z', 'NaN')",
    );
    let scratch = Scratch::new();
    scratch.write(
        "config.yaml",
        format!(
            "database: {}\ntimezone: UTC\nunreadable: 100%\nsubject: {{ name: client, table: clients, key: id }}\n",
            postgres.config()
        ),
    );
    scratch.rules(
        "segments:\n  - { id: born, when: born is present }\n  - { id: seen, when: seen is present }\n  - { id: heavy, when: weight is present }\n",
    );
    let said = scratch.expect(0, &["run"]);
    for segment in ["born", "seen", "heavy"] {
        let sql =
            format!("select subject_key from muster_memberships where segment_id = '{segment}'");
        assert_eq!(query(&scratch.path("results.db"), &sql), ["1"], "{segment}");
    }
    let told = said.out + &said.err;
    for column in ["born", "seen", "weight"] {
        assert!(
            told.contains(&format!("(column `{column}`)")),
            "{column}\n{told}"
        );
    }
}

/// A database that knows no encoding takes any bytes, for names as well.
#[test]
fn bytes_that_are_no_text_concern_only_what_has_them() {
    let ascii = "TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'";
    let Some(postgres) = Postgres::open_with(ascii) else {
        return;
    };
    postgres.sql(
        "CREATE TABLE clients (id int PRIMARY KEY, name text, city text);
         INSERT INTO clients VALUES (1, E'M\\xfcller', E'K\\xf6ln'), (2, 'Zoë', 'Ulm');
         DO $$ BEGIN EXECUTE 'ALTER TABLE clients ADD \"gr' || E'\\xfc' || 'n\" int'; END $$",
    );
    let scratch = Scratch::new();
    scratch.write(
        "config.yaml",
        format!(
            "database: {}\ntimezone: UTC\nunreadable: 100%\nguard: off\n\
             subject: {{ name: client, table: clients, key: id, label: name }}\n",
            postgres.config()
        ),
    );
    scratch.rules(
        "segments:\n  - { id: here, when: id > 0 }\n  - { id: ulm, when: city = \"Ulm\" }\n",
    );
    scratch.expect(0, &["run"]);
    let members = "select segment_id || subject_key from muster_memberships order by 1";
    let results = scratch.path("results.db");
    assert_eq!(query(&results, members), ["here1", "here2", "ulm2"]);
    let labels = "select label from muster_scores order by subject_key";
    assert_eq!(query(&results, labels), ["1", "Zoë"]);
}

#[test]
fn an_array_is_refused_by_name() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql("CREATE TABLE clients (id int PRIMARY KEY, tags text[]); INSERT INTO clients VALUES (1, '{a}')");
    let scratch = Scratch::new();
    scratch.write(
        "config.yaml",
        format!(
            "database: {}\ntimezone: UTC\nsubject: {{ name: client, table: clients, key: id }}\n",
            postgres.config()
        ),
    );
    scratch.rules("segments:\n  - { id: a, when: tags contains \"a\" }\n");
    let said = scratch.expect(1, &["check"]);
    assert!(
        said.err.contains("holds arrays") || said.out.contains("holds arrays"),
        "{said:?}"
    );
}

#[test]
fn amounts_beyond_money_are_told_with_the_type_that_reads_them() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql(
        "CREATE TABLE clients (id int PRIMARY KEY, wealth numeric(30,3));
         INSERT INTO clients VALUES (1, 123456789012345678.125), (2, -99999999999999999999999999.999), (3, 0.5)",
    );
    let scratch = Scratch::new();
    let config = format!(
        "database: {}\ntimezone: UTC\nsubject: {{ name: client, table: clients, key: id }}\n",
        postgres.config()
    );
    scratch.write("config.yaml", &config);
    scratch.rules("segments:\n  - { id: rich, when: wealth > 1000 }\n");
    let said = scratch.muster(&["run"]);
    let told = said.out + &said.err;
    let entry = "types: { wealth: number }";
    assert!(
        told.contains("too large for money") && told.contains(entry),
        "{told}"
    );
    assert!(!told.contains("separators between"), "{told}");
    let typed = config.replace("key: id }", &format!("key: id, {entry} }}"));
    scratch.write("config.yaml", typed);
    scratch.expect(0, &["run"]);
    let members = query(
        &scratch.path("results.db"),
        "select subject_key from muster_memberships",
    );
    assert_eq!(members, ["1"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(8) })]

    /// Numbers of all sizes, days and instants: what the server writes of each is what its cell writes.
    #[test]
    fn numbers_and_times_are_what_the_server_writes(
        numbers in prop::collection::vec((any::<i64>(), 0..25_i32), 40),
        days in prop::collection::vec(-719_162..2_932_896_i64, 40),
    ) {
        let Some(postgres) = Postgres::open() else {
            return Ok(());
        };
        let numbers = numbers.iter().map(|(digits, places)| format!("({digits}::numeric / 1e{places}::numeric)"));
        let days = days.iter().map(|day| format!("('1970-01-01'::date + {day})"));
        let days: Vec<String> = days.collect();
        let times = days.iter().map(|day| format!("({day} + '13:14:15.000016'::time)"));
        let all: Vec<String> = numbers.chain(days.iter().cloned()).chain(times).collect();
        let expressions: Vec<&str> = all.iter().map(String::as_str).collect();
        let found = cells(&postgres, &expressions);
        let texts: Vec<String> = all.iter().map(|sql| format!("{sql}::text")).collect();
        let written = postgres.sql(&format!("SELECT {}", texts.join(", ")));
        for ((sql, found), written) in all.iter().zip(found).zip(written.split('|')) {
            let found = found.split_once(' ').unwrap().1;
            match (found.parse::<f64>(), written.parse::<f64>()) {
                (Ok(found), Ok(written)) => prop_assert_eq!(found, written, "{}", sql),
                _ => prop_assert_eq!(found, written, "{}", sql),
            }
        }
    }
}
