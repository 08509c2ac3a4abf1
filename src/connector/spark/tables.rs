//! A server's tables, lent row by row.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::catalog::{Catalog, Column, Relation};
use super::cells::Cells;
use super::failure::Failure;
use super::pushed::answered;
use super::session::{Batches, Session};
use super::words::quoted;
use crate::config::SparkServer;
use crate::engine::{self, Answered, Asked, Cell, OwnedCell, Part, ReadError, Select, Tables};
use crate::pushdown::Unsupported;

/// One session.
#[derive(Debug)]
pub(super) struct SparkTables {
    pub(super) session: Session,
    pub(super) server: Arc<SparkServer>,
    pub(super) catalog: Catalog,
    /// What it could not tell when it was asked, so that rows were read.
    pub(super) refused: RefCell<Vec<Unsupported>>,
}

/// A row of a batch in hand.
pub(super) struct SparkRow<'r> {
    cells: &'r Cells,
    row: usize,
}

impl engine::Row for SparkRow<'_> {
    #[inline]
    fn cell(&self, place: usize) -> Cell<'_> {
        self.cells.cell(self.row, place)
    }

    fn name(&self) -> Option<Cell<'_>> {
        None
    }

    fn id(&self) -> Option<i64> {
        None
    }
}

impl Tables for SparkTables {
    type Row<'r> = SparkRow<'r>;

    fn columns(&self, table: &str) -> Result<Option<Vec<String>>, ReadError> {
        Ok(self.catalog.relation(table).map(|relation| {
            let columns = relation.columns.iter();
            let columns = columns.filter(|column| column.unreadable().is_none());
            columns.map(|column| column.name.clone()).collect()
        }))
    }

    fn declared_type(&self, table: &str, column: &str) -> Result<Option<String>, ReadError> {
        let relation = self.catalog.relation(table);
        let column = relation.and_then(|relation| relation.column(column));
        Ok(column.map(Column::declared))
    }

    fn estimate(&self, _: &str) -> Option<u64> {
        None
    }

    fn ids(&self, _: &str) -> Result<Part, ReadError> {
        Ok(Part::Whole)
    }

    fn aggregate(&self, asked: &Asked<'_>) -> Result<Option<Answered>, ReadError> {
        answered(self, asked)
    }

    fn read<F>(&self, select: &Select, _: Part, mut each: F) -> Result<(), ReadError>
    where
        F: FnMut(&SparkRow<'_>) -> Result<ControlFlow<()>, ReadError>,
    {
        let Some(relation) = self.catalog.relation(select.table()) else {
            return Ok(());
        };
        let columns = select.columns().iter();
        let columns: Vec<&Column> = columns.filter_map(|name| relation.column(name)).collect();
        let mut failed = |failure| self.read_error(failure);
        self.each_row(&selected(relation, &columns), &mut failed, |row| each(row))
    }
}

impl SparkTables {
    /// Gives each row of a query in turn, until there are no more or `each` has enough.
    pub(super) fn each_row(
        &self,
        sql: &str,
        failed: &mut dyn FnMut(Failure) -> ReadError,
        mut each: impl FnMut(&SparkRow<'_>) -> Result<ControlFlow<()>, ReadError>,
    ) -> Result<(), ReadError> {
        let mut batches = self.session.query(sql).map_err(&mut *failed)?;
        while let Some(cells) = batches.next_cells().map_err(&mut *failed)? {
            for row in 0..cells.rows() {
                let cells = &cells;
                if each(&SparkRow { cells, row })?.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// An error of reading a table, in words.
    pub(super) fn read_error(&self, failure: Failure) -> ReadError {
        failure.of_read(&self.server)
    }
}

/// The statement that asks for columns of a table; where there are none, for its rows all the same.
pub(super) fn selected(relation: &Relation, columns: &[&Column]) -> String {
    let asked: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
    let asked = match asked.is_empty() {
        true => "1".to_owned(),
        false => asked.join(", "),
    };
    format!("SELECT {asked} FROM {}", relation.quoted)
}

impl Batches<'_> {
    /// The cells of the next batch; none behind the last.
    pub(super) fn next_cells(&mut self) -> Result<Option<Cells>, Failure> {
        self.next()?.as_ref().map(Cells::of).transpose()
    }
}

impl Session {
    /// All rows of a short query.
    pub(super) fn rows(&self, sql: impl Into<String>) -> Result<Vec<Vec<OwnedCell>>, Failure> {
        let mut rows = Vec::new();
        let mut batches = self.query(sql)?;
        while let Some(cells) = batches.next_cells()? {
            rows.extend((0..cells.rows()).map(|row| cells.owned(row)));
        }
        Ok(rows)
    }
}
