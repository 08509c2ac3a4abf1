//! Reads rows of one table into typed columns, with what their lookups find.

use std::sync::Arc;

use chrono_tz::Tz;

use super::account::Account;
use super::decode::{self, Fit};
use super::kept::{Block, KeptColumn};
use super::keys::{ABSENT, KeyIndex, is_nothing};
use super::part::Part;
use super::row_set::RowSet;
use super::select::Select;
use super::tables::Row;
use crate::engine::places::at_places;
use crate::engine::{Cell, Column, Stale};
use crate::index::IndexVec;
use crate::ir::{InputColumn, InputId, LookupId};
use crate::time::InstantReader;
use crate::value::{ColumnType, Type};

/// The columns that are read from a table.
#[derive(Clone)]
pub(super) struct Intake {
    pub(super) select: Select,
    pub(super) readers: Vec<Reader>,
    joins: Vec<Join>,
    /// For each lookup of the owner, its place in `joins`, or why it cannot be used.
    joined: IndexVec<LookupId, Result<usize, Stale>>,
    /// The IR's inputs in order, then time columns that are not inputs.
    pub(super) columns: Vec<Column>,
    /// For each of the IR's inputs, why it cannot be read.
    pub(super) broken: Vec<Option<Stale>>,
    /// For each reader, how each row's value fits.
    pub(super) fits: Vec<Vec<Fit>>,
    /// The number of rows in `columns`.
    pub(super) rows: usize,
    /// The part of the table that the rows come from, if it is read before the others.
    pub(super) part: Part,
    /// For each row that was passed over, the number of rows read before it.
    passed: Vec<i64>,
}

/// A looked-up table in memory.
pub(super) struct LookupTable {
    /// The asking table's column that holds the key.
    pub(super) by: String,
    /// The column of the key itself.
    pub(super) key: String,
    pub(super) index: KeyIndex,
    /// The columns that are read: those of the inputs that go through this lookup, in order, then times.
    pub(super) rows: Intake,
    pub(super) owners: Vec<Owners>,
    /// The columns that place the asking table's rows in time, and the place of each in `rows`.
    pub(super) times: Vec<(String, ColumnType, usize)>,
}

/// Who the rows of a looked-up table belong to.
#[derive(Clone)]
pub(super) struct Owners {
    /// The column that names the owner, and its place in the row.
    pub(super) name: String,
    pub(super) from: usize,
    /// For each row, its subject.
    pub(super) places: Vec<u32>,
    /// The rows that hold no key.
    pub(super) nothing: RowSet,
    /// The rows whose key would belong to somebody in another form.
    pub(super) near: RowSet,
}

/// Owners that are reached through a lookup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Through {
    /// The place among the joins of the asking table.
    pub(super) join: usize,
    /// The place among the owners of the looked-up table.
    owners: usize,
}

/// Reads one column of the table into `columns`.
#[derive(Clone)]
pub(super) struct Reader {
    /// Its place in the row.
    pub(super) from: usize,
    /// Its place in `columns`.
    to: usize,
    pub(super) name: String,
    ty: ColumnType,
    /// Whether this column places rows in time.
    is_time: bool,
}

/// One lookup: the column that holds the keys, and where each row's key was found.
#[derive(Clone)]
struct Join {
    from: usize,
    table: Arc<LookupTable>,
    found: Vec<u32>,
    /// The rows that name nothing, ascending.
    nothing: Vec<u32>,
    /// The rows that would find one if the form of the key were another, ascending.
    near: Vec<u32>,
    /// Columns of the looked-up table, and their places in `columns`.
    columns: Vec<(usize, usize)>,
}

impl Intake {
    /// For an IR's inputs; `lookups` are the owner's.
    pub(super) fn new(
        mut select: Select,
        inputs: &IndexVec<InputId, InputColumn>,
        lookups: IndexVec<LookupId, Result<LookupTable, Stale>>,
    ) -> Self {
        let mut readers = Vec::new();
        let mut broken = vec![None; inputs.len()];
        for (to, input) in inputs.iter().enumerate() {
            if input.lookup.is_some() {
                continue;
            }
            match select.column(&input.column) {
                Ok(from) => readers.push(Reader {
                    from,
                    to,
                    name: input.column.clone(),
                    ty: input.ty,
                    is_time: false,
                }),
                Err(reason) => set(&mut broken, to, reason),
            }
        }
        let mut joins = Vec::new();
        let mut joined = IndexVec::new();
        for (id, table) in lookups.ids().zip(lookups) {
            let mine = inputs.iter().enumerate();
            let mine = mine.filter(|(_, input)| input.lookup == Some(id));
            let from = |table: LookupTable| match select.column(&table.by) {
                Ok(from) => Ok((from, table)),
                Err(reason) => Err(Stale { reason }),
            };
            match table.and_then(from) {
                Err(stale) => {
                    mine.for_each(|(to, _)| set(&mut broken, to, stale.reason.clone()));
                    joined.push(Err(stale));
                }
                Ok((from, table)) => {
                    let mut columns = Vec::new();
                    for (column, (to, _)) in mine.enumerate() {
                        match table.rows.broken.get(column) {
                            Some(Some(stale)) => set(&mut broken, to, stale.reason.clone()),
                            _ => columns.push((column, to)),
                        }
                    }
                    joined.push(Ok(joins.len()));
                    joins.push(Join {
                        from,
                        table: Arc::new(table),
                        found: Vec::new(),
                        nothing: Vec::new(),
                        near: Vec::new(),
                        columns,
                    });
                }
            }
        }
        Self {
            select,
            fits: readers.iter().map(|_| Vec::new()).collect(),
            readers,
            joins,
            joined,
            columns: inputs.iter().map(|input| decode::empty(input.ty)).collect(),
            broken,
            rows: 0,
            part: Part::Whole,
            passed: Vec::new(),
        }
    }

    /// Marks one of the IR's inputs as the column that places the rows in time.
    pub(super) fn is_time(&mut self, name: &str) {
        for reader in &mut self.readers {
            reader.is_time |= reader.name == name;
        }
    }

    /// Creates an account for each column that something reads: the IR's inputs and the time column. `decides` tells
    /// which of them decide whether a row belongs.
    pub(super) fn accounts(
        &self,
        reads: impl Fn(usize) -> bool,
        decides: impl Fn(usize) -> bool,
    ) -> Vec<Account> {
        let readers = self.readers.iter().enumerate();
        let read = readers.filter(|(_, reader)| reads(reader.to));
        let account = |(place, reader): (usize, &Reader)| {
            let decides = decides(reader.to);
            Account::new((place, reader.to), reader.ty, reader.is_time, decides)
        };
        read.map(account).collect()
    }

    /// Passes over a row.
    pub(super) fn pass(&mut self) {
        self.passed.extend(i64::try_from(self.rows));
    }

    /// Converts a row's position among the rows that were not passed over to its position in the table.
    pub(super) fn position(&self, row: i64) -> i64 {
        let passed = self.passed.partition_point(|before| *before < row);
        let row = row.saturating_add_unsigned(passed as u64);
        self.part.first().saturating_add(row.saturating_sub(1))
    }

    /// Appends rows that were read after these, from a table without lookups.
    pub(super) fn append(&mut self, next: Self) {
        let before = i64::try_from(self.rows).unwrap_or(i64::MAX);
        let passed = next.passed.into_iter();
        self.passed.extend(passed.map(|rows| rows + before));
        self.rows += next.rows;
        for (column, next) in self.columns.iter_mut().zip(next.columns) {
            column.append(next);
        }
        for (fits, next) in self.fits.iter_mut().zip(next.fits) {
            fits.extend(next);
        }
    }

    /// Reads a time column: its place in `columns`, shared with an input that is read in the same way.
    pub(super) fn time(&mut self, name: &str, ty: ColumnType) -> Result<usize, String> {
        let from = self.select.column(name)?;
        let same = |r: &&mut Reader| {
            r.from == from && r.ty == ty && (r.is_time || ty.value_type() != Type::Date)
        };
        if let Some(reader) = self.readers.iter_mut().find(same) {
            reader.is_time = true;
            return Ok(reader.to);
        }
        let to = self.columns.len();
        self.readers.push(Reader {
            from,
            to,
            name: name.to_owned(),
            ty,
            is_time: true,
        });
        self.fits.push(Vec::new());
        self.columns.push(Column::Instant(Vec::new()));
        Ok(to)
    }

    /// Reads the time of rows from a column of the rows that a lookup finds: its place in `columns`, and the join's
    /// place.
    pub(super) fn time_through(
        &mut self,
        lookup: LookupId,
        name: &str,
        ty: ColumnType,
    ) -> Result<(usize, usize), String> {
        let place = self.join(lookup)?;
        let to = self.columns.len();
        let join = self.joins.get_mut(place).ok_or("a lookup was not read")?;
        let mut times = join.table.times.iter();
        let time = times.find(|(column, read, _)| column == name && *read == ty);
        let (_, _, from) = *time.ok_or("a time was not read")?;
        if let Some(Some(stale)) = join.table.rows.broken.get(from) {
            return Err(stale.reason.clone());
        }
        if let Some((_, known)) = join.columns.iter().find(|(column, _)| *column == from) {
            return Ok((*known, place));
        }
        join.columns.push((from, to));
        self.columns.push(Column::Instant(Vec::new()));
        Ok((to, place))
    }

    /// Reads who the rows found by a lookup belong to, from one of their columns.
    pub(super) fn owners_through(&self, lookup: LookupId, name: &str) -> Result<Through, String> {
        let join = self.join(lookup)?;
        let owners = self.joins.get(join).map(|join| join.table.owners.iter());
        let place = owners.and_then(|mut owners| owners.position(|owners| owners.name == name));
        let owners = place.ok_or("a column was not read")?;
        Ok(Through { join, owners })
    }

    /// The join of a lookup.
    pub(super) fn join(&self, lookup: LookupId) -> Result<usize, String> {
        match self.joined.get(lookup) {
            Some(Ok(place)) => Ok(*place),
            Some(Err(stale)) => Err(stale.reason.clone()),
            None => Err("a lookup was not read".to_owned()),
        }
    }

    /// The column that holds the keys of a join: its place in the row, and its name.
    pub(super) fn by(&self, join: usize) -> (usize, &str) {
        let join = self.joins.get(join);
        join.map_or((0, ""), |join| (join.from, &join.table.by))
    }

    /// The table that a join looks into, and the key there.
    pub(super) fn leads_to(&self, join: usize) -> (&str, &str) {
        let join = self.joins.get(join);
        join.map_or(("", ""), |join| {
            (join.table.rows.select.table(), &join.table.key)
        })
    }

    /// For each row read, where the join found its key.
    pub(super) fn found(&self, join: usize) -> &[u32] {
        self.joins.get(join).map_or(&[], |join| &join.found)
    }

    /// The rows that name nothing for a join to look for, ascending.
    pub(super) fn nothing(&self, join: usize) -> &[u32] {
        self.joins.get(join).map_or(&[], |join| &join.nothing)
    }

    /// The rows for which a join finds nothing but for the form of their key, ascending.
    pub(super) fn near(&self, join: usize) -> &[u32] {
        self.joins.get(join).map_or(&[], |join| &join.near)
    }

    /// The looked-up table behind a join, and who its rows belong to.
    pub(super) fn owners(&self, through: Through) -> Option<(&LookupTable, &Owners)> {
        let table = &self.joins.get(through.join)?.table;
        Some((table, table.owners.get(through.owners)?))
    }

    /// Appends a row.
    #[inline]
    pub(super) fn read(&mut self, row: &impl Row, times: &mut InstantReader) {
        self.rows += 1;
        for (reader, fits) in self.readers.iter().zip(&mut self.fits) {
            let value = row.cell(reader.from);
            if let Some(column) = self.columns.get_mut(reader.to) {
                fits.push(decode::push(column, value, reader.ty, times));
            }
        }
        for join in &mut self.joins {
            join.look_for(row.cell(join.from));
        }
    }

    /// What is kept of each row.
    pub(super) fn kept_columns(&self, zone: Tz) -> impl Iterator<Item = KeptColumn> {
        let names = self.select.columns();
        let values = self.readers.iter().map(move |reader| KeptColumn::Values {
            column: reader.name.clone(),
            ty: reader.ty,
            is_instant: matches!(self.columns.get(reader.to), Some(Column::Instant(_))),
            zone,
        });
        let joins = self.joins.iter().filter_map(|join| names.get(join.from));
        values.chain(joins.cloned().map(KeptColumn::Cells))
    }

    /// Appends rows that were kept, with a block for each of [`Self::kept_columns`].
    pub(super) fn recall<'b>(&mut self, rows: usize, blocks: &mut impl Iterator<Item = &'b Block>) {
        self.rows += rows;
        let readers = self.readers.iter().zip(&mut self.fits);
        for ((reader, fits), block) in readers.zip(blocks.by_ref()) {
            if let Some(column) = self.columns.get_mut(reader.to) {
                block.values(rows, column, fits);
            }
        }
        for (join, block) in self.joins.iter_mut().zip(blocks) {
            block.cells(rows, |cell| join.look_for(cell));
        }
    }

    /// Fills the looked-up columns of the rows read.
    pub(super) fn look_up(&mut self) {
        for join in &self.joins {
            for (from, to) in &join.columns {
                if let (Some(source), Some(target)) = (
                    join.table.rows.columns.get(*from),
                    self.columns.get_mut(*to),
                ) {
                    *target = at_places(source, &join.found);
                }
            }
        }
        for (column, broken) in self.columns.iter_mut().zip(&self.broken) {
            if broken.is_some() {
                *column = Column::missing(column.kind());
            }
        }
    }

    /// Removes the rows but keeps the allocated memory.
    pub(super) fn clear(&mut self) {
        self.rows = 0;
        self.columns.iter_mut().for_each(decode::clear);
        self.fits.iter_mut().for_each(Vec::clear);
        for join in &mut self.joins {
            join.found.clear();
            join.nothing.clear();
            join.near.clear();
        }
    }
}

impl Join {
    /// Looks up a row's cell and appends the result.
    #[inline]
    fn look_for(&mut self, key: Cell<'_>) {
        let index = &self.table.index;
        let place = index.find(key);
        if place == ABSENT {
            let row = u32::try_from(self.found.len());
            if is_nothing(key) {
                self.nothing.extend(row);
            } else if index.is_near(key) {
                self.near.extend(row);
            }
        }
        self.found.push(place);
    }
}

fn set(broken: &mut [Option<Stale>], place: usize, reason: String) {
    if let Some(slot) = broken.get_mut(place) {
        *slot = Some(Stale { reason });
    }
}
