//! The library, called as a command calls it: the one place that knows how a project is loaded, a database opened
//! and a run begun.

use std::path::Path;

use muster::connector::sqlite::SqliteConnector;
use muster::connector::{Connector, Snapshot, connect};
use muster::diagnostic::{Finding, Paint, render};
use muster::engine::{Column, EngineError, Evaluation, Keep, Stale, Unwatched, Watch};
use muster::project::{self, LoadError, Project};
use muster::run::{self, Options, Outcome, RunError};
use muster::time::Clock;

use super::scratch::Scratch;

/// What is asynchronous, from a test that is not.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

pub async fn load(config: &Path) -> Result<Project, LoadError> {
    project::load(config, connect).await
}

/// The project, where nothing refused it.
pub fn whole(loaded: Result<Project, LoadError>) -> Project {
    match loaded {
        Ok(project) => project,
        Err(LoadError::World(reason)) => panic!("{reason}"),
        Err(LoadError::Refused(sources, findings)) => {
            panic!("{}", render(&findings, &sources, Paint::Plain, None))
        }
    }
}

/// What was found, whether or not it refused the project.
pub fn findings(loaded: Result<Project, LoadError>) -> Vec<Finding> {
    match loaded {
        Ok(project) => project.findings,
        Err(LoadError::Refused(_, findings)) => findings,
        Err(LoadError::World(reason)) => panic!("{reason}"),
    }
}

/// Why the world let nothing be loaded.
pub fn reason(loaded: Result<Project, LoadError>) -> String {
    match loaded {
        Err(LoadError::World(reason)) => reason,
        Err(LoadError::Refused(_, findings)) => panic!("{findings:#?}"),
        Ok(_) => panic!("nothing was wrong"),
    }
}

/// One state of a file.
pub fn snapshot(database: &Path) -> Result<Box<dyn Snapshot>, EngineError> {
    SqliteConnector::new(database).snapshot()
}

/// One state of a project's database; a file is read by one thread.
fn pinned(project: &Project) -> Result<Box<dyn Snapshot>, EngineError> {
    match project.config.database.file() {
        Some(file) => snapshot(file),
        None => connect(&project.config).snapshot(),
    }
}

/// Who is where, and what every node came to.
pub fn evaluate(project: &Project, clock: &Clock) -> Result<Evaluation, EngineError> {
    let snapshot = pinned(project)?;
    snapshot.evaluate(&project.ir, clock, Keep::Everything, &Unwatched)
}

/// Who is where, while somebody watches.
pub fn evaluate_watched(
    project: &Project,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Evaluation, EngineError> {
    pinned(project)?.evaluate(&project.ir, clock, Keep::Outputs, watch)
}

/// A metric of what [`evaluate`] gave.
pub fn metric<'a>(
    project: &Project,
    evaluation: &'a Evaluation,
    name: &str,
) -> Result<&'a Column, &'a Stale> {
    let mut metrics = project.ir.metrics.iter();
    let metric = metrics.find(|metric| metric.name == name);
    let node = metric.and_then(|metric| metric.node);
    let node = node.unwrap_or_else(|| panic!("no metric {name}"));
    evaluation.kept[&node].as_ref()
}

pub async fn run(project: &Project, options: &Options) -> Result<Outcome, RunError> {
    run::run(project, &*connect(&project.config), options, &Unwatched).await
}

/// A run as of an instant, in microseconds, begun by hand.
pub fn at(as_of: i64) -> Options {
    Options {
        as_of: Some(as_of),
        trigger: "manual".into(),
        ..Options::default()
    }
}

impl Scratch {
    pub async fn load(&self) -> Result<Project, LoadError> {
        load(&self.path("config.yaml")).await
    }

    pub async fn project(&self) -> Project {
        whole(self.load().await)
    }
}
