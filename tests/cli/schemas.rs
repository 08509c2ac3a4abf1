//! `init` on databases as they are in use: what it writes is reviewed in the snapshots, passes `check` without a
//! warning, and can be run and mailed without an edit.

use super::desk::Desk;

const SCHEMAS: [&str; 7] = [
    "northwind",
    "chinook",
    "sakila",
    "woocommerce",
    "shopify",
    "mindbody",
    "civicrm",
];

#[test]
fn what_init_writes_for_databases_in_use_works_without_an_edit() {
    for schema in SCHEMAS {
        let desk = Desk::empty();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schemas");
        let sql = std::fs::read_to_string(format!("{folder}/{schema}.sql")).unwrap();
        desk.sql_in("data.db", &sql);
        let said = desk.expect(0, &["init", "sqlite:data.db"]);
        insta::assert_snapshot!(schema, written(&desk, &said.out));
        works(&desk);
    }
}

/// What was said, and config without what is the same for everyone.
pub fn written(desk: &Desk, said: &str) -> String {
    let config = desk.read("config.yaml");
    let (telling, _) = config
        .split_once("\n# How each one")
        .or_else(|| config.split_once("\n# `muster serve` runs"))
        .unwrap();
    format!("{said}\n{telling}")
}

/// Every command of a first day, without an edit.
pub fn works(desk: &Desk) {
    let checked = desk.expect(0, &["check"]).err;
    assert!(checked.starts_with("checked "), "{checked}");
    desk.expect(0, &["run", "--as-of", "2026-03-15"]);
    desk.expect(0, &["segments"]);
    desk.expect(0, &["report", "changes", "--dry-run"]);
}
