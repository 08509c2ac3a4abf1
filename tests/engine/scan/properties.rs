//! The order of rows does not matter, and what is shared is worth what it is alone.

use proptest::prelude::*;

use super::harness::{Folder, Found, STUDIO};

const METRICS: [(&str, &str); 16] = [
    ("n", "count(visits)"),
    ("recent", "count(visits in last 30 days where grade > 2)"),
    ("any", "exists(visits in previous 30 days)"),
    ("grades", "sum(visits.grade)"),
    ("mean", "avg(visits.grade in last 60 days)"),
    ("paid", "sum(visits.paid)"),
    ("mean_paid", "avg(visits.paid)"),
    ("classes", "count(distinct visits.class)"),
    ("lowest", "min(visits.grade)"),
    ("highest", "max(visits.paid)"),
    ("opening", "first(visits).class"),
    ("closing", "last(visits in last 90 days).grade"),
    ("closing_class", "last(visits in last 90 days).class"),
    // Beside other fields of those rows, or for themselves.
    ("opened", "first(visits).at"),
    ("closed", "last(visits in last 90 days).at"),
    ("own", "count(visits where class = client.name)"),
];

/// Each with a window in the place of the dots.
const MEASURES: [&str; 13] = [
    "count(visits…)",
    "exists(visits…)",
    "count(distinct visits.class…)",
    "sum(visits.grade…)",
    "sum(visits.paid…)",
    "avg(visits.grade…)",
    "avg(visits.paid…)",
    "min(visits.grade…)",
    "max(visits.paid…)",
    "first(visits…).class",
    "last(visits…).grade",
    "first(visits…).at",
    "last(visits…).at",
];

/// They overlap, lie beside each other, hold each other and are the same in other words.
const WINDOWS: [&str; 9] = [
    "",
    " in last 30 days",
    " in last 60 days",
    " in previous 30 days",
    " from 90 days ago to 20 days ago",
    " from 60 days ago to 7 days from now",
    " in next 7 days",
    " in last 2 days",
    " in last 48 hours",
];

#[derive(Debug, Clone)]
struct Visit {
    client: u8,
    day: u8,
    grade: Option<f64>,
    paid: Option<f64>,
    class: Option<u8>,
}

fn visit() -> impl Strategy<Value = Visit> {
    let grade = prop::option::of(prop::sample::select(vec![
        0.1, 0.2, 0.7, 1.0, -0.0, 0.0, 3.3, 1e17, -1e17,
    ]));
    let paid = prop::option::of(prop::sample::select(vec![0.01, 19.9, -5.0, 1e9]));
    (0..5u8, 0..12u8, grade, paid, prop::option::of(0..4u8)).prop_map(
        |(client, day, grade, paid, class)| Visit {
            client,
            day,
            grade,
            paid,
            class,
        },
    )
}

fn folder(clients: &[u8], visits: &[(usize, Visit)], metrics: &[(&str, &str)]) -> Folder {
    let or_null = |x: Option<String>| x.unwrap_or_else(|| "NULL".to_owned());
    let mut sql = "
        CREATE TABLE clients (id INTEGER, name TEXT);
        CREATE TABLE visits (no INTEGER, client_id INT, at DATETIME, grade REAL, paid DECIMAL(9,2), class TEXT);"
        .to_owned();
    for client in clients {
        sql += &format!("INSERT INTO clients VALUES ({client}, 'class {client}');");
    }
    for (no, visit) in visits {
        let day = i64::from(visit.day) * 9;
        sql += &format!(
            "INSERT INTO visits VALUES ({no}, {}, datetime('2025-06-20', '-{day} days'), {}, {}, {});",
            visit.client,
            or_null(visit.grade.map(|x| x.to_string())),
            or_null(visit.paid.map(|x| x.to_string())),
            or_null(visit.class.map(|x| format!("'class {x}'"))),
        );
    }
    Folder::new(&sql, &STUDIO.replace("at: at", "at: at, key: no"), metrics)
}

fn values(found: &Found) -> Vec<String> {
    METRICS.map(|(name, _)| found.metric(name)).to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn the_order_of_rows_does_not_matter(
        (visits, shuffled) in prop::collection::vec(visit(), 0..40).prop_flat_map(|visits| {
            let visits: Vec<(usize, Visit)> = visits.into_iter().enumerate().collect();
            (Just(visits.clone()), Just(visits).prop_shuffle())
        }),
        clients in Just(vec![0u8, 1, 2, 3]).prop_shuffle(),
    ) {
        let straight = folder(&[0, 1, 2, 3], &visits, &METRICS).evaluate();
        let shuffled = folder(&clients, &shuffled, &METRICS).evaluate();
        prop_assert_eq!(values(&straight), values(&shuffled));
        prop_assert_eq!(&straight.evaluation.segments, &shuffled.evaluation.segments);
        prop_assert_eq!(&straight.evaluation.subjects, &shuffled.evaluation.subjects);
        let counts = |found: &Found| -> Vec<_> {
            found.evaluation.problems.iter().map(|p| (p.kind, p.column.clone(), p.count)).collect()
        };
        prop_assert_eq!(counts(&straight), counts(&shuffled));
    }

    #[test]
    fn shared_aggregates_are_worth_what_each_is_alone(
        visits in prop::collection::vec(visit(), 0..30),
        alone in 0..METRICS.len(),
    ) {
        let visits: Vec<(usize, Visit)> = visits.into_iter().enumerate().collect();
        let together = folder(&[0, 1, 2, 3], &visits, &METRICS).evaluate();
        let (name, definition) = METRICS[alone];
        let single = folder(&[0, 1, 2, 3], &visits, &[(name, definition)]).evaluate();
        prop_assert_eq!(together.metric(name), single.metric(name));
    }

    #[test]
    fn windows_together_are_worth_what_each_is_alone(
        visits in prop::collection::vec(visit(), 0..40).prop_shuffle(),
        measure in 0..MEASURES.len(),
        alone in 0..WINDOWS.len(),
    ) {
        let visits: Vec<(usize, Visit)> = visits.into_iter().enumerate().collect();
        let definitions = WINDOWS.map(|window| MEASURES[measure].replace('…', window));
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        let metrics: Vec<(&str, &str)> =
            names.into_iter().zip(definitions.iter().map(String::as_str)).collect();
        let together = folder(&[0, 1, 2, 3], &visits, &metrics).evaluate();
        let single = folder(&[0, 1, 2, 3], &visits, &[metrics[alone]]).evaluate();
        let name = names[alone];
        prop_assert_eq!(together.metric(name), single.metric(name), "{}", definitions[alone]);
    }
}
