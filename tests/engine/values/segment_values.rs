//! The values of a segment: the value program over its members alone.

use muster::config::{Config, Formula, ToldValue, ValueDefinition, ValueFormat};
use muster::engine::{Evaluation, Stale, Subjects, values_of_count, values_over};
use muster::ir::Ir;
use muster::source::Scalar;
use muster::value::{ColumnType as T, Money, Value};
use proptest::prelude::*;
use std::time::Duration;

use super::harness::{Table, clock, column, config, ir_of, rules, subjects};

fn definitions(texts: &[&str]) -> Vec<ValueDefinition> {
    let definition = |(place, text): (usize, &&str)| ValueDefinition {
        id: Scalar::detached(format!("v{place}")),
        label: String::new(),
        description: String::new(),
        told: ToldValue {
            label: String::new(),
            meaning: None,
            usual: false,
        },
        format: match text.contains("(m)") {
            true => ValueFormat::Money,
            false => ValueFormat::Number,
        },
        of: Formula::Written(Scalar::detached(*text)),
    };
    texts.iter().enumerate().map(definition).collect()
}

/// A plan with these values, and a table evaluated for them.
struct Page {
    ir: Ir,
    evaluation: Evaluation,
}

impl Page {
    fn new(table: &Table, texts: &[&str]) -> Self {
        let config = Config {
            values: definitions(texts),
            ..config()
        };
        let metrics = [("doubled", "x * 2"), ("limit", "2")];
        let ir = ir_of(&rules(&metrics, &[]), &config, &table.catalog());
        let aggregates =
            vec![Ok(column(T::Number.value_type(), &ordinals(table.len()))); ir.aggregates.len()];
        let answers = table.answers(&ir, aggregates);
        let evaluation = Evaluation {
            clock: clock(),
            subjects: subjects(table.len()),
            inactive: Subjects::default(),
            segments: answers.segments,
            outputs: ir.outputs.clone(),
            kept: answers.kept,
            problems: Vec::new(),
            wide_tops: answers.wide_tops,
            rows: std::collections::BTreeMap::new(),
            by_rows: Vec::new(),
            scan_time: Duration::ZERO,
            evaluation_time: Duration::ZERO,
        };
        Self { ir, evaluation }
    }

    fn over(&self, members: &[u32]) -> Vec<Value> {
        let values = values_over(&self.ir, &self.evaluation, members);
        values
            .into_iter()
            .map(|found| found.unwrap().value)
            .collect()
    }

    fn counted(&self, members: &[u32]) -> Vec<Option<u64>> {
        let values = values_over(&self.ir, &self.evaluation, members);
        values
            .into_iter()
            .map(|found| found.unwrap().counted)
            .collect()
    }
}

fn ordinals(count: usize) -> Vec<Value> {
    (0..count)
        .map(|place| Value::Number(place as f64))
        .collect()
}

const TEXTS: [&str; 15] = [
    "size()",
    "sum(x)",
    "avg(x)",
    "min(x)",
    "max(x)",
    "median(x)",
    "quantile(30%, x)",
    "sum(m)",
    "avg(m)",
    "sum(m) / size()",
    "sum(m) / sum(if(x > 2, x, 0))",
    "avg(doubled) + 1",
    "sum(if(x > limit, 1, 0)) / size()",
    "greatest(max(x), 3) * 2",
    "sum(count(visits)) / size()",
];

#[test]
fn a_value_speaks_of_members_alone() {
    let table = Table::default()
        .numbers("x", &[1.0, 2.0, 6.0, f64::NAN, 5.0])
        .with("m", T::Money, &["10", "20.50", "-3", "7", "-"]);
    let page = Page::new(&table, &TEXTS);
    let texts = |members: &[u32]| -> Vec<String> {
        page.over(members).iter().map(ToString::to_string).collect()
    };
    let all = texts(&[1, 2, 3]);
    assert_eq!(
        all,
        [
            "3",
            "8",
            "4",
            "2",
            "6",
            "4",
            "3.2",
            "24.50",
            "8.1667",
            "8.1667",
            "4.0833",
            "9",
            "0.333333333",
            "12",
            "2"
        ]
    );
    // What nobody has is no value: a mean, but also a least and a sum of amounts that are all missing.
    assert_eq!(
        texts(&[3])[..6],
        ["1", "0", "missing", "missing", "missing", "missing"]
    );
    let nobody = texts(&[]);
    assert_eq!(nobody[0], "0");
    assert!(
        nobody[1..].iter().all(|text| text == "missing"),
        "{nobody:?}"
    );
}

#[test]
fn equal_values_are_one_node_over_one_column() {
    let table = Table::default()
        .numbers("x", &[1.0])
        .with("m", T::Money, &["1"]);
    let page = Page::new(
        &table,
        &[
            "sum(x) / size()",
            "sum(x)",
            "size()",
            "avg(x)",
            "sum(x + 0 * x)",
        ],
    );
    let ir = &page.ir;
    assert_eq!(ir.value_inputs.len(), 2);
    assert_eq!(ir.value_program.nodes.len(), 7);
    // They are no part of what a segment means.
    assert!(ir.meanings().segments.is_empty());
}

#[test]
fn what_lacks_a_column_is_stale_and_nothing_else() {
    let table = Table::default().numbers("x", &[1.0, 2.0]);
    let mut page = Page::new(
        &table,
        &["size()", "sum(x)", "sum(count(visits)) + size()", "max(x)"],
    );
    let stale = Stale {
        reason: "`visits` is gone".into(),
    };
    let input = page.ir.output(page.ir.value_inputs.as_slice()[1]).unwrap();
    page.evaluation.kept.insert(input, Err(stale.clone()));
    let values = values_over(&page.ir, &page.evaluation, &[0, 1]);
    assert_eq!(values[0].as_ref().unwrap().value, Value::Number(2.0));
    assert_eq!(values[1].as_ref().unwrap().value, Value::Number(3.0));
    assert_eq!(values[2], Err(stale));
    let counted = values_of_count(&page.ir, &clock(), 7);
    assert_eq!(counted[0].as_ref().unwrap().value, Value::Number(7.0));
    assert!(counted[1..].iter().all(Result::is_err));
}

#[test]
fn an_average_knows_of_how_many_it_is() {
    const MISSING: f64 = f64::NAN;
    let table = Table::default()
        .numbers("x", &[1.0, MISSING, 3.0, MISSING])
        .numbers("y", &[1.0, 2.0, 3.0, MISSING])
        .with("m", T::Money, &["1.00", "-", "-", "-"]);
    for (text, counted) in [
        ("avg(x)", Some(2)),
        ("median(x)", Some(2)),
        ("quantile(90%, y)", Some(3)),
        ("avg(m)", Some(1)),
        ("avg(x) * 2 + size()", Some(2)),
        // Of several, the one of the fewest.
        ("avg(y) / avg(x)", Some(2)),
        ("round(avg(y) - median(x), 1)", Some(2)),
        ("avg(default(x, 0))", Some(4)),
        ("avg(if(x > 1, y))", Some(1)),
        ("avg(1)", Some(4)),
        ("default(avg(x), 0)", Some(2)),
        // No average: nothing is said as if of everyone.
        ("size()", None),
        ("sum(x)", None),
        ("sum(x) / size()", None),
        ("max(x)", None),
    ] {
        let page = Page::new(&table, &[text]);
        assert_eq!(page.counted(&[0, 1, 2, 3]), [counted], "{text}");
    }
    let page = Page::new(&table, &["avg(x)"]);
    for (members, few) in [
        (vec![0, 2], None),
        (vec![1, 3], Some(0)),
        (vec![0, 1], Some(1)),
    ] {
        let found = values_over(&page.ir, &page.evaluation, &members).remove(0);
        assert_eq!(
            found.unwrap().of_few(members.len() as u64),
            few,
            "{members:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn as_if_there_were_nobody_else(
        rows in prop::collection::vec((prop::option::of(-50..50_i32), prop::option::of(-9_999..9_999_i64), any::<bool>()), 1..40)
    ) {
        let x: Vec<f64> = rows.iter().map(|(x, ..)| x.map_or(f64::NAN, |x| f64::from(x) / 4.0)).collect();
        let m: Vec<String> = rows.iter().map(|(_, m, _)| m.map_or("-".into(), |m| Money(m * 100).to_string())).collect();
        let table = |taken: &[usize]| {
            let m: Vec<&str> = taken.iter().map(|place| m[*place].as_str()).collect();
            let x: Vec<f64> = taken.iter().map(|place| x[*place]).collect();
            Table::default().numbers("x", &x).with("m", T::Money, &m)
        };
        let everyone: Vec<usize> = (0..rows.len()).collect();
        let members: Vec<usize> = everyone.iter().copied().filter(|place| rows[*place].2).collect();
        let texts = &TEXTS[..14];
        let places: Vec<u32> = members.iter().map(|place| *place as u32).collect();
        let found = Page::new(&table(&everyone), texts).over(&places);
        prop_assert_eq!(&found[0], &Value::Number(members.len() as f64));
        if members.is_empty() {
            prop_assert!(found[1..].iter().all(|value| *value == Value::Missing));
            return Ok(());
        }
        // The same of a table that holds the members alone, and of each function read literally.
        let alone: Vec<u32> = (0..members.len() as u32).collect();
        prop_assert_eq!(&found, &Page::new(&table(&members), texts).over(&alone));
        let present: Vec<f64> = members.iter().map(|place| x[*place]).filter(|x| !x.is_nan()).collect();
        let sum: f64 = present.iter().sum();
        let some = |value: f64| if present.is_empty() { Value::Missing } else { Value::Number(value) };
        prop_assert_eq!(&found[1], &Value::Number(sum));
        prop_assert_eq!(&found[3], &some(present.iter().copied().fold(f64::INFINITY, f64::min)));
        prop_assert_eq!(&found[4], &some(present.iter().copied().fold(f64::NEG_INFINITY, f64::max)));
        let paid: i64 = members.iter().filter_map(|place| rows[*place].1).sum();
        prop_assert_eq!(&found[7], &Value::Money(Money(paid * 100)));
    }
}
