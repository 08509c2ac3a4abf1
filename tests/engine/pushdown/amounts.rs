//! Random measures of amounts and of numbers with decimals: what SQL makes of them is what is made of the rows. The long form is that of
//! `oracle`.

use proptest::prelude::*;

#[cfg(feature = "spark")]
use super::by_spark::by_spark;
use super::harness::{by_postgres, by_sqlite};
use super::oracle::go_round;
use super::traps::ZONE;
use crate::scan::harness::Folder;
use crate::support::postgres::Postgres;
#[cfg(feature = "spark")]
use crate::support::spark::Spark;

const CONFIG: &str = "
subject: { name: client, table: clients, key: id, label: name }
collections:
  sales: { table: sales, subject: client_id, at: at, key: no, types: { paid: money, price: money } }
";

const ALL: [&str; 4] = ["+", "-", "*", "/"];

/// What a sum is refused for where it may be, and rarely is.
const ROUNDED: &str = "`sales`: it adds numbers that Spark may round differently";

/// What is worked out for a row.
#[derive(Debug, Clone)]
enum Work {
    Column(&'static str),
    Known(&'static str),
    Negated(Box<Work>),
    Made(&'static str, Box<Work>, Box<Work>),
    Call(&'static str, Vec<Work>),
}

/// What is asked of a row.
#[derive(Debug, Clone)]
enum Asked {
    Compared(&'static str, Work, Work),
    Missing(Work),
    Not(Box<Asked>),
    Both(&'static str, Box<Asked>, Box<Asked>),
}

/// A client, a time in hours, a price in cents, an amount in ten-thousandths, a number with decimals and a whole one.
type Sale = (
    Option<i8>,
    i16,
    Option<i64>,
    Option<i64>,
    Option<f64>,
    Option<i8>,
);

impl Work {
    /// Whether it asks the row at all.
    fn is_of_row(&self) -> bool {
        match self {
            Self::Column(_) => true,
            Self::Known(_) => false,
            Self::Negated(x) => x.is_of_row(),
            Self::Made(_, a, b) => a.is_of_row() || b.is_of_row(),
            Self::Call(_, args) => args.iter().any(Self::is_of_row),
        }
    }

    fn rule(&self, of: &str) -> String {
        match self {
            Self::Column(name) => format!("{of}{name}"),
            Self::Known(literal) => (*literal).to_owned(),
            Self::Negated(x) => format!("(-{})", x.rule(of)),
            Self::Made(by, a, b) => format!("({} {by} {})", a.rule(of), b.rule(of)),
            Self::Call(name, args) => {
                let args: Vec<String> = args.iter().map(|arg| arg.rule(of)).collect();
                format!("{name}({})", args.join(", "))
            }
        }
    }
}

impl Asked {
    fn rule(&self) -> String {
        match self {
            Self::Compared(by, a, b) => format!("({} {by} {})", a.rule(""), b.rule("")),
            Self::Missing(x) => format!("({} is missing)", x.rule("")),
            Self::Not(of) => format!("(not {})", of.rule()),
            Self::Both(by, a, b) => format!("({} {by} {})", a.rule(), b.rule()),
        }
    }
}

/// Amounts: they are added, and not multiplied row by row.
fn amount() -> BoxedStrategy<Work> {
    let column = || prop::sample::select(vec!["paid", "price"]).prop_map(Work::Column);
    // A number is an amount beside one.
    let known = prop::sample::select(vec!["1.5", "0.0001", "-20", "99999999.99"]);
    let known = known.prop_map(Work::Known);
    let leaf = prop_oneof![
        4 => column(),
        1 => (prop::sample::select(vec!["+", "-"]), column(), known)
            .prop_map(|(by, a, b)| Work::Made(by, Box::new(a), Box::new(b))),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| worked(inner, vec!["+", "-"]))
        .boxed()
}

/// With no operators but these: products have more decimals and digits than are added everywhere alike.
fn number(by: &[&'static str]) -> BoxedStrategy<Work> {
    let by = by.to_vec();
    let leaf = prop_oneof![
        4 => Just(Work::Column("worth")),
        2 => Just(Work::Column("units")),
        1 => prop::sample::select(vec!["0.1", "0.3333333333", "-2.5", "1000000.7"]).prop_map(Work::Known),
    ];
    leaf.prop_recursive(2, 6, 2, move |inner| worked(inner, by.clone()))
        .boxed()
}

fn worked(inner: BoxedStrategy<Work>, by: Vec<&'static str>) -> BoxedStrategy<Work> {
    let two = (inner.clone(), inner.clone());
    let functions = prop::sample::select(vec!["least", "greatest", "default"]);
    prop_oneof![
        4 => (prop::sample::select(by), inner.clone(), inner.clone())
            .prop_map(|(by, a, b)| Work::Made(by, Box::new(a), Box::new(b))),
        1 => inner.clone().prop_map(|x| Work::Negated(Box::new(x))),
        1 => inner.prop_map(|x| Work::Call("abs", vec![x])),
        2 => (functions, two).prop_map(|(name, (a, b))| Work::Call(name, vec![a, b])),
    ]
    .boxed()
}

fn asked() -> BoxedStrategy<Asked> {
    let by = || prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">="]);
    let leaf = prop_oneof![
        (by(), amount(), amount()).prop_map(|(by, a, b)| Asked::Compared(by, a, b)),
        (by(), number(&ALL), number(&ALL)).prop_map(|(by, a, b)| Asked::Compared(by, a, b)),
        prop_oneof![amount(), number(&ALL)].prop_map(Asked::Missing),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        let both = prop::sample::select(vec!["and", "or"]);
        prop_oneof![
            inner.clone().prop_map(|of| Asked::Not(Box::new(of))),
            (both, inner.clone(), inner).prop_map(|(by, a, b)| Asked::Both(
                by,
                Box::new(a),
                Box::new(b)
            )),
        ]
    })
    .boxed()
}

/// A measure of sales, some of them of a window or under a condition.
fn measure() -> impl Strategy<Value = String> {
    let of_row = |work: BoxedStrategy<Work>| work.prop_filter("of a row", Work::is_of_row);
    let added = (
        prop::sample::select(vec!["sum", "avg"]),
        of_row(prop_oneof![amount(), number(&["+"])].boxed()),
    );
    let others = vec!["min", "max", "median", "stddev", "distinct"];
    let others = (
        prop::sample::select(others),
        of_row(prop_oneof![amount(), number(&ALL)].boxed()),
    );
    let measured = prop_oneof![added, others];
    let window = prop::sample::select(vec!["", " in last 20 days", " in previous 30 days"]);
    let rows = (window, prop::option::of(asked())).prop_map(|(window, asked)| {
        let asked = asked.map(|asked| format!(" where {}", asked.rule()));
        format!("{window}{}", asked.unwrap_or_default())
    });
    let columns = prop::sample::select(vec!["paid", "price", "worth", "units"]);
    let ends = prop::sample::select(vec!["first", "last"]);
    (measured, rows, ends, columns, 0..6_u8).prop_map(
        |((measure, of), rows, end, column, which)| match (which, measure) {
            (0, _) => format!("count(sales{rows})"),
            (1, _) => format!("{end}(sales{rows}).{column}"),
            (_, "distinct") => format!("count(distinct {}{rows})", of.rule("sales.")),
            (_, measure) => format!("{measure}({}{rows})", of.rule("sales.")),
        },
    )
}

/// Numbers that lie close together, on both sides of what counts as equal, and far apart.
fn worth() -> impl Strategy<Value = f64> {
    prop_oneof![
        (-40..40_i32).prop_map(|n| f64::from(n) * 0.1),
        (-40..40_i32).prop_map(|n| f64::from(n) / 3.0),
        (1..9_i32, -20..20_i32).prop_map(|(n, off)| f64::from(n) + f64::from(off) * 2.5e-10),
        (-999_999..999_999_i32, 0..4_i32)
            .prop_map(|(n, places)| f64::from(n) / 10_f64.powi(places)),
        (-9_999_999_i64..9_999_999).prop_map(|n| n as f64 * 1234.567),
    ]
}

fn sale() -> impl Strategy<Value = Sale> {
    let price = prop_oneof![
        -500..500_i64,
        -50_000_000..50_000_000_i64,
        Just(999_999_999_999_i64)
    ];
    let paid = prop_oneof![
        (-500..500_i64).prop_map(|n| n * 100),
        -50_000..50_000_i64,
        Just(8_999_999_999_999_999_i64)
    ];
    (
        prop::option::weighted(0.95, 0..6_i8),
        (-90..10_i16).prop_map(|halves| halves * 12),
        prop::option::weighted(0.9, price),
        prop::option::weighted(0.9, paid),
        prop::option::weighted(0.9, worth()),
        prop::option::weighted(0.9, -5..12_i8),
    )
}

fn tables(sales: &[Sale], price: &str) -> String {
    let or_null = |x: Option<String>| x.unwrap_or_else(|| "null".to_owned());
    let decimal = |x: i64, places: usize| {
        let scale = 10_i64.pow(u32::try_from(places).unwrap());
        let sign = if x < 0 { "-" } else { "" };
        let x = x.abs();
        format!("{sign}{}.{:0places$}", x / scale, x % scale)
    };
    let mut sql = format!(
        "begin;
         create table clients (id integer primary key, name text);
         insert into clients values (0, 'Ann'), (1, 'Bo'), (2, 'Cy'), (3, 'Di'), (4, 'Ed');
         create table sales (no integer primary key, client_id integer, at datetime, paid real, price {price}, worth real, units integer);"
    );
    for (place, (client, hours, price, paid, worth, units)) in sales.iter().enumerate() {
        let no = (place * 37) % 101;
        sql += &format!(
            "insert into sales values ({no}, {}, datetime('2025-06-15T12:00:00', '{hours} hours'), {}, {}, {}, {});",
            or_null(client.map(|client| client.to_string())),
            or_null(paid.map(|paid| decimal(paid, 4))),
            or_null(price.map(|price| decimal(price, 2))),
            or_null(worth.map(|worth| format!("{worth:?}"))),
            or_null(units.map(|units| units.to_string())),
        );
    }
    sql + "commit;"
}

/// Compares some worlds, in which prices are declared so; SQL has to answer every scan.
fn compare(otherwise: u32, price: &str, ask: impl Fn(&Folder) -> Vec<String>) {
    let world = (
        prop::collection::vec(sale(), 0..40),
        prop::collection::vec(measure(), 8),
    );
    go_round(otherwise, &world, |(sales, measures)| {
        let names: Vec<String> = (0..measures.len()).map(|n| format!("m{n}")).collect();
        let metrics = names.iter().map(String::as_str);
        let metrics: Vec<(&str, &str)> = metrics.zip(measures.iter().map(String::as_str)).collect();
        let folder = Folder::in_zone(ZONE, &tables(&sales, price), CONFIG, &metrics);
        let mut refused = ask(&folder);
        refused.retain(|why| why != ROUNDED);
        prop_assert_eq!(refused, Vec::<String>::new());
        Ok(())
    });
}

#[test]
fn sqlite_aggregates_amounts_as_its_rows_come_to() {
    compare(60, "real", by_sqlite);
}

#[test]
fn postgres_aggregates_amounts_as_its_rows_come_to() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    compare(12, "numeric(12,2)", |folder| {
        postgres.take_over(&folder.database());
        by_postgres(folder, &postgres)
    });
}

#[cfg(feature = "spark")]
#[test]
fn spark_aggregates_amounts_as_its_rows_come_to() {
    let Some(spark) = Spark::open() else {
        return;
    };
    compare(12, "numeric(12,2)", |folder| by_spark(folder, &spark));
}
