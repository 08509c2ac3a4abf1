//! A folder with a database, a config and rules, evaluated by the engine.

use std::path::Path;

use muster::connector::sqlite::SqliteConnector;
use muster::connector::{Connector, KeptSnapshot};
use muster::engine::{EngineError, Evaluation, Keep, Key, ProblemKind, Tuning, Unwatched};
use muster::project::Project;
use muster::time::Clock;
use muster::value::Value;

use super::both::{in_memory, told};
use crate::support::clock::clock_at;
use crate::support::library::{self, block_on};
use crate::support::scratch::{Scratch, on_scratch};

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
    scratch: Scratch,
}

on_scratch!(Folder);

impl Folder {
    /// A database made by `sql`, a config with `config` behind its head, and metrics.
    pub fn new(sql: &str, config: &str, metrics: &[(&str, &str)]) -> Self {
        Self::in_zone("UTC", sql, config, metrics)
    }

    /// The same in another business zone.
    pub fn in_zone(zone: &str, sql: &str, config: &str, metrics: &[(&str, &str)]) -> Self {
        let scratch = Scratch::around("data.db");
        let config = config.replace("\n    ", "\n");
        // Tables here are small, and what is asked of them is how single values are read.
        let bound = match config.contains("unreadable:") {
            true => "",
            false => "unreadable: 100%\n",
        };
        let head = format!("database: sqlite:data.db\ntimezone: {zone}\n{bound}");
        scratch.write("config.yaml", format!("{head}{config}"));
        let mut rules = "metrics:\n".to_owned();
        for (name, definition) in metrics {
            rules += &format!("  {name}: |\n    {definition}\n");
        }
        rules += "segments:\n  - { id: everyone, name: Everyone, when: yes }\n";
        for (name, _) in metrics {
            rules +=
                &format!("  - id: has_{name}\n    name: Has {name}\n    when: {name} is present\n");
        }
        scratch.rules(&rules);
        scratch.sql(sql);
        Self { scratch }
    }

    /// Adds a rule file.
    pub fn more_rules(&self, name: &str, yaml: &str) {
        self.write(&format!("rules/{name}.yaml"), yaml);
    }

    pub fn project(&self) -> Project {
        block_on(self.scratch.project())
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
        let evaluation = library::evaluate(&project, &clock)?;
        if let Some(memory) = in_memory(&self.database()) {
            let snapshot = memory.snapshot()?;
            let again = snapshot.evaluate(&project.ir, &clock, Keep::Everything, &Unwatched)?;
            assert_eq!(told(&evaluation), told(&again), "in a file, and in memory");
        }
        let found = Found {
            project,
            evaluation,
        };
        found.is_the_same_kept(&in_parts(&self.database(), 1))?;
        found.is_the_same_kept(&in_parts(&self.database(), 3))?;
        found.is_the_same_in_parts(&self.database(), &[1, 3])?;
        Ok(found)
    }
}

/// A file of which even the smallest table is read in parts.
pub fn in_parts(database: &Path, threads: usize) -> SqliteConnector {
    SqliteConnector::new(database).tuned(Tuning {
        threads,
        batch: 3,
        least: 1,
    })
}

pub fn clock() -> Clock {
    clock_at(NOW, ZONE)
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    pub project: Project,
    pub evaluation: Evaluation,
}

impl Found {
    /// Evaluates again of what is kept: when it is read for that, from memory, and with rows that were grouped before.
    pub fn is_the_same_kept(&self, connector: &dyn Connector) -> Result<(), EngineError> {
        let mut kept = KeptSnapshot::new(connector, u64::MAX);
        let (ir, clock) = (&self.project.ir, &self.evaluation.clock);
        // Which rows have the key of another one is not told with every question.
        let mut once = self.evaluation.clone();
        once.problems
            .retain(|problem| problem.kind != ProblemKind::RepeatedKey);
        let mut readings = Vec::new();
        for how in ["read", "from memory", "as grouped"] {
            let again = kept.evaluate(ir, clock, Keep::Everything, &Unwatched)?;
            assert_eq!(told(&once), told(&again), "kept, {how}");
            readings.push(kept.kept().readings());
        }
        readings.dedup();
        assert_eq!(readings.len(), 1, "nothing is read a second time");
        Ok(())
    }

    /// Evaluates again with so many threads, and fails where something else comes out.
    pub fn is_the_same_in_parts(
        &self,
        database: &Path,
        threads: &[usize],
    ) -> Result<(), EngineError> {
        let (ir, clock) = (&self.project.ir, &self.evaluation.clock);
        for threads in threads {
            let snapshot = in_parts(database, *threads).snapshot()?;
            let again = snapshot.evaluate(ir, clock, Keep::Everything, &Unwatched)?;
            let (found, again) = (told(&self.evaluation), told(&again));
            assert_eq!(found, again, "by {threads} threads");
        }
        Ok(())
    }

    /// A metric's values in the order of keys, as the language writes them.
    pub fn metric(&self, name: &str) -> String {
        match library::metric(&self.project, &self.evaluation, name) {
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
