//! Results in a schema of a Spark server's catalog, where no transaction spans tables: partitions that nobody reads yet
//! are written first, and a marker row last, which makes all of them take effect at once.
//!
//! Partitions are never changed. Rows that are the same stay in their partition. Partitions that no publication in use
//! needs are removed, including those left by writers that were killed.

mod found;
mod sql;
mod sweep;

pub(super) use self::found::glance;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use self::found::gone;
use self::sql::{LENT, NOTED, Stored, Target};
use self::sweep::{Publication, is_rewritten, staying};
use super::identity::{Mark, Published};
use super::parts::{Lacking, Part, Parts, read_noted};
use super::tables::{Keys, NOW, Table};
use super::{PublishError, There, Writer};
use crate::config::SparkServer;
use crate::connector::Stop;
use crate::connector::spark::Writing;
use crate::engine::EngineError;

/// About how many bytes of rows are sent at once.
const MOST: usize = 8 * 1024 * 1024;
/// The minimum delay in seconds between writing a publication's row and its taking effect: longer than writing the row
/// takes.
const AHEAD: u64 = 3;
/// The delay as a multiple of the time that it took to write the publication's list of partitions.
const MARGIN: u64 = 3;
/// How many partitions are removed at once.
const REMOVED: usize = 200;
/// How long to wait for another process's marked publication to take effect.
const PATIENCE: Duration = Duration::from_secs(30);

/// One publication being written.
#[derive(Debug)]
pub(super) struct SparkWriter {
    writing: Writing,
    server: SparkServer,
    target: Target,
    keys: Keys,
    /// The number of the next partition; the marker gets the highest.
    next: i64,
    /// The newest publication when this one began.
    base: Option<i64>,
    /// The partitions to be listed.
    noted: Vec<Noted>,
    /// The partitions that existed when this one began.
    before: Vec<Partitions>,
    /// The buffered rows, and their approximate length.
    rows: Vec<Vec<Option<String>>>,
    bytes: usize,
    /// The runs and partitions written for the current table.
    written: Vec<(i64, i64)>,
}

/// A table, and the numbers that identify each of its partitions.
type Partitions = (Stored, Vec<Vec<i64>>);

/// A partition that belongs to a publication.
#[derive(Debug, Clone)]
struct Noted {
    table: &'static Table,
    run: i64,
    part: Part,
    number: i64,
}

impl SparkWriter {
    /// Begins to write; `stop` ends it.
    pub(super) fn begin(server: &SparkServer, stop: &Stop) -> Result<Self, PublishError> {
        let (writing, target) = (Writing::begin(server, stop)?, Target::new(server));
        if !writing.knows(target.partitions(Stored::Publications))? {
            return Err(PublishError::Unfit(server.to_string()));
        }
        let next = number(&writing, target.now())?;
        Ok(Self {
            writing,
            server: server.clone(),
            target,
            keys: Keys::Numbers,
            next,
            base: None,
            noted: Vec::new(),
            before: Vec::new(),
            rows: Vec::new(),
            bytes: 0,
            written: Vec::new(),
        })
    }

    /// All complete publications, oldest first.
    fn publications(&self) -> Result<Vec<Publication>, EngineError> {
        let rows = self.writing.rows(self.target.publications())?;
        let publications = rows.into_iter().flatten().filter_map(|row| {
            let mut cells = row.into_iter();
            Some(Publication {
                number: cells.next()??.parse().ok()?,
                counts: cells.next()??.parse().ok()?,
                of: Published {
                    run: cells.next()??.parse().ok()?,
                    rewritten: cells.next()?.and_then(|number| number.parse().ok()),
                    results: cells.next()?,
                    token: cells.next()?,
                },
            })
        });
        Ok(publications.collect())
    }

    fn partitions(&self) -> Result<Vec<Partitions>, EngineError> {
        let found = Stored::all().map(|stored| {
            let rows = self.writing.rows(self.target.partitions(stored))?;
            let rows = rows.into_iter().flatten().flatten().flatten();
            Ok((stored, rows.filter_map(|row| partition(&row)).collect()))
        });
        found.collect()
    }

    fn create(&self, keys: Keys) -> Result<(), EngineError> {
        let mut statements = self.target.create(keys).into_iter();
        statements.try_for_each(|statement| self.writing.execute(statement))
    }

    /// The partitions that belong to some publications.
    fn noted(&self, publications: &[i64]) -> Result<Vec<Noted>, EngineError> {
        let rows = self.writing.rows(self.target.noted(publications))?;
        let noted = rows.into_iter().flatten().filter_map(|row| {
            let mut cells = row.into_iter().map(Option::unwrap_or_default);
            let (table, run, part) = read_noted(&mut cells)?;
            let number = cells.next()?.parse().ok()?;
            Some(Noted {
                table,
                run,
                part,
                number,
            })
        });
        Ok(noted.collect())
    }

    /// Writes the buffered rows.
    fn flush(&mut self, table: &'static Table) -> Result<(), PublishError> {
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        if rows.is_empty() {
            return Ok(());
        }
        let runs: BTreeSet<i64> = rows.iter().map(|row| table.run_of(row)).collect();
        self.insert(Stored::Rows(table), &table.names(), &rows)?;
        self.written
            .extend(runs.into_iter().map(|run| (run, self.next)));
        self.next += 1;
        Ok(())
    }

    /// Writes partitions with the next number.
    fn insert(
        &self,
        stored: Stored,
        columns: &[&str],
        rows: &[Vec<Option<String>>],
    ) -> Result<(), PublishError> {
        self.writing.lend(LENT, columns, rows)?;
        let sql = self.target.insert(stored, self.keys, self.next);
        self.writing.execute(sql)?;
        let there = self.number(self.target.count(stored, self.next))?;
        let (there, sent) = (there.unsigned_abs(), rows.len() as u64);
        match there == sent {
            true => Ok(()),
            false => Err(PublishError::Changed {
                table: self.target.stored(stored),
                there,
                sent,
            }),
        }
    }

    /// The one number that a query returns; 0 if it returns none.
    fn number(&self, sql: String) -> Result<i64, EngineError> {
        number(&self.writing, sql)
    }

    /// Writes the list of partitions of this publication, and marks it. Returns whether the write was complete before
    /// the publication took effect.
    fn mark(&self, mark: &Mark) -> Result<bool, PublishError> {
        let rows = self.noted.iter().map(|noted| {
            let cells = [
                noted.table.name.to_owned(),
                noted.run.to_string(),
                noted.part.rows.to_string(),
                noted.part.digest.clone(),
                noted.number.to_string(),
            ];
            cells.map(Some).to_vec()
        });
        let rows: Vec<_> = rows.collect();
        let begun = Instant::now();
        self.insert(Stored::Parts, &NOTED.map(|(name, _)| name), &rows)?;
        let ahead = AHEAD.max(begun.elapsed().as_secs() * MARGIN);
        let newest = self.publications()?.pop();
        if newest.map(|newest| newest.number) != self.base {
            return Err(PublishError::Overtaken(self.server.to_string()));
        }
        let mark = self.target.mark(self.next, mark, ahead);
        let begun = Instant::now();
        self.writing.execute(mark)?;
        let took = begun.elapsed();
        // Until then, readers read the last publication.
        let counts = Duration::from_secs(ahead + 1);
        self.writing.wait(counts.saturating_sub(took))?;
        Ok(took < Duration::from_secs(ahead))
    }

    /// The time at the server, in microseconds since 1970, once a publication is in effect: another process may have
    /// marked it a moment ago.
    fn now_that_counts(&self, publication: &Publication) -> Result<i64, EngineError> {
        let now = self.number(self.target.now())?;
        let left = publication.counts.saturating_sub(now);
        let left = Duration::from_micros(left.try_into().unwrap_or(0));
        if left.is_zero() || left > PATIENCE {
            return Ok(now);
        }
        self.writing.wait(left)?;
        self.number(self.target.now())
    }

    /// Removes what no publication in use needs.
    fn sweep(&mut self) -> Result<(), EngineError> {
        let publications = self.publications()?;
        if is_rewritten(&publications) {
            for stored in Stored::all().filter(|stored| matches!(stored, Stored::Rows(_))) {
                self.writing.execute(self.target.recover(stored))?;
            }
            self.before = self.partitions()?;
        }
        let Some(newest) = publications.last() else {
            return Ok(());
        };
        let staying = staying(&publications, self.now_that_counts(newest)?);
        let noted = self.noted(&staying)?.into_iter();
        let used: BTreeSet<_> = noted
            .map(|noted| (noted.table.name, noted.run, noted.number))
            .collect();
        // The markers come last: as long as they exist, they show that something is left to be removed.
        for (stored, partitions) in &self.before {
            // A writer that has begun since is still at work; one that began before is too late.
            let settled = partitions
                .iter()
                .filter(|numbers| numbers.last().is_some_and(|number| *number < newest.number));
            let idle = settled.filter(|numbers| match (stored, numbers.as_slice()) {
                (Stored::Rows(table), [run, number]) => {
                    !used.contains(&(table.name, *run, *number))
                }
                (Stored::Rows(table), [number]) => !used.contains(&(table.name, NOW, *number)),
                (_, [publication]) => !staying.contains(publication),
                _ => false,
            });
            let idle: Vec<_> = idle.cloned().collect();
            for some in idle.chunks(REMOVED) {
                self.writing.execute(self.target.drop(*stored, some))?;
            }
        }
        Ok(())
    }
}

impl Writer for SparkWriter {
    fn there(&mut self) -> Result<Option<There>, PublishError> {
        let names = self.names()?;
        if !Target::is_ours(&names) {
            return Ok(None);
        }
        let newest = self.publications()?.pop();
        self.base = newest.as_ref().map(|newest| newest.number);
        Ok(Some(There {
            keys: self.key_type()?,
            is_unmarked: self.is_unmarked(&names)?,
            published: newest.map(|newest| newest.of),
        }))
    }

    fn removal(&self) -> String {
        self.target.drop_all()
    }

    fn make(&mut self, keys: Keys) -> Result<(), PublishError> {
        self.keys = keys;
        self.is_free(&self.names()?)?;
        Ok(self.create(keys)?)
    }

    fn mend(&mut self, keys: Keys) -> Result<Vec<String>, PublishError> {
        self.keys = keys;
        let gone = gone(&self.names()?);
        if !gone.is_empty() {
            self.create(keys)?;
        }
        Ok(gone)
    }

    fn parts(&mut self) -> Result<Parts, PublishError> {
        self.before = self.partitions()?;
        if let Some(base) = self.base {
            self.noted = self.noted(&[base])?;
        }
        let before: BTreeSet<_> = self
            .before
            .iter()
            .flat_map(|(stored, partitions)| {
                let partitions = partitions.iter();
                partitions.map(|numbers| (stored.name(), numbers.clone()))
            })
            .collect();
        // If a partition was removed on the server, all partitions of its part are written again.
        let is_gone = |noted: &&Noted| {
            let numbers = match noted.table.is_history {
                true => vec![noted.run, noted.number],
                false => vec![noted.number],
            };
            !before.contains(&(Stored::Rows(noted.table).name(), numbers))
        };
        let gone = self.noted.iter().filter(is_gone);
        let gone: BTreeSet<_> = gone.map(|noted| (noted.table.name, noted.run)).collect();
        self.noted
            .retain(|noted| !gone.contains(&(noted.table.name, noted.run)));
        // Covers clocks that went back, and partitions that are in no list.
        let numbers = self.before.iter().flat_map(|(_, partitions)| partitions);
        let highest = numbers.filter_map(|numbers| numbers.last()).max();
        self.next = self.next.max(highest.map_or(0, |highest| highest + 1));
        let parts = self.noted.iter();
        let parts = parts.map(|noted| ((noted.table.name, noted.run), noted.part.clone()));
        Ok(parts.collect())
    }

    fn add(&mut self, table: &'static Table, row: Vec<Option<String>>) -> Result<(), PublishError> {
        let cells = row.iter().map(|cell| cell.as_ref().map_or(0, String::len));
        self.bytes += cells.sum::<usize>();
        self.rows.push(row);
        if self.bytes >= MOST {
            self.flush(table)?;
        }
        Ok(())
    }

    fn settle(
        &mut self,
        table: &'static Table,
        lacking: &Lacking,
        here: &Parts,
    ) -> Result<(), PublishError> {
        self.flush(table)?;
        let changed: BTreeSet<i64> = lacking.runs().collect();
        self.noted
            .retain(|noted| noted.table != table || !changed.contains(&noted.run));
        for (run, number) in std::mem::take(&mut self.written) {
            let part = here.get(&(table.name, run)).cloned();
            let noted = part.map(|part| Noted {
                table,
                run,
                part,
                number,
            });
            self.noted.extend(noted);
        }
        Ok(())
    }

    fn finish(mut self, mark: Option<Mark>, _: &Parts) -> Result<bool, PublishError> {
        let is_at_once = match mark {
            Some(mark) => self.mark(&mark)?,
            None => true,
        };
        self.sweep().map_err(PublishError::Unswept)?;
        Ok(is_at_once)
    }
}

fn number(writing: &Writing, sql: String) -> Result<i64, EngineError> {
    let rows = writing.rows(sql)?;
    let cell = rows.into_iter().flatten().flatten().flatten().next();
    Ok(cell.and_then(|cell| cell.parse().ok()).unwrap_or(0))
}

/// Parses the numbers of a partition, such as `run_id=3/part=17`.
fn partition(text: &str) -> Option<Vec<i64>> {
    let parts = text.split('/');
    parts
        .map(|part| part.split_once('=')?.1.parse().ok())
        .collect()
}
