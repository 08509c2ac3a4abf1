//! The demo studio: the same for the same date, whole, and full of life on any day.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod segments;

#[path = "../support/mod.rs"]
mod support;

use chrono::NaiveDate;
use chrono_tz::{America::New_York, Asia::Kolkata, Tz};
use muster::demo::{self, DemoError, Written};
use muster::engine::OwnedCell;
use muster::store::create_database;
use rusqlite::Connection;
use segments::Shipped;
use support::scratch::Scratch;

/// An ordinary day, the ends of February, and days on which the year or the clocks change.
const DATES: [&str; 5] = [
    "2021-08-20",
    "2024-02-29",
    "2026-02-28",
    "2026-01-01",
    "2026-03-08",
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The demo of a date in memory, as the file would hold it.
fn database(date: &str, zone: Tz) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    let transaction = connection.transaction().unwrap();
    for table in demo::studio(day(date), zone) {
        transaction.execute_batch(&table.sql).unwrap();
        let marks = vec!["?"; table.columns.len()].join(", ");
        let insert = format!(
            "insert into {} ({}) values ({marks})",
            table.name,
            table.columns.join(", ")
        );
        let mut insert = transaction.prepare(&insert).unwrap();
        for row in table.rows {
            let row = row.into_iter().map(|cell| match cell {
                OwnedCell::Null => rusqlite::types::Value::Null,
                OwnedCell::Integer(value) => value.into(),
                OwnedCell::Real(value) => value.into(),
                OwnedCell::Text(value) => String::from_utf8(value.into()).unwrap().into(),
                OwnedCell::Blob(value) => value.into_vec().into(),
            });
            insert.execute(rusqlite::params_from_iter(row)).unwrap();
        }
    }
    transaction.commit().unwrap();
    connection
}

fn number(connection: &Connection, sql: &str) -> i64 {
    connection
        .query_row(sql, [], |row| row.get(0))
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

#[test]
fn the_same_date_gives_the_same_studio() {
    let one = demo::studio(day("2025-06-02"), New_York);
    assert_eq!(one, demo::studio(day("2025-06-02"), New_York));
    assert_ne!(one, demo::studio(day("2025-06-03"), New_York));
}

#[test]
fn on_any_day_the_studio_is_whole() {
    for date in DATES {
        let shipped = Shipped::on(day(date));
        shipped.all_segments_have_members_and_others();
        let connection = shipped.database();
        let visits = number(&connection, "select count(*) from visits");
        assert!(
            (50_000..120_000).contains(&visits),
            "{date}: {visits} visits"
        );
        assert_eq!(number(&connection, "select count(*) from clients"), 2_000);
        nothing_refers_to_what_is_not_there(&connection, date);
        let born = |day: &str| {
            let born = format!("select count(*) from clients where birthday like '%-{day}'");
            number(&connection, &born)
        };
        assert!((3..40).contains(&born(&date[5..])), "{date}: birthdays");
        assert!((3..40).contains(&born("02-29")), "{date}: 29 February");
    }
}

fn nothing_refers_to_what_is_not_there(connection: &Connection, date: &str) {
    let broken = "select count(*) from pragma_foreign_key_check";
    assert_eq!(
        number(connection, broken),
        0,
        "{date}: rows that refer to nothing"
    );
    let barred = "select count(*) from visits v join packages p on p.id = v.package_id
        where p.client_id <> v.client_id or p.is_intro <> v.is_intro
           or v.attended_at < p.purchased_at or v.attended_at > p.expires_at";
    assert_eq!(
        number(connection, barred),
        0,
        "{date}: visits on packages that do not allow them"
    );
    let used = "select count(*) from packages p
        left join (select package_id, count(*) as visits from visits group by package_id) v
          on v.package_id = p.id
        where used_count > total_count or used_count <> coalesce(v.visits, 0)";
    assert_eq!(
        number(connection, used),
        0,
        "{date}: packages whose use is not their visits"
    );
}

#[test]
fn nothing_has_happened_after_the_date() {
    for (date, midnight) in [
        ("2026-03-08", "2026-03-08T05:00:00Z"),
        ("2026-11-01", "2026-11-01T04:00:00Z"),
    ] {
        let connection = database(date, New_York);
        for (table, column) in [
            ("visits", "attended_at"),
            ("packages", "purchased_at"),
            ("payments", "paid_at"),
            ("complaints", "made_at"),
            ("clients", "signed_up_at"),
            ("clients", "closed_on"),
            ("clients", "birthday"),
        ] {
            let later = format!("select count(*) from {table} where {column} >= '{date}'");
            assert_eq!(number(&connection, &later), 0, "{date}: {table}.{column}");
        }
        let later = format!("select count(*) from reservations where reserved_at >= '{midnight}'");
        assert_eq!(number(&connection, &later), 0, "{date}: reservations");
        let coming = format!("select count(*) from reservations where class_at >= '{midnight}'");
        assert!(
            number(&connection, &coming) > 20,
            "{date}: nothing is reserved"
        );
    }
}

#[test]
fn reservations_are_in_universal_time() {
    let first = "select class_at from reservations order by id limit 1";
    let at = |zone| -> String {
        let connection = database("2025-07-14", zone);
        connection.query_row(first, [], |row| row.get(0)).unwrap()
    };
    assert_ne!(at(New_York), at(Kolkata));
}

#[test]
fn the_year_has_its_rhythm() {
    let connection = database("2026-01-01", New_York);
    let visits = |month: u32| {
        number(
            &connection,
            &format!("select count(*) from visits where attended_at like '2025-{month:02}-%'"),
        )
    };
    assert!(
        visits(1) > visits(8) * 11 / 10,
        "January is busier than August"
    );
    let on = |weekday: u32| {
        number(
            &connection,
            &format!("select count(*) from visits where strftime('%w', attended_at) = '{weekday}'"),
        )
    };
    assert!(on(2) > on(0), "Tuesdays are busier than Sundays");
    let closed = "select count(*) from visits where attended_at like '%-12-25 %' or attended_at like '%-01-01 %'";
    assert_eq!(number(&connection, closed), 0);
}

#[test]
fn every_field_of_the_segments_page_has_several_values() {
    let connection = database("2025-07-14", New_York);
    for (table, column, least) in [
        ("packages", "invoice_period", 3),
        ("packages", "product", 8),
        ("payments", "method", 4),
        ("payments", "status", 2),
        ("complaints", "reason", 6),
        ("clients", "acquisition_channel", 6),
        ("clients", "client_type", 5),
        ("classes", "category", 5),
        ("reservations", "source", 3),
        ("studios", "network_id", 2),
    ] {
        let values = number(
            &connection,
            &format!("select count(distinct {column}) from {table}"),
        );
        assert!(values >= least, "{table}.{column} has {values} values");
    }
    assert!(
        number(
            &connection,
            "select count(*) from payments where amount < 0"
        ) > 10
    );
}

#[test]
fn the_client_list_looks_real() {
    let connection = database("2025-07-14", New_York);
    let sql = "select c.name, c.email, coalesce(c.phone, '-'), coalesce(c.birthday, '-'), s.name,
            coalesce(c.signed_up_at, '-'), c.client_type, c.acquisition_channel, coalesce(c.closed_on, '-')
        from clients c join studios s on s.id = c.studio_id order by c.id limit 20";
    let mut statement = connection.prepare(sql).unwrap();
    let lines = statement.query_map([], |row| {
        let cells: Vec<String> = (0..9).map(|cell| row.get(cell).unwrap()).collect();
        Ok(cells.join(" | "))
    });
    let lines: Vec<String> = lines.unwrap().map(Result::unwrap).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn a_demo_of_another_day_is_rewritten() {
    let folder = Scratch::around("deep/studio.db");
    let path = folder.database();
    let write = |date| demo::write(&path, day(date), New_York);
    assert_eq!(write("2025-07-14").await.unwrap(), Written::Made);
    let last = || {
        folder
            .query("select max(attended_at) from visits")
            .remove(0)
    };
    assert!(last().starts_with("2025-07-13"));
    assert_eq!(write("2025-07-14").await.unwrap(), Written::AlreadyThere);
    assert_eq!(write("2025-07-21").await.unwrap(), Written::Made);
    assert!(last().starts_with("2025-07-20"));
}

#[tokio::test]
async fn what_belongs_to_somebody_else_is_never_touched() {
    let folder = Scratch::new();
    folder.write("notes.db", "not a database");
    folder.sql_in("theirs.db", "create table a (b)");
    let [text, theirs, other_mark] =
        ["notes.db", "theirs.db", "marked.db"].map(|file| folder.path(file));
    create_database(&other_mark, &[], "something else")
        .await
        .unwrap();
    for path in [&text, &theirs, &other_mark] {
        let before = std::fs::read(path).unwrap();
        let failed = demo::write(path, day("2025-07-14"), New_York).await;
        assert!(matches!(failed, Err(DemoError::Taken(_))));
        assert_eq!(std::fs::read(path).unwrap(), before);
    }
}
