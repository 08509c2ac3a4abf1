//! A SQLite file, opened to read: the only folder that names rusqlite.

mod glance;
mod interrupt;
mod open;
mod schema;
mod tables;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use super::{Connector, Snapshot, TableProfile};
use crate::catalog::Schema;
use crate::engine::{EngineError, Gathered, OwnedCell, Watch, gather};
use crate::ir::Ir;
use crate::time::Clock;

/// A SQLite file. Opened anew for each snapshot; nothing of it is changed, its settings included.
#[derive(Debug)]
pub struct SqliteConnector {
    path: PathBuf,
    patience: Duration,
}

/// One connection in one read transaction.
#[derive(Debug)]
struct SqliteSnapshot {
    path: PathBuf,
    connection: Connection,
}

impl SqliteConnector {
    /// For a database file, which need not be there yet. Locks of other programs are waited for five seconds.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            patience: open::PATIENCE,
        }
    }

    /// With another patience for the locks of other programs.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }
}

impl Connector for SqliteConnector {
    fn snapshot(&self) -> Result<Box<dyn Snapshot>, EngineError> {
        Ok(Box::new(SqliteSnapshot {
            connection: open::open(&self.path, self.patience)?,
            path: self.path.clone(),
        }))
    }
}

impl SqliteSnapshot {
    /// What was asked for, or nothing where only that cannot be read.
    fn or_nothing<T: Default>(&self, found: rusqlite::Result<T>) -> Result<T, EngineError> {
        match found {
            Err(error) if open::concerns_whole_database(&error) => Err(self.error(&error)),
            found => Ok(found.unwrap_or_default()),
        }
    }

    fn error(&self, error: &rusqlite::Error) -> EngineError {
        open::database_error(&self.path, error)
    }
}

impl Snapshot for SqliteSnapshot {
    fn schema(&self) -> Result<Schema, EngineError> {
        schema::read(&self.connection).map_err(|error| self.error(&error))
    }

    fn gather(&self, ir: &Ir, clock: &Clock, watch: &dyn Watch) -> Result<Gathered, EngineError> {
        interrupt::interruptible(&self.connection, watch, || gather(self, ir, clock, watch))
    }

    fn has_key(&self, table: &str, column: &str, key: &str) -> Result<bool, EngineError> {
        glance::has_key(&self.connection, table, column, key).map_err(|error| self.error(&error))
    }

    fn row_count(&self, table: &str, most: u32) -> u64 {
        glance::row_count(&self.connection, table, most).map_or(0, u64::from)
    }

    fn distinct_texts(
        &self,
        table: &str,
        column: &str,
        most: usize,
        rows: usize,
    ) -> Result<Option<BTreeSet<String>>, EngineError> {
        self.or_nothing(glance::distinct_texts(
            &self.connection,
            table,
            column,
            most,
            rows,
        ))
    }

    fn first_cells(
        &self,
        table: &str,
        column: &str,
        rows: u32,
    ) -> Result<Vec<OwnedCell>, EngineError> {
        self.or_nothing(glance::first_cells(&self.connection, table, column, rows))
    }

    fn sample(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
        step: u64,
    ) -> Option<Vec<Vec<OwnedCell>>> {
        glance::sample(&self.connection, table, columns, rows, step).ok()
    }

    fn profile(&self, table: &str, most: u32) -> Option<TableProfile> {
        glance::profile(&self.connection, table, most)
            .ok()
            .flatten()
    }
}
