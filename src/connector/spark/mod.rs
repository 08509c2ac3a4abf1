//! The tables of an Apache Spark server, queried over Spark Connect. This is the only folder that uses gRPC and
//! Arrow. Built with the Cargo feature `spark`.
//!
//! The only things created on the server are views of a session, which end with it. An answer counts only if the
//! server says that it is complete.

mod batches;
mod begin;
mod catalog;
mod cells;
mod client;
mod failure;
mod files;
mod glance;
mod handing;
mod lent;
mod pushed;
mod refusal;
mod rows;
mod session;
mod tables;
mod writing;

pub use self::writing::Writing;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use self::begin::begin;
use self::failure::Failure;
use self::files::{Files, FilesSentinel};
use self::tables::SparkTables;
use super::interrupt::interruptible;
use super::server::{ServerFailure, or_nothing};
use super::{Connector, Sentinel, Snapshot, TableProfile};
use crate::catalog::Schema;
use crate::config::SparkServer;
use crate::engine::{EngineError, Gathered, Kept, OwnedCell, Tuning, Watch, gather};
use crate::ir::Ir;
use crate::time::Clock;

/// The maximum number of reasons shown for reading a table row by row.
const REASONS: usize = 5;

/// A server. Queried anew for each snapshot.
#[derive(Debug)]
pub struct SparkConnector {
    server: Arc<SparkServer>,
}

/// One state of the file-based tables. Catalog tables are read as each query finds them.
#[derive(Debug)]
struct SparkSnapshot {
    tables: SparkTables,
    files: Files,
}

impl SparkConnector {
    /// Creates a connector for a server, without querying it yet.
    pub fn new(server: &SparkServer) -> Self {
        Self {
            server: Arc::new(server.clone()),
        }
    }

    fn begun(&self) -> Result<SparkSnapshot, Failure> {
        let (session, catalog) = begin(&self.server)?;
        let files = Files::of(&session, &self.server)?;
        Ok(SparkSnapshot {
            tables: SparkTables {
                session,
                server: Arc::clone(&self.server),
                catalog,
                refused: RefCell::default(),
            },
            files,
        })
    }
}

impl Connector for SparkConnector {
    fn snapshot(&self) -> Result<Box<dyn Snapshot>, EngineError> {
        let begun = self.begun();
        let begun = begun.map_err(|failure| failure.of_server(&self.server))?;
        Ok(Box::new(begun))
    }

    fn sentinel(&self) -> Result<Box<dyn Sentinel>, EngineError> {
        let sentinel = FilesSentinel::new(&self.server);
        let sentinel = sentinel.map_err(|failure| failure.of_server(&self.server))?;
        Ok(Box::new(sentinel))
    }
}

impl SparkSnapshot {
    fn or_error<T>(&self, found: Result<T, Failure>) -> Result<T, EngineError> {
        found.map_err(|failure| failure.of_server(&self.tables.server))
    }
}

impl Snapshot for SparkSnapshot {
    fn schema(&self) -> Result<Schema, EngineError> {
        Ok(self.tables.catalog.schema())
    }

    fn gather(
        &self,
        kept: Option<&mut Kept>,
        ir: &Ir,
        clock: &Clock,
        watch: &dyn Watch,
    ) -> Result<Gathered, EngineError> {
        let tables = &self.tables;
        let stop = tables.session.stop();
        let gathered = interruptible(&|| stop.stop(), watch, || {
            gather(tables, &[], Tuning::default(), kept, ir, clock, watch)
        })?;
        let unchanged = self.files.expect_unchanged(&tables.session, &tables.server);
        self.or_error(unchanged)?;
        Ok(gathered)
    }

    fn by_rows(&self, ir: &Ir, clock: &Clock) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        let mut tell = |words: String| {
            if !told.contains(&words) {
                told.push(words);
            }
        };
        for scan in ir.levels().into_iter().flatten() {
            let refused = pushed::refused(ir, scan, clock, &self.tables.catalog);
            let few = refused.iter().take(REASONS);
            few.for_each(|unsupported| tell(unsupported.to_string()));
            match refused.len().saturating_sub(REASONS) {
                0 => {}
                1 => tell(format!("`{}`: one more reason", scan.table)),
                more => tell(format!("`{}`: {more} more reasons", scan.table)),
            }
        }
        told
    }

    fn has_key(&self, table: &str, column: &str, key: &str) -> Result<bool, EngineError> {
        self.or_error(self.tables.has_key(table, column, key))
    }

    fn rows_with(
        &self,
        table: &str,
        columns: &[&str],
        column: &str,
        keys: &HashSet<&str>,
    ) -> Result<Vec<Vec<OwnedCell>>, EngineError> {
        self.or_error(self.tables.rows_with(table, columns, column, keys))
    }

    fn row_count(&self, table: &str, most: u32) -> u64 {
        self.tables.row_count(table, most).unwrap_or(0)
    }

    fn distinct_texts(
        &self,
        table: &str,
        column: &str,
        most: usize,
        rows: usize,
    ) -> Result<Option<BTreeSet<String>>, EngineError> {
        or_nothing(
            self.tables.distinct_texts(table, column, most, rows),
            &self.tables.server,
        )
    }

    fn first_rows(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
    ) -> Result<Vec<Vec<OwnedCell>>, EngineError> {
        or_nothing(
            self.tables.sample(table, columns, rows, 1),
            &self.tables.server,
        )
    }

    fn sample(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
        step: u64,
    ) -> Option<Vec<Vec<OwnedCell>>> {
        self.tables.sample(table, columns, rows, step).ok()
    }

    fn profile(&self, table: &str, most: u32) -> Option<TableProfile> {
        let rows = self.tables.row_count(table, most).ok()?;
        Some(TableProfile {
            rows,
            ..TableProfile::default()
        })
    }
}
