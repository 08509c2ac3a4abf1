//! Config, rules and a database's tables, checked together.

use std::path::Path;
use std::sync::LazyLock;

use muster::catalog::{Catalog, RememberedColumns, Schema, Table, TableColumn};
use muster::diagnostic::{Code, Finding, Paint, render};
use muster::language::check::Checked;
use muster::lint;
use muster::project::{Asked, Remembered, Written, compile};
use muster::rules::RuleSet;
use muster::source::Sources;
use muster::{demo, language::check::MetricDefinition};

pub const CONFIG: &str = include_str!("../cases/default-config.yaml");
pub const TABLES: &str = include_str!("../cases/default.sql");

/// What came of a folder of files.
pub struct World {
    pub sources: Sources,
    pub findings: Vec<Finding>,
    pub catalog: Catalog,
    pub rules: RuleSet,
    pub checked: Checked,
}

impl World {
    /// Loads, builds and checks what lies in a folder, as far as it goes.
    pub fn load(folder: &Path, schema: &Schema, remembered: &RememberedColumns) -> Self {
        let path = folder.join("config.yaml");
        let remembered = Remembered {
            columns: remembered.clone(),
            ..Remembered::default()
        };
        let compiled =
            Written::read(Sources::default(), &path, &|_| None, None).and_then(|mut written| {
                // As at the beginning of 2026.
                let changes = lint::of_timetable(&written.config, 1_767_225_600_000_000);
                written.findings.extend(changes);
                compile(written, schema, &remembered, Asked::default())
            });
        match compiled {
            Ok(project) => World {
                sources: project.sources,
                findings: project.findings,
                catalog: project.catalog,
                rules: project.rules,
                checked: project.checked,
            },
            Err((sources, findings)) => World {
                sources,
                findings,
                catalog: Catalog::default(),
                rules: RuleSet::default(),
                checked: Checked::default(),
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
        Self::with_schema(config, &schema_of(tables), rules, &[])
    }

    /// The same after a run that found these columns, each `(table, column)`.
    pub fn after(read: &[(&str, &str)], config: &str, tables: &str, rules: &str) -> Self {
        Self::with_schema(config, &schema_of(tables), rules, read)
    }

    fn with_schema(config: &str, schema: &Schema, rules: &str, read: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.yaml"), config).unwrap();
        std::fs::create_dir(folder.path().join("rules")).unwrap();
        std::fs::write(folder.path().join("rules/rules.yaml"), rules).unwrap();
        let owned = |(table, column): &(&str, &str)| (table.to_string(), column.to_string());
        let read: RememberedColumns = read.iter().map(owned).collect();
        Self::load(folder.path(), schema, &read)
    }

    /// The default studio with one metric, `x`.
    pub fn with_metric(text: &str) -> Self {
        let quoted = serde_json::to_string(text).unwrap();
        Self::with_rules(&format!("metrics:\n  x: {quoted}\n"))
    }

    /// The last metric's definition.
    pub fn metric(&self) -> &MetricDefinition {
        &self.checked.metrics.last().unwrap().definition
    }

    /// The findings as people see them, without the folder's name.
    pub fn rendered(&self, folder: &Path) -> String {
        let text = render(&self.findings, &self.sources, Paint::Plain).to_string();
        text.replace(&format!("{}/", folder.display()), "")
    }

    /// The codes of the findings. Many tests are metrics alone: the warning that nothing uses them
    /// is left out.
    pub fn codes(&self) -> Vec<&'static str> {
        let told = self.findings.iter().filter(|f| f.code != Code::NoSegments);
        told.map(|f| f.code.name()).collect()
    }
}

/// The tables that SQL statements make.
pub fn schema_of(sql: &str) -> Schema {
    let db = rusqlite::Connection::open_in_memory().unwrap();
    db.execute_batch(sql).unwrap();
    let mut schema = Schema::default();
    let mut tables = db
        .prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
        .unwrap();
    let names = tables.query_map([], |r| r.get::<_, String>(0)).unwrap();
    for name in names.map(Result::unwrap) {
        let mut columns = db
            .prepare("SELECT name, type, pk, dflt_value FROM pragma_table_info(?1)")
            .unwrap();
        let rows = columns
            .query_map([&name], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get::<_, u32>(2)?, r.get(3)?))
            })
            .unwrap();
        let rows: Vec<(String, String, u32, Option<String>)> = rows.map(Result::unwrap).collect();
        let mut keys: Vec<_> = rows.iter().filter(|r| r.2 > 0).collect();
        keys.sort_by_key(|r| r.2);
        let primary_key = keys.iter().map(|r| r.0.clone()).collect();
        let columns = rows
            .iter()
            .map(|(name, declared, _, default)| TableColumn {
                name: name.clone(),
                declared: declared.clone(),
                default: default.clone(),
            })
            .collect();
        schema.tables.insert(
            name,
            Table {
                columns,
                primary_key,
            },
        );
    }
    schema
}

/// The statements that make the demo's tables.
pub fn demo_tables() -> String {
    let date = chrono::NaiveDate::from_ymd_opt(2025, 6, 1).unwrap();
    let tables = demo::studio(date, chrono_tz::UTC).into_iter();
    tables.map(|table| table.sql + ";\n").collect()
}
