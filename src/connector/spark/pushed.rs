//! Scans that the server answers itself.

use std::ops::ControlFlow;

use super::catalog::Catalog;
use super::failure::Failure;
use super::lent::stream_of;
use super::tables::SparkTables;
use crate::engine::{Answered, Asked, ReadError, Row};
use crate::ir::{Ir, TableScan};
use crate::pushdown::{
    Given, Query, Refusal, Server, Shapes, Spark, Stored, Unsupported, answer, queries,
};
use crate::time::{Clock, Plausible};

/// What a scan finds out; none where the server cannot tell it exactly, or does not know what it is asked for.
pub(super) fn answered(
    tables: &SparkTables,
    asked: &Asked<'_>,
) -> Result<Option<Answered>, ReadError> {
    let mut pushed = Pushed {
        tables,
        unknown: None,
    };
    let refused = match answer(asked, &Spark, &tables.catalog, &mut pushed) {
        Ok(answered) => return Ok(Some(answered)),
        Err(Refusal::Unsupported(unsupported)) => unsupported,
        Err(Refusal::Unread(error)) => Unsupported {
            what: format!("`{}`", asked.table.table),
            why: pushed.unknown.ok_or(error)?,
        },
    };
    tables.refused.borrow_mut().push(refused);
    Ok(None)
}

/// Why a scan is not asked of a server with these tables; none where it is.
pub(super) fn refused(
    ir: &Ir,
    scan: &TableScan,
    clock: &Clock,
    catalog: &Catalog,
) -> Option<Unsupported> {
    let plausible = Plausible::at(clock.now.max(ir.trust.present));
    queries(ir, scan, (clock, plausible), &Spark, catalog).err()
}

impl Shapes for Catalog {
    fn stored(&self, table: &str, column: &str) -> Option<Stored> {
        self.relation(table)?.column(column)?.stored()
    }
}

/// The server of some tables.
struct Pushed<'t> {
    tables: &'t SparkTables,
    /// What it said of something that it does not know.
    unknown: Option<String>,
}

impl Pushed<'_> {
    fn error(&mut self, failure: Failure) -> ReadError {
        if let Failure::Unknown(reason) = &failure {
            self.unknown = Some(reason.clone());
        }
        self.tables.read_error(failure)
    }
}

impl Server for Pushed<'_> {
    fn lend(&mut self, given: &Given<'_>) -> Result<(), ReadError> {
        let stream = stream_of(given).map_err(|error| Failure::Refused(error.to_string()));
        let lent = stream.and_then(|stream| self.tables.session.lend(given.table, stream));
        lent.map_err(|failure| self.error(failure))
    }

    fn ask(
        &mut self,
        query: &Query,
        each: &mut dyn FnMut(&dyn Row) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let tables = self.tables;
        let mut take = |row: &dyn Row| each(row).map(|()| ControlFlow::Continue(()));
        tables.each_row(&query.sql, &mut |failure| self.error(failure), |row| {
            take(row)
        })
    }
}
