//! One reading of the data, and what was noticed on the way.

use super::select::Select;
use super::tables::{ReadError, Tables};
use crate::catalog::Trust;
use crate::engine::{EngineError, Problem, Watch};
use crate::time::{Clock, InstantReader, Plausible};

/// Tables, and how their values are to be read.
pub(super) struct Reading<'c, T> {
    pub(super) tables: &'c T,
    pub(super) clock: Clock,
    pub(super) times: InstantReader,
    pub(super) trust: Trust,
    pub(super) plausible: Plausible,
    pub(super) problems: Vec<Problem>,
    /// Event rows.
    pub(super) rows: u64,
    watch: &'c dyn Watch,
}

impl<'c, T> Reading<'c, T> {
    pub(super) fn new(tables: &'c T, clock: Clock, trust: Trust, watch: &'c dyn Watch) -> Self {
        Self {
            tables,
            clock,
            times: InstantReader::new(clock.zone),
            trust,
            plausible: Plausible::at(clock.now.max(trust.present)),
            problems: Vec::new(),
            rows: 0,
            watch,
        }
    }

    /// No column yet of a table.
    pub(super) fn select(&self, table: &str) -> Result<Select, ReadError>
    where
        T: Tables,
    {
        let no_table = || format!("there is no table `{table}` in the database");
        let known = self.tables.columns(table)?;
        let known = known.ok_or_else(|| ReadError::Table(no_table()))?;
        Ok(Select::new(table, known))
    }

    /// Tells how far a table has been read.
    pub(super) fn progress(
        &self,
        table: &str,
        rows: u64,
        of: Option<u64>,
    ) -> Result<(), ReadError> {
        self.watch.progress(table, rows, of);
        match self.watch.cancelled() {
            true => Err(EngineError::Cancelled.into()),
            false => Ok(()),
        }
    }
}
