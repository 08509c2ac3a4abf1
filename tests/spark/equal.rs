//! The same rules over the same rows in a SQLite file and as files that a Spark server reads: everything that is published is equal.

use crate::support::data_set::DataSet;
use crate::support::published::{assert_equal, forget_results};
use crate::support::scratch::Scratch;
use crate::support::spark::Spark;

/// Dates and times are texts, or have the types of dates and times, of which the server makes aggregates. `key` is that of the collection's table, which files do not tell.
fn data_set(name: &str, as_of: &str, (table, key): (&str, &str)) {
    for typed in [false, true] {
        let (Some(set), Some(spark)) = (DataSet::open(name), Spark::open()) else {
            return;
        };
        let of = format!("table: {table},");
        set.folder
            .edit("config.yaml", &of, &format!("{of} key: {key},"));
        let file = set.folder.path(&format!("{name}.sqlite"));
        match typed {
            true => spark.take_over_typed(&file, 50_000),
            false => spark.take_over(&file, 50_000),
        }
        let compared = assert_equal(&set.folder, &file, &spark.config(), as_of);
        assert!(compared > 1_000, "{name}: {compared} rows");
    }
}

#[test]
fn a_shop_is_the_same() {
    data_set("rfm_orders", "2006-12-31", ("orders", "order_id"));
}

#[test]
fn donors_are_the_same() {
    data_set(
        "donor_analytics",
        "2021-12-31",
        ("donations", "donation_id"),
    );
}

#[test]
fn households_are_the_same() {
    data_set("completejourney", "2017-12-31", ("visits", "visit_id"));
}

#[test]
fn the_demo_studio_is_the_same() {
    let Some(spark) = Spark::open() else {
        return;
    };
    let scratch = Scratch::shipped();
    scratch.put_clock("2026-03-15T10:00:00Z");
    scratch.expect(0, &["demo"]);
    // Files do not tell which column is a row's key.
    for table in [
        "visits",
        "packages",
        "payments",
        "reservations",
        "complaints",
    ] {
        let of = format!("table: {table},");
        scratch.edit("config.yaml", &of, &format!("{of} key: id,"));
    }
    let file = scratch.database();
    // A demo publishes by itself.
    forget_results(&file);
    spark.take_over_typed(&file, 50_000);
    let compared = assert_equal(&scratch, &file, &spark.config(), "2026-03-15");
    assert!(compared > 1_000, "{compared} rows");
}
