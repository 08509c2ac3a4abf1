//! Rows of a table as they are read, before they are processed together.

use chrono_tz::Tz;

use super::best::Ties;
use super::intake::{Intake, Through};
use super::kept::{BatchGroups, Block, Groups, KeptColumn};
use super::keys::{ABSENT, KeyIndex, integer_of, is_nothing};
use super::repeats::Mark;
use super::shards::{Grouped, Shards};
use super::subjects::Population;
use super::tables::Row;
use crate::engine::Cell;
use crate::ir::{CollectionScan, InputColumn, KeyColumn};
use crate::time::InstantReader;

/// Some rows of a table. Other threads read into clones of an empty batch.
#[derive(Clone)]
pub(super) struct Batch {
    pub(super) intake: Intake,
    /// The columns that name subjects.
    pub(super) subjects: Vec<SubjectColumn>,
    keys: Vec<TieColumn>,
    /// The columns that tell rows apart.
    identities: Vec<IdentityColumn>,
    times: InstantReader,
}

/// Where a batch holds a collection's columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    /// The place among the columns that name subjects.
    pub(super) subject: usize,
    /// The time column's place among the columns that are read.
    pub(super) at: Option<usize>,
    /// The join that finds the time, if it comes from another table.
    pub(super) at_through: Option<usize>,
    /// The place among the columns that break ties.
    pub(super) key: Option<usize>,
    /// The place among the columns that tell rows apart.
    pub(super) identity: Option<usize>,
}

/// A column that names the rows' subjects, or the rows of a lookup that name them.
#[derive(Clone)]
pub(super) struct SubjectColumn {
    pub(super) from: usize,
    pub(super) name: String,
    pub(super) through: Option<Through>,
    pub(super) whose: Whose,
}

/// Who the rows belong to.
#[derive(Clone, Default)]
pub(super) struct Whose {
    /// Each row's key, if keys are integers. They are looked up together, so that one lookup need not wait for the
    /// memory access of another. Empty if kept keys were looked up while they were unpacked.
    pub(super) keys: Vec<Option<i64>>,
    /// Each row's subject; empty if kept groups hold them.
    pub(super) places: Vec<u32>,
    /// The rows that hold no key, ascending.
    pub(super) nothing: Vec<u32>,
    /// The rows whose key would belong to somebody in another form, ascending.
    pub(super) near: Vec<u32>,
    /// The rows that count for a subject.
    pub(super) grouped: Grouped,
    /// Whether `grouped` comes from memory that was kept.
    is_grouped: bool,
}

/// A column that breaks ties in time.
#[derive(Clone)]
struct TieColumn {
    from: TieBreaker,
    keys: Ties,
}

/// A column that tells rows apart.
#[derive(Clone)]
struct IdentityColumn {
    from: usize,
    marks: Vec<Option<Mark>>,
}

/// What breaks ties in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TieBreaker {
    /// A column, by its place in the row.
    Column(usize),
    /// The rows' positions, which follow the order of their ids.
    Position,
}

/// A row's place in a batch. Batches are small, so it fits.
fn in_batch(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

impl SubjectColumn {
    /// Appends the key in a row's cell. `row` is the row's place in the batch.
    #[inline]
    fn read(&mut self, value: Cell<'_>, row: usize, index: &KeyIndex) {
        let whose = &mut self.whose;
        match index.is_of_integers() {
            // The lookup decides.
            _ if self.through.is_some() => {}
            true => whose.keys.push(integer_of(value)),
            false => {
                let place = index.find(value);
                whose.places.push(place);
                if place == ABSENT && index.is_near(value) {
                    whose.near.push(in_batch(row));
                }
            }
        }
        if is_nothing(value) {
            whose.nothing.push(in_batch(row));
        }
    }

    /// Appends the keys of cells that were kept, or uses the groups that were made of them before.
    fn recall(
        &mut self,
        (block, groups): (&Block, Option<&Groups>),
        rows: usize,
        index: &KeyIndex,
    ) {
        if let Some(groups) = groups {
            groups.unpack(&mut self.whose.grouped);
            self.whose.is_grouped = true;
            return;
        }
        // Most columns hold only whole numbers, which are looked up while they are unpacked.
        if self.through.is_none()
            && let Some((numbers, place)) = block.whole_numbers().zip(index.dense())
        {
            numbers.extend(&mut self.whose.places, rows, place);
            return;
        }
        let mut row = 0;
        block.cells(rows, |cell| {
            self.read(cell, row, index);
            row += 1;
        });
    }
}

impl Batch {
    pub(super) fn new(intake: Intake, times: InstantReader) -> Self {
        Self {
            intake,
            subjects: Vec::new(),
            keys: Vec::new(),
            identities: Vec::new(),
            times,
        }
    }

    /// Also reads what a collection needs, or says which column is missing. `is_id` tells which column holds the ids
    /// that rows are read by; it need not be read to put the rows in its order.
    pub(super) fn want(
        &mut self,
        ir: &CollectionScan,
        is_id: impl Fn(&str) -> bool,
    ) -> Result<Places, String> {
        let KeyColumn { lookup, column } = &ir.subject;
        let (from, name, through) = match lookup {
            None => (self.intake.select.column(column)?, column.clone(), None),
            Some(lookup) => {
                let through = self.intake.owners_through(*lookup, column)?;
                let (from, by) = self.intake.by(through.join);
                (from, by.to_owned(), Some(through))
            }
        };
        let (at, at_through) = match &ir.at {
            Some(InputColumn { lookup, column, ty }) => match lookup {
                None => (Some(self.intake.time(column, *ty)?), None),
                Some(lookup) => {
                    let (at, join) = self.intake.time_through(*lookup, column, *ty)?;
                    (Some(at), Some(join))
                }
            },
            None => (None, None),
        };
        let key = match &ir.key {
            Some(key) if is_id(key) => Some(TieBreaker::Position),
            Some(key) => Some(TieBreaker::Column(self.intake.select.column(key)?)),
            None => None,
        };
        Ok(Places {
            subject: self.subject_column(from, name, through),
            at,
            at_through,
            key: key.map(|key| self.key_column(key)),
            identity: None,
        })
    }

    /// Also reads a column that tells rows apart: its place among those columns; `None` if the table lacks it.
    pub(super) fn tell_apart(&mut self, column: &str) -> Option<usize> {
        let from = self.intake.select.column(column).ok()?;
        let known = self.identities.iter().position(|known| known.from == from);
        Some(known.unwrap_or_else(|| {
            let marks = Vec::new();
            self.identities.push(IdentityColumn { from, marks });
            self.identities.len() - 1
        }))
    }

    fn subject_column(&mut self, from: usize, name: String, through: Option<Through>) -> usize {
        let mut subjects = self.subjects.iter();
        let known = subjects.position(|known| known.from == from && known.through == through);
        known.unwrap_or_else(|| {
            self.subjects.push(SubjectColumn {
                from,
                name,
                through,
                whose: Whose::default(),
            });
            self.subjects.len() - 1
        })
    }

    fn key_column(&mut self, from: TieBreaker) -> usize {
        let known = self.keys.iter().position(|known| known.from == from);
        known.unwrap_or_else(|| {
            let keys = Ties::new();
            self.keys.push(TieColumn { from, keys });
            self.keys.len() - 1
        })
    }

    /// Appends a row.
    #[inline]
    pub(super) fn read(&mut self, row: &impl Row, population: &Population) {
        self.intake.read(row, &mut self.times);
        for column in &mut self.subjects {
            let value = row.cell(column.from);
            column.read(value, self.intake.rows - 1, &population.index);
        }
        for column in &mut self.keys {
            if let TieBreaker::Column(from) = column.from {
                column.keys.push(row.cell(from));
            }
        }
        for column in &mut self.identities {
            column.marks.push(Mark::of(row.cell(column.from)));
        }
    }

    /// What is kept of each row.
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

    /// Appends rows that were kept, with a block for each of [`Self::kept_columns`]; `groups` are those of each column
    /// that names subjects, if they are kept.
    pub(super) fn recall<'b>(
        &mut self,
        rows: usize,
        mut blocks: impl Iterator<Item = &'b Block>,
        groups: &[Option<Groups>],
        population: &Population,
    ) {
        self.intake.recall(rows, &mut blocks);
        let mut groups = groups.iter();
        for (column, block) in self.subjects.iter_mut().zip(&mut blocks) {
            let groups = groups.next().and_then(Option::as_ref);
            column.recall((block, groups), rows, &population.index);
        }
        let ties = self.keys.iter_mut();
        let ties = ties.filter(|column| column.from != TieBreaker::Position);
        for (column, block) in ties.zip(blocks) {
            block.cells(rows, |cell| column.keys.push(cell));
        }
    }

    /// The subjects of the rows, as looked up, to be kept.
    pub(super) fn groups(&self) -> BatchGroups {
        let groups = self.subjects.iter().map(|column| {
            let is_own = column.through.is_none() && !column.whose.places.contains(&ABSENT);
            is_own.then(|| Groups::pack(&column.whose.grouped))
        });
        groups.collect()
    }

    /// Finds what other tables hold for the rows: looked-up columns, and who the rows belong to. `first` is the
    /// position of the first row.
    pub(super) fn look_up(&mut self, index: &KeyIndex, shards: Shards, first: i64) {
        self.intake.look_up();
        let rows = self.intake.rows;
        let by_position = |column: &&mut TieColumn| column.from == TieBreaker::Position;
        for column in self.keys.iter_mut().filter(by_position) {
            column.keys.count_from(first, rows);
        }
        for SubjectColumn { through, whose, .. } in &mut self.subjects {
            let place = |key: &Option<i64>| key.map_or(ABSENT, |key| index.place(key));
            whose.places.extend(whose.keys.iter().map(place));
            if let Some((through, (_, owners))) =
                through.and_then(|through| Some((through, self.intake.owners(through)?)))
            {
                let found = self.intake.found(through.join).iter();
                whose.places.extend(found.map(|row| owners.of(*row)));
            }
            if !whose.is_grouped {
                whose.grouped.group(&whose.places, shards);
            }
        }
    }

    /// The keys of a column that breaks ties.
    pub(super) fn ties(&self, key: Option<usize>) -> Option<&Ties> {
        Some(&self.keys.get(key?)?.keys)
    }

    /// The marks of the rows in a column that tells them apart, and that column's place in a row.
    pub(super) fn identities(&self, identity: usize) -> Option<(usize, &[Option<Mark>])> {
        let column = self.identities.get(identity)?;
        Some((column.from, &column.marks))
    }

    /// Removes the rows but keeps the allocated memory.
    pub(super) fn clear(&mut self) {
        self.intake.clear();
        for SubjectColumn { whose, .. } in &mut self.subjects {
            whose.keys.clear();
            whose.places.clear();
            whose.nothing.clear();
            whose.near.clear();
            whose.is_grouped = false;
        }
        self.keys.iter_mut().for_each(|key| key.keys.clear());
        let identities = self.identities.iter_mut();
        identities.for_each(|column| column.marks.clear());
    }
}
