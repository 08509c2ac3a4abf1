//! The pages of the codes: the wrong example of each has its code, and the right one has no error.

use muster::diagnostic::{Code, Severity};

use crate::support::compiled::{Compiled, demo_tables, remembered};
use crate::support::database::schema_of;
use crate::support::scratch::Scratch;

/// Pages without an example that could be run: the world outside the files and the data in it, and
/// sizes; what no database of the demo shows has a config only.
const WITHOUT: &[Code] = &[
    Code::FileUnreadable,
    Code::TooLarge,
    Code::TooDeep,
    Code::UndeclaredType,
    Code::NoRowKey,
    Code::AbsentValue,
    Code::UnmatchedEntry,
    Code::HeadingRow,
    Code::RepeatedKey,
    Code::RepeatedRow,
    Code::SplitTable,
    Code::StrayRows,
    Code::HiddenRows,
    Code::SeveralCurrencies,
    Code::OtherSpelling,
    Code::MisreadColumn,
    Code::OpenPassword,
    Code::UnreadRules,
    Code::StaleSegment,
    Code::NoMembers,
    Code::IdleRung,
    Code::AllMembers,
    Code::MissingTrap,
    Code::IdleClause,
    Code::Cliff,
    Code::Flapping,
    Code::IdleAllow,
];

/// What the last run found, for the pages about what is there no longer.
const EARLIER: &[(&str, &str)] = &[("complains", "made_at"), ("complaints", "made_on")];

/// A table that the demo lacks: its rows are stamped by SQLite.
const STAMPED: &str = "CREATE TABLE calls (id INTEGER PRIMARY KEY, client_id INTEGER, \
                       called_at DATETIME DEFAULT CURRENT_TIMESTAMP);";

/// A fenced YAML block: a rule file, or the keys of config that it changes.
enum Block<'a> {
    Rules(&'a str),
    Config(&'a str),
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let fenced = page.split("```yaml\n").skip(1);
    let texts = fenced.map(|rest| rest.split("```").next().unwrap());
    texts
        .map(|text| match text.strip_prefix("# config.yaml\n") {
            Some(config) => Block::Config(config),
            None => Block::Rules(text),
        })
        .collect()
}

/// The keys of the shipped config that build on its own metrics and collections.
const BUILT_ON: &[&str] = &["active", "fields", "values", "health", "export"];

/// The shipped config, as far as it stands alone, with some of its keys changed.
fn config_with(change: &str) -> String {
    let read = |text| serde_yaml::from_str::<serde_yaml::Mapping>(text).unwrap();
    let mut config = read(include_str!("../../config.yaml"));
    config.retain(|key, _| !BUILT_ON.iter().any(|built| key == built));
    config.extend(read(change));
    serde_yaml::to_string(&config).unwrap()
}

fn check(blocks: &[Block<'_>], tables: &str) -> Compiled {
    let mut config = config_with("{}");
    let mut rules = "segments: [{ id: anyone, when: yes }]";
    for block in blocks {
        match block {
            Block::Rules(text) => rules = text,
            Block::Config(text) => config = config_with(text),
        }
    }
    let folder = Scratch::new();
    folder.write("config.yaml", &config);
    folder.write("lists/vip.csv", "1\n");
    folder.rules(rules);
    Compiled::files(&folder, &schema_of(tables), remembered(EARLIER))
}

#[test]
fn every_page_is_true() {
    let tables = demo_tables() + STAMPED;
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let page = code.page();
        assert!(page.starts_with("# "), "{}", code.name());
        assert!(page.len() > 200, "{} says too little", code.name());
        if WITHOUT.contains(code) {
            continue;
        }
        let (bad, good) = page
            .split_once("\nRight:\n")
            .unwrap_or_else(|| panic!("{}", code.name()));
        let bad = check(&blocks(bad), &tables);
        if !bad.findings.iter().any(|f| f.code == *code) {
            wrong.push(format!("{}: wrong: {:?}", code.name(), bad.codes()));
        }
        let good = check(&blocks(good), &tables);
        let errors = good
            .findings
            .iter()
            .filter(|f| f.code == *code || f.severity == Severity::Error);
        if errors.count() > 0 {
            wrong.push(format!("{}: right:\n{}", code.name(), good.rendered()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
