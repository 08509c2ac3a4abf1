//! Scans that the server evaluates itself.

use std::ops::ControlFlow;

use super::catalog::Catalog;
use super::failure::Failure;
use super::lent::stream_of;
use super::session::Session;
use crate::config::SparkServer;
use crate::engine::{Answered, Asked, ReadError, Row};
use crate::ir::{Ir, TableScan};
use crate::pushdown::{
    Given, Query, Refusal, Server, Shapes, Spark, Stored, Unsupported, answer, refusals,
};
use crate::time::{Clock, Plausible};

/// Why a scan is not pushed to a server with these tables; none where it is.
pub(super) fn refused(
    ir: &Ir,
    scan: &TableScan,
    clock: &Clock,
    catalog: &Catalog,
) -> Vec<Unsupported> {
    let plausible = Plausible::at(clock.now.max(ir.trust.present));
    refusals(ir, scan, (clock, plausible), &Spark, catalog)
}

impl Shapes for Catalog {
    fn stored(&self, table: &str, column: &str) -> Option<Stored> {
        self.relation(table)?.column(column)?.stored()
    }
}

/// A session to which scans are pushed.
pub(super) struct Pushed<'s> {
    session: &'s Session,
    server: &'s SparkServer,
    catalog: &'s Catalog,
    /// The server's reason where it does not support a pushed query; the rows may still be readable.
    unknown: Option<String>,
}

impl<'s> Pushed<'s> {
    /// Creates one for a session of a server.
    pub(super) fn new(session: &'s Session, server: &'s SparkServer, catalog: &'s Catalog) -> Self {
        Self {
            session,
            server,
            catalog,
            unknown: None,
        }
    }

    /// The result of a scan, or what the server cannot answer exactly or does not support.
    pub(super) fn answered(
        mut self,
        asked: &Asked<'_>,
    ) -> Result<Result<Answered, Unsupported>, ReadError> {
        match answer(asked, &Spark, self.catalog, &mut self) {
            Ok(answered) => Ok(Ok(answered)),
            Err(Refusal::Unsupported(unsupported)) => Ok(Err(unsupported)),
            Err(Refusal::Unread(error)) => Ok(Err(Unsupported {
                what: format!("`{}`", asked.table.table),
                why: self.unknown.ok_or(error)?,
            })),
        }
    }

    fn error(&mut self, failure: Failure) -> ReadError {
        if let Failure::Unknown(reason) | Failure::Table(reason) = &failure {
            self.unknown = Some(reason.clone());
        }
        failure.of_read(self.server)
    }
}

impl Server for Pushed<'_> {
    fn lend(&mut self, given: &Given<'_>) -> Result<(), ReadError> {
        // A temporary view would hide such a table from then on.
        let is_taken = self.catalog.relation(given.table).is_some();
        let stream = match is_taken {
            true => Err(Failure::Unknown(format!(
                "a table is called `{}`, the name under which Muster sends data to the server",
                given.table
            ))),
            false => stream_of(given),
        };
        let lent = stream.and_then(|stream| self.session.lend(given.table, stream));
        lent.map_err(|failure| self.error(failure))
    }

    fn ask(
        &mut self,
        query: &Query,
        each: &mut dyn FnMut(&dyn Row) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let session = self.session;
        session.each_row(&query.sql, &mut |failure| self.error(failure), |row| {
            Ok(each(row))
        })
    }
}
