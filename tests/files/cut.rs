//! Values that a comma cuts, between braces and brackets: one finding tells it, and what it says to write is read.

use muster::diagnostic::Code;
use muster::rules::RuleSet;

use super::reading::{codes, load_rules};

/// Texts that a comma, or another sign of YAML, would cut.
const CUT: &[&str] = &[
    "code in (1, 2)",
    "code in (1,2,3) and not x",
    "name in (\"a\", \"b\")",
    "name in ('a', 'b')",
    "name = \"x, y\"",
    "name = \"x, y\" and code in (1, 2) or no",
    "count(visits where kind in (1, 2)) > round(3.5, 0)",
    "if(a > 1, yes, no)",
    "name contains 'a, b'",
    "code in [1, 2]",
    "name = \"{a}\"",
    "name = \"a: b\"",
    "name = \"Room #1\"",
    "name in (\"it's\", \"b\")",
];

/// Texts that no comma cuts.
const WHOLE: &[&str] = &[
    "code = 1",
    "name = \"x\"",
    "count(visits) > 3",
    "\"code in (1, 2)\"",
    "'name in (\"a\", \"b\")'",
    "O'Neill",
    "rock 'n roll",
    "sad :(",
    "a (b) c",
];

/// What stands around a text, `@`, in a rule file; each line is a file.
const PLACES: &[&str] = &[
    "segments: [{ id: a, when: @ }]",
    "segments:\n  - { id: a, when: @ }\n",
    "segments:\n  - { id: a, when: @, name: A, description: it's fine }\n",
    "segments:\n  - { id: a, when: @, tags: [one, two] }\n  - { id: b, when: yes }\n",
    "metrics: { m: @ }\nsegments: [{ id: a, when: yes }]",
    "metrics: { m: @, n: 1 }\nsegments: [{ id: a, when: yes }]",
];

fn whens(rules: &RuleSet) -> Vec<&str> {
    let segments = rules.segments.iter().filter_map(|s| s.when.as_ref());
    let metrics = rules.metrics.iter().map(|m| &m.text);
    segments
        .chain(metrics)
        .map(|text| text.value.as_str())
        .collect()
}

#[test]
fn one_finding_tells_and_its_advice_is_read() {
    for text in CUT {
        for place in PLACES {
            let file = place.replace('@', text);
            let (_, findings) = load_rules(&[("rules/a.yaml", &file)]);
            let [finding] = findings.as_slice() else {
                panic!("{file}\n{findings:#?}");
            };
            assert!(
                matches!(finding.code, Code::CutValue | Code::YamlSyntax),
                "{file}\n{finding:#?}"
            );
            let help = finding.help.as_deref().unwrap();
            let written = help.split_once('`').unwrap().1.strip_suffix('`').unwrap();
            let (key, quoted) = written.split_once(": ").unwrap();
            assert!(key == "when" || key == "m", "{help}");
            let followed = place.replace('@', quoted);
            let (rules, findings) = load_rules(&[("rules/a.yaml", &followed)]);
            assert_eq!(findings, [], "{followed}");
            assert!(
                whens(&rules).contains(text),
                "{followed}: {:?}",
                whens(&rules)
            );
        }
    }
}

#[test]
fn what_is_whole_is_not_told() {
    for text in WHOLE {
        for place in PLACES {
            let file = place.replace('@', text);
            let (_, findings) = load_rules(&[("rules/a.yaml", &file)]);
            assert_eq!(findings, [], "{file}");
        }
    }
}

#[test]
fn texts_with_a_comma_are_told_as_such() {
    for (file, written) in [
        (
            "segments: [{ id: a, name: Smith, John, when: yes }]",
            "name: \"Smith, John\"",
        ),
        (
            "segments: [{ id: a, when: yes, description: who came, paid, and left }]",
            "description: \"who came, paid, and left\"",
        ),
        (
            "segments: [{ id: a, when: yes, tags: [a (b, c), d] }]",
            "\"a (b, c)\"",
        ),
    ] {
        let (_, findings) = load_rules(&[("rules/a.yaml", file)]);
        assert_eq!(codes(&findings), [Code::CutValue], "{file}");
        let help = findings[0].help.as_deref().unwrap();
        assert_eq!(help, format!("put the whole text in quotes: `{written}`"));
    }
    // A key without a value is what it is.
    for file in [
        "segments: [{ id: a, foo, when: yes }]",
        "segments: [{ id: a, name: A, nme, when: yes }]",
    ] {
        let (_, findings) = load_rules(&[("rules/a.yaml", file)]);
        assert_eq!(codes(&findings), [Code::UnknownKey], "{file}");
    }
}

/// A thousand cut values are told in no time.
#[test]
fn many_are_told_at_once() {
    let mut file = "segments:\n".to_owned();
    for place in 0..1_000 {
        file.push_str(&format!(
            "  - {{ id: a{place}, when: code in (1, 2, 3) }}\n"
        ));
    }
    let began = std::time::Instant::now();
    let (_, findings) = load_rules(&[("rules/a.yaml", &file)]);
    assert_eq!(findings.len(), 1_000);
    assert!(began.elapsed().as_secs() < 10);
}
