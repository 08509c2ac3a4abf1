//! Results in a schema of a PostgreSQL server, written in one transaction.
//!
//! Rows that the server lacks go by `COPY` into temporary tables, and statements delete, update and insert what differs, so that rows
//! that are the same are not touched, and grants, views and indexes stay. A lock keeps two writers apart.

mod lines;
mod sql;

use self::lines::Lines;
use self::sql::{Target, staged};
use super::parts::{Lacking, Part, Parts};
use super::tables::{Keys, TABLES, Table};
use super::{PublishError, StoredRuns, There, Writer};
use crate::config::Server;
use crate::connector::postgres::Writing;

/// One transaction.
#[derive(Debug)]
pub(super) struct PostgresWriter {
    writing: Writing,
    target: Target,
    /// Rows of the table in hand that are not sent yet; none before its first row.
    lines: Option<Lines>,
}

/// The run that the tables are of.
pub(super) fn published_run(server: &Server) -> Result<Option<i64>, PublishError> {
    PostgresWriter::connected(server)?.marked_run()
}

impl PostgresWriter {
    /// Begins to write, once nobody else does.
    pub(super) fn begin(server: &Server) -> Result<Self, PublishError> {
        let new = Self::connected(server)?;
        new.writing.execute(new.target.lock())?;
        Ok(new)
    }

    fn connected(server: &Server) -> Result<Self, PublishError> {
        Ok(Self {
            writing: Writing::begin(server)?,
            target: Target::new(server),
            lines: None,
        })
    }

    fn marked_run(&self) -> Result<Option<i64>, PublishError> {
        if self.writing.execute(self.target.find_marker())?.is_none() {
            return Ok(None);
        }
        let run = self.writing.execute(self.target.marked())?;
        Ok(run.and_then(|run| run.parse().ok()))
    }

    /// The digests of what is there; of what somebody has taken away or added since, none that is right.
    fn parts(&self) -> Result<Parts, PublishError> {
        if self.writing.execute(self.target.find_parts())?.is_none() {
            // Made by a version that kept no digests.
            self.writing.execute(self.target.create_parts())?;
        }
        let rows = self.writing.rows(self.target.parts())?;
        let parts = rows.into_iter().filter_map(|row| {
            let mut cells = row.into_iter().map(Option::unwrap_or_default);
            let name = cells.next()?;
            let table = TABLES.iter().find(|table| table.name == name)?;
            let run = cells.next()?.parse().ok()?;
            let rows = cells.next()?.parse().ok()?;
            let digest = cells.next()?;
            Some(((table.name, run), Part { rows, digest }))
        });
        Ok(parts.collect())
    }
}

impl Writer for PostgresWriter {
    fn there(&mut self) -> Result<Option<There>, PublishError> {
        if self.writing.execute(self.target.find_marker())?.is_none() {
            return Ok(None);
        }
        let keys = match self.writing.execute(self.target.key_type())?.as_deref() {
            Some("bigint") => Keys::Numbers,
            _ => Keys::Texts,
        };
        Ok(Some(There {
            keys,
            run: self.marked_run()?,
            parts: self.parts()?,
        }))
    }

    fn removal(&self) -> String {
        self.target.drop_all()
    }

    fn make(&mut self, keys: Keys) -> Result<(), PublishError> {
        let has_schema = self.writing.execute(self.target.has_schema())?.is_some();
        self.writing.execute(self.target.create(has_schema, keys))?;
        Ok(())
    }

    fn add(&mut self, table: &'static Table, row: Vec<Option<String>>) -> Result<(), PublishError> {
        if self.lines.is_none() {
            self.writing.execute(self.target.stage(table))?;
        }
        let lines = self.lines.get_or_insert_default();
        if let Some(full) = lines.add(&row) {
            self.writing.fill(&staged(table), full)?;
        }
        Ok(())
    }

    fn settle(
        &mut self,
        table: &'static Table,
        lacking: &Lacking,
        here: &Parts,
    ) -> Result<(), PublishError> {
        match self.lines.take() {
            Some(lines) => self.writing.fill(&staged(table), lines.rest())?,
            // All that is left to do is to take rows away.
            None => self.writing.execute(self.target.stage(table)).map(drop)?,
        }
        self.writing.execute(self.target.merge(table, lacking))?;
        self.writing
            .execute(self.target.note(table, lacking, here))?;
        Ok(())
    }

    fn finish(self, runs: StoredRuns, is_same: bool) -> Result<(), PublishError> {
        if is_same {
            return Ok(());
        }
        if self.marked_run()? != Some(runs.newest) {
            self.writing.execute(self.target.mark(runs.newest))?;
        }
        Ok(self.writing.commit()?)
    }
}
