//! What config and rule files mean, once they are read.

use std::path::Path;

use muster::config::{self, Config, MailTransport, Tls};
use muster::diagnostic::{Code, Finding, Paint, to_json};
use muster::index::Id;
use muster::rules::{self, Decimal, LadderId, RuleSet, SegmentId, Weight};
use muster::source::Sources;

use crate::support::scratch::Scratch;

use super::render;

pub const CONFIG: &str = "database: sqlite:studio.db\ntimezone: UTC\n\
                          subject: { name: client, table: clients, key: id }\n";

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> Scratch {
    let folder = Scratch::new();
    for (path, text) in files {
        folder.write(path, text);
    }
    folder
}

pub fn load_config(folder: &Scratch) -> Config {
    let mut sources = Sources::default();
    let env = |name: &str| (name == "SECRET").then(|| "s3cret".to_owned());
    config::load(&folder.path("config.yaml"), &mut sources, &env)
        .map_err(|f| render(&f, &sources, Paint::Plain))
        .unwrap()
}

pub fn load_rules(files: &[(&str, &str)]) -> (RuleSet, Vec<Finding>) {
    load_rules_of("", files)
}

/// The rules of these files, with more lines in the config.
pub fn load_rules_of(more: &str, files: &[(&str, &str)]) -> (RuleSet, Vec<Finding>) {
    let folder = folder(files);
    folder.write("config.yaml", CONFIG.to_owned() + more);
    rules::load(&load_config(&folder), &mut Sources::default())
}

pub fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|f| f.code).collect()
}

#[test]
fn variables_are_replaced_and_never_shown() {
    let text = "database: sqlite:/data/${SECRET}.db\ntimezone: UTC\n\
                subject: { name: client, table: \"$${x} ${SECRET}\", key: id }\n";
    let read = load_config(&folder(&[("config.yaml", text)]));
    assert_eq!(read.database.file(), Some(Path::new("/data/s3cret.db")));
    assert_eq!(read.subject.table.value, "${x} s3cret");

    let wrong = text
        .replace("UTC", "${SECRET}")
        .replace("sqlite:/data/", "")
        .replace("key: id", "key: id, types: { id: \"${SECRET}\" }");
    let folder = folder(&[("config.yaml", &wrong)]);
    let mut sources = Sources::default();
    let env = |_: &str| Some("s3cret".to_owned());
    let found = config::load(&folder.path("config.yaml"), &mut sources, &env).unwrap_err();
    assert_eq!(found.len(), 3);
    assert!(!render(&found, &sources, Paint::Plain).contains("s3cret"));
}

#[test]
fn mail_goes_to_a_server_with_the_usual_port() {
    let text = format!(
        "{CONFIG}mail: {{ from: a@b.c, smtp: {{ host: localhost, tls: implicit, username: u, password_file: pw }} }}\n"
    );
    let folder = folder(&[("config.yaml", &text)]);
    let Some(MailTransport::Smtp(smtp)) = load_config(&folder).mail.map(|m| m.transport) else {
        panic!("no server");
    };
    assert_eq!((smtp.port, smtp.tls), (465, Tls::Implicit));
    assert_eq!(
        smtp.password_file.map(|file| file.path),
        Some(folder.path("pw"))
    );
}

#[test]
fn results_in_the_evaluated_database_are_the_default() {
    let same = CONFIG.to_owned() + "results: sqlite:studio.db\n";
    let other = CONFIG.to_owned() + "results: sqlite:other.db\n";
    assert_eq!(
        load_config(&folder(&[("config.yaml", &same)])).results,
        None
    );
    let folder = folder(&[("config.yaml", &other)]);
    assert_eq!(load_config(&folder).results, Some(folder.path("other.db")));
}

#[test]
fn a_config_that_is_not_there_is_told() {
    for path in ["tests/no-such.yaml", "tests"] {
        let found = config::load(Path::new(path), &mut Sources::default(), &|_| None).unwrap_err();
        assert_eq!(codes(&found), [Code::FileUnreadable]);
        assert!(found[0].message.contains(path));
    }
}

#[test]
fn texts_are_as_written() {
    let (rules, findings) = load_rules(&[(
        "rules/a.yaml",
        "metrics: { half: 0.50, never: no }\nsegments:\n  - { id: a, when: no, name: 007, tags: [2024, on] }\n  - { id: b, when: true }\n",
    )]);
    assert_eq!(findings, []);
    let texts: Vec<_> = rules
        .metrics
        .iter()
        .map(|m| m.text.value.as_str())
        .collect();
    assert_eq!(texts, ["0.50", "no"]);
    let a = &rules.segments.as_slice()[0];
    assert_eq!(
        (a.name.as_str(), a.when.as_ref().unwrap().value.as_str()),
        ("007", "no")
    );
    assert_eq!(a.tags, ["2024", "on"]);
    assert_eq!(
        rules.segments.as_slice()[1].when.as_ref().unwrap().value,
        "true"
    );
}

#[test]
fn weights_are_exact() {
    let (rules, findings) = load_rules(&[(
        "rules/a.yaml",
        "segments:\n  - { id: a, when: yes, importance: 14 }\n  - { id: b, when: yes, importance: 91 }\n\
         \x20 - { id: c, when: yes, importance: 5, weight: 0.000000001 }\n  - { id: d, when: yes }\n\
         \x20 - { id: e, when: yes, weight: 1000000 }\n",
    )]);
    assert_eq!(findings, []);
    let weights: Vec<_> = rules.segments.iter().map(|s| rules.weight(s)).collect();
    let derived = |importance| Weight::Derived {
        importance,
        sum: 110,
    };
    assert_eq!(weights[..2], [derived(14), derived(91)]);
    assert_eq!(weights[2], Weight::Set(Decimal(1)));
    assert_eq!(weights[3], derived(0));
    assert_eq!(weights[4], Weight::Set(Decimal(1_000_000_000_000_000)));
    for wrong in ["-1", "1000000.1", "1.0000000001", "1e3", ".5", "5.", "1_0"] {
        let text = format!("segments: [{{ id: a, when: yes, weight: {wrong} }}]");
        assert_eq!(
            codes(&load_rules(&[("rules/a.yaml", &text)]).1),
            [Code::InvalidValue],
            "{wrong}"
        );
    }
    for wrong in ["-1", "+1", "1.0", "1000001", "99999999999"] {
        let text = format!("segments: [{{ id: a, when: yes, importance: {wrong} }}]");
        assert_eq!(
            codes(&load_rules(&[("rules/a.yaml", &text)]).1),
            [Code::InvalidValue],
            "{wrong}"
        );
    }
}

#[test]
fn files_come_in_the_order_of_their_names_and_buckets_in_theirs() {
    let b = "segments:\n  - { id: b1, bucket: Two, when: yes }\n  - { id: b2, bucket: One, when: yes }\n";
    let a = "segments:\n  - { id: a1, bucket: Three, when: yes }\n";
    let (rules, findings) = load_rules(&[
        ("rules/b.yaml", b),
        ("rules/a.yaml", a),
        ("rules/c.txt", "?"),
    ]);
    assert_eq!(findings, []);
    assert_eq!(rules.files.len(), 2);
    assert_eq!(rules.buckets, ["Three", "Two", "One"]);
    let ids: Vec<_> = rules.segments.iter().map(|s| s.id.value.as_str()).collect();
    assert_eq!(ids, ["a1", "b1", "b2"]);

    let listed = "buckets: [One, Two, Three, Four]\n";
    let (rules, _) = load_rules(&[
        ("rules/b.yaml", b),
        ("rules/a.yaml", a),
        ("rules/z.yaml", listed),
    ]);
    assert_eq!(rules.buckets, ["One", "Two", "Three", "Four"]);
}

#[test]
fn a_ladder_keeps_its_rungs_in_order() {
    let ladder = "ladder: rfm\namong: exists(orders)\nsegments:\n  - { id: top, when: yes }\n  - { id: rest }\n";
    let (rules, findings) = load_rules(&[
        ("rules/a.yaml", "segments: [{ id: alone, when: yes }]"),
        ("rules/b.yaml", ladder),
    ]);
    assert_eq!(findings, []);
    assert_eq!(rules.ladders.as_slice()[0].id.value, "rfm");
    assert_eq!(
        rules.ladders.as_slice()[0].among.as_ref().unwrap().value,
        "exists(orders)"
    );
    assert_eq!(
        rules.ladders.as_slice()[0].rungs,
        [1, 2].map(SegmentId::new)
    );
    let ladders: Vec<_> = rules.segments.iter().map(|s| s.ladder).collect();
    let first = Some(LadderId::new(0));
    assert_eq!(ladders, [None, first, first]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_refused_and_one_inside_is_not() {
    let elsewhere = folder(&[("secret.yaml", "segments: [{ id: b, when: yes }]")]);
    let rules = "segments: [{ id: a, when: yes }]";
    let home = folder(&[("config.yaml", CONFIG), ("kept/a.yaml", rules)]);
    std::fs::create_dir(home.path("rules")).unwrap();
    std::os::unix::fs::symlink("../kept/a.yaml", home.path("rules/a.yaml")).unwrap();
    let outside = elsewhere.path("secret.yaml");
    std::os::unix::fs::symlink(outside, home.path("rules/b.yaml")).unwrap();
    std::os::unix::fs::symlink("nowhere", home.path("rules/c.yaml")).unwrap();
    let (rules, findings) = rules::load(&load_config(&home), &mut Sources::default());
    assert_eq!(rules.segments.len(), 1);
    assert_eq!(codes(&findings), [Code::FileUnreadable, Code::PathOutside]);
    assert!(findings[1].message.contains("secret.yaml"));

    std::fs::remove_dir_all(home.path("rules")).unwrap();
    std::os::unix::fs::symlink(elsewhere.folder(), home.path("rules")).unwrap();
    std::fs::rename(elsewhere.path("secret.yaml"), elsewhere.path("a.yaml")).unwrap();
    let (rules, findings) = rules::load(&load_config(&home), &mut Sources::default());
    assert_eq!(
        (rules.segments.len(), codes(&findings)),
        (0, vec![Code::PathOutside])
    );
}

#[test]
fn a_folder_is_no_rule_file() {
    let text = CONFIG.to_owned() + "rules: rules\n";
    let home = folder(&[("config.yaml", &text), ("rules/a.yaml", "segments: []")]);
    let (_, findings) = rules::load(&load_config(&home), &mut Sources::default());
    assert_eq!(codes(&findings), [Code::InvalidValue]);
    assert_eq!(
        findings[0].help.as_deref(),
        Some("write `rules: rules/*.yaml`")
    );
}

#[test]
fn yaml_beyond_all_measure_is_refused() {
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let below = vec![format!("*a{}", level - 1); 9].join(", ");
        laughs += &format!("a{level}: &a{level} [{below}]\n");
    }
    let deep = "[".repeat(100_000);
    let keys = "? ".repeat(50_000);
    let dashes = "- ".repeat(100_000);
    for text in [
        laughs,
        deep.clone(),
        format!("metrics: {deep}"),
        keys,
        dashes,
        "{a: ".repeat(60_000),
    ] {
        let (rules, findings) = load_rules(&[("rules/a.yaml", &text)]);
        assert_eq!(codes(&findings), [Code::TooLarge], "{findings:?}");
        assert!(rules.segments.is_empty());
    }
}

#[test]
fn a_file_has_its_limit() {
    let long = format!("# {}\nsegments: []\n", "x".repeat(256 * 1024));
    let (_, findings) = load_rules(&[("rules/a.yaml", &long)]);
    assert_eq!(codes(&findings), [Code::TooLarge]);
}

#[test]
fn no_yaml_text_makes_the_reader_panic() {
    let shipped = std::fs::read_to_string("rules/engagement.yaml").unwrap();
    let config = std::fs::read_to_string("config.yaml").unwrap();
    let mut state = 7_u64;
    let mut next = |n: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let bits = [
        "\"", "'", "|", ">", ": ", "- ", "[", "]", "{", "}", "\n", "\t", "&a ", "*a", "!x ", "é",
        "\r", "# ", "${", "---\n", "? ",
    ];
    for round in 0..300 {
        let mut texts = [config.clone(), shipped.clone()];
        for text in &mut texts {
            for _ in 0..=round % 5 {
                let mut at = next(text.len());
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                match next(3) {
                    0 => text.insert_str(at, bits[next(bits.len())]),
                    1 => text.truncate(at.max(1)),
                    _ => drop(text.remove(at)),
                }
            }
        }
        let folder = folder(&[("config.yaml", &texts[0]), ("rules/a.yaml", &texts[1])]);
        let mut sources = Sources::default();
        let found = super::cases::findings(&folder.path("config.yaml"), &mut sources);
        render(&found, &sources, Paint::Coloured);
        to_json(&found, &sources);
    }
}

#[test]
fn findings_are_json_for_machines() {
    let mut sources = Sources::default();
    let config = Path::new("tests/cases/unknown-bucket/config.yaml");
    let found = super::cases::findings(config, &mut sources);
    let json = to_json(&found, &sources);
    assert_eq!(json.as_array().unwrap().len(), 2);
    assert_eq!(
        json[0],
        serde_json::json!({
            "code": "unknown-bucket",
            "severity": "error",
            "message": "no `buckets:` list names `At risk`",
            "file": "tests/cases/unknown-bucket/rules/a.yaml",
            "line": 4, "column": 13, "end_line": 4, "end_column": 20,
            "label": null,
            "related": [],
            "help": "did you mean `At-risk`?",
            "fixes": [{
                "title": "write `At-risk`",
                "edits": [{
                    "file": "tests/cases/unknown-bucket/rules/a.yaml",
                    "line": 4, "column": 13, "end_line": 4, "end_column": 20,
                    "text": "At-risk",
                }],
            }],
        })
    );
}

#[test]
fn the_environment_counts_the_threads_before_config_does() {
    let threads = |key: &str, variable: Option<&str>| {
        let folder = folder(&[("config.yaml", &format!("{CONFIG}{key}"))]);
        let mut sources = Sources::default();
        let env = |name: &str| {
            variable
                .filter(|_| name == "MUSTER_THREADS")
                .map(str::to_owned)
        };
        let loaded = config::load(&folder.path("config.yaml"), &mut sources, &env);
        loaded.map(|config| config.threads).map_err(|f| codes(&f))
    };
    assert_eq!(threads("", None), Ok(None));
    assert_eq!(threads("threads: 4\n", None), Ok(Some(4)));
    assert_eq!(threads("threads: 4\n", Some(" 2 ")), Ok(Some(2)));
    assert_eq!(threads("threads: 4\n", Some("")), Ok(Some(4)));
    for wrong in ["0", "65", "many", "-1", "1.5"] {
        let refused = Err(vec![Code::InvalidValue]);
        assert_eq!(threads(&format!("threads: {wrong}\n"), None), refused);
        assert_eq!(threads("", Some(wrong)), refused);
    }
}

#[test]
fn the_environment_bounds_the_memory_before_config_does() {
    let memory = |key: &str, variable: Option<&str>| {
        let folder = folder(&[("config.yaml", &format!("{CONFIG}{key}"))]);
        let mut sources = Sources::default();
        let env = |name: &str| {
            variable
                .filter(|_| name == "MUSTER_MEMORY")
                .map(str::to_owned)
        };
        let loaded = config::load(&folder.path("config.yaml"), &mut sources, &env);
        loaded.map(|config| config.memory).map_err(|f| codes(&f))
    };
    assert_eq!(memory("", None), Ok(1_000_000_000));
    assert_eq!(memory("memory: 512 MB\n", None), Ok(512_000_000));
    assert_eq!(memory("memory: 2GB\n", Some("1 mb")), Ok(1_000_000));
    for wrong in ["0", "2 TB", "999 KB", "2000 GB", "half", "-1 GB"] {
        let refused = Err(vec![Code::InvalidValue]);
        assert_eq!(memory(&format!("memory: {wrong}\n"), None), refused);
        assert_eq!(memory("", Some(wrong)), refused);
    }
}
