//! What a server of Spark Connect aggregates of Parquet files, beside what the rows of a SQLite file come to.

use muster::connector::Connector;
use muster::connector::spark::SparkConnector;
use muster::engine::Unwatched;
use muster::time::Clock;

use super::harness::{assert_same, gathered, of_rows};
use super::oracle::compare;
use super::traps::{CONFIG, METRICS, TABLES, ZONE, folder, numbered, repeated};
use crate::scan::harness::{Folder, clock};
use crate::support::spark::Spark;

/// Asks a server that has taken the file over: what it did not answer, in words.
pub fn by_spark(folder: &Folder, spark: &Spark) -> Vec<String> {
    spark.take_over_typed(&folder.database(), 7);
    asked(folder, spark)
}

/// Asks a server of the tables that it has.
fn asked(folder: &Folder, spark: &Spark) -> Vec<String> {
    let project = folder.project();
    let clock = Clock {
        zone: project.config.timezone,
        ..clock()
    };
    let snapshot = SparkConnector::new(&spark.server()).snapshot().unwrap();
    let found = snapshot.gather(None, &project.ir, &clock, &Unwatched);
    let found = found.unwrap();
    let wanted = of_rows(&folder.database(), &project.ir, &clock);
    assert_same(&gathered(&wanted), &gathered(&found));
    found.by_rows
}

const NONE: [&str; 0] = [];

#[test]
fn spark_aggregates_what_its_rows_come_to() {
    let Some(spark) = Spark::open() else {
        return;
    };
    compare(16, |folder| by_spark(folder, &spark));
}

#[test]
fn spark_answers_traps_as_its_rows_are_read() {
    let Some(spark) = Spark::open() else {
        return;
    };
    for paid in ["paid real", "paid numeric(12,4)"] {
        let folder = folder(&TABLES.replace("paid real", paid), &METRICS);
        assert_eq!(by_spark(&folder, &spark), NONE, "{paid}");
    }
}

#[test]
fn spark_counts_the_keys_that_several_rows_have() {
    let Some(spark) = Spark::open() else {
        return;
    };
    assert_eq!(by_spark(&numbered(), &spark), NONE);
    assert_eq!(by_spark(&repeated("no", ""), &spark), NONE);
}

/// Columns of one, two and four bytes, as amounts, cents and times: what comes of them has more.
#[test]
fn whole_numbers_of_few_bytes_have_room() {
    let Some(spark) = Spark::open() else {
        return;
    };
    for (ty, most) in [
        ("tinyint", 120),
        ("smallint", 32_000),
        ("mediumint", 2_000_000_000),
    ] {
        let tables = format!(
            "create table clients (id {ty} primary key, name text, age integer);
             insert into clients values (1, 'Ann', 30), (2, 'Bo', null);
             create table sales (no {ty}, client_id {ty}, at datetime, paid {ty}, cents {ty}, stamp mediumint, done boolean);
             insert into sales values (1, 1, '2025-06-01 10:00:00', {most}, {most}, 1749700000, 1),
                 (2, 1, '2025-06-02 10:00:00', {most}, -{most}, 1749700001, 0), (3, 2, '2025-06-03 10:00:00', -{most}, null, null, 0);
             create table plans (no {ty}, client_id {ty}, day date, until date);
             insert into plans values (1, 1, '2025-03-09', '2025-06-15');"
        );
        let config = CONFIG.replace("paid: money,", "paid: money, cents: cents,");
        let metrics = [
            ("of_paid", "sum(sales.paid)"),
            ("of_most", "max(sales.paid)"),
            ("of_cents", "sum(sales.cents)"),
            ("of_middle", "median(sales.cents)"),
            ("of_stamp", "max(sales.stamp)"),
            ("of_recent", "count(sales where stamp in last 5 days)"),
            ("of_twice", "max(sales.paid + sales.cents)"),
            ("of_plans", "max(plans.until)"),
        ];
        let folder = Folder::in_zone(ZONE, &tables, &config, &metrics);
        assert_eq!(by_spark(&folder, &spark), NONE, "{ty}");
    }
}

/// Amounts of which two have no room in eight bytes: a sum has, and a total that is no amount is missing, as is what is added row by row.
#[test]
fn amounts_that_do_not_fit_are_missing() {
    let Some(spark) = Spark::open() else {
        return;
    };
    let tables = "
create table clients (id integer primary key, name text, age integer);
insert into clients values (1, 'Ann', 30), (2, 'Bo', null), (3, 'Cy', 1);
create table sales (no integer primary key, client_id integer, at datetime, paid integer, stamp integer, done boolean);
insert into sales values (1, 1, '2025-06-01 10:00:00', 800000000000000, null, 1), (2, 1, '2025-06-02 10:00:00', 800000000000000, null, 1),
    (3, 2, '2025-06-01 10:00:00', 800000000000000, null, 1), (4, 2, '2025-06-02 10:00:00', 800000000000000, null, 1),
    (5, 2, '2025-06-02 11:00:00', -800000000000000, null, 1), (6, 3, '2025-06-02 11:00:00', 7, null, 1);
create table plans (no integer primary key, client_id integer, day date, until date);
";
    let metrics = [
        ("of_paid", "sum(sales.paid)"),
        ("of_mean", "avg(sales.paid)"),
        ("of_twice", "max(sales.paid + sales.paid)"),
        ("of_less", "min(sales.paid - 900000000000000)"),
        ("of_none", "count(sales where paid + paid is missing)"),
    ];
    let folder = folder(tables, &metrics);
    assert_eq!(by_spark(&folder, &spark), NONE);
}

/// Those that PySail and the rules round differently.
#[test]
fn numbers_that_are_rounded_otherwise_are_added_row_by_row() {
    let Some(spark) = Spark::open() else {
        return;
    };
    let why = "`sales`: it adds numbers that Spark may round differently";
    for worth in [
        "12345678901234567.0",
        "1.2345678901234567e19",
        "0.0000000005",
        "0.0001234565",
        "0.0001234565001",
    ] {
        let sale = format!(
            "{TABLES} insert into sales values (90, 1, '2025-03-09 10:00:00', 1, {worth}, 1, 1, null, 'x');"
        );
        let folder = folder(
            &sale,
            &[
                ("of_worth", "sum(sales.worth)"),
                ("of_mean", "avg(sales.worth)"),
            ],
        );
        let refused = by_spark(&folder, &spark);
        match worth {
            "0.0001234565001" => assert_eq!(refused, NONE),
            _ => assert_eq!(refused, [why], "{worth}"),
        }
    }
}

/// Of two numbers near a half of the ninth decimal.
#[test]
fn numbers_that_are_rounded_otherwise_are_compared_row_by_row() {
    let Some(spark) = Spark::open() else {
        return;
    };
    let tables = "
create table clients (id integer primary key, name text, age integer);
insert into clients values (1, 'Ann', 30), (2, 'Bo', null);
create table sales (no integer primary key, client_id integer, at datetime, paid real, worth real, other real, stamp integer, done boolean);
insert into sales values (1, 1, '2025-06-01 10:00:00', 1, WORTH, OTHER, null, 1), (2, 2, '2025-06-01 10:00:00', 1, 7.0, 8.0, null, 1);
create table plans (no integer primary key, client_id integer, day date, until date);
";
    let why = "`sales`: it compares numbers that Spark may round differently";
    for (worth, other, refused) in [
        ("0.0000000075", "0.000000008", [why].as_slice()),
        ("0.0000000315", "0.000000032", &[why]),
        ("0.0000000075", "0.0000000075", &[]),
        ("0.0000000075", "0.0075", &[]),
    ] {
        let tables = tables.replace("WORTH", worth).replace("OTHER", other);
        let folder = folder(
            &tables,
            &[
                ("of_same", "count(sales where worth = other)"),
                ("of_less", "count(sales where worth < other)"),
            ],
        );
        assert_eq!(by_spark(&folder, &spark), refused, "{worth} {other}");
    }
}

/// Times of rows on a clock that knows no zone, beside instants of people: in the hours that the clock showed twice or never, too.
const SINCE: &str = r#"
create table clients (id integer primary key, name text, age integer, since datetime);
insert into clients values (1, 'Ann', 30, '2025-03-09 02:30:00'), (2, 'Bo', null, '2025-11-02 01:30:00'), (3, 'Cy', 4, null),
    (4, 'Di', 4, '2025-03-09 03:00:00');
create table sales (no integer primary key, client_id integer, at datetime, paid real, stamp integer, done boolean);
insert into sales values (1, 1, '2025-03-09 02:30:00', 1, null, 1), (2, 1, '2025-03-09 03:00:00', 1, null, 1), (3, 1, '2025-03-09 01:59:59', 1, null, 1),
    (4, 1, '2025-03-09 03:00:01', 1, null, 1), (5, 2, '2025-11-02 01:30:00', 1, null, 1), (6, 2, '2025-11-02 00:30:00', 1, null, 1),
    (7, 2, '2025-11-02 01:30:01', 1, null, 1), (8, 3, '2025-06-02 10:00:00', 1, null, 1), (9, 4, '2025-03-09 02:30:00', 1, null, 1);
create table plans (no integer primary key, client_id integer, day date, until date);
"#;

const SINCE_METRICS: [(&str, &str); 7] = [
    ("of_after", "count(sales where at > client.since)"),
    ("of_from", "count(sales where at >= client.since)"),
    ("of_before", "count(sales where at < client.since)"),
    ("of_until", "count(sales where client.since >= at)"),
    ("of_same", "count(sales where at = client.since)"),
    ("of_other", "count(sales where client.since != at)"),
    (
        "of_later",
        "count(sales where at > client.since + 30 minutes)",
    ),
];

#[test]
fn times_are_compared_with_instants_of_people() {
    let Some(spark) = Spark::open() else {
        return;
    };
    let folder = folder(SINCE, &SINCE_METRICS);
    assert_eq!(by_spark(&folder, &spark), NONE);
}

#[test]
fn a_table_that_is_called_as_what_is_lent_is_read_row_by_row() {
    let Some(spark) = Spark::open() else {
        return;
    };
    let folder = folder(SINCE, &SINCE_METRICS);
    spark.take_over_typed(&folder.database(), 7);
    let (from, to) = (spark.table("clients"), spark.table("muster_subjects"));
    std::fs::create_dir(&to).unwrap();
    std::fs::copy(from.join("0000.parquet"), to.join("0000.parquet")).unwrap();
    let why = "`sales`: a table is called `muster_subjects`, the name under which Muster sends data to the server";
    assert_eq!(asked(&folder, &spark), [why]);
}

/// Rows at the same time, some of them in an hour that no clock showed, with the least and the greatest keys that there are.
const ENDS: &str = r#"
create table clients (id integer primary key, name text, age integer);
insert into clients values (1, 'Ann', 30), (2, 'Bo', null), (3, 'Cy', 4);
create table sales (no integer, client_id integer, at datetime, paid real, worth real, stamp integer, done boolean, note text);
insert into sales values
    (-9223372036854775807, 1, '2025-03-09 02:30:00', 1, 0.5, null, 1, 'a'), (9223372036854775807, 1, '2025-03-09 02:15:00', 2, null, null, 0, null),
    (0, 1, '2025-03-09 02:59:00', 3, 2.5, null, null, 'c'), (-1, 2, '1993-02-01 10:00:00', 4, 1, null, 1, 'd'), (-2, 2, '1993-02-01 10:00:00', 5, 1, null, 1, 'e'),
    (7, 2, '2025-06-20 10:00:00', 6, 1, null, 1, 'still to come'), (8, 3, '2025-06-01 10:00:00', 7, 1, null, 1, 'g');
create table plans (no integer primary key, client_id integer, day date, until date);
insert into plans values (1, 1, '2025-03-09', '2025-06-15'), (2, 1, '2025-03-08', null);
"#;

const OF_ENDS: [(&str, &str); 9] = [
    ("of_first", "first(sales).note"),
    ("of_last", "last(sales).note"),
    ("of_last_paid", "last(sales).paid"),
    ("of_last_done", "last(sales where paid < 3).done"),
    ("of_last_worth", "last(sales in last 200 days).worth"),
    ("of_first_at", "first(sales).at"),
    ("of_last_at", "last(sales where paid < 3).at"),
    ("of_first_day", "first(plans).day"),
    ("of_last_until", "last(plans).until"),
];

#[test]
fn first_and_last_rows_are_found_by_time_and_key() {
    let Some(spark) = Spark::open() else {
        return;
    };
    let same =
        "`sales`: rows of the same time have the same key, and the database has no order of them";
    for (rows, refused) in [
        ("", NONE.as_slice()),
        // Another row has the key, at another time or of somebody else.
        (
            "(8, 3, '2025-05-01 10:00:00', 8, 1, null, 1, 'h'), (8, 2, '2025-06-01 10:00:00', 9, 1, null, 0, 'i')",
            &[],
        ),
        ("(8, 3, '2025-06-01 10:00:00', 7, 1, null, 1, 'g')", &[same]),
        // Of the same time the one without a key is the first.
        (
            "(null, 3, '2025-06-01 10:00:00', 8, 1, null, 1, 'h'), (null, 1, '2025-01-01 10:00:00', 8, 1, null, 1, 'i')",
            &[],
        ),
        (
            "(null, 3, '2025-05-01 10:00:00', 8, 1, null, 1, 'h'), (null, 3, '2025-05-01 10:00:00', 9, 1, null, 1, 'i')",
            &[same],
        ),
    ] {
        let more = match rows {
            "" => String::new(),
            rows => format!("insert into sales values {rows};"),
        };
        let folder = folder(&format!("{ENDS}{more}"), &OF_ENDS);
        assert_eq!(by_spark(&folder, &spark), refused, "{rows}");
    }
}

/// The same with the offset of each time, which is an instant then: none of them was never shown.
#[test]
fn instants_are_compared_as_they_are_stored() {
    let Some(spark) = Spark::open() else {
        return;
    };
    let tables = ENDS.replace(":00'", ":00Z'");
    let mut metrics = OF_ENDS.to_vec();
    metrics.extend([
        ("of_recent", "count(sales in last 30 days)"),
        ("of_later", "count(sales since 2025-03-09)"),
        ("of_then", "count(sales where at < 14 days ago)"),
        ("of_times", "count(distinct sales.at)"),
        ("of_earliest", "min(sales.at)"),
    ]);
    let folder = folder(&tables, &metrics);
    assert_eq!(by_spark(&folder, &spark), NONE);
}
