//! Results in a schema of a PostgreSQL server, written in one transaction.
//!
//! Rows that the server lacks go by `COPY` into temporary tables, and statements delete, update and insert what differs, so that rows
//! that are the same are not touched, and grants, views and indexes stay. A lock keeps two writers apart.

mod lines;
mod sql;

use std::collections::BTreeSet;

use self::lines::Lines;
use self::sql::{Target, staged};
use super::identity::{Mark, Published};
use super::parts::{Lacking, Part, Parts};
use super::tables::{Keys, TABLES, Table};
use super::{PublishError, There, Writer};
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

/// What the tables are of.
pub(super) fn published(server: &Server) -> Result<Option<Published>, PublishError> {
    let writer = PostgresWriter::connected(server)?;
    match writer.is_made()? {
        true => Ok(writer.marked()?.pop()),
        false => Ok(None),
    }
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

    fn is_made(&self) -> Result<bool, PublishError> {
        Ok(self.writing.execute(self.target.find_marker())?.is_some())
    }

    /// What is marked: one, unless somebody has changed it.
    fn marked(&self) -> Result<Vec<Published>, PublishError> {
        let rows = self.writing.rows(self.target.marked())?.into_iter();
        let marked = rows.filter_map(|row| {
            let mut cells = row.into_iter();
            Some(Published {
                run: cells.next()??.parse().ok()?,
                rewritten: cells.next()?.and_then(|number| number.parse().ok()),
                results: cells.next()?,
                token: cells.next()?,
            })
        });
        Ok(marked.collect())
    }

    /// Makes tables that somebody has removed; what earlier versions did not have as well.
    fn mend(&self, keys: Keys) -> Result<(), PublishError> {
        let rows = self.writing.rows(self.target.layout())?.into_iter();
        let cells = rows.filter_map(|row| {
            let mut cells = row.into_iter();
            Some((cells.next()??, cells.next()??))
        });
        let layout: BTreeSet<(String, String)> = cells.collect();
        let is_there = |table: &str| layout.iter().any(|(there, _)| there == table);
        for shape in self.target.shapes(keys) {
            if !is_there(shape.name) {
                self.writing.execute(shape.creation)?;
                continue;
            }
            let has = |column: &str| layout.contains(&(shape.name.to_owned(), column.to_owned()));
            let Some(column) = shape.columns.into_iter().find(|column| !has(column)) else {
                continue;
            };
            match shape.addition {
                Some(addition) => self.writing.execute(addition).map(drop)?,
                None => {
                    let table = self.target.name(shape.name);
                    let removal = format!("DROP TABLE {table}");
                    return Err(PublishError::Altered {
                        table,
                        column,
                        removal,
                    });
                }
            }
        }
        Ok(())
    }

    /// The digests of what is there; of what somebody has taken away or added since, none that is right.
    fn parts(&self) -> Result<Parts, PublishError> {
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
        if !self.is_made()? {
            return Ok(None);
        }
        let keys = match self.writing.execute(self.target.key_type())?.as_deref() {
            Some("bigint") => Keys::Numbers,
            _ => Keys::Texts,
        };
        self.mend(keys)?;
        let mut marked = self.marked()?;
        let published = marked.pop().map(|published| Published {
            // More than one is to be made one again.
            rewritten: published.rewritten.filter(|_| marked.is_empty()),
            ..published
        });
        Ok(Some(There {
            keys,
            published,
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
        let of_table = lacking
            .sent
            .iter()
            .filter_map(|run| here.get(&(table.name, *run)));
        let sent = of_table.map(|part| part.rows).sum();
        let there = self.writing.execute(self.target.count(table, lacking))?;
        let there = there.and_then(|there| there.parse().ok()).unwrap_or(0);
        if there != sent {
            let table = self.target.name(table.name);
            return Err(PublishError::Changed { table, there, sent });
        }
        self.writing
            .execute(self.target.note(table, lacking, here))?;
        Ok(())
    }

    fn finish(self, mark: Option<Mark>) -> Result<(), PublishError> {
        let Some(mark) = mark else {
            return Ok(());
        };
        self.writing.execute(self.target.mark(&mark))?;
        Ok(self.writing.commit()?)
    }
}
