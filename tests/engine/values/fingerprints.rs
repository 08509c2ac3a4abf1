//! Digests that stored results hold: an edit of this code must leave them as they are.
//!
//! Whoever changes a line of the snapshot changes what every published database holds, and has to raise
//! `FINGERPRINT_VERSION`: else people would be told that their rules have changed.

use std::collections::BTreeSet;
use std::fmt::Write;

use muster::catalog::{ColumnRef, ColumnState, LookupEntity};
use muster::ir::{Difference, FINGERPRINT_VERSION, Fingerprint};
use muster::time::{Pattern, TimeForm, TimeForms};
use muster::value::{ColumnType, Notation};

use super::harness::{Table, ir, rules};

/// Every operator, function, window, unit and kind of value at least once.
const CONDITIONS: &[&str] = &[
    "yes",
    "x = 1",
    "x != -1.5",
    "x < 1 and x <= 2 or x > 3",
    "not (x >= 4)",
    "x between 1 and 2",
    "x + 1 - 2 * x / 3 > -x",
    "x in (1, 2, 3)",
    "m > 12.5",
    "t = \"a\"",
    "t contains \"a\" or t starts with \"b\" or t ends with \"c\"",
    "t is missing",
    "t is present",
    "b = yes",
    "d = today",
    "d > 2025-01-01",
    "d in next 14 days",
    "d + 2 weeks > today - 3 months",
    "i < 5 minutes ago or i > 2 hours from now",
    "i in last 2 quarters or i in previous 1 year",
    "i in today or i in this week or i in this month",
    "i in this quarter or i in this year",
    "i in last calendar week or i in last calendar year",
    "i since 2025-01-01",
    "i from 2025-01-01 to 2025-02-01",
    "days_since(i) > 1 and hours_since(i) > 1 and days_since(d) > 1",
    "elapsed(i, now) > 1",
    "age(d) > 18",
    "anniversary(d) in next 7 days",
    "day_of_week(d) = \"Mon\" and month(d) = 1 and year(d) = 2025",
    "date(i) = today",
    "lower(t) = \"a\" and length(t) > 1",
    "abs(x) > round(x) and round(x, 1) > floor(x) and ceil(x) > 1",
    "least(x, 1) < greatest(x, 2) and default(x, 0) > 1",
    "if(x > 1, 1, 2) > 1 and if(x > 1, 1) is present",
    "band(x, 1, 2) = 1 and band_right(x, 1, 2) = 1",
    "scale(x, 0, 10) > 50",
    "size() > 1 and avg(x) > sum(x) and min(x) < max(x)",
    "median(x) > quantile(25%, x)",
    "rank(x) < 3 and percentile(x) > 0.5 and bin(5, x) = 1",
    "ntile(4, x) = 1 and position(x) = 1",
    "top 10% by x or top 5 by x within x",
    "bottom 10% by x or bottom 5 by x",
    "count(visits) > 1 and exists(visits in last 30 days where price > 1)",
    "count(distinct visits.kind) > 1",
    "sum(visits.price) > 1 and avg(visits.price) > 1",
    "min(visits.price) > 1 and max(visits.price) > 1",
    "first(visits).price > 1 and last(visits).price > 1",
    "exists(visits where price > client.m)",
    "in segment c0",
    "i in last 3 calendar months",
    "i in this fiscal year",
    "i in last fiscal year",
    "i in last 2 fiscal years",
    "t contains any of (\"a\", \"b\")",
    "day_of_month(d) = 1",
    "hour(i) = 1",
    "week(d) = 1",
    "domain(t) = \"a\"",
    "concat(t, \"b\") = \"ab\"",
    "mod(x, 2) = 1",
    "sample(10%, \"spring\")",
    "median(visits.price) > 1",
    "quantile(90%, visits.price) > 1",
    "stddev(visits.price) > 1",
    "sum(visits.price * 2) > 1",
    "count(visits where price > avg(visits.price)) > 1",
    "count(visits where price > avg(visits.price where kind = \"a\")) > 1",
    "count(visits where at > last(visits where price > avg(visits.price)).at) > 1",
];

fn digests() -> String {
    let table = Table::default()
        .numbers("x", &[1.0])
        .with("m", ColumnType::Money, &["1"])
        .with("t", ColumnType::Text, &["a"])
        .with("b", ColumnType::Boolean, &["yes"])
        .with("d", ColumnType::Date, &["2025-01-01"])
        .with("i", ColumnType::Instant, &["2025-01-01T00:00:00"])
        .scope("x");
    let ids: Vec<String> = (0..CONDITIONS.len()).map(|at| format!("c{at}")).collect();
    let ids = ids.iter().map(String::as_str);
    let segments: Vec<(&str, &str)> = ids.zip(CONDITIONS.iter().copied()).collect();
    let ir = ir(&rules(&[], &segments), &table.catalog());
    let meanings = ir.meanings();
    let mut lines = format!("version {FINGERPRINT_VERSION}\n");
    writeln!(lines, "{}  who takes part", meanings.subjects.as_str()).unwrap();
    for (text, meaning) in CONDITIONS.iter().zip(&meanings.segments) {
        writeln!(lines, "{}  {text}", meaning.as_str()).unwrap();
    }
    lines
}

#[test]
fn stored_digests_stay_what_they_are() {
    insta::assert_snapshot!(digests());
}

/// Where a collection finds its subject and its time is part of what its rows mean.
#[test]
fn a_subject_behind_a_lookup_is_another_one() {
    let mut digests = BTreeSet::new();
    let mut catalog = Table::default().numbers("x", &[1.0]).catalog();
    let order = LookupEntity {
        matching: muster::value::KeyMatch::default(),
        table: "orders".into(),
        key: "id".into(),
        by: "kind".into(),
        columns: [
            ("client_id", ColumnType::Number),
            ("attended_at", ColumnType::Instant),
        ]
        .into_iter()
        .map(|(name, ty)| (name.to_owned(), ColumnState::Present(ty)))
        .collect(),
        gone: None,
    };
    let visits = catalog.collections.iter_mut().next().unwrap();
    visits.entity.lookups.insert("order".into(), order);
    let rules = rules(&[], &[("many", "count(visits) > 1")]);
    let mut of = |subject: bool, at: bool| {
        let through = |through: bool, column: &str| ColumnRef {
            lookup: through.then(|| "order".to_owned()),
            column: column.to_owned(),
        };
        let visits = catalog.collections.iter_mut().next().unwrap();
        visits.subject = through(subject, "client_id");
        visits.at = Some(through(at, "attended_at"));
        let meanings = ir(&rules, &catalog).meanings();
        meanings.segments.iter().next().unwrap().as_str().to_owned()
    };
    let both = of(true, true);
    digests.extend([
        of(false, false),
        of(true, false),
        of(false, true),
        both.clone(),
    ]);
    assert_eq!(digests.len(), 4);
    insta::assert_snapshot!(both);
}

#[test]
fn no_two_conditions_are_spelled_alike() {
    let lines = digests();
    let digests = lines.lines().skip(1).map(|line| &line[..64]);
    assert_eq!(digests.collect::<BTreeSet<_>>().len(), CONDITIONS.len() + 1);
}

/// How a column is read is part of what a rule means: no two ways are spelled alike.
#[test]
fn forms_are_part_of_the_meaning() {
    let pattern = |text: &str| TimeForm::Pattern(Pattern::new(text).unwrap());
    let forms = |all: &[TimeForm]| TimeForms::new(all.to_vec()).unwrap();
    let day_first = forms(&[pattern("%d/%m/%Y")]);
    let types = [
        ColumnType::Instant,
        ColumnType::Unix,
        ColumnType::UnixMs,
        ColumnType::InstantIn(chrono_tz::UTC),
        ColumnType::InstantIn(chrono_tz::Europe::Berlin),
        ColumnType::InstantAs(day_first, None),
        ColumnType::InstantAs(day_first, Some(chrono_tz::UTC)),
        ColumnType::InstantAs(forms(&[pattern("%m/%d/%Y")]), None),
        ColumnType::InstantAs(forms(&[TimeForm::Iso, pattern("%d/%m/%Y")]), None),
        ColumnType::InstantAs(forms(&[pattern("%d/%m/%Y"), TimeForm::Iso]), None),
        ColumnType::InstantAs(forms(&[TimeForm::Excel]), None),
        ColumnType::InstantAs(forms(&[TimeForm::Julian]), None),
        ColumnType::InstantAs(forms(&[TimeForm::UnixUs]), None),
        ColumnType::Date,
        ColumnType::DateAs(day_first),
    ];
    let digest = |ty: &ColumnType| {
        let table = Table::default().with("d", *ty, &["2025-01-01"]);
        let ir = ir(&rules(&[], &[("c", "days_since(d) > 1")]), &table.catalog());
        ir.meanings()
            .segments
            .iter()
            .next()
            .unwrap()
            .as_str()
            .to_owned()
    };
    let digests: BTreeSet<String> = types.iter().map(digest).collect();
    assert_eq!(digests.len(), types.len());
    let notations = [
        ColumnType::Number,
        ColumnType::NumberAs(Notation::Point),
        ColumnType::NumberAs(Notation::Comma),
        ColumnType::Money,
        ColumnType::MoneyAs(Notation::Point),
        ColumnType::MoneyAs(Notation::Comma),
    ];
    let digest = |ty: &ColumnType| {
        let table = Table::default().with("m", *ty, &["1"]);
        let ir = ir(&rules(&[], &[("c", "m > 1")]), &table.catalog());
        ir.meanings()
            .segments
            .iter()
            .next()
            .unwrap()
            .as_str()
            .to_owned()
    };
    let digests: BTreeSet<String> = notations.iter().map(digest).collect();
    assert_eq!(digests.len(), notations.len());
}

#[test]
fn fingerprints_of_two_versions_tell_nothing_about_each_other() {
    let now = Fingerprint {
        version: Some(FINGERPRINT_VERSION),
        rule: "a".into(),
        ground: "b".into(),
    };
    let earlier = |version, rule: &str, ground: &str| Fingerprint {
        version,
        rule: rule.into(),
        ground: ground.into(),
    };
    for (version, rule, ground, difference) in [
        (now.version, "a", "b", Difference::Same),
        (now.version, "z", "b", Difference::Rule),
        (now.version, "a", "z", Difference::Ground),
        (now.version, "z", "z", Difference::Ground),
        (None, "a", "b", Difference::Version),
        (None, "z-y", "", Difference::Version),
        (Some(FINGERPRINT_VERSION + 1), "a", "b", Difference::Version),
    ] {
        assert_eq!(now.since(&earlier(version, rule, ground)), difference);
    }
}
