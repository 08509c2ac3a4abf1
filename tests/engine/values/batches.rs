//! A row's value does not depend on the rows beside it.

use muster::engine::{Column, RowEvaluator};
use muster::value::{ColumnType as T, Value};
use proptest::prelude::*;

use super::harness::{Table, clock, ir, rules};

/// Every operator and function over the columns of [`table`].
const EXPRESSIONS: [&str; 34] = [
    "x + y * 2 - y / x",
    "-x",
    "paid + paid * y - paid / x",
    "paid / paid",
    "x < y",
    "paid >= 3",
    "name = other",
    "name < other",
    "born != seen",
    "seen > 3 days ago",
    "ok = no",
    "ok and x > 1 or not ok",
    "x between 1 and y",
    "name in (\"a\", other)",
    "x in (y, 2)",
    "name contains other",
    "other starts with name",
    "born + 1 month",
    "seen - 3 hours",
    "born in last 12 months",
    "seen in previous 30 days",
    "paid is missing",
    "name is present",
    "days_since(seen) + days_since(born)",
    "elapsed(born, seen)",
    "if(ok, day_of_week(seen), lower(name))",
    "if(x > y, paid)",
    "default(born, today)",
    "length(default(name, other))",
    "least(x, y, 2) + greatest(x, y)",
    "greatest(born, date(seen))",
    "band(x, 1, y) + band_right(paid, 1, 2)",
    "scale(x, y, 3)",
    "round(paid / 3, x)",
];

fn cells() -> impl Strategy<Value = Vec<[String; 7]>> {
    let pick = |texts: &'static [&'static str]| prop::sample::select(texts).prop_map(String::from);
    let row = [
        pick(&["-", "0", "1", "2", "2.5", "-3"]),
        pick(&["-", "0", "1", "2", "0.1"]),
        pick(&["-", "0", "1.25", "3", "-7.0001"]),
        pick(&["-", "", "a", "B", "aé"]),
        pick(&["-", "", "a", "é"]),
        pick(&["-", "2025-06-15", "2025-06-14", "2000-02-29"]),
        pick(&[
            "-",
            "2025-06-14T12:00:00",
            "2025-05-01T00:00:00",
            "2026-01-01T00:00:00",
        ]),
    ];
    prop::collection::vec(row, 1..20)
}

fn table(rows: &[[String; 7]]) -> Table {
    let column = |place: usize| -> Vec<&str> { rows.iter().map(|r| r[place].as_str()).collect() };
    let ok: Vec<&str> = (0..rows.len()).map(|i| ["yes", "no", "-"][i % 3]).collect();
    Table::default()
        .with("x", T::Number, &column(0))
        .with("y", T::Number, &column(1))
        .with("paid", T::Money, &column(2))
        .with("name", T::Text, &column(3))
        .with("other", T::Text, &column(4))
        .with("born", T::Date, &column(5))
        .with("seen", T::Instant, &column(6))
        .with("ok", T::Boolean, &ok)
}

/// One row of a table, as a table.
fn only(table: &Table, row: usize) -> Table {
    let mut one = table.clone();
    for (.., cells) in &mut one.columns {
        *cells = vec![cells[row].clone()];
    }
    one
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn each_row_alone_has_the_same_values(rows in cells()) {
        let table = table(&rows);
        let names: Vec<String> = (0..EXPRESSIONS.len()).map(|i| format!("m{i}")).collect();
        let metrics: Vec<_> = names.iter().map(String::as_str).zip(EXPRESSIONS).collect();
        let ir = ir(&rules(&metrics, &[]), &table.catalog());
        let together = table.metrics_of(&ir);
        for row in 0..rows.len() {
            let alone = only(&table, row).metrics_of(&ir);
            for ((text, together), alone) in EXPRESSIONS.iter().zip(&together).zip(&alone) {
                prop_assert_eq!(&together[row], &alone[0], "{} in row {}", text, row);
            }
        }
    }
}

#[test]
fn one_evaluator_serves_batch_after_batch() {
    let rules = rules(
        &[
            ("limit", "2 * 3"),
            ("m", "count(visits where id > limit and id < client.x)"),
        ],
        &[],
    );
    let ir = ir(&rules, &Table::default().numbers("x", &[]).catalog());
    let scan = ir.scans.first().unwrap();
    let filter = scan.collections[0]
        .selections
        .first()
        .unwrap()
        .filter
        .unwrap();
    let clock = clock();
    let mut rows = RowEvaluator::new(&scan.program, &clock);
    let mut answers = Vec::new();
    for (ids, of_subject) in [
        (vec![6.0, 7.0, 8.0], vec![9.0, 9.0, 8.0]),
        (vec![7.0], vec![f64::NAN]),
        (vec![], vec![]),
        (vec![10.0, 5.0], vec![11.0, 6.0]),
    ] {
        let inputs = [Column::Number(ids)];
        rows.evaluate(&inputs, &mut |_| Column::Number(of_subject.clone()));
        let column = rows.column(filter, &inputs);
        let texts = (0..inputs[0].len()).map(|row| column.value(row));
        answers.push(texts.map(|v: Value| v.to_string()).collect::<Vec<_>>());
    }
    assert_eq!(
        answers,
        [
            vec!["no", "yes", "no"],
            vec!["unknown"],
            vec![],
            vec!["yes", "no"]
        ]
    );
}
