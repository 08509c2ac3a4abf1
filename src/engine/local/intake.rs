//! Rows of one table into typed columns, with what their lookups find.

use rusqlite::Row;

use super::cells::{self, Fit};
use super::gather::gather;
use super::lookups::LookupTable;
use super::problems::{Forms, Tally};
use super::select::Select;
use crate::engine::{Column, Problem, ProblemKind, Stale};
use crate::plan::InputColumn;
use crate::time::InstantReader;
use crate::value::ColumnType;

/// The columns that are read of a table.
pub(super) struct Intake {
    pub(super) select: Select,
    readers: Vec<Reader>,
    joins: Vec<Join>,
    /// The plan's inputs in their order, then time columns that are no inputs.
    pub(super) columns: Vec<Column>,
    /// For each of the plan's inputs, why it cannot be read.
    pub(super) broken: Vec<Option<Stale>>,
    /// Rows in `columns`.
    pub(super) rows: usize,
    /// Rows read so far.
    pub(super) total: u64,
}

/// One column of the table on its way into `columns`.
struct Reader {
    /// Its place in the row.
    from: usize,
    /// Its place in `columns`.
    to: usize,
    name: String,
    ty: ColumnType,
    /// Whether rows are placed in time by it.
    is_time: bool,
    misfits: Tally,
    inexact: Tally,
    forms: Forms,
}

/// One lookup: the column that holds the keys, and where each row's was found.
struct Join {
    from: usize,
    table: LookupTable,
    found: Vec<u32>,
    /// Columns of the looked-up table and their places in `columns`.
    columns: Vec<(usize, usize)>,
}

impl Intake {
    /// For a plan's inputs. `lookups` are the owner's, each with the places of its inputs.
    pub(super) fn new(
        mut select: Select,
        inputs: &[InputColumn],
        lookups: Vec<Result<LookupTable, Stale>>,
    ) -> Self {
        let mut readers = Vec::new();
        let mut broken = vec![None; inputs.len()];
        for (to, input) in inputs.iter().enumerate() {
            if input.lookup.is_some() {
                continue;
            }
            match select.column(&input.column) {
                Ok(from) => readers.push(Reader::new(from, to, input.column.clone(), input.ty)),
                Err(reason) => set(&mut broken, to, reason),
            }
        }
        let mut joins = Vec::new();
        for (place, table) in lookups.into_iter().enumerate() {
            let mine = inputs.iter().enumerate();
            let mine = mine.filter(|(_, input)| input.lookup == Some(place));
            let from = |table: LookupTable| match select.column(&table.by) {
                Ok(from) => Ok((from, table)),
                Err(reason) => Err(Stale { reason }),
            };
            match table.and_then(from) {
                Err(stale) => mine.for_each(|(to, _)| set(&mut broken, to, stale.reason.clone())),
                Ok((from, table)) => {
                    let mut columns = Vec::new();
                    for (column, (to, _)) in mine.enumerate() {
                        match table.broken.get(column) {
                            Some(Some(stale)) => set(&mut broken, to, stale.reason.clone()),
                            _ => columns.push((column, to)),
                        }
                    }
                    joins.push(Join {
                        from,
                        table,
                        found: Vec::new(),
                        columns,
                    });
                }
            }
        }
        Self {
            select,
            readers,
            joins,
            columns: inputs.iter().map(|input| cells::empty(input.ty)).collect(),
            broken,
            rows: 0,
            total: 0,
        }
    }

    /// Reads a time column: its place in `columns`, shared with an input that reads it the same way.
    pub(super) fn time(&mut self, name: &str, ty: ColumnType) -> Result<usize, String> {
        let from = self.select.column(name)?;
        let same =
            |r: &&mut Reader| r.from == from && r.ty == ty && (r.is_time || ty != ColumnType::Date);
        if let Some(reader) = self.readers.iter_mut().find(same) {
            reader.is_time = true;
            return Ok(reader.to);
        }
        let to = self.columns.len();
        let mut reader = Reader::new(from, to, name.to_owned(), ty);
        reader.is_time = true;
        self.readers.push(reader);
        self.columns.push(Column::Instant(Vec::new()));
        Ok(to)
    }

    /// Appends a row.
    #[inline]
    pub(super) fn read(
        &mut self,
        row: &Row<'_>,
        times: &mut InstantReader,
    ) -> rusqlite::Result<()> {
        self.rows += 1;
        self.total += 1;
        for reader in &mut self.readers {
            let value = row.get_ref(reader.from)?;
            let Some(column) = self.columns.get_mut(reader.to) else {
                continue;
            };
            let example = || self.select.example(row, self.total, value);
            match cells::push(column, value, reader.ty, times) {
                Fit::Good => {}
                Fit::Time(form) => reader.forms.add(form, example),
                Fit::Misfit => reader.misfits.add(example),
                Fit::Inexact => reader.inexact.add(example),
            }
        }
        for join in &mut self.joins {
            join.found
                .push(join.table.index.find(row.get_ref(join.from)?));
        }
        Ok(())
    }

    /// Fetches the looked-up columns of the rows read.
    pub(super) fn look_up(&mut self) {
        for join in &self.joins {
            for (from, to) in &join.columns {
                if let (Some(source), Some(target)) =
                    (join.table.columns.get(*from), self.columns.get_mut(*to))
                {
                    *target = gather(source, &join.found);
                }
            }
        }
        for (column, broken) in self.columns.iter_mut().zip(&self.broken) {
            if broken.is_some() {
                *column = Column::missing(column.kind());
            }
        }
    }

    /// Forgets the rows and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.rows = 0;
        self.columns.iter_mut().for_each(cells::clear);
        self.joins.iter_mut().for_each(|join| join.found.clear());
    }

    /// What was wrong with the values read.
    pub(super) fn problems(&mut self) -> Vec<Problem> {
        let table = self.select.table();
        let of = |reader: Reader| {
            let misfit = match reader.is_time {
                true => ProblemKind::UnreadableTime,
                false => ProblemKind::Misfit,
            };
            [
                reader.misfits.into_problem(misfit, table, &reader.name),
                reader
                    .inexact
                    .into_problem(ProblemKind::Inexact, table, &reader.name),
                reader.forms.into_problem(table, &reader.name),
            ]
        };
        let readers = std::mem::take(&mut self.readers);
        readers.into_iter().flat_map(of).flatten().collect()
    }
}

impl Reader {
    fn new(from: usize, to: usize, name: String, ty: ColumnType) -> Self {
        Self {
            from,
            to,
            name,
            ty,
            is_time: false,
            misfits: Tally::default(),
            inexact: Tally::default(),
            forms: Forms::default(),
        }
    }
}

fn set(broken: &mut [Option<Stale>], place: usize, reason: String) {
    if let Some(slot) = broken.get_mut(place) {
        *slot = Some(Stale { reason });
    }
}
