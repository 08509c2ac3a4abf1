//! A published table of donors with fixed thresholds: 4,891 donors, 17,840 donations.

use crate::answers::{Answers, published, summary};
use crate::reference::{DataSet, say};

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

    let table = set.table("donors_segments.csv.gz");
    for row in &table {
        let donor = &row["DonorID"];
        assert_eq!(rungs[donor], row["segment"], "{donor}");
    }
    say(&format!(
        "donor_analytics: the segment of {} donors",
        table.len()
    ));
}
