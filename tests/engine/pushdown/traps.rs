//! What databases do in their own ways: times that no clock showed, amounts, floats, texts with signs of patterns. Each is answered
//! as the rows are read, or refused in words, whereupon the rows are.

use super::harness::{by_postgres, by_sqlite};
use crate::scan::harness::Folder;
use crate::scan::oracle::COLLECTIONS;
use crate::support::postgres::Postgres;

/// On a clock that was put forward from two to three in the night of 9 March.
pub const ZONE: &str = "America/New_York";

pub const CONFIG: &str = "
subject: { name: client, table: clients, key: id, label: name }
collections:
  sales: { table: sales, subject: client_id, at: at, key: no, types: { paid: money, stamp: unix, done: boolean } }
  kept: { table: sales, subject: client_id, at: at, where: at > 2025-03-09 and paid > 1, types: { paid: money, stamp: unix, done: boolean } }
  plans: { table: plans, subject: client_id, at: day, key: no }
";

pub const TABLES: &str = r#"
create table clients (id integer primary key, name text, age integer);
insert into clients values (1, 'Ann', 30), (2, 'Bo', null), (3, 'Cy', 4), (9, null, 2);
create table sales (no integer primary key, client_id integer, at datetime, paid real, worth real, units integer, done boolean,
                    stamp integer, note text);
insert into sales values
    (1, 1, '2025-03-09 01:59:59', 12.5, 0.1, 3, 1, 1741503600, '100% sure'),
    (2, 1, '2025-03-09 02:30:00', 0.07, 0.2, 4, 0, 1741507200, '_under'),
    (7, 1, '2025-03-09 03:00:00', 1.0001, 0.3, null, null, 1749000000, 'back\slash\'),
    (3, 1, '2025-03-09 02:59:00', -3.25, null, -2, 1, null, 'it''s'),
    (4, 2, '2025-11-02 01:30:00', 1000000.01, 1e9, 7, 0, 1749500000, null),
    (5, 2, '2025-05-20 00:00:00', null, -0.0, 0, 1, 1749600000, 'Ärger'),
    (6, 2, '2025-06-15 07:59:59', 4, 0.30000000004, 1, 1, 1749700000, 'ärger'),
    (8, 3, '1989-12-31 10:00:00', 5, 3.0, 3, 0, 1749700001, ''),
    (10, 3, null, 6, 0.1, 9, 0, 1749700002, 'no time'),
    (11, 4, '2025-06-01 10:00:00', 7, 0.5, 2, 1, 1749700003, 'orphan'),
    (12, null, '2025-06-01 10:00:00', 8, 0.5, 2, 1, 1749700004, 'nobody'),
    (13, 3, '2025-06-10 10:00:00', 2.5, 0.3333333333333333, 2, 1, 1749700005, 'x'),
    (14, 3, '2025-06-10 10:00:00', 2.5, 0.3333333333333334, 2, 0, 1749700006, 'y');
create table plans (no integer primary key, client_id integer, day date, until date);
insert into plans values (1, 1, '2025-03-09', '2025-06-15'), (2, 1, '2025-06-15', null), (3, 2, '2025-06-16', '2025-07-01'),
    (4, 3, null, '2025-06-12'), (5, 3, '2025-06-14', '2025-06-14');
"#;

/// What SQL answers exactly.
pub const METRICS: [(&str, &str); 54] = [
    ("of_kept", "count(kept)"),
    ("of_last_kept", "last(kept).paid"),
    ("of_paid", "sum(sales.paid)"),
    ("of_mean_paid", "avg(sales.paid in last 200 days)"),
    ("of_middle_paid", "median(sales.paid)"),
    ("of_most_paid", "max(sales.paid + sales.paid)"),
    ("of_least_paid", "min(sales.paid - 1)"),
    (
        "of_paid_more",
        "count(sales where paid > 1 and paid <= 12.5)",
    ),
    ("of_paid_so", "count(distinct sales.paid)"),
    ("of_spread_paid", "stddev(sales.paid)"),
    ("of_worth", "sum(sales.worth)"),
    ("of_mean_worth", "avg(sales.worth)"),
    ("of_middle_worth", "median(sales.worth)"),
    ("of_spread_worth", "stddev(sales.worth)"),
    ("of_worths", "count(distinct sales.worth)"),
    ("of_product", "max(sales.worth * 3 - sales.units)"),
    ("of_quotient", "min(sales.worth / sales.units)"),
    ("of_minus_zero", "max(sales.units / (sales.worth * -0.0))"),
    ("of_tenths", "count(sales where worth * 3 = 0.3)"),
    ("of_third", "count(sales where worth > 0.3)"),
    ("of_same", "count(sales where worth = units)"),
    ("of_less", "count(sales where worth / 3 < units / 30)"),
    ("of_other", "count(sales where worth != 0.3)"),
    ("of_first_at", "first(sales).at"),
    ("of_last_at", "last(sales).at"),
    ("of_first_note", "first(sales).note"),
    ("of_last_note", "last(sales).note"),
    ("of_last_done", "last(sales).done"),
    ("of_first_paid", "first(sales in last 120 days).paid"),
    ("of_last_worth", "last(sales where done).worth"),
    ("of_early", "count(sales since 2025-03-09)"),
    (
        "of_gap",
        "count(sales where at >= 2025-03-09 and date(at) = 2025-03-09)",
    ),
    ("of_ahead", "count(sales in next 200 days)"),
    ("of_recent", "count(sales in last 26 days)"),
    ("of_latest", "max(sales.at)"),
    ("of_stamped", "max(sales.stamp)"),
    ("of_stamps", "count(sales where stamp in last 5 days)"),
    ("of_done", "count(sales where done)"),
    ("of_undone", "count(sales where not done)"),
    ("of_percent", "count(sales where note contains \"0%\")"),
    ("of_under", "count(sales where note starts with \"_\")"),
    ("of_back", "count(sales where note ends with \"\\\\\")"),
    ("of_quoted", "count(sales where note = \"it's\")"),
    ("of_missing_notes", "count(sales where note is missing)"),
    ("of_notes", "count(distinct sales.note)"),
    ("of_long", "count(sales where length(note) > 5)"),
    ("of_listed", "count(sales where note in (\"x\", \"y\"))"),
    (
        "of_otherwise",
        "sum(default(sales.units, 5) + abs(sales.units))",
    ),
    ("of_if_done", "sum(if(sales.done, sales.units, 1))"),
    ("of_least", "max(least(sales.units, sales.worth, 2))"),
    ("of_old", "count(sales where units < client.age)"),
    (
        "of_named",
        "count(sales where lower(client.name) = \"ann\" or units > count(sales))",
    ),
    ("of_planned", "count(plans where until + 2 days >= today)"),
    ("of_last_plan", "last(plans).until"),
];

pub fn folder(tables: &str, metrics: &[(&str, &str)]) -> Folder {
    Folder::in_zone(ZONE, tables, CONFIG, metrics)
}

#[test]
fn sqlite_answers_as_its_rows_are_read() {
    assert_eq!(by_sqlite(&folder(TABLES, &METRICS)), Vec::<String>::new());
}

#[test]
fn postgres_answers_as_its_rows_are_read() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let exact = folder(&TABLES.replace("paid real", "paid numeric(12,4)"), &METRICS);
    postgres.take_over(&exact.database());
    assert_eq!(by_postgres(&exact, &postgres), Vec::<String>::new());
    postgres.sql("DROP TABLE clients, sales, plans");
    let floats = folder(TABLES, &METRICS);
    postgres.take_over(&floats.database());
    assert_eq!(by_postgres(&floats, &postgres), Vec::<String>::new());
}

/// Orders of which some came twice: by texts in different case, by numbers, among those that do not count and without a key, which
/// white space of any kind is as well.
const REPEATED: &str = "
create table clients (id integer primary key, name text);
insert into clients values (1, 'Ann'), (2, 'Bo');
create table orders (no text, line integer, client_id integer, at datetime, state text);
insert into orders values
    ('B-1', 1, 1, '2025-06-01 10:00:00', 'paid'), ('b-1', 2, 1, '2025-06-01 10:00:00', 'paid'), ('B-1', 2, 9, '2025-06-02 10:00:00', 'paid'),
    ('B-2', 3, 2, '2025-06-01 10:00:00', 'draft'), ('B-2', 4, 2, '2025-06-02 10:00:00', 'paid'), (null, 5, 2, '2025-06-03 10:00:00', 'paid'),
    (null, null, 2, '2025-06-03 10:00:00', 'paid'), ('', null, 2, '2025-06-03 10:00:00', 'paid'), ('', 1, 2, '2025-06-03 10:00:00', 'paid'),
    ('B-1', 1, 2, '2025-06-04 10:00:00', 'paid'), (char(9), null, 2, '2025-06-05 10:00:00', 'paid'), (char(9), null, 1, '2025-06-05 10:00:00', 'paid'),
    (char(10) || ' ' || char(13), null, 2, '2025-06-05 10:00:00', 'paid'), (char(10) || ' ' || char(13), null, 1, '2025-06-05 10:00:00', 'paid');
";

/// Those that are told apart by a column, as far as they count.
pub fn repeated(key: &str, filter: &str) -> Folder {
    let config = format!(
        "subject: {{ name: client, table: clients, key: id, label: name }}\n\
         collections: {{ orders: {{ table: orders, subject: client_id, at: at, key: {key}{filter} }} }}\n"
    );
    Folder::in_zone(ZONE, REPEATED, &config, &[("of_orders", "count(orders)")])
}

#[test]
fn keys_that_several_rows_have_are_counted_as_its_rows_are_read() {
    for (key, filter, count) in [
        ("no", "", 3),
        ("no", ", where: state != 'draft'", 2),
        ("line", ", where: state != 'draft'", 3),
    ] {
        let folder = repeated(key, filter);
        assert_eq!(by_sqlite(&folder), Vec::<String>::new());
        let found = folder.evaluate().problems();
        let told = format!("RepeatedKey orders.{key} x{count}: ");
        assert!(
            found.iter().any(|line| line.starts_with(&told)),
            "{found:?}"
        );
        if let Some(postgres) = Postgres::open() {
            postgres.take_over(&folder.database());
            assert_eq!(by_postgres(&folder, &postgres), Vec::<String>::new());
            postgres.sql("DROP TABLE clients, orders");
        }
    }
}

/// Keys on both sides of where packets of 64 begin, the least and the greatest; seven of the rows have the key of another one.
pub fn numbered() -> Folder {
    let keys = "1 -1 0 63 64 127 128 -63 -64 -65 -128 1 63 64 64 -64 -65 9223372036854775807 -9223372036854775808 9223372036854775807";
    let rows = keys.split(' ').enumerate();
    let rows = rows.map(|(n, key)| format!("({key}, {}, '2025-06-01 10:00:00')", n % 3 + 1));
    let rows: Vec<String> = rows.collect();
    let tables = format!(
        "create table clients (id integer primary key, name text);
         insert into clients values (1, 'Ann'), (2, 'Bo');
         create table orders (no integer, client_id integer, at datetime);
         insert into orders values {}, (null, 1, '2025-06-01 10:00:00'), (null, 2, '2025-06-01 10:00:00');",
        rows.join(", ")
    );
    let config = "subject: { name: client, table: clients, key: id, label: name }
collections: { orders: { table: orders, subject: client_id, at: at, key: no } }
";
    Folder::in_zone(ZONE, &tables, config, &[("of_orders", "count(orders)")])
}

#[test]
fn numbers_that_several_rows_have_are_counted_wherever_they_lie() {
    let folder = numbered();
    let found = folder.evaluate().problems();
    let told = "RepeatedKey orders.no x7: ";
    assert!(found.iter().any(|line| line.starts_with(told)), "{found:?}");
    assert_eq!(by_sqlite(&folder), Vec::<String>::new());
    if let Some(postgres) = Postgres::open() {
        postgres.take_over(&folder.database());
        assert_eq!(by_postgres(&folder, &postgres), Vec::<String>::new());
    }
}

#[test]
fn what_is_not_exact_is_refused_in_words() {
    let refused = |row: &str, metric: &str, why: &str| {
        let tables = match row {
            "" => TABLES.to_owned(),
            row => format!("{TABLES} insert into sales values ({row});"),
        };
        let found = by_sqlite(&folder(&tables, &[("m", metric)]));
        assert_eq!(found, [why], "{row} {metric}");
    };
    let unread =
        |column: &str| format!("`sales.{column}`: SQLite does not read some of its values exactly");
    let row = |what: &str| format!("`sales`: {what}");
    refused(
        "",
        "sum(sales.paid * 0.5)",
        &row("money is multiplied or divided row by row"),
    );
    let lower = row("SQL's `lower` of a row can differ from Muster's");
    refused("", "count(sales where lower(note) = \"x\")", &lower);
    refused(
        "",
        "count(sales where at + 1 month > now)",
        &row("a time of each row is moved"),
    );
    let at = unread("at");
    for time in [
        "2025-02-30 10:00:00",
        "2025-03-09T02:30:00+02:00",
        "2025-03-09",
        "soon",
    ] {
        refused(
            &format!("90, 1, '{time}', 1, 1, 1, 1, 1749700005, 'x'"),
            "count(sales)",
            &at,
        );
    }
    let sale = |paid: &str, worth: &str, units: &str, stamp: &str| {
        format!("90, 1, '2025-03-09 10:00:00', {paid}, {worth}, {units}, 1, {stamp}, 'x'")
    };
    refused(
        &sale("0.00005", "1", "1", "null"),
        "sum(sales.paid)",
        &unread("paid"),
    );
    refused(
        &sale("'much'", "1", "1", "null"),
        "sum(sales.paid)",
        &unread("paid"),
    );
    refused(
        &sale("1", "9e999", "1", "null"),
        "max(sales.worth)",
        &unread("worth"),
    );
    refused(
        &sale("1", "1", "9007199254740993", "null"),
        "max(sales.units)",
        &unread("units"),
    );
    refused(
        &sale("1", "1", "'some'", "null"),
        "max(sales.units)",
        &unread("units"),
    );
    refused(
        &sale("1", "1", "1", "0"),
        "max(sales.stamp)",
        &unread("stamp"),
    );
}

#[test]
fn a_lookup_whose_keys_stand_twice_is_left_to_rows() {
    let tables = "
create table clients (id integer primary key, name text, age integer);
insert into clients values (1, 'Ann', 30);
create table visits (no integer, client_id integer, at datetime, grade integer, class text);
insert into visits values (1, 1, '2025-06-01 10:00:00', 3, 'a'), (1, 1, '2025-06-02 10:00:00', 4, 'b');
create table notes (id integer primary key, visit_no integer, points integer);
insert into notes values (1, 1, 5);
";
    let folder = Folder::new(tables, COLLECTIONS, &[("m", "sum(notes.points)")]);
    let why = "`visits`: more than one row has the same `no`";
    assert_eq!(by_sqlite(&folder), [why]);
}

/// Whole numbers have one form, so that `match: loose` changes nothing of them; texts have to be read.
#[test]
fn keys_that_are_matched_loosely_are_read_where_they_are_texts() {
    let tables = |key: &str| {
        format!(
            "create table clients (id {key} primary key, name text);
             insert into clients values (1, 'Ann'), (2, 'Bo');
             create table orders (no integer primary key, client_id {key}, at datetime);
             insert into orders values (1, 1, '2025-06-01 10:00:00'), (2, 2, '2025-06-02 10:00:00');"
        )
    };
    let config = "subject: { name: client, table: clients, key: id, match: loose, label: name }\n\
                  collections: { orders: { table: orders, subject: client_id, at: at } }\n";
    let metrics = [("of_orders", "count(orders)")];
    let why = "`orders`: its keys are matched loosely";
    for (key, refused) in [("integer", vec![]), ("text", vec![why.to_owned()])] {
        let folder = Folder::in_zone(ZONE, &tables(key), config, &metrics);
        assert_eq!(by_sqlite(&folder), refused, "{key}");
    }
}
