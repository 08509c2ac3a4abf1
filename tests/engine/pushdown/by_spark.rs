//! What a server of Spark Connect aggregates of Parquet files, beside what the rows of a SQLite file come to.

use muster::connector::Connector;
use muster::connector::spark::SparkConnector;
use muster::engine::Unwatched;
use muster::time::Clock;

use super::harness::{assert_same, gathered, of_rows};
use super::oracle::compare;
use crate::scan::harness::{Folder, clock};
use crate::support::spark::Spark;

/// Asks a server that has taken the file over: what it did not answer, in words.
fn by_spark(folder: &Folder, spark: &Spark) -> Vec<String> {
    spark.take_over_typed(&folder.database(), 7);
    let project = folder.project();
    let clock = Clock {
        zone: project.config.timezone,
        ..clock()
    };
    let snapshot = SparkConnector::new(&spark.server()).snapshot().unwrap();
    let found = snapshot.gather(None, &project.ir, &clock, &Unwatched);
    let wanted = of_rows(&folder.database(), &project.ir, &clock);
    assert_same(&gathered(&wanted), &gathered(&found.unwrap()));
    snapshot.by_rows(&project.ir, &clock)
}

#[test]
fn spark_aggregates_what_its_rows_come_to() {
    let Some(spark) = Spark::open() else {
        return;
    };
    compare(16, |folder| by_spark(folder, &spark));
}
