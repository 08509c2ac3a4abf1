//! Rows of a table as they are read, before they are looked at together.

use chrono_tz::Tz;

use super::best::Ties;
use super::intake::Intake;
use super::kept::{Block, KeptColumn};
use super::keys::{ABSENT, KeyIndex, integer_of};
use super::shards::{Grouped, Shards};
use super::subjects::Population;
use super::tables::Row;
use crate::engine::Cell;
use crate::ir::CollectionScan;
use crate::time::InstantReader;

/// Some rows of a table. A clone of an empty one is read into beside it.
#[derive(Clone)]
pub(super) struct Batch {
    pub(super) intake: Intake,
    /// The columns that name subjects.
    pub(super) subjects: Vec<SubjectColumn>,
    keys: Vec<KeyColumn>,
    times: InstantReader,
}

/// Where a collection's columns are in a batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    /// Among the columns that name subjects.
    pub(super) subject: usize,
    /// The time, among the columns read.
    pub(super) at: Option<usize>,
    /// Among the columns that break ties.
    pub(super) key: Option<usize>,
}

/// A column that names the rows' subjects.
#[derive(Clone)]
pub(super) struct SubjectColumn {
    pub(super) from: usize,
    pub(super) name: String,
    pub(super) whose: Whose,
}

/// Whose rows they are.
#[derive(Clone, Default)]
pub(super) struct Whose {
    /// Each row's key, where keys are integers. They are looked up together: one after the other,
    /// lookups need not wait for each other's memory.
    pub(super) keys: Vec<Option<i64>>,
    /// Each row's subject.
    pub(super) places: Vec<u32>,
    /// The rows that name nobody, ascending.
    pub(super) nothing: Vec<u32>,
    /// The rows that count for somebody.
    pub(super) grouped: Grouped,
}

/// A column that breaks ties in time.
#[derive(Clone)]
struct KeyColumn {
    from: TieBreaker,
    keys: Ties,
}

/// What breaks ties in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TieBreaker {
    /// A column, by its place in the row.
    Column(usize),
    /// The rows' positions, which are in the order of their ids.
    Position,
}

impl Whose {
    /// Appends what a row's cell names, the row by its place in the batch.
    #[inline]
    fn push(&mut self, value: Cell<'_>, row: usize, index: &KeyIndex) {
        match index.is_of_integers() {
            true => self.keys.push(integer_of(value)),
            false => self.places.push(index.find(value)),
        }
        if is_nothing(value) {
            // A batch is small.
            self.nothing.push(u32::try_from(row).unwrap_or(u32::MAX));
        }
    }
}

impl Batch {
    pub(super) fn new(intake: Intake, times: InstantReader) -> Self {
        Self {
            intake,
            subjects: Vec::new(),
            keys: Vec::new(),
            times,
        }
    }

    /// Reads what a collection needs, too; or says which column it lacks. `is_id` tells which column holds the ids
    /// that rows are read by: it need not be read to put rows in its order.
    pub(super) fn want(
        &mut self,
        ir: &CollectionScan,
        is_id: impl Fn(&str) -> bool,
    ) -> Result<Places, String> {
        let subject = self.intake.select.column(&ir.subject)?;
        let at = match &ir.at {
            Some((name, ty)) => Some(self.intake.time(name, *ty)?),
            None => None,
        };
        let key = match &ir.key {
            Some(key) if is_id(key) => Some(TieBreaker::Position),
            Some(key) => Some(TieBreaker::Column(self.intake.select.column(key)?)),
            None => None,
        };
        Ok(Places {
            subject: self.subject_column(subject, &ir.subject),
            at,
            key: key.map(|key| self.key_column(key)),
        })
    }

    fn subject_column(&mut self, from: usize, name: &str) -> usize {
        let known = self.subjects.iter().position(|known| known.from == from);
        known.unwrap_or_else(|| {
            self.subjects.push(SubjectColumn {
                from,
                name: name.to_owned(),
                whose: Whose::default(),
            });
            self.subjects.len() - 1
        })
    }

    fn key_column(&mut self, from: TieBreaker) -> usize {
        let known = self.keys.iter().position(|known| known.from == from);
        known.unwrap_or_else(|| {
            let keys = Ties::new();
            self.keys.push(KeyColumn { from, keys });
            self.keys.len() - 1
        })
    }

    /// Appends a row.
    #[inline]
    pub(super) fn read(&mut self, row: &impl Row, population: &Population) {
        self.intake.read(row, &mut self.times);
        for column in &mut self.subjects {
            let value = row.cell(column.from);
            (column.whose).push(value, self.intake.rows - 1, &population.index);
        }
        for column in &mut self.keys {
            if let TieBreaker::Column(from) = column.from {
                column.keys.push(row.cell(from));
            }
        }
    }

    /// What is read of each row, as it is kept.
    pub(super) fn kept_columns(&self, zone: Tz) -> Vec<KeptColumn> {
        let subjects = self.subjects.iter().map(|column| column.from);
        let ties = self.keys.iter().filter_map(|column| match column.from {
            TieBreaker::Column(from) => Some(from),
            TieBreaker::Position => None,
        });
        let cells = subjects.chain(ties);
        let cells = cells.filter_map(|from| self.intake.select.columns().get(from));
        let cells = cells.cloned().map(KeptColumn::Cells);
        self.intake.kept_columns(zone).chain(cells).collect()
    }

    /// Appends so many rows that were kept, a block for each of [`Self::kept_columns`].
    pub(super) fn recall<'b>(
        &mut self,
        rows: usize,
        mut blocks: impl Iterator<Item = &'b Block>,
        population: &Population,
    ) {
        self.intake.recall(rows, &mut blocks);
        for (SubjectColumn { whose, .. }, block) in self.subjects.iter_mut().zip(&mut blocks) {
            let mut row = 0;
            block.cells(rows, |cell| {
                whose.push(cell, row, &population.index);
                row += 1;
            });
        }
        let ties = self.keys.iter_mut();
        let ties = ties.filter(|column| column.from != TieBreaker::Position);
        for (column, block) in ties.zip(blocks) {
            block.cells(rows, |cell| column.keys.push(cell));
        }
    }

    /// Finds what other tables hold of the rows: looked-up columns, and whose they are. `first` is the position of
    /// the first row.
    pub(super) fn look_up(&mut self, index: &KeyIndex, shards: Shards, first: i64) {
        self.intake.look_up();
        let rows = self.intake.rows;
        let by_position = |column: &&mut KeyColumn| column.from == TieBreaker::Position;
        for column in self.keys.iter_mut().filter(by_position) {
            column.keys.count_from(first, rows);
        }
        for SubjectColumn { whose, .. } in &mut self.subjects {
            let place = |key: &Option<i64>| key.map_or(ABSENT, |key| index.place(key));
            whose.places.extend(whose.keys.iter().map(place));
            whose.grouped.group(&whose.places, shards);
        }
    }

    /// The keys of a column that breaks ties.
    pub(super) fn ties(&self, key: Option<usize>) -> Option<&Ties> {
        Some(&self.keys.get(key?)?.keys)
    }

    /// Forgets the rows and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.intake.clear();
        for SubjectColumn { whose, .. } in &mut self.subjects {
            whose.keys.clear();
            whose.places.clear();
            whose.nothing.clear();
        }
        self.keys.iter_mut().for_each(|key| key.keys.clear());
    }
}

/// Whether a value names nobody: NULL, or the empty text that stands for it in imported files.
fn is_nothing(value: Cell<'_>) -> bool {
    match value {
        Cell::Null => true,
        Cell::Text(text) => text.trim_ascii().is_empty(),
        _ => false,
    }
}
