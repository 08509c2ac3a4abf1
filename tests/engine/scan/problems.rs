//! What is wrong in the data is counted and named, and never silently dropped.

use super::harness::{Folder, STUDIO};

const TABLES: &str = "
    CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
    INSERT INTO clients VALUES (1, 'Ann'), (2, 'Bob');
";

#[test]
fn each_kind_is_counted_with_an_example() {
    let folder = Folder::new(
        &format!(
            "{TABLES}
            CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id, at, grade REAL, paid DECIMAL(9,2), late BOOLEAN, day DATE, until DATETIME, n INTEGER);
            INSERT INTO visits VALUES
              (11, 1, '2025-06-01', 1, 2, 0, '2025-06-01', '2025-07-01', 1),
              (12, 9, '2025-06-01', 1, 2, 0, '2025-06-01', NULL, 1),
              (13, 'x', '2025-06-01', 1, 2, 0, '2025-06-01', '', 1),
              (14, NULL, '2025-06-01', 1, 2, 0, '2025-06-01', NULL, 1),
              (15, 1, '31.02.2025', 1, 2, 0, '2025-06-01', NULL, 1),
              (16, 1, NULL, 1, 2, 0, '2025-06-01', NULL, 1),
              (17, 1, '', 1, 2, 0, '2025-06-01', NULL, 1),
              (18, 1, 1748736000, 'much', 'free', 2, '1.6.25', 'soon', 'one'),
              (19, 1, 1748736000000, '', 2.71828, '', '', '', 9007199254740993),
              (20, 2, '2025-06-02', NULL, NULL, NULL, NULL, NULL, NULL);"
        ),
        &STUDIO.replace("at: at", "at: at, types: { at: instant }"),
        &[
            ("all_visits", "count(visits)"),
            ("grades", "sum(visits.grade)"),
            ("paid", "sum(visits.paid)"),
            ("late", "count(visits where late)"),
            ("day", "max(visits.day)"),
            ("until", "max(visits.until)"),
            ("n", "sum(visits.n)"),
        ],
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("all_visits"), "3 | 1");
    assert_eq!(found.metric("grades"), "1 | 0");
    assert_eq!(found.metric("paid"), "4.7183 | 0.00");
    assert_eq!(found.metric("until"), "2025-07-01T00:00:00Z | missing");
    assert_eq!(
        found.problems(),
        [
            "UnreadableTime visits.at x1: visits row 15: \"31.02.2025\"",
            "MissingTime visits.at x2: visits row 16: nothing",
            "MixedTimes visits.at x2: visits row 18: 1748736000",
            "Orphan visits.client_id x2: visits row 12: 9",
            "NullKey visits.client_id x1: visits row 14: nothing",
            "Misfit visits.day x1: visits row 18: \"1.6.25\"",
            "Misfit visits.grade x1: visits row 18: \"much\"",
            "Misfit visits.late x1: visits row 18: 2",
            "Misfit visits.n x1: visits row 18: \"one\"",
            "Inexact visits.n x1: visits row 19: 9007199254740993",
            "Misfit visits.paid x1: visits row 18: \"free\"",
            "Inexact visits.paid x1: visits row 19: 2.71828",
            "Misfit visits.until x1: visits row 18: \"soon\"",
        ]
    );
}

#[test]
fn up_to_three_different_values_are_examples() {
    let folder = Folder::new(
        &format!(
            "{TABLES}
            CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at DATETIME, grade REAL);
            INSERT INTO visits SELECT value + 20, 1, '2025-06-01', 1 FROM json_each('[1, 2, 3, 4, 5, 6, 7, 8, 9]') x, clients
              WHERE clients.id = 1;
            INSERT INTO visits VALUES (1, 1, '2025-06-01', 'much'), (2, 1, '2025-06-01', 'much'),
              (3, 1, '2025-06-01', 'few'), (4, 1, '2025-06-01', 'some'), (5, 1, '2025-06-01', 'lots');"
        ),
        STUDIO,
        &[("grades", "sum(visits.grade)")],
    );
    assert_eq!(
        folder.evaluate().problems(),
        [
            "Misfit visits.grade x5: visits row 1: \"much\", visits row 3: \"few\", visits row 4: \"some\""
        ]
    );
}

#[test]
fn columns_that_no_rule_names_are_not_read() {
    let folder = Folder::new(
        &format!(
            "{TABLES}
            CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at DATETIME, grade REAL);
            INSERT INTO visits VALUES (1, 1, '2025-06-01', 'much');"
        ),
        STUDIO,
        &[("all_visits", "count(visits)")],
    );
    assert_eq!(folder.evaluate().problems(), Vec::<String>::new());
}

#[test]
fn rows_of_those_who_are_not_admitted_are_no_orphans() {
    let folder = Folder::new(
        "
        CREATE TABLE clients (id INTEGER, name TEXT, kind TEXT, since DATE);
        INSERT INTO clients VALUES (1, 'Ann', 'member', '2025-01-01'), (2, 'Bob', 'staff', '2025-01-01'),
          (3, 'Cy', 'member', '2026-01-01'), (4, NULL, 'member', '2025-01-01'), (NULL, 'Eve', 'member', '2025-01-01');
        CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at DATETIME);
        INSERT INTO visits VALUES (1, 1, '2025-06-01'), (2, 2, '2025-06-01'), (3, 3, '2025-06-01'), (4, 5, '2025-06-01');",
        "
    subject: { name: client, table: clients, key: id, label: name, at: since, where: kind = \"member\" }
    collections:
      visits: { table: visits, subject: client_id, at: at }
",
        &[("all_visits", "count(visits)"), ("everyone_has", "avg(all_visits)")],
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("all_visits"), "1 | 0");
    assert_eq!(found.metric("everyone_has"), "0.5 | 0.5");
    let labels = &found.evaluation.subjects.labels;
    assert_eq!((labels.get(0), labels.get(1)), (Some("Ann"), Some("4")));
    assert_eq!(
        found.problems(),
        [
            "NullKey clients.id x1: clients row 5: nothing",
            "Orphan visits.client_id x1: visits row 4: 5",
        ]
    );
}

#[test]
fn long_texts_are_shortened_and_bytes_are_not_printed() {
    let long = "é".repeat(500);
    let folder = Folder::new(
        &format!(
            "{TABLES}
            CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at DATETIME, grade REAL, class TEXT);
            INSERT INTO visits VALUES (1, 1, '2025-06-01', '{long}', x'fffe');"
        ),
        STUDIO,
        &[("grade", "sum(visits.grade)"), ("class", "last(visits).class")],
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("class"), "missing | missing");
    assert_eq!(
        found.problems(),
        [
            "Misfit visits.class x1: visits row 1: 2 bytes".to_owned(),
            format!(
                "Misfit visits.grade x1: visits row 1: \"{}…\"",
                "é".repeat(60)
            ),
        ]
    );
}

#[test]
fn a_label_that_is_no_text_is_told_and_the_key_stands_in() {
    for (label, shown) in [
        ("cast(x'436166e9' as text)", None),
        ("cast(x'ff' as text)", None),
        ("x'0102'", None),
        ("x'416e6e'", None),
        ("x''", None),
        ("'a' || char(0) || 'b'", None),
        ("cast(x'00' as text)", None),
        ("'Café'", Some("Café")),
        ("'🎉'", Some("🎉")),
        ("7", Some("7")),
        ("1.5", Some("1.5")),
        ("null", Some("1")),
    ] {
        for table in ["", " WITHOUT ROWID"] {
            let folder = Folder::new(
                &format!(
                    "CREATE TABLE clients (id INTEGER PRIMARY KEY, name){table};
                     INSERT INTO clients VALUES (1, {label}), (2, 'Bob');
                     CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at DATETIME);"
                ),
                STUDIO,
                &[],
            );
            let found = folder.evaluate();
            let labels = &found.evaluation.subjects.labels;
            assert_eq!(labels.get(0), Some(shown.unwrap_or("1")), "{label}");
            assert_eq!(labels.get(1), Some("Bob"));
            let told = found.problems();
            assert_eq!(told.is_empty(), shown.is_some(), "{label}: {told:?}");
            let prefix = "Misfit clients.name x1: clients row 1: ";
            assert!(told.iter().all(|told| told.starts_with(prefix)), "{told:?}");
        }
    }
}

/// Orders whose numbers nobody has kept apart.
const ORDERS: &str = "
    CREATE TABLE orders (order_no, client_id INTEGER, at TEXT, state TEXT);
    INSERT INTO orders VALUES
      ('B-1', 1, '2025-06-01', 'paid'), (7, 1, '2025-06-01', 'paid'), ('B-2', 1, '2025-06-01', 'draft'),
      ('B-1', 2, '2025-06-02', 'paid'), (7.0, 2, '2025-06-02', 'paid'), ('B-2', 1, '2025-06-02', 'paid'),
      (NULL, 1, '2025-06-01', 'paid'), (NULL, 1, '2025-06-01', 'paid'), ('', 1, '2025-06-01', 'paid'),
      ('', 1, '2025-06-01', 'paid'), ('B-1', 2, '2025-06-03', 'paid'), ('07', 2, '2025-06-02', 'paid');
";
const SHOP: &str = "
    subject: { name: client, table: clients, key: id, label: name }
    collections:
      orders: { table: orders, subject: client_id, at: at, key: order_no, where: state != \"draft\" }
";

#[test]
fn rows_with_the_key_of_another_are_told_and_count() {
    let folder = Folder::new(
        &format!("{TABLES}{ORDERS}"),
        SHOP,
        &[("bought", "count(orders)")],
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("bought"), "7 | 4");
    let told = "RepeatedKey orders.order_no x3: \"B-1\" in rows 1, 4, 11; 7 in rows 2, 5";
    assert_eq!(found.problems(), [told]);
    // However often the table is read: rows are compared with what a lower level fills.
    let folder = Folder::new(
        &format!("{TABLES}{ORDERS}"),
        SHOP,
        &[
            ("newest", "last(orders).at"),
            ("on_that_day", "count(orders where at >= newest)"),
        ],
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("on_that_day"), "1 | 1");
    assert_eq!(found.problems(), [told]);
}

#[test]
fn keys_that_the_database_keeps_apart_and_those_of_nobody_elses_business_are_not_shown() {
    let unique = "CREATE UNIQUE INDEX one ON orders (order_no) WHERE state = 'open';";
    let private = SHOP.replace("key: order_no,", "key: order_no, private: [order_no],");
    let told = |sql: &str, config: &str| {
        let tables = format!("{TABLES}{ORDERS}{sql}");
        let folder = Folder::new(&tables, config, &[("bought", "count(orders)")]);
        folder.evaluate().problems()
    };
    let rows = "RepeatedKey orders.order_no x3: rows 1, 4, 11; rows 2, 5";
    // An index over some of the rows keeps nothing apart.
    assert_eq!(told(unique, &private), [rows]);
    let apart = "DELETE FROM orders WHERE rowid IN (3, 4, 5, 8, 10, 11); CREATE UNIQUE INDEX one ON orders (order_no);";
    assert_eq!(told(apart, SHOP), [""; 0]);
}

/// Several threads read a large table in ranges, and find what one finds.
#[test]
fn rows_far_apart_are_found_by_all_threads_together() {
    let folder = Folder::new(
        &format!(
            "{TABLES} CREATE TABLE orders (order_no TEXT, client_id INTEGER, at TEXT, state TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
             INSERT INTO orders SELECT 'B-' || (i % 5998), 1, '2025-06-01', 'paid' FROM n;"
        ),
        SHOP,
        &[("bought", "count(orders)")],
    );
    assert_eq!(
        folder.evaluate().problems(),
        ["RepeatedKey orders.order_no x2: \"B-1\" in rows 1, 5999; \"B-2\" in rows 2, 6000"]
    );
}
