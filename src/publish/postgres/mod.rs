//! Results in a schema of a PostgreSQL server, written in one transaction.
//!
//! Rows that the server lacks go by `COPY` into temporary tables, and statements delete, update and insert what
//! differs. Rows that are the same are not touched, and grants, views and indexes stay. A lock keeps two writers apart.

mod layout;
mod lines;
mod rows;
mod sql;

use self::layout::Layout;
use self::lines::Lines;
use self::sql::{MARKER, PARTS, Shape, TEXT, Target, stage, staged, typed};
use super::identity::{Mark, Published};
use super::parts::{Lacking, Part, Parts, read_noted};
use super::tables::{Keys, NOW, TABLES, Table};
use super::{Glance, PublishError, There, Writer, allows_keys};
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
    /// The tables that this transaction has written.
    settled: Vec<&'static Table>,
}

/// What readers find, and whether a file with such keys can be published.
pub(super) fn glance(server: &Server, keys: Keys) -> Result<Glance, PublishError> {
    let writer = PostgresWriter::connected(server, &Stop::default())?;
    let layout = writer.layout()?;
    if !layout.is_ours() {
        return Ok(Glance {
            refused: writer.is_free(&layout).err(),
            ..Glance::default()
        });
    }
    let published = match layout.has_table(MARKER) {
        true => writer.marked()?.pop(),
        false => None,
    };
    let names = TABLES.iter().map(|table| table.name);
    let gone = names.filter(|name| !layout.has_table(name));
    let refused = match allows_keys(keys, layout.keys(), || writer.removal()) {
        Ok(()) => writer.fits(&layout, layout.keys().unwrap_or(keys))?,
        Err(refused) => Some(refused),
    };
    Ok(Glance {
        is_unmarked: published.is_none(),
        published,
        gone: gone.map(str::to_owned).collect(),
        is_unswept: false,
        refused,
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
            settled: Vec::new(),
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

    fn number(&self, sql: String) -> Result<u64, PublishError> {
        let found = self.writing.execute(sql)?;
        Ok(found.and_then(|found| found.parse().ok()).unwrap_or(0))
    }

    /// Fails if the schema has other tables of the same names.
    fn is_free(&self, layout: &Layout) -> Result<(), PublishError> {
        let shapes = self.target.shapes(self.keys).into_iter();
        let taken = shapes
            .map(|shape| shape.name)
            .filter(|name| layout.has_table(name));
        let taken: Vec<&str> = taken.collect();
        match taken.is_empty() {
            true => Ok(()),
            false => Err(PublishError::Taken {
                tables: taken.join(", "),
                removal: self.target.drop(&taken),
            }),
        }
    }

    /// Why the existing tables cannot be written: a column is missing, or its type cannot be compared with Muster's own.
    fn fits(&self, layout: &Layout, keys: Keys) -> Result<Option<PublishError>, PublishError> {
        let shapes = self.target.shapes(keys).into_iter();
        for shape in shapes.filter(|shape| layout.has_table(shape.name)) {
            if let Some(refused) = self.has_columns(&shape, layout) {
                return Ok(Some(refused));
            }
            for (column, own) in &shape.columns {
                let Some(there) = layout.type_of(shape.name, column) else {
                    continue;
                };
                let comparison = self.target.comparison(shape.name, column, own);
                if there == *own || self.writing.takes(comparison)? {
                    continue;
                }
                let there = there.to_owned();
                return Ok(Some(self.retyped(shape.name, column, there, own)));
            }
        }
        Ok(None)
    }

    /// An error if a table lacks a column that is not added automatically.
    fn has_columns(&self, shape: &Shape, layout: &Layout) -> Option<PublishError> {
        let mut columns = shape.columns.iter();
        let (column, _) = columns.find(|(column, _)| !layout.has(shape.name, column))?;
        shape.addition.is_none().then(|| PublishError::Altered {
            table: self.target.name(shape.name),
            column,
            removal: self.target.drop(&[shape.name]),
        })
    }

    /// Fails unless the server has everything as it was sent, whatever has changed it since: the number of rows of all tables, and
    /// the values of those that were written.
    fn prove(&self, here: &Parts) -> Result<(), PublishError> {
        let found = self.found()?;
        let rows = |part: Option<&Part>| part.map_or(0, |part| part.rows);
        for name in here.keys().chain(found.keys()) {
            let (there, sent) = (found.get(name), here.get(name));
            if there == sent {
                continue;
            }
            let (there, sent) = (rows(there), rows(sent));
            let (table, run) = name;
            let table = match (there == sent, *run) {
                // The recorded digest was changed.
                (true, _) => {
                    let (table, rows) = (self.target.name(PARTS), 1);
                    return Err(PublishError::Unlike { table, rows });
                }
                (false, NOW) => self.target.name(table),
                (false, run) => format!("{} (run {run})", self.target.name(table)),
            };
            return Err(PublishError::Changed { table, there, sent });
        }
        for table in &self.settled {
            let rows = self.number(self.target.unlike(table, self.keys))?;
            if rows > 0 {
                let table = self.target.name(table.name);
                return Err(PublishError::Unlike { table, rows });
            }
        }
        Ok(())
    }

    /// Fails unless the marker table has one row, as it was written.
    fn proves_mark(&self, mark: &Mark) -> Result<(), PublishError> {
        let found = self.writing.rows(self.target.is_marked(mark))?;
        let cells = found.into_iter().flatten().flatten();
        let counts: Vec<u64> = cells.filter_map(|cell| cell.parse().ok()).collect();
        let table = self.target.name(MARKER);
        match counts.as_slice() {
            [1, 1] => Ok(()),
            [1, _] => Err(PublishError::Unlike { table, rows: 1 }),
            counts => Err(PublishError::Changed {
                table,
                there: counts.first().copied().unwrap_or(0),
                sent: 1,
            }),
        }
    }

    /// Fails if a column there is too short for a staged value.
    fn fits_lengths(&self, table: &Table) -> Result<(), PublishError> {
        for row in self.writing.rows(self.target.lengths())? {
            let mut cells = row.into_iter().map(Option::unwrap_or_default);
            let [name, column, there, length] =
                std::array::from_fn(|_| cells.next().unwrap_or_default());
            let mut typed = typed(table, self.keys).filter(|_| name == table.name);
            let own = typed.find(|(own, ty)| *own == column && *ty == TEXT);
            let (Some((column, own)), Ok(length)) = (own, length.parse()) else {
                continue;
            };
            let exceeds = self.target.exceeds(table, column, length);
            if self.writing.execute(exceeds)?.is_some() {
                return Err(self.retyped(table.name, column, there, own));
            }
        }
        Ok(())
    }

    fn retyped(
        &self,
        table: &str,
        column: &'static str,
        there: String,
        own: &'static str,
    ) -> PublishError {
        PublishError::Retyped {
            table: self.target.name(table),
            column,
            there,
            own,
            alteration: self.target.retype(table, column, own),
        }
    }

    /// The parts of the tables. If rows were removed or added on the server, the digest of their part no longer counts.
    fn found(&self) -> Result<Parts, PublishError> {
        let rows = self.writing.rows(self.target.parts())?;
        let parts = rows.into_iter().filter_map(|row| {
            let mut cells = row.into_iter().map(Option::unwrap_or_default);
            let (table, run, part) = read_noted(&mut cells)?;
            Some(((table.name, run), part))
        });
        Ok(parts.collect())
    }
}

impl Writer for PostgresWriter {
    fn there(&mut self) -> Result<Option<There>, PublishError> {
        let layout = self.layout()?;
        if !layout.is_ours() {
            return Ok(None);
        }
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
            keys: layout.keys(),
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
        self.is_free(&layout)?;
        let has_schema = self.writing.execute(self.target.has_schema())?.is_some();
        self.writing.execute(self.target.create(has_schema, keys))?;
        Ok(())
    }

    /// Columns that earlier versions did not have are added as well.
    fn mend(&mut self, keys: Keys) -> Result<Vec<String>, PublishError> {
        self.keys = keys;
        let (layout, mut made) = (self.layout()?, Vec::new());
        if let Some(refused) = self.fits(&layout, keys)? {
            return Err(refused);
        }
        for shape in self.target.shapes(keys) {
            let mut columns = shape.columns.iter();
            let is_whole = columns.all(|(column, _)| layout.has(shape.name, column));
            match (layout.has_table(shape.name), shape.addition) {
                (false, _) => {
                    self.writing.execute(shape.creation)?;
                    made.push(shape.name);
                }
                (true, Some(addition)) if !is_whole => self.writing.execute(addition).map(drop)?,
                (true, _) => {}
            }
        }
        // The table of digests is not reported: only Muster reads it.
        let made = made.into_iter().filter(|name| *name != PARTS);
        Ok(made.map(str::to_owned).collect())
    }

    fn parts(&mut self) -> Result<Parts, PublishError> {
        self.found()
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
        self.fits_lengths(table)?;
        if self
            .writing
            .execute(self.target.is_keyless(table))?
            .is_some()
        {
            self.writing.execute(self.target.single(table))?;
        }
        self.writing
            .execute(self.target.merge(table, self.keys, lacking))?;
        self.writing
            .execute(self.target.note(table, lacking, here))?;
        self.settled.push(table);
        Ok(())
    }

    fn finish(self, mark: Option<Mark>, here: &Parts) -> Result<bool, PublishError> {
        let Some(mark) = mark else {
            // Tables that were missing have been recreated, and have no rows in the file either.
            self.writing.commit()?;
            return Ok(true);
        };
        self.writing.execute(self.target.mark(&mark))?;
        // Triggers on one table may change another, and deferred ones would only fire at the commit.
        self.writing
            .execute("SET CONSTRAINTS ALL IMMEDIATE".to_owned())?;
        self.prove(here)?;
        self.proves_mark(&mark)?;
        self.writing.commit()?;
        Ok(true)
    }
}
