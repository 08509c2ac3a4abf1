//! Keys of every kind, tables of every kind, names of every kind.

use muster::engine::{EngineError, Key};

use super::harness::{Folder, STUDIO};

fn text(key: &str) -> Key {
    Key::Text(key.into())
}

fn folder(clients: &str, visits: &str) -> Folder {
    Folder::new(
        &format!(
            "CREATE TABLE clients (id {clients}, name TEXT);
             CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id {visits}, at DATETIME, grade REAL);"
        ),
        STUDIO,
        &[("all_visits", "count(visits)"), ("grade", "last(visits).grade")],
    )
}

#[test]
fn integers_match_texts_and_reals() {
    let folder = folder("INTEGER", "");
    folder.sql(
        "INSERT INTO clients VALUES (7, 'G'), (-3, 'C'), (9000000000000000000, 'Z');
         INSERT INTO visits (client_id, at) VALUES (7, '2025-06-01'), ('7', '2025-06-01'), (7.0, '2025-06-01'),
           (' 7 ', '2025-06-01'), (-3.0, '2025-06-01'), ('9000000000000000000', '2025-06-01'),
           (7.5, '2025-06-01'), ('7x', '2025-06-01'), ('', '2025-06-01');",
    );
    let found = folder.evaluate();
    let keys = [-3, 7, 9_000_000_000_000_000_000].map(Key::Integer);
    assert_eq!(found.keys(), keys);
    assert_eq!(found.metric("all_visits"), "1 | 4 | 1");
    assert_eq!(
        found.problems(),
        [
            "Orphan visits.client_id x2: visits row 7: 7.5",
            "NullKey visits.client_id x1: visits row 9: \"\""
        ]
    );
}

#[test]
fn texts_match_integers_and_are_ordered_by_bytes() {
    let folder = folder("TEXT", "");
    folder.sql(
        "INSERT INTO clients VALUES ('b', 'B'), ('7', 'G'), ('10', 'T'), ('é', 'E'), ('Z', 'Z'), ('', 'Empty');
         INSERT INTO visits (client_id, at) VALUES (7, '2025-06-01'), (7.0, '2025-06-01'), ('7', '2025-06-01'),
           (10, '2025-06-01'), ('é', '2025-06-01'), ('z', '2025-06-01'), ('', '2025-06-01');",
    );
    let found = folder.evaluate();
    let keys = ["", "10", "7", "Z", "b", "é"].map(text);
    assert_eq!(found.keys(), keys);
    assert_eq!(found.metric("all_visits"), "1 | 1 | 3 | 0 | 0 | 1");
    assert_eq!(
        found.problems(),
        ["Orphan visits.client_id x1: visits row 6: \"z\""]
    );
}

#[test]
fn keys_of_both_kinds_are_texts() {
    let folder = folder("", "");
    folder.sql(
        "INSERT INTO clients VALUES (7, 'G'), ('x', 'X'), (2.0, 'T');
         INSERT INTO visits (client_id, at) VALUES (7, '2025-06-01'), ('2', '2025-06-01');",
    );
    let found = folder.evaluate();
    assert_eq!(found.keys(), ["2", "7", "x"].map(text));
    assert_eq!(found.metric("all_visits"), "1 | 1 | 0");
}

#[test]
fn a_key_that_stands_twice_is_an_error_that_names_it() {
    let folder = folder("TEXT", "INTEGER");
    folder.sql("INSERT INTO clients VALUES ('a', 'A'), ('b', 'B'), ('b', 'B'), ('b', 'B'), ('b', 'B'), ('a', 'A');");
    let project = folder.project();
    match folder.evaluate_as(project) {
        Err(error @ EngineError::DoubledKeys { .. }) => assert_eq!(
            error.to_string(),
            "`id` is not unique in the subject's table `clients`: 2 keys occur in several rows (a in rows 1, 6; b in rows 2, \
             3, 4, …); keep one row for each key (of an imported file `key:` under `import: files:` keeps the last), exclude rows with the \
             subject's `where:`, or name another column as `key:`"
        ),
        other => panic!("{other:?}"),
    }
}

#[test]
fn bytes_that_are_a_text_are_a_key_on_both_sides() {
    for kind in ["INTEGER", "TEXT"] {
        let folder = folder(kind, "");
        folder.sql(
            "INSERT INTO clients VALUES (7, 'G');
             INSERT INTO visits (client_id, at) VALUES (CAST('7' AS BLOB), '2025-06-01'), ('7', '2025-06-01');",
        );
        assert_eq!(folder.evaluate().metric("all_visits"), "2", "{kind}");
    }
}

#[test]
fn nobody_and_nothing() {
    let folder = folder("INTEGER", "INTEGER");
    let found = folder.evaluate();
    assert_eq!(
        (found.keys(), found.metric("all_visits")),
        (vec![], String::new())
    );
    assert_eq!(found.evaluation.segments.as_slice()[0], Ok(vec![]));
    folder.sql("INSERT INTO visits VALUES (1, 1, '2025-06-01', 1);");
    assert_eq!(
        folder.evaluate().problems(),
        ["Orphan visits.client_id x1: visits row 1: 1"]
    );
    folder.sql("INSERT INTO clients VALUES (1, NULL);");
    let found = folder.evaluate();
    assert_eq!(found.metric("all_visits"), "1");
    assert_eq!(found.evaluation.subjects.labels.get(0), Some("1"));
}

#[test]
fn nulls_everywhere() {
    let folder = folder("INTEGER", "INTEGER");
    folder.sql(
        "INSERT INTO clients VALUES (1, 'A'), (NULL, NULL);
         INSERT INTO visits VALUES (1, NULL, NULL, NULL), (2, 1, NULL, NULL), (3, NULL, '2025-06-01', 1), (4, 1, '2025-06-01', NULL);",
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("all_visits"), "1");
    assert_eq!(found.metric("grade"), "missing");
    assert_eq!(
        found.problems(),
        [
            "NullKey clients.id x1: clients row 2: nothing",
            "MissingTime visits.at x2: visits row 1: nothing",
            "NullKey visits.client_id x2: visits row 1: nothing",
        ]
    );
}

#[test]
fn equal_times_are_broken_by_key_of_its_own_kind() {
    for (keys, first, last) in [
        ("(9, 1), (10, 2)", "1", "2"),
        ("('9', 1), ('10', 2)", "2", "1"),
        ("('9', 1), (10, 2)", "2", "1"),
        ("(10, 2), ('9', 1), (11, 3)", "2", "1"),
        ("(2.0, 1), (10, 2)", "1", "2"),
    ] {
        let folder = Folder::new(
            &format!(
                "CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
                 INSERT INTO clients VALUES (1, 'A');
                 CREATE TABLE visits (no, grade REAL, client_id INT DEFAULT 1, at DATETIME DEFAULT '2025-06-01');
                 INSERT INTO visits (no, grade) VALUES {keys};"
            ),
            &STUDIO.replace("at: at", "at: at, key: no"),
            &[("first", "first(visits).grade"), ("last", "last(visits).grade")],
        );
        let found = folder.evaluate();
        assert_eq!(
            (
                found.metric("first").as_str(),
                found.metric("last").as_str()
            ),
            (first, last),
            "{keys}"
        );
    }
}

#[test]
fn odd_names_views_and_tables_without_rowid() {
    let folder = Folder::new(
        r#"
        CREATE TABLE "the ""clients""" ("select" TEXT PRIMARY KEY, "näme" TEXT) WITHOUT ROWID;
        INSERT INTO "the ""clients""" VALUES ('b', 'Bob'), ('a', 'Ann');
        CREATE TABLE "order" ("group" TEXT, "when at" TEXT, "a b" TEXT, no TEXT, PRIMARY KEY (no)) WITHOUT ROWID;
        INSERT INTO "order" VALUES ('a', '2025-06-01', '1.5', 'k1'), ('c', '2025-06-02', '2', 'k2'), ('a', 'x', '2', 'k3');
        CREATE VIEW "odd view" AS SELECT "group" AS who, "when at" AS t, "a b" * 2 AS twice FROM "order";
        "#,
        r#"
    subject: { name: client, table: 'the "clients"', key: select, label: näme }
    collections:
      orders: { table: order, subject: group, at: when at, types: { when at: instant, a b: number } }
      viewed: { table: odd view, subject: who, at: t, types: { t: instant, twice: number } }
"#,
        &[
            ("worth", "sum(orders.`a b`)"),
            ("twice", "sum(viewed.twice)"),
            ("last", "last(orders).`a b`"),
        ],
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("worth"), "1.5 | 0");
    assert_eq!(found.metric("twice"), "3 | 0");
    assert_eq!(found.metric("last"), "1.5 | missing");
    assert_eq!(
        found.problems(),
        [
            "UnreadableTime odd view.t x1: odd view row 3: \"x\"",
            "Orphan odd view.who x1: odd view row 2: \"c\"",
            "Orphan order.group x1: order row \"k2\": \"c\"",
            "UnreadableTime order.when at x1: order row \"k3\": \"x\"",
        ]
    );
}
