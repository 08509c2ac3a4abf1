//! A project compiled from texts: no database, and mostly no file.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use muster::catalog::{Catalog, RememberedColumns, Schema};
use muster::config::Config;
use muster::connector::sqlite::SqliteConnector;
use muster::diagnostic::{Code, Finding, Paint, render, sort};
use muster::engine::Unwatched;
use muster::language::check::{Checked, MetricDefinition};
use muster::lint::{self, Effort, Look, Past};
use muster::lists::List;
use muster::project::{Asked, Project, Remembered, Written, compile};
use muster::rules::RuleSet;
use muster::source::Sources;
use muster::time::Clock;

use super::database::schema_of;
use super::scratch::Scratch;

/// The config and the tables of cases that have none of their own.
pub const CONFIG: &str = include_str!("../cases/default-config.yaml");
pub const TABLES: &str = include_str!("../cases/default.sql");

/// The files that are shipped: paths and texts.
pub const SHIPPED: &[(&str, &str)] = &[
    ("config.yaml", include_str!("../../config.yaml")),
    (
        "rules/engagement.yaml",
        include_str!("../../rules/engagement.yaml"),
    ),
    ("rules/rfm.yaml", include_str!("../../rules/rfm.yaml")),
];

/// The beginning of 2026: changes of the clocks are seen from there.
pub const NOW: i64 = 1_767_225_600_000_000;

/// What came of texts, as far as they could be understood.
#[derive(Default)]
pub struct Compiled {
    pub sources: Sources,
    pub findings: Vec<Finding>,
    /// None where nothing can be made of it.
    pub config: Option<Config>,
    pub catalog: Catalog,
    pub lists: Vec<List>,
    pub rules: RuleSet,
    pub checked: Checked,
}

type Unusable = (Sources, Vec<Finding>);

/// Compiles `config.yaml` and what it names, each `(path, text)`; where config cannot be used, everything found.
pub fn compile_texts(
    texts: &[(&str, &str)],
    schema: &Schema,
    remembered: RememberedColumns,
) -> Result<Project, Unusable> {
    let texts = texts.iter();
    let texts = texts.map(|(path, text)| (PathBuf::from(path), (*text).to_owned()));
    let sources = Sources::in_memory(texts);
    compile_from(sources, Path::new("config.yaml"), schema, remembered)
}

fn compile_from(
    sources: Sources,
    config: &Path,
    schema: &Schema,
    remembered: RememberedColumns,
) -> Result<Project, Unusable> {
    let mut written = Written::read(sources, config, &|_| None, None)?;
    let changes = lint::of_timetable(&written.config, NOW);
    written.findings.extend(changes);
    let remembered = Remembered {
        columns: remembered,
        ..Remembered::default()
    };
    compile(written, schema, &remembered, Asked::default())
}

/// With what lints find in the rules.
fn linted(mut project: Project) -> Project {
    if !project.findings.iter().any(Finding::is_error) {
        let found = lint::of_rules(&project.compiled(), &project.findings, Effort::Check);
        project.findings.extend(found);
        sort(&mut project.findings);
    }
    project
}

/// The statements that make the demo's tables.
pub fn demo_tables() -> String {
    let date = chrono::NaiveDate::from_ymd_opt(2025, 6, 1).unwrap();
    let tables = muster::demo::studio(date, chrono_tz::UTC).into_iter();
    tables.map(|table| table.sql + ";\n").collect()
}

/// Columns that a run found, each `(table, column)`.
pub fn remembered(read: &[(&str, &str)]) -> RememberedColumns {
    let owned = |(table, column): &(&str, &str)| (table.to_string(), column.to_string());
    read.iter().map(owned).collect()
}

impl Compiled {
    /// Compiles texts after a run that found these columns; with what lints find in rules.
    pub fn linted(texts: &[(&str, &str)], schema: &Schema, remembered: RememberedColumns) -> Self {
        Self::of(compile_texts(texts, schema, remembered).map(linted))
    }

    /// Compiles texts after a run that found these columns.
    pub fn texts(texts: &[(&str, &str)], schema: &Schema, remembered: RememberedColumns) -> Self {
        Self::of(compile_texts(texts, schema, remembered))
    }

    /// Compiles texts and looks into the data.
    pub fn with_data(texts: &[(&str, &str)], schema: &Schema, database: &Path) -> Self {
        Self::looked_into(texts, schema, database, None)
    }

    /// Compiles texts and looks at the people in the data, as `muster lint` does.
    pub fn with_people(
        texts: &[(&str, &str)],
        schema: &Schema,
        database: &Path,
        past: &Past,
    ) -> Self {
        Self::looked_into(texts, schema, database, Some(past))
    }

    fn looked_into(
        texts: &[(&str, &str)],
        schema: &Schema,
        database: &Path,
        past: Option<&Past>,
    ) -> Self {
        let compiled = compile_texts(texts, schema, RememberedColumns::new());
        Self::of(compiled.map(|mut project| {
            let look = Look {
                connector: &SqliteConnector::new(database),
                clock: &Clock {
                    now: NOW,
                    zone: project.config.timezone,
                },
                watch: &Unwatched,
                beside_a_run: false,
            };
            let (compiled, told) = (project.compiled(), &project.findings);
            let found = match past {
                None => lint::of_data(&compiled, &look),
                Some(past) => lint::of_people(&compiled, told, &look, (past, true)),
            };
            project.findings.extend(found.unwrap());
            if past.is_some() {
                let all = std::mem::take(&mut project.findings);
                project.findings = lint::allowed(all, &project.allowing(), true);
            }
            sort(&mut project.findings);
            project
        }))
    }

    /// Compiles what lies in a folder: what is wrong with paths is seen only there.
    pub fn files(folder: &Scratch, schema: &Schema, remembered: RememberedColumns) -> Self {
        let config = folder.path("config.yaml");
        let compiled = compile_from(Sources::default(), &config, schema, remembered);
        Self::of(compiled.map(linted))
    }

    fn of(compiled: Result<Project, Unusable>) -> Self {
        match compiled {
            Ok(project) => Self {
                sources: project.sources,
                findings: project.findings,
                config: Some(project.config),
                catalog: project.catalog,
                lists: project.lists,
                rules: project.rules,
                checked: project.checked,
            },
            Err((sources, findings)) => Self {
                sources,
                findings,
                ..Self::default()
            },
        }
    }

    /// The default studio with these rules.
    pub fn with_rules(rules: &str) -> Self {
        static STUDIO: LazyLock<Schema> = LazyLock::new(|| schema_of(TABLES));
        Self::with_schema(CONFIG, &STUDIO, rules, &[])
    }

    /// A config, tables and one rule file.
    pub fn with(config: &str, tables: &str, rules: &str) -> Self {
        Self::after(&[], config, tables, rules)
    }

    /// The same after a run that found these columns, each `(table, column)`.
    pub fn after(read: &[(&str, &str)], config: &str, tables: &str, rules: &str) -> Self {
        Self::with_schema(config, &schema_of(tables), rules, read)
    }

    fn with_schema(config: &str, schema: &Schema, rules: &str, read: &[(&str, &str)]) -> Self {
        let texts = [("config.yaml", config), ("rules/rules.yaml", rules)];
        Self::texts(&texts, schema, remembered(read))
    }

    /// The default studio with one metric, `x`.
    pub fn with_metric(text: &str) -> Self {
        let quoted = serde_json::to_string(text).unwrap();
        Self::with_rules(&format!("metrics:\n  x: {quoted}\n"))
    }

    /// The last metric's definition.
    pub fn metric(&self) -> &MetricDefinition {
        &self.checked.metrics.iter().last().unwrap().definition
    }

    /// The findings as people see them.
    pub fn rendered(&self) -> String {
        render(&self.findings, &self.sources, Paint::Plain, None).to_string()
    }

    /// The codes of the findings. Many tests are metrics alone: the warning that nothing uses them
    /// is left out.
    pub fn codes(&self) -> Vec<&'static str> {
        let told = self.findings.iter().filter(|f| f.code != Code::NoSegments);
        told.map(|f| f.code.name()).collect()
    }
}
