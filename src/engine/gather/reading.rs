//! One reading of the data, and the problems noticed on the way.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};

use super::kept::Kept;
use super::part::Part;
use super::select::Select;
use super::shares::Shares;
use super::tables::{ReadError, Tables};
use super::tuning::Tuning;
use crate::catalog::{CollectionId, PrivateColumns, Trust};
use crate::engine::{EngineError, Problem, Watch};
use crate::time::{Clock, InstantReader, Plausible};

/// Tables, and how their values are read.
pub(super) struct Reading<'c, T> {
    pub(super) tables: &'c T,
    /// Further readers of the same state of the same data, for other threads.
    pub(super) others: &'c [Mutex<T>],
    pub(super) tuning: Tuning,
    /// What was read from the same state before.
    pub(super) kept: Option<&'c mut Kept>,
    pub(super) clock: Clock,
    pub(super) times: InstantReader,
    pub(super) trust: Trust,
    pub(super) private: &'c PrivateColumns,
    pub(super) plausible: Plausible,
    pub(super) problems: Vec<Problem>,
    /// The collections whose rows are checked for repeated keys.
    pub(super) told_apart: HashSet<CollectionId>,
    /// Event rows, by table.
    pub(super) rows: BTreeMap<String, u64>,
    pub(super) watch: &'c dyn Watch,
}

/// How far all threads together have read a table.
pub(super) struct Progress<'c> {
    table: &'c str,
    about: Option<u64>,
    rows: Mutex<Rows>,
    watch: &'c dyn Watch,
}

struct Rows {
    read: u64,
    told: u64,
}

/// How many pieces a table is cut into for each thread: small pieces let all threads end at about the same time.
const PIECES: u64 = 16;
/// How many rows are read between two progress reports.
const STEP: u64 = 65_536;

impl<'c, T: Tables> Reading<'c, T> {
    pub(super) fn new(
        (tables, others): (&'c T, &'c [Mutex<T>]),
        tuning: Tuning,
        kept: Option<&'c mut Kept>,
        clock: Clock,
        (trust, private): (Trust, &'c PrivateColumns),
        watch: &'c dyn Watch,
    ) -> Self {
        Self {
            tables,
            others,
            tuning,
            kept,
            clock,
            times: InstantReader::new(clock.zone),
            trust,
            private,
            plausible: Plausible::at(clock.now.max(trust.present)),
            problems: Vec::new(),
            told_apart: HashSet::new(),
            rows: BTreeMap::new(),
            watch,
        }
    }

    /// A selection without columns.
    pub(super) fn select(&self, table: &str) -> Result<Select, ReadError> {
        let no_table = || format!("there is no table `{table}` in the database");
        let known = self.tables.columns(table)?;
        let known = known.ok_or_else(|| ReadError::Table(no_table()))?;
        Ok(Select::new(table, known))
    }

    /// How many threads read a table.
    pub(super) fn threads(&self, whole: Part) -> usize {
        match whole {
            Part::Whole => 1,
            Part::Ids { .. } => 1 + self.others.len(),
        }
    }

    /// What the threads that read a table share.
    pub(super) fn shares(&self, whole: Part) -> Shares {
        match self.tables.tells_ids() {
            true => Shares::new(whole, self.tuning.least),
            false => {
                let pieces = PIECES.saturating_mul(self.threads(whole) as u64);
                Shares::of(&whole.cut(pieces, self.tuning.least))
            }
        }
    }

    /// Progress for a table with about this many rows, if that is known.
    pub(super) fn progress<'t>(&self, table: &'t str, about: Option<u64>) -> Progress<'t>
    where
        'c: 't,
    {
        Progress {
            table,
            about,
            rows: Mutex::new(Rows { read: 0, told: 0 }),
            watch: self.watch,
        }
    }
}

impl Progress<'_> {
    /// Reports that reading begins.
    pub(super) fn begin(&self) -> Result<(), ReadError> {
        self.tell(0, self.about)
    }

    /// Adds this many rows to the rows read.
    pub(super) fn add(&self, rows: u64) -> Result<(), ReadError> {
        let mut known = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        known.read += rows;
        if known.read - known.told < STEP {
            return Ok(());
        }
        known.told = known.read;
        self.tell(known.read, self.about)
    }

    /// Reports that all rows have been read, and returns how many there are.
    pub(super) fn end(&self) -> Result<u64, ReadError> {
        let known = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        self.tell(known.read, Some(known.read))?;
        Ok(known.read)
    }

    /// Reports how far the table has been read, and asks whether to stop.
    fn tell(&self, rows: u64, of: Option<u64>) -> Result<(), ReadError> {
        self.watch.progress(self.table, rows, of);
        match self.watch.cancelled() {
            true => Err(EngineError::Cancelled.into()),
            false => Ok(()),
        }
    }
}
