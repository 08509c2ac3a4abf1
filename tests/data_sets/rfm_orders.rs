//! A published RFM table: 995 customers, 4,906 orders.

use std::collections::BTreeMap;

use crate::answers::{Answers, published, summary};
use crate::support::data_set::DataSet;
use crate::support::skipping::say;
use crate::values::Published;

#[test]
fn ten_segments_are_those_of_reference() {
    let Some(set) = DataSet::open("rfm_orders") else {
        return;
    };
    let answers = Answers::at(&set, "2006-12-31");
    let found = summary(
        &answers.rungs("rfm"),
        &answers.metric("frequency"),
        &answers.metric("monetary"),
    );
    assert_eq!(found, published(&set.table("segments_docs.csv")));
    say(&format!(
        "rfm_orders: customers, orders and cents of ten segments: {found:?}"
    ));
    Published {
        name: "rfm_orders",
        ladder: "rfm",
        table: set.table("segments_docs.csv"),
        columns: &[
            ("orders", "orders"),
            ("aof", "aof"),
            ("aov", "aov"),
            ("acv", "acv"),
        ],
        places: 4,
    }
    .assert_reproduced(&answers);
    customers(&set, &answers);
    heat_map(&set, &answers);
    fifths(&answers);
}

/// Every customer's values, scores and segments, the second column of segments too.
fn customers(set: &DataSet, answers: &Answers) {
    let table = set.table("customers_rfm.csv");
    for (metric, column) in [
        ("recency", "recency_days"),
        ("frequency", "frequency"),
        ("monetary", "monetary"),
        ("r", "R"),
        ("f", "F"),
        ("m", "M"),
    ] {
        let values = answers.metric(metric);
        for row in &table {
            let expected: f64 = row[column].parse().unwrap();
            let customer = &row["customer_id"];
            assert_eq!(values[customer], expected, "{metric} of {customer}");
        }
    }
    for (ladder, column) in [("rfm", "segment_docs"), ("by_tests", "segment_tests")] {
        let rungs = answers.rungs(ladder);
        for row in &table {
            let customer = &row["customer_id"];
            assert_eq!(rungs[customer], row[column], "{customer} on {ladder}");
        }
    }
    let count = table.len();
    say(&format!(
        "rfm_orders: values, scores and two segments of {count} customers"
    ));
}

/// The mean amount by frequency and recency, as published with two places.
fn heat_map(set: &DataSet, answers: &Answers) {
    let (r, f, m) = (
        answers.metric("r"),
        answers.metric("f"),
        answers.metric("monetary"),
    );
    let table = set.table("heatmap_mean_monetary.csv");
    for row in &table {
        let score = |column: &str| row[column].parse::<f64>().unwrap();
        let there = |key: &&String| r[*key] == score("R") && f[*key] == score("F");
        let amounts: Vec<f64> = m.keys().filter(there).map(|key| m[key]).collect();
        let mean = amounts.iter().sum::<f64>() / amounts.len() as f64;
        assert!(
            (mean - score("mean_monetary")).abs() < 0.005_000_1,
            "{row:?}: {mean}"
        );
    }
    say(&format!(
        "rfm_orders: the mean amount in {} fields of the heat map",
        table.len()
    ));
}

/// Fifths of equal size, ties in the order of keys: as another package cuts, reckoned here by hand.
fn fifths(answers: &Answers) {
    for (metric, score, reversed) in [
        ("recency", "r_fifth", true),
        ("frequency", "f_fifth", false),
        ("monetary", "m_fifth", false),
    ] {
        let mut order: Vec<(String, f64)> = answers.metric(metric).into_iter().collect();
        order.sort_by(|one, other| one.1.total_cmp(&other.1));
        let fifth = order.len() / 5;
        assert_eq!(fifth * 5, order.len());
        let scores = answers.metric(score);
        for (place, (customer, _)) in order.iter().enumerate() {
            let ascending = 1 + place / fifth;
            let expected = if reversed { 6 - ascending } else { ascending };
            assert_eq!(scores[customer], expected as f64, "{score} of {customer}");
        }
    }
    let mut sizes: BTreeMap<&str, u64> = BTreeMap::new();
    for rung in answers.rungs("by_fifths").into_values() {
        *sizes.entry(rung).or_default() += 1;
    }
    say(&format!(
        "rfm_orders: three scores by fifths; segments by them: {sizes:?}"
    ));
}
