//! A folder with a database, a config and rules, evaluated by the engine.

use std::path::PathBuf;

use muster::engine::local::Local;
use muster::engine::{Engine, EngineError, Evaluation, Key, Unwatched};
use muster::project::{LoadError, Project, load};
use muster::time::{Clock, parse_instant};
use muster::value::Value;

/// The business zone of all tests here.
pub const ZONE: chrono_tz::Tz = chrono_tz::UTC;
/// The instant of all tests here.
pub const NOW: &str = "2025-06-15T12:00:00";

/// A small studio: what most tests begin with.
pub const STUDIO: &str = "
    subject: { name: client, table: clients, key: id, label: name }
    collections:
      visits: { table: visits, subject: client_id, at: at }
";

pub struct Folder {
    folder: tempfile::TempDir,
}

impl Folder {
    /// A database made by `sql`, a config with `config` behind its head, and metrics.
    pub fn new(sql: &str, config: &str, metrics: &[(&str, &str)]) -> Self {
        Self::in_zone("UTC", sql, config, metrics)
    }

    /// The same in another business zone.
    pub fn in_zone(zone: &str, sql: &str, config: &str, metrics: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config.replace("\n    ", "\n");
        // Tables here are small, and what is asked of them is how single values are read.
        let bound = match config.contains("unreadable:") {
            true => "",
            false => "unreadable: 100%\n",
        };
        let head = format!("database: sqlite:data.db\ntimezone: {zone}\n{bound}");
        std::fs::write(folder.path().join("config.yaml"), format!("{head}{config}")).unwrap();
        let mut rules = "metrics:\n".to_owned();
        for (name, definition) in metrics {
            rules += &format!("  {name}: |\n    {definition}\n");
        }
        rules += "segments:\n  - { id: everyone, name: Everyone, when: yes }\n";
        for (name, _) in metrics {
            rules +=
                &format!("  - id: has_{name}\n    name: Has {name}\n    when: {name} is present\n");
        }
        std::fs::create_dir(folder.path().join("rules")).unwrap();
        std::fs::write(folder.path().join("rules/all.yaml"), rules).unwrap();
        let new = Self { folder };
        new.sql(sql);
        new
    }

    /// Puts other rules in place of those that it began with.
    pub fn rules(&self, yaml: &str) {
        std::fs::write(self.folder.path().join("rules/all.yaml"), yaml).unwrap();
    }

    /// Adds a rule file.
    pub fn more_rules(&self, name: &str, yaml: &str) {
        let path = format!("rules/{name}.yaml");
        std::fs::write(self.folder.path().join(path), yaml).unwrap();
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("data.db")
    }

    pub fn sql(&self, sql: &str) {
        let connection = rusqlite::Connection::open(self.database()).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    pub fn project(&self) -> Project {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        match runtime.block_on(load(&self.folder.path().join("config.yaml"))) {
            Ok(project) => project,
            Err(LoadError::World(reason)) => panic!("{reason}"),
            Err(LoadError::Refused(_, findings)) => {
                panic!(
                    "{:#?}",
                    findings.iter().map(|f| &f.message).collect::<Vec<_>>()
                )
            }
        }
    }

    pub fn evaluate(&self) -> Found {
        let project = self.project();
        self.evaluate_as(project).unwrap()
    }

    /// With a project that was loaded before the database changed.
    pub fn evaluate_as(&self, project: Project) -> Result<Found, EngineError> {
        let clock = Clock {
            zone: project.config.timezone,
            ..clock()
        };
        let keep: Vec<_> = project.ir.metrics.iter().filter_map(|m| m.node).collect();
        let evaluation =
            Local::open(&self.database())?.evaluate(&project.ir, &clock, &keep, &Unwatched)?;
        Ok(Found {
            project,
            evaluation,
        })
    }
}

pub fn clock() -> Clock {
    Clock {
        now: parse_instant(NOW, ZONE).unwrap(),
        zone: ZONE,
    }
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    pub project: Project,
    pub evaluation: Evaluation,
}

impl Found {
    /// A metric's values in the order of keys, as the language writes them.
    pub fn metric(&self, name: &str) -> String {
        let metrics = &self.project.ir.metrics;
        let metric = metrics.iter().find(|metric| metric.name == name).unwrap();
        match &self.evaluation.kept[&metric.node.unwrap()] {
            Err(stale) => format!("stale: {}", stale.reason),
            Ok(column) => {
                let values: Vec<String> = (0..self.evaluation.subjects.len())
                    .map(|place| match column.value(place) {
                        Value::Text(text) => text,
                        value => value.to_string(),
                    })
                    .collect();
                values.join(" | ")
            }
        }
    }

    pub fn keys(&self) -> Vec<Key> {
        let subjects = &self.evaluation.subjects;
        (0..subjects.len())
            .map(|place| subjects.key(place).unwrap())
            .collect()
    }

    /// The problems, one a line.
    pub fn problems(&self) -> Vec<String> {
        let problems = self.evaluation.problems.iter();
        problems
            .map(|p| {
                format!(
                    "{:?} {}.{} x{}: {}",
                    p.kind, p.table, p.column, p.count, p.example
                )
            })
            .collect()
    }
}
