//! What the server aggregates by itself, and what is read row by row instead.

use muster::connector::Connector;
use muster::connector::spark::SparkConnector;
use muster::engine::Unwatched;

use crate::support::clock::clock_at;
use crate::support::data_set::DataSet;
use crate::support::library::{block_on, whole};
use crate::support::scratch::Scratch;
use crate::support::spark::Spark;

/// What was read row by row in a project whose tables lie in a SQLite file as well.
fn by_rows(spark: &Spark, scratch: &Scratch, as_of: &str) -> Vec<String> {
    let project = whole(block_on(scratch.load()));
    let snapshot = SparkConnector::new(&spark.server()).snapshot().unwrap();
    let clock = clock_at(as_of, project.config.timezone);
    let gathered = snapshot.gather(None, &project.ir, &clock, &Unwatched);
    let found = gathered.unwrap().by_rows;
    // Nothing else was known before it was asked.
    assert_eq!(snapshot.by_rows(&project.ir, &clock), found);
    found
}

#[test]
fn a_studio_is_aggregated_by_the_server() {
    let Some(spark) = Spark::open() else {
        return;
    };
    let scratch = Scratch::shipped();
    scratch.put_clock("2026-03-15T10:00:00Z");
    scratch.expect(0, &["demo"]);
    spark.take_over_typed(&scratch.database(), 50_000);
    // Capitals are another matter in each server.
    let refused = "`packages`: SQL's `lower` of a row can differ from Muster's";
    assert_eq!(by_rows(&spark, &scratch, "2026-03-15T10:00:00"), [refused]);
}

#[test]
fn households_are_aggregated_by_the_server() {
    let (Some(set), Some(spark)) = (DataSet::open("completejourney"), Spark::open()) else {
        return;
    };
    spark.take_over_typed(&set.folder.path("completejourney.sqlite"), 50_000);
    let none: Vec<String> = Vec::new();
    assert_eq!(by_rows(&spark, &set.folder, "2017-12-31T00:00:00"), none);
}
