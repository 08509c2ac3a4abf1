//! No text makes the checker panic or exhaust the stack, and every finding stands inside its text.

use proptest::prelude::*;

use crate::support::compiled::Compiled;

/// Pieces that conditions are made of, good and bad.
const PIECES: &[&str] = &[
    "count(visits)",
    "count(visits in last 30 days where late)",
    "sum(payments.amount)",
    "avg(",
    "last(packages)",
    ".at",
    ".used_count",
    "birthday",
    "client",
    ".",
    "studio.name",
    "x",
    "name",
    "signed_up_at",
    "nickname",
    "budget",
    "nothing",
    "12",
    "0.00001",
    "75%",
    "\"Mon\"",
    "2025-06-01",
    "30 days",
    "2 hours ago",
    "now",
    "today",
    "missing",
    "yes",
    " and ",
    " or ",
    "not ",
    " = ",
    " < ",
    " + ",
    " - ",
    " * ",
    " / ",
    "-",
    "(",
    ")",
    ", ",
    " in last 2 months",
    " since today",
    " from 3 days ago to today",
    " where ",
    " within studio",
    " within nowhere",
    "top 20% by ",
    "bottom 3 by ",
    "in segment s",
    " is missing",
    " between 1 and ",
    " in (",
    " contains ",
    "distinct ",
    "default(",
    "if(",
    "day_of_week(",
    "days_since(",
    "quantile(50%, ",
    "rank(",
    "bin(3, ",
    "interests",
    "reservations",
    "at",
    "exists(",
    "first(",
    "round(",
    "band(",
    "least(",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 1..12).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_is_answered(x in text(), y in text(), when in text()) {
        let quoted = |t: &str| serde_json::to_string(t).unwrap();
        let world = Compiled::with_rules(&format!(
            "metrics:\n  x: {}\n  y: {}\nsegments:\n  - id: s\n    when: {}\n",
            quoted(&x), quoted(&y), quoted(&when)
        ));
        for finding in &world.findings {
            let Some(place) = finding.location else { continue };
            let file = world.sources.get(place.file).unwrap();
            prop_assert!(file.text.get(place.start..place.end).is_some(), "{finding:?}");
        }
    }
}

#[test]
fn long_texts_are_answered() {
    for (first, more) in [
        ("1", " + 1"),
        ("yes", " and no"),
        ("budget", " * 2"),
        ("1 in (2", ", 3"),
        ("least(1", ", 2"),
        ("not yes", " or not yes"),
        ("today", " + 1 days"),
        ("x", " - x"),
    ] {
        for count in [200, 2_000] {
            let mut text = first.to_owned();
            text.push_str(&more.repeat(count));
            text.push_str(if first.contains('(') { ")" } else { "" });
            let world = Compiled::with_metric(&text);
            drop(world.checked.clone());
        }
    }
}

#[test]
fn long_chains_of_metrics_are_answered() {
    let mut rules = "metrics:\n".to_owned();
    for i in 0..900 {
        rules.push_str(&format!("  m{i}: m{} + 1\n", i + 1));
    }
    rules.push_str("  m900: 1\n");
    assert_eq!(Compiled::with_rules(&rules).codes(), Vec::<&str>::new());
    let circle = rules.replace("m900: 1", "m900: m0");
    assert_eq!(Compiled::with_rules(&circle).codes(), ["circle"]);
}
