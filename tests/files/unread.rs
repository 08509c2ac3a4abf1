//! Which names among the rules are read, which are told, and of which nothing is said.

use muster::diagnostic::{Code, Finding};

use super::reading::load_rules_of;

/// A file, whether it is read without `rules:`, and whether `rules: rules/*.yaml` has it told.
const NAMES: &[(&str, What, What)] = &[
    ("rules/b.yaml", What::Read, What::Read),
    ("rules/Copy of b.yaml", What::Read, What::Read),
    ("rules/b.yaml.yaml", What::Read, What::Read),
    ("rules/b.yml", What::Read, What::Told),
    ("rules/b.YML", What::Read, What::Told),
    ("rules/b.Yaml", What::Read, What::Told),
    ("rules/B.YAML", What::Read, What::Told),
    ("rules/b.yaml.txt", What::Told, What::Told),
    ("rules/b.yml.txt", What::Told, What::Told),
    ("rules/north/b.yaml", What::Told, What::Told),
    ("rules/north/east/b.yml", What::Told, What::Told),
    ("rules/README.md", What::Silent, What::Silent),
    ("rules/notes.txt", What::Silent, What::Silent),
    ("rules/yaml.txt", What::Silent, What::Silent),
    ("rules/b.yaml~", What::Silent, What::Silent),
    ("rules/b.yaml.bak", What::Silent, What::Silent),
    ("rules/b.yml.orig", What::Silent, What::Silent),
    ("rules/.b.yaml", What::Silent, What::Silent),
    ("rules/.b.yaml.swp", What::Silent, What::Silent),
    ("rules/.git/b.yaml", What::Silent, What::Silent),
    ("rules/b.json", What::Silent, What::Silent),
    ("rules/yaml", What::Silent, What::Silent),
    ("other/b.yaml", What::Silent, What::Silent),
    ("b.yml", What::Silent, What::Silent),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Read,
    Told,
    Silent,
}

const FIRST: (&str, &str) = ("rules/a.yaml", "segments: [{ id: a, when: yes }]");

fn what(pattern: &str, name: &str) -> (What, Vec<Finding>) {
    let second = (name, "segments: [{ id: b, when: yes }]");
    let (rules, findings) = load_rules_of(pattern, &[FIRST, second]);
    let what = match (rules.segments.len(), findings.as_slice()) {
        (2, []) => What::Read,
        (1, []) => What::Silent,
        (1, [told]) if told.code == Code::UnreadRules => What::Told,
        (read, told) => panic!("{name}: {read} read, {told:#?}"),
    };
    (what, findings)
}

#[test]
fn each_name_is_read_told_or_nobodys() {
    for (name, left_out, named) in NAMES {
        assert_eq!(what("", name).0, *left_out, "{name} without `rules:`");
        let (found, told) = what("rules: rules/*.yaml\n", name);
        assert_eq!(found, *named, "{name} with `rules: rules/*.yaml`");
        if let [told] = told.as_slice() {
            assert!(told.message.contains(name), "{}", told.message);
            assert!(told.location.is_some());
        }
    }
}

#[test]
fn other_patterns_are_taken_at_their_word() {
    for (pattern, name, expected) in [
        ("rules: rules/*.yml\n", "rules/b.yaml", None),
        ("rules: rules/*\n", "rules/b.yml", Some(What::Read)),
        (
            "rules: rules/**/*.yaml\n",
            "rules/north/b.yaml",
            Some(What::Read),
        ),
        (
            "rules: rules/**/*.yaml\n",
            "rules/north/b.yml",
            Some(What::Told),
        ),
        // Who names one file means that one.
        ("rules: rules/a.yaml\n", "rules/b.yaml", Some(What::Silent)),
        ("rules: rules/a.yaml\n", "rules/a.yml", Some(What::Silent)),
        ("rules: rules/a*.yaml\n", "rules/b.yml", Some(What::Silent)),
        ("rules: rules/a*.yaml\n", "rules/a2.yml", Some(What::Told)),
    ] {
        match expected {
            Some(expected) => assert_eq!(what(pattern, name).0, expected, "{pattern}{name}"),
            None => {
                // Of two endings the one that is named is read, and the other told.
                let second = (name, "segments: [{ id: b, when: yes }]");
                let third = ("rules/c.yml", "segments: [{ id: c, when: yes }]");
                let (rules, findings) = load_rules_of(pattern, &[second, third]);
                assert_eq!(rules.segments.len(), 1);
                assert_eq!(findings.len(), 1);
                assert!(findings[0].message.contains("b.yaml"));
            }
        }
    }
}

#[test]
fn both_endings_are_read_in_the_order_of_their_names_and_hold_one_name_once() {
    let (rules, findings) = load_rules_of(
        "",
        &[
            ("rules/a.yml", "segments: [{ id: two, when: yes }]"),
            ("rules/a.yaml", "segments: [{ id: one, when: yes }]"),
        ],
    );
    assert_eq!(findings, []);
    let ids: Vec<_> = rules.segments.iter().map(|s| s.id.value.as_str()).collect();
    assert_eq!(ids, ["one", "two"]);
    let (_, findings) = load_rules_of("", &[FIRST, ("rules/a.yml", FIRST.1)]);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code, Code::DuplicateId);
}

/// A folder whose name ends like a file's, and many files: one finding.
#[test]
fn folders_and_many_files_are_told_once() {
    let (rules, findings) = load_rules_of("", &[FIRST, ("rules/b.yaml/c.txt", "nothing")]);
    assert_eq!((rules.segments.len(), findings.len()), (1, 1));
    assert!(findings[0].help.as_deref().unwrap().contains("folder"));

    let names: Vec<String> = (0..300).map(|i| format!("rules/old/f{i}.yaml")).collect();
    let mut files = vec![FIRST];
    files.extend(names.iter().map(|name| (name.as_str(), "segments: []")));
    let (_, findings) = load_rules_of("", &files);
    assert_eq!(findings.len(), 1);
    assert!(
        findings[0].message.contains("and 295 more"),
        "{}",
        findings[0].message
    );
}

/// Where nothing is read, what lies there under another name is told, and that there are no segments.
#[test]
fn nothing_read_is_told_with_what_lies_there() {
    let (_, findings) = load_rules_of("rules: rules/*.yaml\n", &[("rules/b.yml", FIRST.1)]);
    let mut codes: Vec<Code> = findings.iter().map(|f| f.code).collect();
    codes.sort();
    assert_eq!(codes, [Code::NoSegments, Code::UnreadRules]);
    let (_, findings) = load_rules_of("rules: rules/b.yaml\n", &[("rules/b.yml", FIRST.1)]);
    assert!(findings.iter().any(|f| f.code == Code::UnreadRules));
}
