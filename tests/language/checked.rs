//! What is read goes on: the checker and the planner take every text that the parser accepts.

use muster::ir;
use muster::language::check::check;
use muster::rules::{Metric, RuleSet, Segment};
use muster::source::Scalar;

use super::mutate::{Dice, damaged, rounds};
use crate::support::compiled::{CONFIG, Compiled, TABLES};

const RULES: &str = include_str!("../../rules/engagement.yaml");

/// The conditions and metrics of the shipped rules.
fn real_texts(world: &Compiled) -> Vec<String> {
    let metrics = world.rules.metrics.iter().map(|m| m.text.value.clone());
    let conditions = world.rules.segments.iter().filter_map(|s| s.when.as_ref());
    metrics
        .chain(conditions.map(|when| when.value.clone()))
        .collect()
}

/// Takes a text as a metric and as a condition, through to a plan where nothing is wrong with it.
fn take(world: &Compiled, text: &str) -> bool {
    let scalar = |text: &str| Scalar::detached(text);
    let metric = Metric {
        name: scalar("damaged"),
        text: scalar(text),
    };
    let segment = Segment {
        id: scalar("damaged"),
        when: Some(scalar(text)),
        ..world.rules.segments.as_slice()[0].clone()
    };
    let mut accepted = false;
    for as_metric in [true, false] {
        let mut rules: RuleSet = world.rules.clone();
        match as_metric {
            true => rules.metrics.extend([metric.clone()]),
            false => rules.segments.extend([segment.clone()]),
        }
        let (checked, findings) = check(
            &rules,
            world.config.as_ref().unwrap(),
            &world.catalog,
            &[],
            &world.sources,
        );
        for finding in &findings {
            assert!(!finding.message.is_empty());
        }
        if !findings.iter().any(|f| f.is_error()) {
            ir::lower(&rules, &checked, &world.catalog, &ir::Request::rules());
            accepted = true;
        }
    }
    accepted
}

#[test]
fn damaged_rules_are_checked_or_refused() {
    let world = Compiled::with(
        CONFIG,
        &TABLES
            .replace("late BOOLEAN", "late BOOLEAN, is_intro BOOLEAN")
            .replace("source TEXT", "source TEXT, status TEXT"),
        RULES,
    );
    assert_eq!(world.codes(), Vec::<&str>::new(), "{:#?}", world.findings);
    let mut texts = real_texts(&world);
    texts.extend(
        super::read::READ
            .iter()
            .map(|(text, _)| (*text).to_string()),
    );
    let mut dice = Dice(0x5EED_0000_0000_0007);
    let mut accepted = 0;
    for _ in 0..rounds(100) {
        let text = &texts[dice.below(texts.len())];
        accepted += usize::from(take(&world, &damaged(text, &mut dice)));
    }
    assert!(accepted > 0);
}

/// The deepest that is read is also checked and planned, on the stack of a spawned thread.
#[test]
fn the_deepest_is_checked() {
    std::thread::spawn(|| {
        let world = Compiled::with_rules(
            "metrics:\n  x: count(visits)\nsegments:\n  - { id: a, name: A, when: x > 1 }\n",
        );
        let rows = |part: &str, by: &str, n: usize| vec![part; n].join(by);
        let held = |open: &str, inner: &str, n: usize| {
            format!(
                "{}{inner}{}",
                open.repeat(n),
                ")".repeat(open.matches('(').count() * n)
            )
        };
        let texts = [
            rows("x = 1", " or ", 250),
            rows("x = 1", " and ", 250),
            rows("x", " + ", 250) + " > 1",
            rows("x", " * ", 250) + " > 1",
            held("(", "x = 1", 127),
            held("not (", "x = 1", 64),
            held("1 + (", "x", 120) + " > 1",
            held("1 * -(", "x", 63) + " > 1",
            held("if(yes, ", "x", 120) + " > 1",
            held("default(1 + x * 2, ", "x", 100) + " > 1",
            held("abs(", "x", 120) + " > 1",
            held("x > 1 or (x = 2 and ", "x = 1", 1) + &" or x = 3".repeat(200),
            "not ".repeat(127) + "x = 1",
            "-".repeat(127) + "x = 1",
            held("avg(x + (", "x", 40) + " > 1",
        ];
        for text in texts {
            let shown: String = text.chars().take(40).collect();
            assert!(
                take(&world, &text),
                "{shown}: {:#?}",
                Compiled::with_metric(&text).findings
            );
        }
    })
    .join()
    .unwrap();
}
