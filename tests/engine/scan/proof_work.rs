//! Proofs end, however much there is to prove: a rule more costs a little more, and never twice as much. Where work grew
//! without bound, these would not come back, or would run out of steps before the last of what they look for.

use std::fmt::Write;

use muster::diagnostic::{Code, Finding};
use muster::lint::{self, Effort};

use crate::support::compiled::{CONFIG, TABLES, compile_texts};
use crate::support::database::schema_of;

fn found(rules: &str, effort: Effort) -> Vec<Finding> {
    let texts = [("config.yaml", CONFIG), ("rules/all.yaml", rules)];
    let project = compile_texts(&texts, &schema_of(TABLES), [].into_iter().collect()).unwrap();
    let wrong = project.findings.iter().filter(|finding| finding.is_error());
    assert_eq!(wrong.count(), 0, "{:?}", project.findings);
    lint::of_rules(&project.compiled(), &[], effort)
}

fn messages(found: &[Finding], code: Code) -> Vec<&str> {
    let found = found.iter().filter(|finding| finding.code == code);
    found.map(|finding| finding.message.as_str()).collect()
}

/// Each window inside the next, and nothing else that tells the segments apart.
fn nested(count: usize) -> String {
    let mut metrics = String::from("metrics:\n");
    let mut segments = String::from("segments:\n");
    for i in 1..=count {
        writeln!(metrics, "  m{i}: count(visits in last {i} days)").unwrap();
        writeln!(
            segments,
            "  - {{ id: s{i}, when: m{i} >= 1 and marketing }}"
        )
        .unwrap();
    }
    metrics + &segments
}

#[test]
fn windows_inside_windows_are_all_proved() {
    let found = found(&nested(300), Effort::Check);
    let inside = messages(&found, Code::InsideSegment);
    assert_eq!(inside.len(), 299);
    assert_eq!(
        inside[298],
        "everyone in `s299` is in `s300` too, whatever the data"
    );
}

#[test]
fn a_run_proves_a_little_and_goes_on() {
    let few = found(&nested(10), Effort::Run);
    assert_eq!(messages(&few, Code::InsideSegment).len(), 9);
    let many = found(&nested(300), Effort::Run);
    assert!(messages(&many, Code::InsideSegment).len() < 299);
}

/// Rules about different things are not compared, so that many of them leave steps for those that are about the same.
#[test]
fn segments_about_different_things_cost_nothing() {
    let mut rules = String::from("segments:\n");
    for i in 1..=300 {
        let when = format!("count(visits where class.category = \"{i}\") > 1 and name = \"{i}\"");
        writeln!(rules, "  - {{ id: s{i}, when: '{when}' }}").unwrap();
    }
    rules.push_str("  - { id: rich, when: count(packages) > 9 }\n  - { id: well_off, when: count(packages) > 5 }\n");
    let found = found(&rules, Effort::Check);
    assert_eq!(
        messages(&found, Code::InsideSegment),
        ["everyone in `rich` is in `well_off` too, whatever the data"]
    );
}

/// What names the same twice is twice as large with each step if it is written out.
#[test]
fn what_is_named_twice_is_looked_at_once() {
    let choices = |i| {
        format!(
            "if(c{0}, not count(packages) > {i}, count(packages) > {i})",
            i - 1
        )
    };
    let both = |i| {
        format!(
            "(c{0} or count(packages) > {i}) and (c{0} or name = \"{i}\")",
            i - 1
        )
    };
    let sums = |i| format!("c{0} + c{0}", i - 1);
    type Step<'a> = &'a dyn Fn(usize) -> String;
    let all: [(Step<'_>, &str, &str); 3] = [
        (&choices, "count(packages) > 3", "c60"),
        (&both, "count(packages) > 3", "c60"),
        (&sums, "count(packages)", "c60 > 4"),
    ];
    for (step, first, when) in all {
        let mut rules = format!("metrics:\n  c0: {first}\n");
        for i in 1..=60 {
            writeln!(rules, "  c{i}: '{}'", step(i)).unwrap();
        }
        write!(rules, "segments:\n  - {{ id: s, when: {when} }}\n").unwrap();
        for effort in [Effort::Run, Effort::Check] {
            found(&rules, effort);
        }
    }
}
