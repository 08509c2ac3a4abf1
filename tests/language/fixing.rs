//! Fixes: what a help says to write, written in place of what is underlined, takes its finding away.

use std::collections::BTreeMap;

use muster::diagnostic::{Code, Finding, Fixer};
use muster::lint::allow_fix;
use muster::source::{Location, Sources, replaced};

use crate::support::cases::{self, Case};
use crate::support::compiled::{self, CONFIG, Compiled, TABLES};
use crate::support::database::schema_of;

/// How often each finding is told of a case whose rules have a text.
fn told(findings: &[Finding]) -> BTreeMap<(Code, String), usize> {
    let mut told = BTreeMap::new();
    for finding in findings {
        *told
            .entry((finding.code, finding.message.clone()))
            .or_default() += 1;
    }
    told
}

/// The codes of what can be seen only behind a fix of a case: what a key holds is read once the key is known, values are
/// held against a field once there is one. Of a file that is no YAML nothing is known.
const REVEALING: [(&str, &[&str]); 3] = [
    ("tests/cases/unknown-filter-field", &["duplicate-id"]),
    ("tests/cases/unknown-key", &["unknown-key"]),
    ("tests/cases/unknown-key-words", &["invalid-value"]),
];

#[test]
fn a_fix_takes_its_finding_away_and_brings_no_other() {
    let mut wrong = Vec::new();
    let mut fixed = 0;
    for case in cases::all() {
        for (_, text) in case.rules() {
            fixed += tried(&case, &text, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(fixed > 100, "{fixed}");
}

/// Tries each fix of a file alone; how many there are.
fn tried(case: &Case, text: &str, wrong: &mut Vec<String>) -> usize {
    let config = case.read_or("config.yaml", compiled::CONFIG);
    let schema = schema_of(&case.read_or("schema.sql", compiled::TABLES));
    let load = |config: &str, text: &str| {
        let texts = [("config.yaml", config), ("rules/rules.yaml", text)];
        let compiled = Compiled::texts(&texts, &schema, Default::default());
        (compiled.findings, compiled.sources)
    };
    let (findings, sources) = load(&config, text);
    let before = told(&findings);
    let mut fixer = Fixer::new(&sources);
    let mut tried = 0;
    for finding in &findings {
        let fixes = fixer.fixes(finding);
        for fix in &fixes {
            tried += 1;
            let edits = |file: &str| {
                let of = fix.edits.iter().filter(|edit| {
                    sources
                        .get(edit.location.file)
                        .unwrap()
                        .path
                        .ends_with(file)
                });
                let of = of.map(|e| (e.location.start..e.location.end, e.text.clone()));
                of.collect::<Vec<_>>()
            };
            let (now, _) = load(
                &replaced(&config, edits("config.yaml")),
                &replaced(text, edits("rules/rules.yaml")),
            );
            let after = told(&now);
            let key = (finding.code, finding.message.clone());
            let count = |told: &BTreeMap<_, usize>| told.get(&key).copied().unwrap_or(0);
            if count(&after) >= count(&before) {
                wrong.push(format!(
                    "{}: {} stays: {} {:?}",
                    case.folder.display(),
                    finding.message,
                    fix.title,
                    fix.edits
                ));
            }
            let folder = case.folder.display().to_string();
            let shows = REVEALING.iter().find(|(of, _)| *of == folder);
            let is_read_now = finding.code == Code::YamlSyntax;
            let is_shown =
                |code: &str| is_read_now || shows.is_some_and(|(_, codes)| codes.contains(&code));
            for (new, count) in after.iter().filter(|(new, _)| !is_shown(new.0.name())) {
                if before.get(new).is_none_or(|known| known < count) {
                    wrong.push(format!(
                        "{}: {} → {}: brings {new:?}",
                        case.folder.display(),
                        finding.message,
                        fix.title
                    ));
                }
            }
        }
    }
    tried
}

/// Names of several words stand in backticks, which helps do not repeat, and a code that has some of its own is no text to
/// write where nobody can tell its end.
#[test]
fn a_fix_keeps_the_quotes_of_the_language() {
    let tables = TABLES.replace("late BOOLEAN", "late BOOLEAN, \"minutes on wall\" INTEGER");
    let schema = schema_of(&tables);
    let load = |text: &str| {
        let texts = [("config.yaml", CONFIG), ("rules/rules.yaml", text)];
        Compiled::texts(&texts, &schema, Default::default())
    };
    let written = "segments:
  - id: a
    when: exists(visits where `minute on wall` > 3)
  - id: b
    when: 'exists(visits where `minutes on wal` > 3)'
  - id: c
    when: avg(visits.`minutes on wall`) within studio > 3
";
    let before = load(written);
    let mut fixer = Fixer::new(&before.sources);
    let mut now = Vec::new();
    for finding in &before.findings {
        for fix in fixer.fixes(finding) {
            let edits = fix.edits.iter();
            let edits = edits.map(|e| (e.location.start..e.location.end, e.text.clone()));
            let text = replaced(written, edits.collect());
            let unread = |finding: &Finding| finding.code < Code::UnknownName;
            let after = load(&text);
            assert!(
                !after.findings.iter().any(unread),
                "{text}{}",
                after.rendered()
            );
            now.push(text);
        }
    }
    for (wrong, right) in [
        ("`minute on wall`", "`minutes on wall`"),
        ("`minutes on wal`", "`minutes on wall`"),
    ] {
        assert!(
            now.contains(&written.replace(wrong, right)),
            "{}",
            now.join("\n")
        );
    }
}

#[test]
fn a_warning_can_be_allowed_where_it_stands() {
    for (written, allowed) in [
        (
            "- id: a\n  when: HERE\n",
            "- id: a\n  # muster: allow cliff\n  when: HERE\n",
        ),
        (
            "- id: a\n  when: |\n    yes\n    and HERE\n",
            "- id: a\n  when: |\n    yes\n    # muster: allow cliff\n    and HERE\n",
        ),
        (
            "  - { id: HERE }\r\n",
            "  # muster: allow cliff\r\n  - { id: HERE }\r\n",
        ),
    ] {
        let now = with_allow(Code::Cliff, written).unwrap();
        assert_eq!(now, allowed);
    }
    // A comment there would end the value.
    assert_eq!(
        with_allow(Code::Cliff, "- id: a\n  when: yes\n    and HERE\n"),
        None
    );
    assert_eq!(with_allow(Code::Syntax, "- id: a\n  when: HERE\n"), None);
}

/// A text in which a finding at `HERE` is allowed.
fn with_allow(code: Code, text: &str) -> Option<String> {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml".as_ref(), text.to_owned());
    let start = text.find("HERE").unwrap();
    let location = Location {
        file,
        start,
        end: start + 4,
    };
    let fix = allow_fix(&Finding::new(code, "").at(location), &sources)?;
    let edits = fix.edits.into_iter();
    let edits = edits.map(|edit| (edit.location.start..edit.location.end, edit.text));
    Some(replaced(text, edits.collect()))
}
