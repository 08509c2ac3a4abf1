//! The case files of conditions' codes: `tests/cases/<code>[-variant]`, each with `rules/`, perhaps
//! a `config.yaml` and a `schema.sql` of its own, what an earlier run read (`read.txt`), the values of fields in the data (`data.yaml`), and
//! `expected.txt`: what people are told.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use muster::catalog::RememberedColumns;
use muster::diagnostic::Code;
use muster::lint::absent_from;

use super::world::{CONFIG, TABLES, World, schema_of};

/// Codes whose cases need no database; `tests/files` runs those.
const OF_FILES: &[&str] = &[
    "file-unreadable",
    "path-outside",
    "yaml-syntax",
    "cut-value",
    "too-large",
    "unknown-key",
    "missing-key",
    "invalid-value",
    "unset-variable",
    "unknown-timezone",
    "duplicate-id",
    "no-segments",
    "unread-rules",
    "unknown-bucket",
    "ladder-rest",
    "unknown-filter-field",
    "unknown-field-value",
    "unused-label",
    "never-due",
    "clock-change",
    "idle-schedule",
    "idle-report",
    "either-day",
    "open-password",
];

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<_> = glob::glob("tests/cases/*/")
        .unwrap()
        .map(Result::unwrap)
        .collect();
    folders.sort();
    folders
}

/// The code that a folder's name begins with: the longest one that fits.
fn code_of(folder: &Path) -> Code {
    let name = folder.file_name().unwrap().to_str().unwrap();
    let fits = Code::ALL
        .iter()
        .filter(|c| name == c.name() || name.starts_with(&format!("{}-", c.name())));
    *fits
        .max_by_key(|c| c.name().len())
        .unwrap_or_else(|| panic!("{name} begins with no code"))
}

fn read_or(path: PathBuf, otherwise: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|_| otherwise.to_owned())
}

/// The values of fields in the data, which a case says in `data.yaml`.
fn present(folder: &Path, world: &World) -> Vec<Option<BTreeSet<String>>> {
    let text = read_or(folder.join("data.yaml"), "{}");
    let data: BTreeMap<String, BTreeSet<String>> = serde_yaml::from_str(&text).unwrap();
    let fields = world.catalog.fields.iter();
    fields
        .map(|field| data.get(&field.id.value).cloned())
        .collect()
}

/// What an earlier run has read, which a case says in `read.txt`, `table.column` in a line.
fn remembered(folder: &Path) -> RememberedColumns {
    let text = read_or(folder.join("read.txt"), "");
    let pairs = text.lines().map(|line| line.split_once('.').unwrap());
    pairs
        .map(|(table, column)| (table.to_owned(), column.to_owned()))
        .collect()
}

/// `MUSTER_BLESS=1` writes the expected texts anew.
#[test]
fn every_case_reads_as_expected() {
    let bless = std::env::var_os("MUSTER_BLESS").is_some();
    let mut wrong = Vec::new();
    for folder in folders() {
        let code = code_of(&folder);
        if OF_FILES.contains(&code.name()) {
            continue;
        }
        let copy = tempfile::tempdir().unwrap();
        let config = read_or(folder.join("config.yaml"), CONFIG);
        fs::write(copy.path().join("config.yaml"), config).unwrap();
        fs::create_dir(copy.path().join("rules")).unwrap();
        for rules in glob::glob(&format!("{}/rules/*.yaml", folder.display())).unwrap() {
            let rules = rules.unwrap();
            let to = copy.path().join("rules").join(rules.file_name().unwrap());
            fs::copy(&rules, to).unwrap();
        }
        let schema = schema_of(&read_or(folder.join("schema.sql"), TABLES));
        let mut world = World::load(copy.path(), &schema, &remembered(&folder));
        let present = present(&folder, &world);
        world
            .findings
            .extend(absent_from(&world.rules, &world.catalog, &present));
        // Many cases are metrics alone.
        world.findings.retain(|f| f.code != Code::NoSegments);
        assert!(
            world.findings.iter().any(|f| f.code == code),
            "{}: {:#?}",
            folder.display(),
            world.findings
        );
        let text = world.rendered(copy.path());
        let expected = folder.join("expected.txt");
        if bless {
            fs::write(&expected, &text).unwrap();
        }
        if text != read_or(expected, "") {
            wrong.push(format!("{}\n{text}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_case() {
    let cases: BTreeSet<Code> = folders().iter().map(|f| code_of(f)).collect();
    let without: Vec<_> = Code::ALL.iter().filter(|c| !cases.contains(c)).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn code_names_are_unique() {
    let names: BTreeSet<_> = Code::ALL.iter().map(|c| c.name()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}
