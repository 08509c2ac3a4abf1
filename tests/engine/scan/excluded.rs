//! What `where:` excludes is nobody's business: nothing is told of it, whatever it looks like.

use super::harness::Folder;

/// One row of each trouble, apart from those that are fine.
const TABLES: &str = "
    create table clients (id, name text, email text, joined, age int, born date);
    insert into clients values (1, 'Ann', 'a@example.com', '2025-01-01', 30, '1990-01-01'),
      (2, 'Bo', 'b@example.com', '2025-01-01', 30, '1990-01-01'),
      (3, 'Cy', 'c@example.com', '2025-01-01', 30, '1990-01-01'),
      (4, 'Di', 'd@example.com', '2025-01-01', 30, '1990-01-01'),
      (5, 'Ed', 'e@example.com', '2025-01-01', 30, '1990-01-01'),
      (6, 'Fi', 'f@example.com', '2025-01-01', 30, '1990-01-01');
    create table visits (id integer primary key, client_id, other_id, at datetime, then_at datetime, kind text, price real, ok int);
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 30)
    insert into visits select i, 1 + i % 6, 1 + i % 6, '2025-06-01', '2025-06-01', 'a', 1, 1 from n;";

const CONFIG: &str = "
    subject: { name: client, table: clients, key: id, label: name, WHERE, types: { joined: date } }
    collections:
      visits: { table: visits, subject: client_id, at: at, where: kind = \"a\" }
      others: { table: visits, subject: other_id, at: then_at, where: kind = \"b\" }
";

const METRICS: [(&str, &str); 6] = [
    ("seen", "count(visits)"),
    ("price", "sum(visits.price)"),
    ("others_seen", "count(others)"),
    ("age_now", "age"),
    ("birth", "born"),
    ("since", "joined"),
];

fn told(filter: &str, sql: &str) -> Vec<String> {
    let config = CONFIG.replace("WHERE", filter);
    let folder = Folder::new(TABLES, &config, &METRICS);
    folder.sql(sql);
    folder.evaluate().problems()
}

#[test]
fn of_subjects() {
    for (row, problem) in [
        (
            "(null, 'Odd', MAIL, '2025-01-01', 30, '1990-01-01')",
            "NullKey clients.id x1",
        ),
        (
            "('x', 'Odd', MAIL, '2025-01-01', 30, '1990-01-01')",
            "KeyNoNumber clients.id x1",
        ),
        (
            "('', 'Odd', MAIL, '2025-01-01', 30, '1990-01-01')",
            "KeyNoNumber clients.id x1",
        ),
        (
            "(x'ff', 'Odd', MAIL, '2025-01-01', 30, '1990-01-01')",
            "KeyNoNumber clients.id x1",
        ),
        (
            "(7, x'ff', MAIL, '2025-01-01', 30, '1990-01-01')",
            "Misfit clients.name x1",
        ),
        (
            "(7, 'Odd', MAIL, 'soon', 30, '1990-01-01')",
            "Misfit clients.joined x1",
        ),
        (
            "(7, 'Odd', MAIL, '2025-01-01', 'old', '1990-01-01')",
            "Misfit clients.age x1",
        ),
        (
            "(7, 'Odd', MAIL, '2025-01-01', 9007199254740993, '1990-01-01')",
            "Inexact clients.age x1",
        ),
        (
            "(7, 'Odd', MAIL, '2025-01-01', 30, '1.1.90')",
            "Misfit clients.born x1",
        ),
    ] {
        let insert =
            |mail: &str| format!("insert into clients values {}", row.replace("MAIL", mail));
        for excludes in [
            "email is present",
            "email != \"x\"",
            "email contains \"@\" and true",
        ] {
            let of = format!("where: '{excludes}'");
            assert_eq!(
                told(&of, &insert("null")),
                Vec::<String>::new(),
                "{row} {excludes}"
            );
            let found = told(&of, &insert("'o@example.com'"));
            assert_eq!(found.len(), 1, "{row} {excludes}: {found:?}");
            assert!(found[0].starts_with(problem), "{found:?}");
        }
    }
}

#[test]
fn a_key_that_stands_twice_is_none_of_those_that_count() {
    let twice = "insert into clients values (1, 'Total', null, null, null, null), (1, 'Sum', null, null, null, null)";
    assert_eq!(told("where: email is present", twice), Vec::<String>::new());
}

#[test]
fn of_collections() {
    for (values, problem) in [
        (
            "9, 9, '2025-06-01', '2025-06-01'",
            "Orphan visits.client_id x1",
        ),
        (
            "'x', 'x', '2025-06-01', '2025-06-01'",
            "Orphan visits.client_id x1",
        ),
        (
            "null, null, '2025-06-01', '2025-06-01'",
            "NullKey visits.client_id x1",
        ),
        ("1, 1, 'soon', 'soon'", "UnreadableTime visits.at x1"),
        ("1, 1, null, null", "MissingTime visits.at x1"),
        ("1, 1, 1748736000, 1748736000", "MixedTimes visits.at x1"),
        ("1, 1, '2025-06-01', '2025-06-01'", "Misfit visits.price x1"),
    ] {
        let price = if problem.starts_with("Misfit") {
            "'much'"
        } else {
            "1"
        };
        let row =
            |kind: &str| format!("insert into visits values (99, {values}, {kind}, {price}, 1)");
        for kind in ["'c'", "null", "''"] {
            assert_eq!(
                told("where: yes", &row(kind)),
                Vec::<String>::new(),
                "{values} {kind}"
            );
        }
        let found = told("where: yes", &row("'a'"));
        assert_eq!(found.len(), 1, "{values}: {found:?}");
        assert!(found[0].starts_with(problem), "{found:?}");
        // The other collection reads other columns, no price, and one time alone is in one form.
        let other = problem
            .replace("visits.client_id", "visits.other_id")
            .replace("visits.at", "visits.then_at");
        let found = told("where: yes", &row("'b'"));
        match problem.starts_with("Mi") && !problem.starts_with("MissingTime") {
            true => assert_eq!(found, Vec::<String>::new()),
            false => {
                assert_eq!(found.len(), 1, "{values}: {found:?}");
                assert!(found[0].starts_with(&other), "{found:?}");
            }
        }
    }
}

#[test]
fn what_decides_and_cannot_be_read_is_told() {
    let odd =
        "insert into clients values (null, 'Odd', 'o@example.com', '2025-01-01', 'old', '1.1.90')";
    let found = told("where: age < 99", odd);
    assert_eq!(found, ["Misfit clients.age x1: clients row 7: \"old\""]);
    let decided = told("where: 'age < 99 and email is missing'", odd);
    assert_eq!(decided, Vec::<String>::new());
}
