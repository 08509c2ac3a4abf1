//! The same rules over the same rows in a SQLite file and on a server: everything that is published is equal.

use crate::support::data_set::DataSet;
use crate::support::postgres::Postgres;
use crate::support::published::{assert_equal, forget_results};
use crate::support::scratch::Scratch;

fn data_set(name: &str, as_of: &str) {
    let Some(set) = DataSet::open(name) else {
        return;
    };
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let file = set.folder.path(&format!("{name}.sqlite"));
    postgres.take_over(&file);
    let compared = assert_equal(&set.folder, &file, &postgres.config(), as_of);
    assert!(compared > 1_000, "{name}: {compared} rows");
}

#[test]
fn a_shop_is_the_same() {
    data_set("rfm_orders", "2006-12-31");
}

#[test]
fn donors_are_the_same() {
    data_set("donor_analytics", "2021-12-31");
}

#[test]
fn households_are_the_same() {
    data_set("completejourney", "2017-12-31");
}

#[test]
fn the_demo_studio_is_the_same() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let scratch = Scratch::shipped();
    scratch.put_clock("2026-03-15T10:00:00Z");
    scratch.expect(0, &["demo"]);
    let file = scratch.database();
    // A demo publishes by itself.
    forget_results(&file);
    postgres.take_over(&file);
    let compared = assert_equal(&scratch, &file, &postgres.config(), "2026-03-15");
    assert!(compared > 1_000, "{compared} rows");
}
