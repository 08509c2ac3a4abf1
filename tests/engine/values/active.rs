//! Whoever is not active is in nothing: as if the table did not have them.

use muster::config::Config;
use muster::engine::{Column, Evaluation, Keys, Stale};
use muster::ir::Ir;
use muster::rules::RuleSet;
use muster::source::Scalar;
use muster::value::{ColumnType as T, Value};
use proptest::prelude::*;

use super::harness::{Table, config, ir_of, rules, subjects};

const METRICS: [(&str, &str); 5] = [
    ("ranked", "rank(x) within studio"),
    ("seen", "count(visits)"),
    ("open", "not closed and seen > 0"),
    ("others", "size() within studio"),
    ("mean", "avg(x + seen)"),
];
const SEGMENTS: [(&str, &str); 5] = [
    ("all", "yes"),
    ("big", "x > avg(x)"),
    ("top", "top 30% by x within studio"),
    ("not_top", "not in segment top and x is present"),
    ("open_ones", "open"),
];

#[derive(Debug)]
struct Row {
    x: f64,
    studio: &'static str,
    closed: &'static str,
    seen: f64,
}

/// A plan for those who are active.
fn ir_among(active: Option<&str>, rules: &RuleSet, table: &Table) -> Ir {
    let config = Config {
        active: active.map(Scalar::detached),
        ..config()
    };
    ir_of(rules, &config, &table.catalog())
}

fn answers(rows: &[&Row], active: Option<&str>) -> (Ir, Evaluation) {
    let x: Vec<f64> = rows.iter().map(|row| row.x).collect();
    let studio: Vec<&str> = rows.iter().map(|row| row.studio).collect();
    let closed: Vec<&str> = rows.iter().map(|row| row.closed).collect();
    let table = Table::default()
        .numbers("x", &x)
        .with("studio", T::Text, &studio)
        .with("closed", T::Boolean, &closed)
        .scope("studio");
    let ir = ir_among(active, &rules(&METRICS, &SEGMENTS), &table);
    let seen = Column::Number(rows.iter().map(|row| row.seen).collect());
    let answers = table.answers(&ir, vec![Ok(seen)]);
    (ir, answers)
}

fn is_active(row: &Row) -> bool {
    row.closed == "no" && row.seen > 0.0
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        prop::option::weighted(0.9, 0..8_u8),
        prop::sample::select(vec!["a", "b", "-"]),
        prop::sample::select(vec!["yes", "no", "no", "-"]),
        0..4_u8,
    );
    let row = row.prop_map(|(x, studio, closed, seen)| Row {
        x: x.map_or(f64::NAN, f64::from),
        studio,
        closed,
        seen: f64::from(seen),
    });
    prop::collection::vec(row, 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn as_if_the_others_were_not_there(rows in rows(), by_metric in any::<bool>()) {
        let everyone: Vec<&Row> = rows.iter().collect();
        let left: Vec<&Row> = rows.iter().filter(|row| is_active(row)).collect();
        let active = if by_metric { "open" } else { "not closed and count(visits) > 0" };
        let (ir, found) = answers(&everyone, Some(active));
        let places: Vec<u32> = (0..).zip(&rows).filter(|(_, row)| is_active(row)).map(|(place, _)| place).collect();
        let (active, others) = (&found.subjects, &found.inactive);
        prop_assert_eq!(active.len() + others.len(), rows.len());
        prop_assert_eq!(&active.keys, &Keys::Integer(places.into_iter().map(i64::from).collect()));
        let (alone_plan, alone) = answers(&left, None);
        prop_assert_eq!(found.segments, alone.segments);
        for (metric, alone_metric) in ir.metrics.iter().zip(&alone_plan.metrics) {
            let values = |answers: &std::collections::HashMap<_, Result<Column, Stale>>, node: Option<_>| -> Vec<Value> {
                let column = answers[&node.unwrap()].as_ref().unwrap();
                (0..left.len()).map(|row| column.value(row)).collect()
            };
            prop_assert_eq!(values(&found.kept, metric.node), values(&alone.kept, alone_metric.node), "{}", metric.name);
        }
    }
}

#[test]
fn all_is_stale_where_nobody_can_tell_who_is_active() {
    let table = Table::default().numbers("x", &[1.0, 2.0]);
    let rules = rules(&[("m", "x")], &[("s", "x > 1"), ("t", "yes")]);
    let ir = ir_among(Some("count(visits) > 0"), &rules, &table);
    let broken = Stale {
        reason: "`visits` is no table".into(),
    };
    let found = table.answers(&ir, vec![Err(broken)]);
    assert_eq!(found.subjects, subjects(2));
    for stale in found.segments.iter().map(|s| s.as_ref().unwrap_err()) {
        assert_eq!(
            stale.reason,
            "who is active cannot be told: `visits` is no table"
        );
    }
    assert!(found.kept[&ir.metrics.as_slice()[0].node.unwrap()].is_err());
}

#[test]
fn another_notion_of_active_is_another_definition() {
    let of = |active: Option<&str>| answers(&[], active).0.meanings().subjects;
    let open = of(Some("open"));
    assert_ne!(of(None), open);
    assert_eq!(open, of(Some("not closed and (count(visits) > 0)")));
}

#[test]
fn one_answer_for_all_is_enough() {
    let table = Table::default().numbers("x", &[1.0, 2.0, 3.0]);
    for (active, left) in [("yes", 3), ("no", 0)] {
        let rules = rules(&[], &[("s", "x > 0"), ("t", "yes")]);
        let ir = ir_among(Some(active), &rules, &table);
        let found = table.answers(&ir, Vec::new());
        let sizes: Vec<_> = found
            .segments
            .iter()
            .map(|s| s.as_ref().unwrap().len())
            .collect();
        assert_eq!(sizes, [left, left]);
    }
}
