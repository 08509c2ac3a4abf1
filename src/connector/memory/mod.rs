//! Tables in memory: rows that were never written to a database, read as if they had been.

mod tables;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::{Connector, Sentinel, Snapshot, TableProfile, is_one_of};
use crate::catalog::{Schema, Table, spelled};
use crate::engine::{EngineError, Gathered, Kept, OwnedCell, Tuning, Watch, gather, whole_number};
use crate::ir::Ir;
use crate::time::Clock;

/// Tables of cells. They do not change, so every snapshot is the same.
#[derive(Debug, Clone, Default)]
pub struct MemoryConnector {
    tables: Arc<BTreeMap<String, MemoryTable>>,
}

/// A table: its declared columns, and its rows in table order, each with a cell for each column. As in SQLite, a cell
/// may have another type than its column declares.
#[derive(Debug, Clone, Default)]
pub struct MemoryTable {
    /// The columns and the primary key. A single-column key names a row in messages; otherwise rows are numbered.
    pub shape: Table,
    /// The rows; a missing cell is NULL.
    pub rows: Vec<Vec<OwnedCell>>,
}

#[derive(Debug)]
struct MemorySnapshot {
    tables: Arc<BTreeMap<String, MemoryTable>>,
}

impl MemoryConnector {
    /// Creates a connector for tables by name. As in SQLite, names are case-insensitive.
    pub fn new(tables: BTreeMap<String, MemoryTable>) -> Self {
        Self {
            tables: Arc::new(tables),
        }
    }
}

impl Connector for MemoryConnector {
    fn snapshot(&self) -> Result<Box<dyn Snapshot>, EngineError> {
        Ok(Box::new(MemorySnapshot {
            tables: Arc::clone(&self.tables),
        }))
    }

    fn sentinel(&self) -> Result<Box<dyn Sentinel>, EngineError> {
        Ok(Box::new(Constant))
    }
}

/// The sentinel of data that never changes.
#[derive(Debug)]
struct Constant;

impl Sentinel for Constant {
    fn state(&mut self) -> Option<u64> {
        Some(0)
    }
}

impl MemorySnapshot {
    fn table(&self, name: &str) -> Option<&MemoryTable> {
        let tables = self.tables.iter();
        let found = spelled(tables.map(|(known, table)| (known.as_str(), table)), name);
        found.ok().flatten().map(|(_, table)| table)
    }
}

impl MemoryTable {
    fn place(&self, column: &str) -> Option<usize> {
        let columns = self.shape.columns.iter().enumerate();
        let columns = columns.map(|(place, known)| (known.name.as_str(), place));
        let found = spelled(columns, column).ok().flatten();
        found.map(|(_, place)| place)
    }

    fn cells(&self, place: usize) -> impl Iterator<Item = &OwnedCell> {
        self.rows.iter().map(move |row| cell_of(row, place))
    }
}

/// A cell of a row; NULL where it is missing.
fn cell_of(row: &[OwnedCell], place: usize) -> &OwnedCell {
    row.get(place).unwrap_or(&OwnedCell::Null)
}

impl Snapshot for MemorySnapshot {
    fn schema(&self) -> Result<Schema, EngineError> {
        let tables = self.tables.iter();
        let tables = tables.map(|(name, table)| (name.clone(), table.shape.clone()));
        Ok(Schema {
            tables: tables.collect(),
            ..Schema::default()
        })
    }

    fn gather(
        &self,
        kept: Option<&mut Kept>,
        ir: &Ir,
        clock: &Clock,
        watch: &dyn Watch,
    ) -> Result<Gathered, EngineError> {
        gather(self, &[], Tuning::default(), kept, ir, clock, watch)
    }

    fn has_key(&self, table: &str, column: &str, key: &str) -> Result<bool, EngineError> {
        let found = self.table(table);
        let found = found.and_then(|table| Some((table, table.place(column)?)));
        let (table, place) = found.ok_or_else(|| {
            EngineError::Database(format!("there is no column `{column}` in `{table}`"))
        })?;
        let is_key = |cell: &OwnedCell| match cell {
            OwnedCell::Integer(whole) => whole_number(key) == Some(*whole),
            #[allow(clippy::cast_precision_loss)]
            OwnedCell::Real(real) => whole_number(key).is_some_and(|key| key as f64 == *real),
            OwnedCell::Text(_) => cell.as_str() == Some(key),
            OwnedCell::Null | OwnedCell::Blob(_) => false,
        };
        Ok(table.cells(place).any(is_key))
    }

    fn rows_with(
        &self,
        table: &str,
        columns: &[&str],
        column: &str,
        keys: &HashSet<&str>,
    ) -> Result<Vec<Vec<OwnedCell>>, EngineError> {
        let names: Vec<&str> = std::iter::once(&column).chain(columns).copied().collect();
        let mut rows = self.sample(table, &names, u32::MAX, 1).ok_or_else(|| {
            let names = names.join("` or `");
            EngineError::Database(format!("there is no column `{names}` in `{table}`"))
        })?;
        rows.retain_mut(|row| is_one_of(row.remove(0).lent(), keys));
        Ok(rows)
    }

    fn row_count(&self, table: &str, most: u32) -> u64 {
        let rows = self.table(table).map_or(0, |table| table.rows.len());
        (rows as u64).min(u64::from(most))
    }

    fn distinct_texts(
        &self,
        table: &str,
        column: &str,
        most: usize,
        rows: usize,
    ) -> Result<Option<BTreeSet<String>>, EngineError> {
        let found = self.table(table).filter(|table| table.rows.len() <= rows);
        Ok(found.and_then(|table| {
            let texts = table.cells(table.place(column)?);
            let texts = texts.filter_map(|cell| cell.lent().text());
            let mut texts: BTreeSet<String> = texts.map(Cow::into_owned).collect();
            texts.remove("");
            (texts.len() <= most).then_some(texts)
        }))
    }

    fn first_rows(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
    ) -> Result<Vec<Vec<OwnedCell>>, EngineError> {
        Ok(self.sample(table, columns, rows, 1).unwrap_or_default())
    }

    fn sample(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
        step: u64,
    ) -> Option<Vec<Vec<OwnedCell>>> {
        let table = self.table(table)?;
        let places = columns.iter().map(|column| table.place(column));
        let places: Vec<usize> = places.collect::<Option<_>>()?;
        let rows = table.rows.iter().take(rows as usize);
        let rows = rows.step_by(usize::try_from(step).ok()?.max(1));
        let picked = |row: &Vec<OwnedCell>| {
            let cells = places.iter().map(|place| cell_of(row, *place).clone());
            cells.collect()
        };
        Some(rows.map(picked).collect())
    }

    fn profile(&self, table: &str, most: u32) -> Option<TableProfile> {
        self.table(table)?;
        Some(TableProfile {
            rows: self.row_count(table, most),
            ..TableProfile::default()
        })
    }
}
