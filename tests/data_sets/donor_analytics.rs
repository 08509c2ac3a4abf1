//! A published table of donors with fixed thresholds: 4,891 donors, 17,840 donations.

use std::collections::BTreeMap;

use crate::answers::{Answers, published, summary};
use crate::support::data_set::DataSet;
use crate::support::skipping::say;
use crate::values::Published;

#[test]
fn ten_segments_are_those_of_reference() {
    let Some(set) = DataSet::open("donor_analytics") else {
        return;
    };
    let answers = Answers::at(&set, "2025-04-20");
    let rungs = answers.rungs("donors");
    let found = summary(&rungs, &answers.metric("gifts"), &answers.metric("given"));
    assert_eq!(found, published(&set.table("segments.csv")));
    say(&format!(
        "donor_analytics: donors, gifts and cents of ten segments: {found:?}"
    ));

    Published {
        name: "donor_analytics",
        ladder: "donors",
        table: set.table("segments.csv"),
        columns: &[
            ("orders", "donations"),
            ("adf", "adf"),
            ("adv", "adv"),
            ("adv", "adv_number"),
            ("acv", "acv"),
            ("acv", "acv_number"),
        ],
        places: 6,
    }
    .assert_reproduced(&answers);

    let table = set.table("donors_segments.csv.gz");
    for row in &table {
        let donor = &row["DonorID"];
        assert_eq!(rungs[donor], row["segment"], "{donor}");
    }
    say(&format!(
        "donor_analytics: the segment of {} donors",
        table.len()
    ));

    campaigns(&set, &answers, &rungs);
}

/// What the donors of each segment gave to each campaign: the published heat map, exact.
fn campaigns(set: &DataSet, answers: &Answers, rungs: &BTreeMap<String, &str>) {
    let table = set.table("segment_by_campaign_total.csv");
    for campaign in 1..=10 {
        let given = answers.metric(&format!("camp{campaign:03}"));
        for row in &table {
            let donors = rungs.iter().filter(|(_, rung)| **rung == row["segment"]);
            let total: f64 = donors.map(|(donor, _)| given[donor]).sum();
            let column = format!("CAMP{campaign:03}");
            let expected: f64 = row[&column].parse().unwrap();
            let segment = &row["segment"];
            assert_eq!(
                (total * 100.0).round(),
                (expected * 100.0).round(),
                "{segment} to {column}"
            );
        }
    }
    say(&format!(
        "donor_analytics: what {} segments gave to ten campaigns",
        table.len()
    ));
}
