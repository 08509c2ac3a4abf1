//! A project from texts and a hand-written schema: no file, no database, no clock.

use std::path::{Path, PathBuf};

use muster::catalog::{Schema, Table, TableColumn};
use muster::ir::Op;
use muster::language::ast::ExprId;
use muster::language::check::OutputForm;
use muster::project::{Asked, Owner, Project, Remembered, Written, compile};
use muster::source::{Scalar, Sources};

use crate::support::compiled::{Compiled, SHIPPED, compile_texts, demo_tables};
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
        unreadable: None,
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
        ..Schema::default()
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

/// All that stands on something wrong is left out in one step, however long the way to it is.
#[test]
fn a_long_way_to_what_is_wrong_is_one_step() {
    let mut rules = "metrics:\n".to_owned();
    for i in 0..900 {
        rules.push_str(&format!("  m{i}: m{} + 1\n", i + 1));
    }
    rules.push_str("  m900: agge\nsegments:\n  - { id: lost, when: m0 > 3 }\n  - { id: whole, when: age > 3 }\n");
    let project = with_rules(&[("rules/a.yaml", &rules)]);
    assert_eq!(codes(&project), ["unknown-name"]);
    assert_eq!(ids(&project), ["whole"]);
    assert!(project.rules.metrics.is_empty());
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

const NAMED: &str = "metrics:
  often: count(visits in last 30 days)
segments:
  - { id: often_here, when: often > 3 and age > 30 }
  - { id: of_them, filter: { segments: often_here }, when: not (age in (31, 32)) }
";

/// The ids of everything that a text stands for in the rules, outermost first.
fn expressions(project: &Project, words: &str) -> Vec<ExprId> {
    let mut found = Vec::new();
    for (_, typed) in project.definitions() {
        typed.each(&mut |part| {
            let id = part.id.expect("every expression of the rules has an id");
            if project.words_of(id) == words {
                found.push(id);
            }
        });
    }
    found
}

#[test]
fn an_expression_is_known_by_its_id_from_the_text_to_the_node() {
    let project = with_rules(&[("rules/a.yaml", NAMED)]);
    let [often] = expressions(&project, "often")[..] else {
        panic!("`often` is named once");
    };
    let owners: Vec<Owner<'_>> = project.owners_of(often).collect();
    assert_eq!(owners, [Owner::Segment("often_here")]);
    let location = project.location_of(often).unwrap();
    assert_eq!(project.sources.place(location), "rules/a.yaml:4");
    assert_eq!(project.sources.slice(location), "often");
    let definition = project.definition_of(often).unwrap();
    assert_eq!(
        project.words_of(definition),
        "count(visits in last 30 days)"
    );
    let owners: Vec<Owner<'_>> = project.owners_of(definition).collect();
    assert_eq!(owners, [Owner::Metric("often")]);
    assert_eq!(project.node_of(often), project.node_of(definition));
    assert_eq!(
        project.node_of(often),
        project.ir.metrics.as_slice()[0].node
    );

    let [named] = expressions(&project, "in segment often_here")[..] else {
        panic!("the segment is named once");
    };
    let whole = project.definition_of(named).unwrap();
    assert_eq!(project.words_of(whole), "often > 3 and age > 30");
    assert_eq!(
        project.node_of(whole),
        Some(project.ir.segments.as_slice()[0].node)
    );
    assert_eq!(project.definition_of(whole), None);
    // A filter is written at its key.
    let location = project.location_of(named).unwrap();
    assert_eq!(project.sources.slice(location), "segments");
}

#[test]
fn two_parts_of_one_text_have_two_nodes() {
    let project = with_rules(&[(
        "rules/a.yaml",
        "segments: [{ id: s, when: age not in (31, 32) }]",
    )]);
    let both = expressions(&project, "age not in (31, 32)");
    let nodes: Vec<_> = both.iter().map(|id| project.node_of(*id)).collect();
    assert_eq!(nodes.len(), 2, "what is negated, and its negation");
    assert!(nodes.iter().all(Option::is_some));
    assert_ne!(nodes[0], nodes[1]);
}

#[test]
fn what_is_asked_for_beside_the_rules_is_lowered_with_them() {
    let text = Scalar::detached("age * 2");
    let mut asked = Asked::default();
    let twice = asked.outputs.ask(OutputForm::Expression, &text);
    let seen = asked
        .outputs
        .ask(OutputForm::NewestOf, &Scalar::detached("visits"));
    assert_ne!(twice, seen);
    assert_eq!(asked.outputs.ask(OutputForm::Expression, &text), twice);
    let sources = Sources::in_memory(
        [("config.yaml", CONFIG), ("rules/a.yaml", NAMED)]
            .map(|(path, text)| (PathBuf::from(path), text.to_owned())),
    );
    let written = Written::read(sources, Path::new("config.yaml"), &|_| None, None);
    let project = written
        .and_then(|written| compile(written, &studio(), &Remembered::default(), asked))
        .unwrap();
    let op = |output| {
        &project
            .ir
            .program
            .nodes
            .get(project.ir.output(output).unwrap())
            .unwrap()
            .op
    };
    assert!(matches!(op(twice), Op::Arithmetic(..)), "{:?}", op(twice));
    assert!(matches!(op(seen), Op::Aggregate(_)), "{:?}", op(seen));
    assert_eq!(project.ir.metrics.len(), 1, "they are no metrics");
}

/// What a window asks for is known wherever the window stands, and however late it is defined.
#[test]
fn a_window_in_parentheses_finds_a_metric_that_is_defined_later() {
    for call in [
        "count(visits since start)",
        "count((visits since start))",
        "count(((visits since start)))",
    ] {
        let rules = format!("metrics:\n  n: {call}\n  start: today - 5 days\n");
        let found = Compiled::with_rules(&rules);
        assert!(found.codes().is_empty(), "{call}\n{}", found.rendered());
    }
}
