//! Results in a schema of a PostgreSQL server, written in one transaction.
//!
//! Rows that the server lacks go by `COPY` into temporary tables, and statements delete, update and insert what
//! differs. Rows that are the same are not touched, and grants, views and indexes stay. A lock keeps two writers apart.

mod layout;
mod lines;
mod sql;

use self::layout::Layout;
use self::lines::Lines;
use self::sql::{MARKER, PARTS, Target, stage, staged};
use super::identity::{Mark, Published};
use super::parts::{Lacking, Parts, read_noted};
use super::tables::{Keys, TABLES, Table};
use super::{Glance, PublishError, There, Writer};
use crate::config::Server;
use crate::connector::Stop;
use crate::connector::postgres::Writing;

/// One write transaction.
#[derive(Debug)]
pub(super) struct PostgresWriter {
    writing: Writing,
    target: Target,
    /// The type of the keys in the tables being filled.
    keys: Keys,
    /// Rows of the current table that are not sent yet; `None` before its first row.
    lines: Option<Lines>,
}

/// What readers find.
pub(super) fn glance(server: &Server) -> Result<Glance, PublishError> {
    let writer = PostgresWriter::connected(server, &Stop::default())?;
    let layout = writer.layout()?;
    if !layout.is_ours() {
        return Ok(Glance::default());
    }
    let published = match layout.has_table(MARKER) {
        true => writer.marked()?.pop(),
        false => None,
    };
    let names = TABLES.iter().map(|table| table.name);
    let gone = names.filter(|name| !layout.has_table(name));
    Ok(Glance {
        is_unmarked: published.is_none(),
        published,
        gone: gone.map(str::to_owned).collect(),
        is_unswept: false,
    })
}

impl PostgresWriter {
    /// Begins to write once no other writer is active; `stop` ends it.
    pub(super) fn begin(server: &Server, stop: &Stop) -> Result<Self, PublishError> {
        let new = Self::connected(server, stop)?;
        new.writing.execute(new.target.lock())?;
        Ok(new)
    }

    fn connected(server: &Server, stop: &Stop) -> Result<Self, PublishError> {
        Ok(Self {
            writing: Writing::begin(server, stop)?,
            target: Target::new(server),
            keys: Keys::Texts,
            lines: None,
        })
    }

    fn layout(&self) -> Result<Layout, PublishError> {
        Ok(Layout::new(self.writing.rows(self.target.layout())?))
    }

    /// The rows of the marker table: one, unless somebody has changed it.
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

    /// Fails unless the server has everything as it was sent: the number of rows, and their values.
    fn prove(
        &self,
        table: &'static Table,
        lacking: &Lacking,
        here: &Parts,
    ) -> Result<(), PublishError> {
        let number = |sql| {
            let found = self.writing.execute(sql)?;
            Ok::<u64, PublishError>(found.and_then(|found| found.parse().ok()).unwrap_or(0))
        };
        let of_table = lacking
            .sent
            .iter()
            .filter_map(|run| here.get(&(table.name, *run)));
        let sent = of_table.map(|part| part.rows).sum();
        let there = number(self.target.count(table, lacking))?;
        let rows = number(self.target.unlike(table))?;
        let table = self.target.name(table.name);
        match (there == sent, rows) {
            (true, 0) => Ok(()),
            (true, rows) => Err(PublishError::Unlike { table, rows }),
            (false, _) => Err(PublishError::Changed { table, there, sent }),
        }
    }
}

impl Writer for PostgresWriter {
    fn there(&mut self) -> Result<Option<There>, PublishError> {
        let layout = self.layout()?;
        if !layout.is_ours() {
            return Ok(None);
        }
        let keys = self.writing.execute(self.target.key_type())?;
        let keys = keys.map(|ty| match ty.as_str() {
            "bigint" => Keys::Numbers,
            _ => Keys::Texts,
        });
        let mut marked = match layout.has_table(MARKER) {
            true => self.marked()?,
            false => Vec::new(),
        };
        let published = marked.pop().map(|published| Published {
            // More than one row has to become one again.
            rewritten: published.rewritten.filter(|_| marked.is_empty()),
            ..published
        });
        Ok(Some(There {
            keys,
            is_unmarked: published.is_none(),
            published,
        }))
    }

    fn removal(&self) -> String {
        self.target.drop_all()
    }

    fn make(&mut self, keys: Keys) -> Result<(), PublishError> {
        self.keys = keys;
        let layout = self.layout()?;
        let shapes = self.target.shapes(keys).into_iter();
        let taken = shapes
            .map(|shape| shape.name)
            .filter(|name| layout.has_table(name));
        let taken: Vec<&str> = taken.collect();
        if !taken.is_empty() {
            return Err(PublishError::Taken {
                tables: taken.join(", "),
                removal: self.target.drop(&taken),
            });
        }
        let has_schema = self.writing.execute(self.target.has_schema())?.is_some();
        self.writing.execute(self.target.create(has_schema, keys))?;
        Ok(())
    }

    /// Columns that earlier versions did not have are added as well.
    fn mend(&mut self, keys: Keys) -> Result<Vec<String>, PublishError> {
        self.keys = keys;
        let (layout, mut made) = (self.layout()?, Vec::new());
        for shape in self.target.shapes(keys) {
            if !layout.has_table(shape.name) {
                self.writing.execute(shape.creation)?;
                made.push(shape.name);
                continue;
            }
            let mut columns = shape.columns.into_iter();
            let Some(column) = columns.find(|column| !layout.has(shape.name, column)) else {
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
        // The table of digests is not reported: only Muster reads it.
        let made = made.into_iter().filter(|name| *name != PARTS);
        Ok(made.map(str::to_owned).collect())
    }

    /// If rows were removed or added on the server, the digest of their part no longer counts.
    fn parts(&mut self) -> Result<Parts, PublishError> {
        let rows = self.writing.rows(self.target.parts())?;
        let parts = rows.into_iter().filter_map(|row| {
            let mut cells = row.into_iter().map(Option::unwrap_or_default);
            let (table, run, part) = read_noted(&mut cells)?;
            Some(((table.name, run), part))
        });
        Ok(parts.collect())
    }

    fn add(&mut self, table: &'static Table, row: Vec<Option<String>>) -> Result<(), PublishError> {
        if self.lines.is_none() {
            self.writing.execute(stage(table, self.keys))?;
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
            // All that is left to do is to remove rows.
            None => self.writing.execute(stage(table, self.keys)).map(drop)?,
        }
        self.writing.execute(self.target.merge(table, lacking))?;
        self.prove(table, lacking, here)?;
        self.writing
            .execute(self.target.note(table, lacking, here))?;
        Ok(())
    }

    fn finish(self, mark: Option<Mark>) -> Result<bool, PublishError> {
        let Some(mark) = mark else {
            // Tables that were missing have been recreated, and have no rows in the file either.
            self.writing.commit()?;
            return Ok(true);
        };
        self.writing.execute(self.target.mark(&mark))?;
        let there = self.writing.execute(self.target.is_marked(&mark))?;
        let there = there.and_then(|there| there.parse().ok()).unwrap_or(0);
        if there != 1 {
            let (table, sent) = (self.target.name(MARKER), 1);
            return Err(PublishError::Changed { table, there, sent });
        }
        self.writing.commit()?;
        Ok(true)
    }
}
