//! What is read row by row: every reason is told, and docs/scale.md lists what Spark's SQL does not answer.

use std::collections::BTreeSet;

use muster::language::functions::{Family, entries};
use muster::pushdown::{Spark, queries, refusals};
use muster::time::{Clock, Plausible};

use super::harness::Declared;
use super::traps::{CONFIG, TABLES, ZONE};
use crate::scan::harness::{Folder, clock};

/// Why each scan is not asked of Spark.
fn refused(tables: &str, metrics: &[(&str, &str)]) -> Vec<String> {
    let folder = Folder::in_zone(ZONE, tables, CONFIG, metrics);
    let project = folder.project();
    let shapes = Declared::of(&folder.connection(), true);
    let clock = Clock {
        zone: project.config.timezone,
        ..clock()
    };
    let when = (&clock, Plausible::at(clock.now));
    let mut told = Vec::new();
    for scan in &project.ir.scans {
        let reasons = refusals(&project.ir, scan, when, &Spark, &shapes);
        let asked = queries(&project.ir, scan, when, &Spark, &shapes);
        assert_eq!(asked.is_err(), !reasons.is_empty(), "{reasons:?}");
        told.extend(reasons.iter().map(ToString::to_string));
    }
    told
}

#[test]
fn every_reason_is_told_once() {
    let lower = "`sales`: SQL's `lower` of a row can differ from Muster's";
    let round = "`sales`: SQL's `round` of a row can differ from Muster's";
    let money = "`sales`: money is multiplied or divided row by row";
    let text = "`sales`: Spark cannot read its column `at` as instant exactly";
    let metrics = [
        ("of_paid", "sum(sales.paid)"),
        ("of_twice", "sum(sales.paid * 2)"),
        (
            "of_low",
            "count(sales where lower(note) = \"x\" and round(worth) > 1)",
        ),
        ("of_lowest", "count(sales where lower(note) = \"y\")"),
    ];
    assert_eq!(
        told(&refused(TABLES, &metrics)),
        told(&[lower, round, money])
    );
    let texts = TABLES.replace("at datetime", "at text");
    assert_eq!(
        told(&refused(&texts, &metrics)),
        told(&[lower, round, money, text])
    );
    assert_eq!(refused(TABLES, &metrics[..1]), Vec::<String>::new());
}

fn told<T: AsRef<str>>(reasons: &[T]) -> Vec<&str> {
    let mut told: Vec<&str> = reasons.iter().map(AsRef::as_ref).collect();
    told.sort_unstable();
    told
}

/// A condition on a row for each function of values; none for what no row can be asked.
fn call(name: &str) -> Option<&'static str> {
    Some(match name {
        "days_since" => "days_since(at) > 1",
        "hours_since" => "hours_since(at) > 1",
        "elapsed" => "elapsed(at, at) > 0.5",
        "age" => "age(date(at)) > 1",
        "anniversary" => "anniversary(date(at)) > 2025-01-01",
        "day_of_week" => "day_of_week(at) = \"Mon\"",
        "day_of_month" => "day_of_month(at) = 1",
        "hour" => "hour(at) = 1",
        "week" => "week(at) = 1",
        "month" => "month(at) = 1",
        "year" => "year(at) = 2025",
        "date" => "date(at) = 2025-01-01",
        "lower" => "lower(note) = \"x\"",
        "domain" => "domain(note) = \"x\"",
        "concat" => "concat(note, note) = \"xx\"",
        "length" => "length(note) = 1",
        "abs" => "abs(worth) = 1",
        "round" => "round(worth) = 1",
        "floor" => "floor(worth) = 1",
        "ceil" => "ceil(worth) = 1",
        "mod" => "mod(units, 2) = 1",
        "least" => "least(units, worth) = 1",
        "greatest" => "greatest(units, worth) = 1",
        "default" => "default(units, 1) = 1",
        "if" => "if(done, units, 2) = 1",
        "band" => "band(units, 1, 3) = 1",
        "band_right" => "band_right(units, 1, 3) = 1",
        "scale" => "scale(units, 0, 3) = 1",
        "sample" => return None,
        name => panic!("the function `{name}` is new: what is it called with?"),
    })
}

#[test]
fn the_documentation_lists_the_functions_that_are_computed() {
    let computed = entries(Family::Values).into_iter().filter(|entry| {
        call(entry.name).is_some_and(|asked| {
            let metric = format!("count(sales where {asked})");
            refused(TABLES, &[("m", &metric)]).is_empty()
        })
    });
    let computed: BTreeSet<&str> = computed.map(|entry| entry.name).collect();
    let docs = include_str!("../../../docs/scale.md");
    let (_, behind) = docs.split_once("functions of a row other than ").unwrap();
    let (listed, _) = behind.split_once(['(', ';', '\n']).unwrap();
    let listed: BTreeSet<&str> = listed.split('`').skip(1).step_by(2).collect();
    assert_eq!(listed, computed);
}
