//! A project from texts and a hand-written schema: no file, no database, no clock.

use muster::catalog::{Schema, Table, TableColumn};
use muster::project::Project;

use crate::support::compiled::{SHIPPED, compile_texts, demo_tables};
use crate::support::database::schema_of;

const CONFIG: &str = "
database: sqlite:nowhere.db
timezone: UTC
subject: { name: client, table: clients, key: id }
collections:
  visits: { table: visits, subject: client_id, at: at }
";

/// A table: its columns, each with its declared type.
fn table(columns: &[(&str, &str)]) -> Table {
    let column = |(name, declared): &(&str, &str)| TableColumn {
        name: (*name).to_owned(),
        declared: (*declared).to_owned(),
        default: None,
    };
    Table {
        columns: columns.iter().map(column).collect(),
        primary_key: vec!["id".to_owned()],
    }
}

fn studio() -> Schema {
    let clients = table(&[("id", "INTEGER"), ("age", "INTEGER")]);
    let visits = table(&[
        ("id", "INTEGER"),
        ("client_id", "INTEGER"),
        ("at", "DATETIME"),
    ]);
    Schema {
        tables: [
            ("clients".to_owned(), clients),
            ("visits".to_owned(), visits),
        ]
        .into(),
    }
}

fn compiled(files: &[(&str, &str)], schema: &Schema) -> Project {
    let project = compile_texts(files, schema, Default::default());
    project.unwrap_or_else(|(_, findings)| panic!("{findings:#?}"))
}

fn with_rules(rules: &[(&str, &str)]) -> Project {
    let files: Vec<(&str, &str)> = [("config.yaml", CONFIG)]
        .iter()
        .chain(rules)
        .copied()
        .collect();
    compiled(&files, &studio())
}

fn ids(project: &Project) -> Vec<&str> {
    let lowered: Vec<&str> = project.ir.segments.iter().map(|s| s.id.as_str()).collect();
    let named: Vec<&str> = project
        .rules
        .segments
        .iter()
        .map(|s| s.id.value.as_str())
        .collect();
    assert_eq!(lowered, named);
    lowered
}

fn codes(project: &Project) -> Vec<&'static str> {
    let errors = project.findings.iter().filter(|finding| finding.is_error());
    errors.map(|finding| finding.code.name()).collect()
}

#[test]
fn the_shipped_files_need_no_disk_and_no_database() {
    let schema = schema_of(&demo_tables());
    let project = compiled(SHIPPED, &schema);
    assert!(project.findings.is_empty(), "{:#?}", project.findings);
    assert_eq!(ids(&project).len(), 14 + 8);
    assert!(project.ir.health.is_some());
}

#[test]
fn a_broken_segment_takes_nobody_with_it_but_those_who_speak_of_it() {
    let project = with_rules(&[(
        "rules/a.yaml",
        "metrics:
  often: count(visit in last 30 days)
  seen: exists(visits)
segments:
  - { id: broken, when: agge > 3 }
  - { id: of_broken, when: in segment broken or age > 3 }
  - { id: by_metric, when: often > 3 }
  - { id: whole, when: seen and age > 30 }
  - { id: of_whole, when: in segment whole }
",
    )]);
    assert_eq!(codes(&project), ["unknown-name", "unknown-name"]);
    assert_eq!(ids(&project), ["whole", "of_whole"]);
}

#[test]
fn the_rungs_below_a_broken_one_would_take_whom_it_leaves() {
    let project = with_rules(&[
        (
            "rules/a.yaml",
            "ladder: ages
segments:
  - { id: old, when: age > 60 }
  - { id: grown, when: agge > 20 }
  - { id: young, when: age > 0 }
  - { id: rest }
",
        ),
        (
            "rules/b.yaml",
            "segments: [{ id: other, when: in segment old }]",
        ),
    ]);
    assert_eq!(codes(&project), ["unknown-name"]);
    assert_eq!(ids(&project), ["old", "other"]);
}

#[test]
fn what_stands_on_a_file_that_cannot_be_read_is_not_told_again() {
    let project = with_rules(&[
        (
            "rules/a.yaml",
            "metrics: { often: count(visits\nsegments: [\n",
        ),
        (
            "rules/b.yaml",
            "segments: [{ id: lost, when: often > 3 }, { id: whole, when: age > 3 }]",
        ),
    ]);
    assert_eq!(codes(&project), ["yaml-syntax"]);
    assert_eq!(ids(&project), ["whole"]);
}
