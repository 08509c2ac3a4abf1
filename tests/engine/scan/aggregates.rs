//! What aggregates come to.

use super::harness::{Folder, STUDIO};

const VISITS: &str = "
    CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INTEGER, at TEXT, price DECIMAL(10,2), grade REAL, class TEXT, late BOOLEAN, day DATE);
    INSERT INTO clients VALUES (3, 'Cy'), (1, 'Ann'), (2, 'Bob');
    INSERT INTO visits VALUES
      (1, 1, '2025-06-14T09:00:00', 10.00, 0.1, 'yoga', 0, '2025-06-14'),
      (2, 1, '2025-06-01 09:00:00', 12.50, 0.2, 'spin', 1, '2025-06-01'),
      (3, 1, '2025-01-01T09:00:00', NULL, NULL, NULL, NULL, NULL),
      (4, 2, '2025-06-14T09:00:00', 7, 0.7, 'yoga', 0, '2025-06-14'),
      (5, 2, '2025-06-14T09:00:00', 8, 0.1, 'box', 1, '2025-06-10'),
      (6, 2, '2025-06-15T12:00:00', 100, 9, 'later', 1, '2025-06-16'),
      (7, 2, NULL, 100, 9, 'never', 1, '2025-06-16');
";

/// Whole numbers and the texts that write them are one key.
#[test]
fn a_sample_is_the_same_whatever_the_keys_are() {
    let drawn = |ty: &str| {
        let tables = format!(
            "CREATE TABLE clients (id {ty}, name TEXT);
             CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id, at TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
             INSERT INTO clients SELECT i, 'c' FROM n;"
        );
        let metrics = [
            ("tenth", "sample(10%, \"spring\")"),
            ("none", "sample(0%, \"spring\")"),
        ];
        let found = Folder::new(&tables, STUDIO, &metrics).evaluate();
        assert!(!found.metric("none").contains("yes"));
        let mut answers: Vec<(String, String)> = (0..400)
            .map(|place| found.evaluation.subjects.key(place).unwrap().to_string())
            .zip(found.metric("tenth").split(" | ").map(str::to_owned))
            .collect();
        answers.sort();
        answers
    };
    let (numbers, texts) = (drawn("INTEGER PRIMARY KEY"), drawn("TEXT PRIMARY KEY"));
    assert_eq!(numbers, texts);
    let count = numbers.iter().filter(|(_, answer)| answer == "yes").count();
    assert!((25..55).contains(&count), "{count}");
}

#[test]
fn labels_of_several_columns() {
    let tables = "
        CREATE TABLE clients (id INTEGER PRIMARY KEY, first TEXT, last TEXT);
        CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id, at TEXT);
        INSERT INTO clients VALUES (1, 'Ada', 'Byron'), (2, 'Ben', NULL), (3, ' ', 'Cole '), (4, NULL, ''), (5, 5, x'00');";
    let config = STUDIO.replace("label: name", "label: [first, last]");
    let found = Folder::new(tables, &config, &[("one", "1")]).evaluate();
    let labels: Vec<_> = (0..5)
        .map(|place| found.evaluation.subjects.label(place))
        .collect();
    assert_eq!(labels, ["Ada Byron", "Ben", "Cole", "4", "5"]);
    assert_eq!(
        found.problems(),
        ["Misfit clients.last x1: clients row 5: 1 bytes"]
    );
}

#[test]
fn every_measure() {
    let folder = Folder::new(
        VISITS,
        STUDIO
            .replace("at: at", "at: at, types: { at: instant }")
            .as_str(),
        &[
            ("all_visits", "count(visits)"),
            ("recent", "count(visits in last 7 days)"),
            ("coming", "count(visits in next 1 day)"),
            ("spans", "count(visits from 30 days ago to 1 day from now)"),
            ("any", "exists(visits in last 30 days)"),
            ("paid", "sum(visits.price)"),
            ("mean", "avg(visits.price)"),
            ("grades", "sum(visits.grade)"),
            ("grade", "avg(visits.grade)"),
            ("middle", "median(visits.price)"),
            ("upper", "quantile(75%, visits.grade)"),
            ("spread", "stddev(visits.grade)"),
            ("price_spread", "stddev(visits.price)"),
            ("late_middle", "median(visits.price in last 7 days)"),
            ("late_upper", "quantile(75%, visits.price in last 7 days)"),
            ("upper_price", "quantile(75%, visits.price)"),
            ("classes", "count(distinct visits.class)"),
            ("lates", "count(distinct visits.late)"),
            ("low", "min(visits.price)"),
            ("high", "max(visits.grade)"),
            ("first_day", "min(visits.day)"),
            ("last_at", "max(visits.at)"),
            ("opening", "first(visits).class"),
            ("closing", "last(visits).class"),
            ("closing_price", "last(visits).price"),
            ("closing_at", "last(visits).at"),
            ("opening_day", "first(visits in last 30 days).day"),
            ("yoga", "count(visits where class = \"yoga\")"),
            ("not_late", "sum(visits.price where not late)"),
        ],
    );
    let found = folder.evaluate();
    for (metric, expected) in [
        ("all_visits", "3 | 2 | 0"),
        ("recent", "1 | 2 | 0"),
        ("coming", "0 | 1 | 0"),
        ("spans", "2 | 3 | 0"),
        ("any", "yes | yes | no"),
        ("paid", "22.50 | 15.00 | 0.00"),
        ("mean", "11.25 | 7.50 | missing"),
        ("grades", "0.3 | 0.8 | 0"),
        ("grade", "0.15 | 0.4 | missing"),
        ("middle", "11.25 | 7.50 | missing"),
        ("upper", "0.175 | 0.55 | missing"),
        ("spread", "0.070710678 | 0.424264069 | missing"),
        ("price_spread", "1.7678 | 0.7071 | missing"),
        // Of the same values as those before, for another window and by another share.
        ("late_middle", "10.00 | 7.50 | missing"),
        ("late_upper", "10.00 | 7.75 | missing"),
        ("upper_price", "11.875 | 7.75 | missing"),
        ("classes", "2 | 2 | 0"),
        ("lates", "2 | 2 | 0"),
        ("low", "10.00 | 7.00 | missing"),
        ("high", "0.2 | 0.7 | missing"),
        ("first_day", "2025-06-01 | 2025-06-10 | missing"),
        (
            "last_at",
            "2025-06-14T09:00:00Z | 2025-06-14T09:00:00Z | missing",
        ),
        // `first` and `last` take the row even where its field is missing; ties go by key.
        ("opening", "missing | yoga | missing"),
        ("closing", "yoga | box | missing"),
        ("closing_price", "10.00 | 8.00 | missing"),
        (
            "closing_at",
            "2025-06-14T09:00:00Z | 2025-06-14T09:00:00Z | missing",
        ),
        ("opening_day", "2025-06-01 | 2025-06-14 | missing"),
        ("yoga", "1 | 1 | 0"),
        ("not_late", "10.00 | 7.00 | 0.00"),
    ] {
        assert_eq!(found.metric(metric), expected, "{metric}");
    }
    assert_eq!(found.evaluation.rows.values().sum::<u64>(), 7);
    assert_eq!(
        found.problems(),
        ["MissingTime visits.at x1: visits row 7: nothing"]
    );
    let labels: Vec<_> = (0..3)
        .map(|p| found.evaluation.subjects.labels.get(p).unwrap())
        .collect();
    assert_eq!(labels, ["Ann", "Bob", "Cy"]);
    assert_eq!(found.evaluation.segments.as_slice()[0], Ok(vec![0, 1, 2]));
}

/// The distance of the two, times a billion, is more than any integer holds.
#[test]
fn a_quantile_between_numbers_as_far_apart_as_can_be() {
    let tables = "
        CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INTEGER, at DATETIME, size REAL);
        INSERT INTO clients VALUES (1, 'Ann');
        INSERT INTO visits VALUES (1, 1, '2025-06-01', -1e20), (2, 1, '2025-06-02', 1e20);";
    let metrics = [("upper", "quantile(95%, visits.size)")];
    let found = Folder::new(tables, STUDIO, &metrics).evaluate();
    assert_eq!(found.metric("upper"), "90000000000000000000");
}
