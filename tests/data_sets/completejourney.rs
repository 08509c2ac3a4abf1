//! Household baskets as studio visits: 2,469 customers, 155,848 visits.

use std::collections::{BTreeMap, BTreeSet};

use crate::answers::{Answers, published, summary};
use crate::support::data_set::DataSet;
use crate::support::skipping::say;
use crate::values::Published;

/// The segments that this data can have.
const POSSIBLE: [&str; 8] = [
    "decreasing_frequency",
    "lead",
    "new_client",
    "low_utilization",
    "increasing_frequency",
    "high_utilization",
    "high_attend",
    "high_spend",
];

/// Those it cannot.
const IMPOSSIBLE: [&str; 6] = [
    "expiring_packages",
    "intro_offer_expiring",
    "intro_offer_new_visited_once",
    "birthday",
    "classpass_high_frequency",
    "classpass_general",
];

#[test]
fn engagement_and_rfm_are_those_of_reference() {
    let Some(set) = DataSet::open("completejourney") else {
        return;
    };
    let answers = Answers::at(&set, "2018-01-01");
    sizes(&set, &answers);
    flags(&set, &answers);
    list(&set, &answers);
    rfm(&set, &answers);
}

fn sizes(set: &DataSet, answers: &Answers) {
    let reference: serde_json::Value = serde_json::from_str(&set.text("engagement.json")).unwrap();
    let results = &reference["results"]["2017-12-31"];
    let sizes: BTreeMap<&str, u64> = POSSIBLE
        .map(|id| (id, answers.members(id).len() as u64))
        .into();
    for (id, size) in &sizes {
        assert_eq!(Some(*size), results["sizes"][id].as_u64(), "{id}");
    }
    for id in IMPOSSIBLE {
        assert_eq!(answers.members(id), [0; 0], "{id}");
    }
    let nowhere = answers
        .list()
        .iter()
        .filter(|(_, score)| *score == 0.0)
        .count() as u64;
    assert_eq!(Some(nowhere), results["no_segment"].as_u64());
    say(&format!(
        "completejourney: engagement sizes as published: {sizes:?}, in none {nowhere}"
    ));
}

fn flags(set: &DataSet, answers: &Answers) {
    let table = set.table("clients_engagement_2017-12-31.csv.gz");
    for id in POSSIBLE {
        let members: BTreeSet<String> = answers.keys(id).into_iter().collect();
        for row in &table {
            let customer = &row["customer_id"];
            assert_eq!(
                members.contains(customer),
                row[id] == "True",
                "{customer} in {id}"
            );
        }
    }
    let visits = answers.metric("visits_60d");
    let spent = answers.metric("spent_60d");
    let scores: BTreeMap<String, f64> = answers.list().into_iter().collect();
    for row in &table {
        let customer = &row["customer_id"];
        let number = |column: &str| row[column].parse::<f64>().unwrap();
        assert_eq!(visits[customer], number("last60"), "visits of {customer}");
        let cents = (spent[customer] * 100.0).round();
        assert_eq!(cents, number("spend60_cents"), "spent by {customer}");
        let off = (scores[customer] - number("weight_sum")).abs();
        assert!(off < 1e-6, "score of {customer}");
    }
    let count = table.len();
    say(&format!(
        "completejourney: 8 memberships, visits, amount and score of {count} customers"
    ));
}

fn list(set: &DataSet, answers: &Answers) {
    let list = answers.list();
    let top = set.table("top25_by_weight_2017-12-31.csv");
    assert_eq!(top.len(), 25);
    for (row, (label, score)) in top.iter().zip(&list) {
        assert_eq!(*label, row["customer_id"]);
        assert_eq!(format!("{score:.6}"), row["weight_sum"], "score of {label}");
    }
    say("completejourney: the first 25 of the client list, in order, with their scores");
}

fn rfm(set: &DataSet, answers: &Answers) {
    let rungs = answers.rungs("rfm");
    let found = summary(
        &rungs,
        &answers.metric("frequency"),
        &answers.metric("monetary"),
    );
    let expected = published(&set.table("segments_rfm_2017-12-31.csv"));
    assert_eq!(found, expected, "customers, visits and cents");
    Published {
        name: "completejourney",
        ladder: "rfm",
        table: set.table("segments_rfm_2017-12-31.csv"),
        columns: &[
            ("orders", "visits"),
            ("aof", "visits_each"),
            ("aov", "paid_a_visit"),
            ("acv", "acv"),
        ],
        places: 4,
    }
    .assert_reproduced(answers);
    say(&format!(
        "completejourney: {} RFM segments as published",
        found.len()
    ));
}
