//! The embedded engine over SQLite: the only folder that names rusqlite.
//!
//! Each event table is read once, in table order, inside one read transaction; no row of it is kept
//! beyond its batch. What is kept is one accumulator per subject and distinct aggregate.

mod open;
mod schema;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use super::{Engine, EngineError, Evaluation, Watch};
use crate::catalog::Schema;
use crate::plan::{NodeId, Plan};
use crate::time::Clock;

/// A SQLite file, opened to read.
#[derive(Debug)]
pub struct Local {
    path: PathBuf,
    connection: Connection,
}

impl Local {
    /// Opens a database file read-only; nothing of it is changed, its settings included.
    ///
    /// # Errors
    /// It is not there, not a database, not readable, damaged, or locked for longer than five seconds.
    pub fn open(path: &Path) -> Result<Self, EngineError> {
        Self::open_within(path, open::PATIENCE)
    }

    /// [`Local::open`] with another patience for the locks of other programs.
    ///
    /// # Errors
    /// See [`Local::open`].
    pub fn open_within(path: &Path, patience: Duration) -> Result<Self, EngineError> {
        Ok(Self {
            path: path.to_path_buf(),
            connection: open::open(path, patience)?,
        })
    }
}

impl Engine for Local {
    fn schema(&mut self) -> Result<Schema, EngineError> {
        schema::read(&self.connection).map_err(|error| open::database_error(&self.path, &error))
    }

    fn evaluate(
        &mut self,
        _plan: &Plan,
        _clock: &Clock,
        _keep: &[NodeId],
        _watch: &dyn Watch,
    ) -> Result<Evaluation, EngineError> {
        todo!()
    }
}
