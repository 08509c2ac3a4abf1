//! `init` on databases as they are in use: what it writes is reviewed in the snapshots, passes `check` without a
//! warning, and can be run and mailed without an edit.

use muster::source::Sources;
use muster::value::Type;

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

/// Columns of texts that are times to SQLite or amounts are typed, and no others: a line for each schema.
#[test]
fn types_are_those_of_the_values() {
    let mut lines = Vec::new();
    for schema in SCHEMAS {
        let desk = Desk::empty();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schemas");
        let sql = std::fs::read_to_string(format!("{folder}/{schema}.sql")).unwrap();
        desk.sql_in("data.db", &sql);
        desk.expect(0, &["init", "sqlite:data.db"]);
        lines.push(format!("{schema}: {}", judged(&desk)));
    }
    insta::assert_snapshot!("types", lines.join("\n"));
}

/// How many types of a config are right and which are not, by what SQLite makes of the values.
fn judged(desk: &Desk) -> String {
    let mut sources = Sources::default();
    let config = muster::config::load(&desk.path("config.yaml"), &mut sources, &|_| None);
    let config = config.unwrap_or_else(|findings| panic!("{findings:?}"));
    let subject = &config.subject;
    let mut tables = vec![(&subject.table.value, &subject.types, None)];
    tables.extend(config.collections.iter().map(|of| {
        let at = of.at.as_ref().map(|at| at.value.as_str());
        (&of.table.value, &of.types, at)
    }));
    let database = rusqlite::Connection::open(desk.path("data.db")).unwrap();
    let count = |sql: &str| {
        database
            .query_row(sql, [], |row| row.get::<_, u32>(0))
            .unwrap()
    };
    let (mut right, mut missed, mut wrong) = (0, Vec::new(), Vec::new());
    for (table, types, at) in tables {
        let columns = format!(
            "select name from pragma_table_info('{table}') where type = '' or type like '%char%' or type like '%text%'"
        );
        let mut columns = database.prepare(&columns).unwrap();
        let columns = columns
            .query_map([], |row| row.get::<_, String>(0))
            .unwrap();
        for column in columns.map(Result::unwrap) {
            let are = |condition: &str| {
                let filled = format!("from \"{table}\" where \"{column}\" <> ''");
                let all = count(&format!("select count(*) {filled}"));
                let are = format!("select count(*) {filled} and {condition}");
                all > 0 && count(&are) * 10 >= all * 8
            };
            let holds = if are(&format!(
                "date(\"{column}\") is not null and \"{column}\" like '%-%'"
            )) {
                "a time"
            } else if are(&format!("\"{column}\" glob '*[0-9].[0-9][0-9]'")) {
                "an amount"
            } else {
                "something else"
            };
            let typed = match types.get(&column).map(|(_, ty)| ty.value_type()) {
                Some(Type::Date | Type::Instant) => "a time",
                Some(Type::Money) => "an amount",
                None if at == Some(column.as_str()) => "a time",
                _ => "something else",
            };
            let name = format!("{table}.{column}");
            match (holds, typed) {
                ("something else", "something else") => {}
                (holds, typed) if holds == typed => right += 1,
                (_, "something else") => missed.push(name),
                _ if are("1") => wrong.push(name),
                _ => {}
            }
        }
    }
    format!("{right} right, missed {missed:?}, wrong {wrong:?}")
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
