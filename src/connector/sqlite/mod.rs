//! A SQLite file, opened for reading. This is the only folder that uses rusqlite.

mod build;
mod glance;
mod open;
mod pin;
mod schema;
mod sentinel;
mod tables;

use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

pub use self::build::{
    NewCell, NewDatabase, NewRows, SourceFile, Told, columns_in, files_in, state_of, tables_in,
    told_in,
};
use self::pin::pin;
use self::sentinel::FileSentinel;
use self::tables::SqliteTables;
use super::interrupt::interruptible;
use super::{Connector, Sentinel, Snapshot, TableProfile};
use crate::catalog::Schema;
use crate::engine::{Cell, EngineError, Gathered, Kept, OwnedCell, Tables, Tuning, Watch, gather};
use crate::ir::Ir;
use crate::time::Clock;

/// A SQLite file. Reopened for each snapshot; neither its data nor its settings are changed.
#[derive(Debug)]
pub struct SqliteConnector {
    path: PathBuf,
    patience: Duration,
    tuning: Tuning,
    /// How much of the file stays in memory while a snapshot exists, in KiB; SQLite's default if none.
    cache: Option<i64>,
}

/// One state of the file.
#[derive(Debug)]
struct SqliteSnapshot {
    tables: SqliteTables,
    /// Further connections to the same state, for other threads.
    others: Vec<Mutex<SqliteTables>>,
    tuning: Tuning,
}

/// The lower bound of a row's size, in bytes.
const ROW_BYTES: u64 = 4;

impl SqliteConnector {
    /// Creates a connector for a database file, which need not exist yet. It waits five seconds for other programs'
    /// locks, and reads with one thread.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            patience: open::PATIENCE,
            tuning: Tuning::default(),
            cache: None,
        }
    }

    /// Keeps 64 MB of tables in memory, for callers that read the same tables repeatedly.
    #[must_use]
    pub fn rereading(self) -> Self {
        let cache = Some(1 << 16);
        Self { cache, ..self }
    }

    /// Sets how long to wait for other programs' locks.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Sets the number of threads, each of which reads through its own connection, or how tables are divided among
    /// them.
    #[must_use]
    pub fn tuned(self, tuning: Tuning) -> Self {
        Self { tuning, ..self }
    }
}

impl Connector for SqliteConnector {
    fn snapshot(&self) -> Result<Box<dyn Snapshot>, EngineError> {
        let least = self.tuning.least.saturating_mul(ROW_BYTES);
        let further = self.tuning.threads.saturating_sub(1);
        let pinned = pin(&self.path, self.patience, further, least)?;
        if let Some(cache) = self.cache {
            let set = pinned.first.pragma_update(None, "cache_size", -cache);
            set.map_err(|error| open::database_error(&self.path, &error))?;
        }
        let tables = |connection| SqliteTables {
            path: self.path.clone(),
            connection,
            least: self.tuning.least,
        };
        Ok(Box::new(SqliteSnapshot {
            tables: tables(pinned.first),
            others: pinned
                .others
                .into_iter()
                .map(tables)
                .map(Mutex::new)
                .collect(),
            tuning: self.tuning,
        }))
    }

    fn sentinel(&self) -> Result<Box<dyn Sentinel>, EngineError> {
        open::check(&self.path)?;
        let sentinel = FileSentinel::new(&self.path, self.patience);
        let sentinel = sentinel.map_err(|error| open::database_error(&self.path, &error))?;
        Ok(Box::new(sentinel))
    }
}

impl SqliteSnapshot {
    /// The answer, or an empty one if only that cannot be read.
    fn or_nothing<T: Default>(&self, found: rusqlite::Result<T>) -> Result<T, EngineError> {
        match found {
            Err(error) if open::concerns_whole_database(&error) => Err(self.error(&error)),
            found => Ok(found.unwrap_or_default()),
        }
    }

    fn error(&self, error: &rusqlite::Error) -> EngineError {
        self.tables.error(error)
    }
}

impl Snapshot for SqliteSnapshot {
    fn schema(&self) -> Result<Schema, EngineError> {
        schema::read(&self.tables.connection).map_err(|error| self.error(&error))
    }

    fn gather(
        &self,
        kept: Option<&mut Kept>,
        ir: &Ir,
        clock: &Clock,
        watch: &dyn Watch,
    ) -> Result<Gathered, EngineError> {
        let handle = self.tables.connection.get_interrupt_handle();
        interruptible(&|| handle.interrupt(), watch, || {
            let (tables, others) = (&self.tables, self.others.as_slice());
            gather(tables, others, self.tuning, kept, ir, clock, watch)
        })
    }

    fn has_key(&self, table: &str, column: &str, key: &str) -> Result<bool, EngineError> {
        glance::has_key(&self.tables.connection, table, column, key)
            .map_err(|error| self.error(&error))
    }

    fn rows_with(
        &self,
        table: &str,
        columns: &[&str],
        column: &str,
        keys: &HashSet<&str>,
    ) -> Result<Vec<Vec<OwnedCell>>, EngineError> {
        glance::rows_with(&self.tables.connection, table, columns, column, keys)
            .map_err(|error| self.error(&error))
    }

    fn is_unique(&self, table: &str, column: &str) -> bool {
        Tables::is_unique(&self.tables, table, column).unwrap_or(false)
    }

    fn row_count(&self, table: &str, most: u32) -> u64 {
        glance::row_count(&self.tables.connection, table, most).map_or(0, u64::from)
    }

    fn distinct_texts(
        &self,
        table: &str,
        column: &str,
        most: usize,
        rows: usize,
    ) -> Result<Option<BTreeSet<String>>, EngineError> {
        self.or_nothing(glance::distinct_texts(
            &self.tables.connection,
            table,
            column,
            most,
            rows,
        ))
    }

    fn first_rows(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
    ) -> Result<Vec<Vec<OwnedCell>>, EngineError> {
        self.or_nothing(glance::first_rows(
            &self.tables.connection,
            table,
            columns,
            rows,
        ))
    }

    fn sample(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
        step: u64,
    ) -> Option<Vec<Vec<OwnedCell>>> {
        glance::sample(&self.tables.connection, table, columns, rows, step).ok()
    }

    fn each_value(
        &self,
        table: &str,
        column: &str,
        rows: u32,
        see: &mut dyn FnMut(Cell<'_>) -> ControlFlow<()>,
    ) -> Option<()> {
        glance::each_value(&self.tables.connection, (table, column), rows, see).ok()
    }

    fn profile(&self, table: &str, most: u32) -> Option<TableProfile> {
        glance::profile(&self.tables.connection, table, most)
            .ok()
            .flatten()
    }
}
