//! The embedded engine over SQLite: the only folder that names rusqlite.
//!
//! Each event table is read once, in table order, inside one read transaction; no row of it is kept
//! beyond its batch. What is kept is one accumulator per subject and distinct aggregate.

mod account;
mod accumulate;
mod best;
mod cells;
mod failure;
mod intake;
mod keys;
mod labels;
mod look;
mod lookups;
mod open;
mod problems;
mod reading;
mod scan;
mod schema;
mod select;
mod selection;
mod settle;
mod slots;
mod strays;
mod subject_keys;
mod subjects;
mod taking;
mod texts;
mod trial;
mod watch;
mod words;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;

pub use self::look::Look;
use self::reading::{Gathered, Reading};
use super::{Engine, EngineError, Evaluation, Keep, Watch, evaluate_subjects, gather};
use crate::catalog::Schema;
use crate::ir::Ir;
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

    /// Whether a row of a table has this key: the text, or the whole number that the text writes.
    ///
    /// # Errors
    /// There is no such table or column, or the file cannot be read.
    pub fn holds(&self, table: &str, key_column: &str, key: &str) -> Result<bool, EngineError> {
        let (table, column) = (select::quoted(table), select::quoted(key_column));
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} t WHERE t.{column} IN (?1, ?2))");
        let number = key.parse::<i64>().ok();
        self.connection
            .query_row(&sql, (key, number), |row| row.get(0))
            .map_err(|error| open::database_error(&self.path, &error))
    }

    /// How many rows a table or view has, counted to `most` at most; none where it cannot be read.
    pub fn rows(&self, table: &str, most: u32) -> u64 {
        let table = select::quoted(table);
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT ?1)");
        let counted = self
            .connection
            .query_row(&sql, [most], |row| row.get::<_, u32>(0));
        counted.map_or(0, u64::from)
    }
}

impl Engine for Local {
    fn schema(&mut self) -> Result<Schema, EngineError> {
        schema::read(&self.connection).map_err(|error| open::database_error(&self.path, &error))
    }

    fn evaluate(
        &mut self,
        ir: &Ir,
        clock: &Clock,
        keep: Keep,
        watch: &dyn Watch,
    ) -> Result<Evaluation, EngineError> {
        let started = Instant::now();
        let reading = Reading::new(&self.connection, *clock, ir.trust, watch);
        let gathered = watch::interruptible(&self.connection, watch, || reading.all(ir));
        let Gathered {
            subjects,
            inputs,
            aggregates,
            problems,
            rows,
        } = gathered.map_err(|failure| failure.into_error(&self.path))?;
        let scan_time = started.elapsed();
        let started = Instant::now();
        let answers = evaluate_subjects(ir, &subjects, inputs, aggregates, keep, clock);
        if watch.cancelled() {
            return Err(EngineError::Cancelled);
        }
        let (subjects, inactive) = answers.active.part(subjects);
        Ok(Evaluation {
            clock: *clock,
            subjects,
            inactive,
            segments: answers.segments,
            outputs: ir.outputs.clone(),
            kept: answers.kept,
            problems,
            wide_tops: answers.wide_tops,
            rows,
            scan_time,
            evaluation_time: started.elapsed(),
        })
    }
}
