//! What lints prove of random rules, held against random data: nothing that is said to be impossible occurs.

use std::collections::BTreeMap;

use muster::diagnostic::{Code, Finding};
use muster::lint::{self, Effort};
use muster::project::Project;
use proptest::prelude::*;

use super::harness::{Folder, clock};
use super::oracle::{COLLECTIONS, tables, visit};
use crate::support::library;

/// How many segments a rule file has, and how many rungs its ladder.
const SEGMENTS: usize = 6;
const RUNGS: usize = 3;

/// A condition, as its text. Few values and few constants, so that much follows from each other.
#[derive(Debug, Clone)]
enum Condition {
    Atom(String),
    /// A segment before it.
    Segment(usize),
    Not(Box<Condition>),
    Joined(&'static str, Vec<Condition>),
}

impl Condition {
    fn rule(&self, here: usize) -> String {
        match self {
            Self::Atom(text) => format!("({text})"),
            Self::Segment(back) => match here {
                0 => "(exists(visits))".to_owned(),
                here => format!("(in segment s{})", back % here),
            },
            Self::Not(of) => format!("(not {})", of.rule(here)),
            Self::Joined(by, parts) => {
                let parts: Vec<String> = parts.iter().map(|part| part.rule(here)).collect();
                format!("({})", parts.join(&format!(" {by} ")))
            }
        }
    }
}

const NUMBERS: &[&str] = &[
    "age",
    "count(visits)",
    "count(visits in last 10 days)",
    "count(visits in last 30 days)",
    "count(visits in previous 10 days)",
    "count(visits where grade > 2)",
    "band(age, 2, 4)",
    "6 - band(count(visits), 1, 3)",
    "days_since(first(visits).at)",
    "sum(visits.grade)",
    "avg(visits.grade)",
    "last(visits).grade",
    "count(distinct visits.class)",
    "if(age > 2, count(visits), 3)",
    "if(exists(visits), age)",
    "default(age, 2)",
    "age * 2",
    "age - 2.5",
    "-age",
    "abs(age - 3)",
    "round(avg(visits.grade))",
    "floor(age / 2)",
    "least(age, 3)",
    "greatest(count(visits), 2)",
    "count(visits in last 10 days) / count(visits)",
    "rank(count(visits))",
    "percentile(age)",
    "ntile(3, age)",
    "scale(age, 0, 4)",
];

const OTHERS: &[&str] = &[
    "yes",
    "no",
    "exists(visits)",
    "not exists(visits)",
    "exists(visits in last 30 days)",
    "exists(visits where grade > 2)",
    "age is missing",
    "age is present",
    "first(visits).at is missing",
    "first(visits).at < 10 days ago",
    "first(visits).at < 2 weeks ago",
    "first(visits).at > 10 days ago",
    "first(visits).at >= 1 month ago",
    "last(visits).at < 36 hours ago",
    "last(visits).at < 1 day ago",
    "last(visits).at in last 10 days",
    "date(last(visits).at) = today",
    "date(last(visits).at) > today - 7 days",
    "last(visits).class = \"a\"",
    "last(visits).class != \"a\"",
    "last(visits).class in (\"a\", \"b\")",
    "last(visits).class not in (\"a\", \"b\")",
    "last(visits).class contains \"a\"",
    "last(visits).class = first(visits).class",
    "if(age > 2, \"old\", \"young\") = \"old\"",
    "if(age > 2, \"old\", \"young\") = \"young\"",
    "age in (1, 2, 3)",
    "age not in (1, 2)",
    "age between 1 and 3",
    "top 50% by age",
    "top 2 by age",
    "(age > 2) = (age > 3)",
    "(age > 2) is missing",
];

fn condition() -> impl Strategy<Value = Condition> {
    let number = || prop::sample::select(NUMBERS);
    let by = || prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">="]);
    let leaf = prop_oneof![
        6 => (number(), by(), 0..5_u8).prop_map(|(x, by, n)| format!("{x} {by} {n}")),
        1 => (number(), by(), 0..5_u8).prop_map(|(x, by, n)| format!("{n} {by} {x}")),
        2 => (number(), by(), number()).prop_map(|(x, by, y)| format!("{x} {by} {y}")),
        5 => prop::sample::select(OTHERS).prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        12 => leaf.prop_map(Condition::Atom),
        1 => any::<usize>().prop_map(Condition::Segment),
    ];
    leaf.prop_recursive(3, 10, 3, |of| {
        let parts = prop::collection::vec(of.clone(), 2..4);
        let by = prop::sample::select(vec!["and", "or"]);
        prop_oneof![
            1 => of.prop_map(|of| Condition::Not(Box::new(of))),
            5 => (by, parts).prop_map(|(by, parts)| Condition::Joined(by, parts)),
        ]
    })
}

/// The ids and members of all segments.
fn members(folder: &Folder) -> (Project, BTreeMap<String, Vec<u32>>, usize) {
    let project = folder.project();
    let found = library::evaluate(&project, &clock()).unwrap();
    let segments = project.ir.segments.iter().zip(found.segments.as_slice());
    let segments =
        segments.map(|(segment, members)| (segment.id.clone(), members.clone().unwrap()));
    let segments = segments.collect();
    (project, segments, found.subjects.len())
}

/// The names between backticks.
fn names(finding: &Finding) -> Vec<&str> {
    finding.message.split('`').skip(1).step_by(2).collect()
}

/// The rules without the clauses that never decide.
fn without_dead(project: &Project, found: &[Finding], text: &str) -> Option<String> {
    let mut dead: Vec<_> = found
        .iter()
        .filter(|finding| finding.code == Code::DeadClause)
        .filter_map(|finding| {
            let place = finding.location.unwrap();
            let file = project.sources.get(place.file).unwrap();
            let is_of_and = finding.message.contains("wherever the rest holds");
            let instead = if is_of_and { "yes" } else { "no" };
            file.path.ends_with("all.yaml").then_some((place, instead))
        })
        .collect();
    dead.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
    let mut text = text.to_owned();
    for (place, instead) in &dead {
        text.replace_range(place.start..place.end, instead);
    }
    (!dead.is_empty()).then_some(text)
}

/// 200 rule files in passing; `MUSTER_PROOFS=10000` for long.
fn cases() -> u32 {
    let given = std::env::var("MUSTER_PROOFS").ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(200)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn what_is_proved_is_so(
        ages in prop::collection::vec(prop::option::weighted(0.8, 0..6_i8), 12),
        visits in prop::collection::vec(visit(), 0..40),
        conditions in prop::collection::vec(condition(), SEGMENTS),
        rungs in prop::collection::vec(condition(), RUNGS),
        (active, among) in (prop::option::weighted(0.3, condition()), prop::option::of(condition())),
    ) {
        let ranges_over_many = |text: &str| ["top ", "rank(", "percentile(", "ntile("].iter().any(|word| text.contains(word));
        let active = active.map(|active| active.rule(0)).filter(|text| !ranges_over_many(text));
        let active = active.map_or_else(String::new, |text| format!("active: '{text}'\n"));
        let folder = Folder::new(&tables(&ages, &visits), &format!("{COLLECTIONS}{active}"), &[]);
        let segments = conditions.iter().enumerate();
        let segments = segments.map(|(n, of)| format!("  - id: s{n}\n    when: '{}'\n", of.rule(n)));
        let rules = format!("segments:\n{}", segments.collect::<String>());
        let among = among.map_or_else(String::new, |of| format!("among: '{}'\n", of.rule(SEGMENTS)));
        let rungs = rungs.iter().enumerate();
        let rungs = rungs.map(|(n, of)| format!("  - id: rung{n}\n    when: '{}'\n", of.rule(SEGMENTS)));
        folder.rules(&rules);
        folder.more_rules("steps", &format!("ladder: steps\n{among}segments:\n{}  - id: rest\n", rungs.collect::<String>()));
        let (project, members, everyone) = members(&folder);

        let found = lint::of_rules(&project.compiled(), &[], Effort::Check);
        for finding in &found {
            let names = names(finding);
            let of = |n: usize| &members[names[n]];
            let told = || format!("{}\n{active}{rules}", finding.message);
            match finding.code {
                Code::NeverTrue => prop_assert!(of(0).is_empty(), "{}", told()),
                Code::AlwaysTrue => prop_assert_eq!(of(0).len(), everyone, "{}", told()),
                Code::InsideSegment => {
                    for outer in 1..names.len() {
                        prop_assert!(of(0).iter().all(|one| of(outer).contains(one)), "{}", told());
                    }
                }
                Code::EqualSegment => prop_assert_eq!(of(0), of(1), "{}", told()),
                _ => {}
            }
        }
        if let Some(less) = without_dead(&project, &found, &rules) {
            folder.rules(&less);
            let (_, again, _) = self::members(&folder);
            prop_assert_eq!(members, again, "{}{}\n{}", active, rules, less);
        }
    }
}
