//! What differs between two states of the rules by meaning, and every state in between.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use muster::catalog::RememberedColumns;
use muster::diagnostic::Finding;
use muster::edits::{self, Edits};
use muster::project::{Project, load_beside};
use muster::source::Sources;

use crate::support::compiled::{CONFIG, TABLES, compile_texts};
use crate::support::database::schema_of;

const RULES: &str = "
metrics:
  visits_2m: count(visits in last 2 months)
  visits_30d: count(visits in last 30 days)
  spent: sum(payments.amount in last 90 days)

segments:
  - id: high
    name: High
    importance: 3
    when: top 20% by visits_2m
  - id: low
    importance: 1
    when: visits_30d < 3
  - id: risk
    importance: 2
    when: in segment high and visits_30d = 0
";

const LADDER: &str = "
ladder: tiers
segments:
  - id: gold
    when: count(visits) > 50
  - id: silver
    when: count(visits) > 20
  - id: bronze
";

/// Files of a project by their paths.
type Files<'t> = &'t [(&'t str, &'t str)];

/// A project and another one beside it.
fn both(old: Files<'_>, new: Files<'_>) -> (Project, Project) {
    let schema = schema_of(TABLES);
    let new = compile_texts(new, &schema, RememberedColumns::new()).unwrap();
    assert!(
        !new.findings.iter().any(Finding::is_error),
        "{:?}",
        new.findings
    );
    let texts = old.iter();
    let texts = texts.map(|(path, text)| (PathBuf::from(path), (*text).to_owned()));
    let texts = Sources::in_memory(texts);
    let old = load_beside(&new, Path::new("config.yaml"), texts, &|_| None).unwrap();
    (old, new)
}

/// Every edit on a line: place, name, text before and after.
fn told(edits: &Edits<'_>) -> Vec<String> {
    let lines = edits.all.iter().map(|edit| {
        let changes = edit.changes.iter().map(|change| {
            let (place, name) = (&change.place, &change.name);
            format!("{place} {name}: {} → {}", change.before, change.after)
        });
        changes.collect::<Vec<_>>().join(" + ")
    });
    lines.collect()
}

/// The edits of rules and a ladder under the default config.
fn of_rules(rules: &str, ladder: &str) -> Vec<String> {
    let old = [
        ("config.yaml", CONFIG),
        ("rules/a.yaml", RULES),
        ("rules/b.yaml", LADDER),
    ];
    let new = [
        ("config.yaml", CONFIG),
        ("rules/a.yaml", rules),
        ("rules/b.yaml", ladder),
    ];
    let (old, new) = both(&old, &new);
    let edits = edits::between(&old, &new);
    each_state_compiles(&edits);
    told(&edits)
}

/// What an edit does alone compiles, and all of them together are the new rules.
fn each_state_compiles(edits: &Edits<'_>) {
    for place in 0..edits.all.len() {
        edits.compiled(&BTreeSet::from([place])).unwrap();
    }
    edits.compiled(&(0..edits.all.len()).collect()).unwrap();
}

#[test]
fn an_edit_is_told_with_its_place_and_the_part_that_differs() {
    let rules = RULES
        .replace("top 20%", "top 15%")
        .replace("last 2 months", "last 60 days")
        .replace("importance: 1", "importance: 4");
    assert_eq!(
        of_rules(&rules, LADDER),
        [
            "rules/a.yaml:3 metric visits_2m: last 2 months → last 60 days",
            "rules/a.yaml:11 high.when: top 20% → top 15%",
            "rules/a.yaml:12 low.importance: 1 → 4",
        ]
    );
}

#[test]
fn what_is_written_otherwise_is_no_edit() {
    let rules = RULES
        .replace("visits_2m", "visits_two_months")
        .replace(
            "visits_30d < 3",
            "| # who stays away\n      visits_30d\n        <   3",
        )
        .replace("name: High", "name: Very high")
        .replace(
            "in segment high and visits_30d = 0",
            "in segment high and count(visits in last 30 days) = 0",
        );
    assert_eq!(of_rules(&rules, LADDER), [""; 0]);
    // In other files.
    let (metrics, segments) = RULES.split_once("segments:").unwrap();
    let segments = format!("segments:{segments}");
    let old = [("config.yaml", CONFIG), ("rules/a.yaml", RULES)];
    let new = [
        ("config.yaml", CONFIG),
        ("rules/m.yaml", metrics),
        ("rules/s.yaml", segments.as_str()),
    ];
    let (old, new) = both(&old, &new);
    assert!(edits::between(&old, &new).all.is_empty());
}

#[test]
fn a_renamed_metric_hides_no_edit() {
    let rules = RULES
        .replace("visits_30d", "visits_month")
        .replace("visits_month < 3", "visits_month < 2");
    assert_eq!(
        of_rules(&rules, LADDER),
        ["rules/a.yaml:14 low.when: visits_30d < 3 → visits_month < 2"]
    );
}

#[test]
fn a_new_metric_goes_along_with_the_segment_that_uses_it() {
    let rules = RULES
        .replace("segments:", "  late: count(visits where late)\n\nsegments:")
        .replace("visits_30d < 3", "late > 3");
    assert_eq!(
        of_rules(&rules, LADDER),
        ["rules/a.yaml:16 low.when: visits_30d < 3 → late > 3"]
    );
}

#[test]
fn segments_come_and_go() {
    let rules = RULES.replace(
        "  - id: low",
        "  - id: spender\n    when: spent > 100\n  - id: low",
    );
    assert_eq!(
        of_rules(&rules, LADDER),
        ["rules/a.yaml:12 segment spender:  → spent > 100"]
    );
    let (rules, _) = RULES.split_once("  - id: risk").unwrap();
    assert_eq!(
        of_rules(rules, LADDER),
        ["rules/a.yaml:15 segment risk: in segment high and visits_30d = 0 → "]
    );
}

#[test]
fn what_does_not_compile_alone_is_one_edit() {
    // `risk` speaks of a segment that is gone.
    let rules = RULES
        .replace(
            "  - id: high\n    name: High\n    importance: 3\n    when: top 20% by visits_2m\n",
            "",
        )
        .replace("in segment high and visits_30d = 0", "visits_30d = 0");
    assert_eq!(
        of_rules(&rules, LADDER),
        ["rules/a.yaml:8 segment high: top 20% by visits_2m →  + \
          rules/a.yaml:13 risk.when: in segment high and visits_30d = 0 → visits_30d = 0"]
    );
}

#[test]
fn a_renamed_segment_is_the_same_one() {
    let rules = RULES
        .replace("id: high", "id: keen\n    was: high")
        .replace("in segment high", "in segment keen");
    assert_eq!(of_rules(&rules, LADDER), [""; 0]);
    assert_eq!(
        of_rules(&rules.replace("top 20%", "top 10%"), LADDER),
        ["rules/a.yaml:12 keen.when: top 20% → top 10%"]
    );
}

#[test]
fn a_ladder_is_edited_by_its_rungs() {
    let swapped = "
ladder: tiers
segments:
  - id: silver
    when: count(visits) > 20
  - id: gold
    when: count(visits) > 50
  - id: bronze
";
    assert_eq!(
        of_rules(RULES, swapped),
        ["rules/b.yaml:2 ladder tiers: gold, silver, bronze → silver, gold, bronze"]
    );
    let longer = LADDER.replace(
        "  - id: bronze",
        "  - id: iron\n    when: count(visits) > 10\n  - id: bronze",
    );
    assert_eq!(
        of_rules(RULES, &longer),
        ["rules/b.yaml:8 segment iron:  → count(visits) > 10"]
    );
    let some = LADDER.replace("ladder: tiers", "ladder: tiers\namong: visits_30d > 0");
    assert_eq!(
        of_rules(RULES, &some),
        ["rules/b.yaml:3 ladder tiers.among:  → visits_30d > 0"]
    );
}

#[test]
fn settings_of_config_are_edits_where_they_change_somebody() {
    let config = CONFIG
        .replace("America/New_York", "Europe/Berlin")
        .replace(
            "subject: client_id, at: paid_at }",
            "subject: client_id, at: paid_at, where: amount > 0 }",
        )
        .replace(
            "    at: attended_at",
            "    at: attended_at\n    where: minutes > 10",
        );
    let config = format!("active: exists(visits in last 1 year)\n{config}currency: USD\n");
    let old = [("config.yaml", CONFIG), ("rules/a.yaml", RULES)];
    let new = [("config.yaml", config.as_str()), ("rules/a.yaml", RULES)];
    let (old, new) = both(&old, &new);
    let edits = edits::between(&old, &new);
    each_state_compiles(&edits);
    assert_eq!(
        told(&edits),
        [
            "config.yaml:22 collections.visits.where:  → minutes > 10",
            "config.yaml:1 active:  → exists(visits in last 1 year)",
            "config.yaml:3 timezone: America/New_York → Europe/Berlin",
        ]
    );
}

#[test]
fn all_edits_together_are_the_new_rules_and_none_the_old_ones() {
    let rules = RULES
        .replace("top 20%", "top 15%")
        .replace("visits_30d < 3", "spent < 10");
    let old = [("config.yaml", CONFIG), ("rules/a.yaml", RULES)];
    let new = [("config.yaml", CONFIG), ("rules/a.yaml", rules.as_str())];
    let (old, new) = both(&old, &new);
    let edits = edits::between(&old, &new);
    let meaning = |project: &Project| project.ir.meanings().segments.as_slice().to_vec();
    let of = |chosen: &[usize]| {
        let chosen = chosen.iter().copied().collect();
        meaning(&edits.compiled(&chosen).unwrap())
    };
    assert_eq!(of(&[]), meaning(&old));
    assert_eq!(of(&[0, 1]), meaning(&new));
    let [high, _, risk] = of(&[0]).try_into().unwrap();
    assert_eq!((&high, &risk), (&meaning(&new)[0], &meaning(&new)[2]));
    assert_eq!(of(&[0])[1], meaning(&old)[1]);
}

const HEALTH: &str = "health:
  factors:
    - id: recency
      value: days_since(max(visits.at))
      zero: 60
      full: 7
      reason: \"last visit {value} days ago\"
    - id: money
      value: sum(payments.amount)
      zero: 0
      full: 100
      reason: \"paid {value}\"
";

#[test]
fn factors_are_edits_by_themselves() {
    let before = format!("{CONFIG}{HEALTH}");
    let after = before.replace("zero: 60", "zero: 90");
    let (after, _) = after.split_once("    - id: money").unwrap();
    let old = [("config.yaml", before.as_str()), ("rules/a.yaml", RULES)];
    let new = [("config.yaml", after), ("rules/a.yaml", RULES)];
    let (old, new) = both(&old, &new);
    let edits = edits::between(&old, &new);
    each_state_compiles(&edits);
    assert_eq!(
        told(&edits),
        [
            "config.yaml:34 health.factors.money: { full: 100, id: money, reason: paid {value}, value: sum(payments.amount), zero:… → ",
            "config.yaml:31 health.factors.recency.zero: 60 → 90",
        ]
    );
}

#[test]
fn what_only_one_side_has_of_config_goes_along_with_what_uses_it() {
    let (config, _) = CONFIG.split_once("  payments:").unwrap();
    let (rules, _) = RULES.split_once("  spent:").unwrap();
    let rules = format!("{rules}\nsegments:\n  - id: low\n    when: visits_30d < 3\n");
    let old = [("config.yaml", config), ("rules/a.yaml", rules.as_str())];
    let paying = rules.replace(
        "visits_30d < 3",
        "visits_30d < 3 or sum(payments.amount) > 9",
    );
    let new = [("config.yaml", CONFIG), ("rules/a.yaml", paying.as_str())];
    let (old, new) = both(&old, &new);
    let expected =
        "rules/a.yaml:8 low.when: visits_30d < 3 → visits_30d < 3 or sum(payments.amount) > 9";
    assert_eq!(told(&edits::between(&old, &new)), [expected]);
    // And the other way round.
    let (old, new) = both(
        &[("config.yaml", CONFIG), ("rules/a.yaml", paying.as_str())],
        &[("config.yaml", config), ("rules/a.yaml", rules.as_str())],
    );
    let edits = edits::between(&old, &new);
    assert_eq!(edits.all.len(), 1);
    each_state_compiles(&edits);
}

/// Two states of rules under the default config.
pub fn both_of_rules(old: &str, new: &str) -> (Project, Project) {
    let old = [("config.yaml", CONFIG), ("rules/a.yaml", old)];
    let new = [("config.yaml", CONFIG), ("rules/a.yaml", new)];
    both(&old, &new)
}

#[test]
fn of_two_that_say_they_were_a_segment_the_first_is_it() {
    let old = "segments:\n  - { id: a, when: id > 1 }\n";
    let new =
        "segments:\n  - { id: b, was: a, when: id > 1 }\n  - { id: c, was: a, when: id > 2 }\n";
    let (old, new) = both_of_rules(old, new);
    let edits = edits::between(&old, &new);
    assert_eq!(edits.renamed_ids().get("a"), Some(&"b".to_owned()));
    assert_eq!(edits.all.len(), 1);
}
