//! Random rows, most of them dirty, through both connectors: every evaluation of [`Folder`] is done in a file and
//! in memory, and fails where they differ.

use muster::connector::sqlite::SqliteConnector;
use muster::connector::{Connector, Snapshot};
use proptest::prelude::*;

use super::both::in_memory;
use super::harness::Folder;

/// Two collections over one table, each with rows and a subject of its own, a third table, and a lookup from it
/// and from the people.
const CONFIG: &str = "
    subject:
      name: client
      table: clients
      key: id
      label: name
      where: level != \"out\" or level is missing
      types: { born: date }
      lookups: { city: { by: city, table: cities, key: id, types: { tax: number } } }
    collections:
      visits: { table: visits, subject: client_id, at: at, where: grade >= 0 or grade is missing,
        types: { at: instant, grade: number, price: money, seen: boolean }, key: no }
      brought: { table: visits, subject: friend_id, at: at,
        types: { at: instant, grade: number, price: money, seen: boolean }, key: no }
      payments: { table: payments, subject: client_id, at: paid_on,
        types: { paid_on: date, amount: cents },
        lookups: { kind: { by: kind, table: kinds, key: id, types: { share: number } } } }
";

const METRICS: [(&str, &str); 18] = [
    ("visits_made", "count(visits)"),
    ("recent", "count(visits in last 30 days)"),
    ("good", "count(visits where grade > 2 and seen)"),
    ("spent", "sum(visits.price)"),
    ("usual", "avg(visits.grade in last 90 days)"),
    ("middle", "median(visits.grade)"),
    ("dear", "quantile(90%, visits.price)"),
    ("spread", "stddev(visits.grade)"),
    ("drawn", "sample(50%, \"spring\")"),
    ("classes", "count(distinct visits.class)"),
    ("last_class", "last(visits).class"),
    ("first_seen", "first(visits).seen"),
    ("friends", "count(brought where class = client.level)"),
    ("dearest", "max(brought.price)"),
    ("paid", "sum(payments.amount)"),
    ("shares", "sum(payments.kind.share where amount > 1)"),
    ("tax", "city.tax"),
    ("years", "age(born)"),
];

/// What a program may have put into a column, as SQL.
fn cell() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "NULL",
        "''",
        "' '",
        "'n/a'",
        "'abc'",
        "x'00ff'",
        "CAST(x'ff41' AS TEXT)",
        "'1,5'",
        "'0000-00-00'",
        "9007199254740993",
        "1e300",
        "-0.0",
        "'1.23456'",
        "'out'",
        "'yes'",
        "0",
        "1",
    ]);
    prop_oneof![
        3 => (-3..9_i8).prop_map(|n| n.to_string()),
        1 => (0..9_i8).prop_map(|n| format!("'{n}'")),
        1 => (0..9_i8).prop_map(|n| format!("{n}.5")),
        2 => odd.prop_map(str::to_owned),
    ]
}

/// A time, in one of the forms that times are kept in, or what is none.
fn time() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => (1..15_u8, 0..24_u8).prop_map(|(day, hour)| format!("'2025-06-{day:02} {hour:02}:30'")),
        2 => (1..13_u8).prop_map(|month| format!("'2024-{month:02}-28'")),
        1 => (0..9_i64).prop_map(|n| (1_748_000_000 + n * 86_400).to_string()),
        1 => (0..9_i64).prop_map(|n| (1_748_000_000_000 + n * 86_400_000).to_string()),
        1 => cell(),
    ]
}

/// Whose a row is: somebody's, nobody's, or what is no key.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (0..8_u8).prop_map(|n| n.to_string()),
        1 => (0..8_u8).prop_map(|n| format!("'{n}'")),
        1 => cell(),
    ]
}

fn row(columns: Vec<BoxedStrategy<String>>) -> impl Strategy<Value = String> {
    columns.prop_map(|cells| format!("({})", cells.join(", ")))
}

fn rows(columns: Vec<BoxedStrategy<String>>, most: usize) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(row(columns), 0..most)
}

fn inserted(table: &str, columns: &str, rows: &[String]) -> String {
    match rows {
        [] => String::new(),
        rows => format!(
            "INSERT INTO {table} ({columns}) VALUES {};\n",
            rows.join(", ")
        ),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    #[test]
    fn a_file_and_memory_give_the_same(
        people in prop::collection::vec(row(vec![cell().boxed(), cell().boxed(), time().boxed(), cell().boxed()]), 8),
        visits in rows(vec![key().boxed(), key().boxed(), time().boxed(), cell().boxed(), cell().boxed(), cell().boxed(), cell().boxed()], 60),
        payments in rows(vec![key().boxed(), time().boxed(), cell().boxed(), key().boxed()], 30),
        kinds in prop::collection::vec(cell(), 8),
        typed in any::<bool>(),
    ) {
        // Columns that are declared for something turn what they can; others keep what they are given.
        let ty = |declared: &'static str| if typed { declared } else { "" };
        let mut sql = format!(
            "CREATE TABLE cities (id INTEGER PRIMARY KEY, tax);
             CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT, level TEXT, born, city);
             CREATE TABLE visits (no INTEGER PRIMARY KEY, client_id {0}, friend_id {0}, at {1}, grade {0}, price, class TEXT, seen {0});
             CREATE TABLE payments (client_id, paid_on {1}, amount, kind {0});
             CREATE TABLE kinds (id INTEGER PRIMARY KEY, share);\n",
            ty("INTEGER"), ty("DATETIME"));
        sql += &inserted("clients", "name, level, born, city", &people);
        sql += &inserted("visits", "client_id, friend_id, at, grade, price, class, seen", &visits);
        sql += &inserted("payments", "client_id, paid_on, amount, kind", &payments);
        let kinds: Vec<String> = kinds.iter().map(|share| format!("({share})")).collect();
        sql += &inserted("kinds", "share", &kinds);
        sql += &inserted("cities", "tax", &kinds);
        let folder = Folder::new(&sql, CONFIG, &METRICS);
        folder.evaluate();

        let file = SqliteConnector::new(&folder.database()).snapshot().unwrap();
        let memory = in_memory(&folder.database()).unwrap().snapshot().unwrap();
        for (table, shape) in file.schema().unwrap().tables {
            for column in &shape.columns {
                let glances = |snapshot: &dyn Snapshot| glances(snapshot, &table, &column.name);
                prop_assert_eq!(glances(&*file), glances(&*memory), "{}.{}", table, column.name);
            }
        }
    }
}

/// Everything that is asked of a column beside an evaluation, in words.
fn glances(snapshot: &dyn Snapshot, table: &str, column: &str) -> String {
    let cells = snapshot.first_rows(table, &[column], 100).unwrap();
    let texts = snapshot.distinct_texts(table, column, 9, 40).unwrap();
    let has_key = |key| snapshot.has_key(table, column, key).unwrap();
    format!(
        "{} {:?} {cells:?} {texts:?} {:?}",
        snapshot.row_count(table, 7),
        snapshot.sample(table, &[column], 20, 3),
        ["3", "abc", "n/a", " ", ""].map(has_key)
    )
}
