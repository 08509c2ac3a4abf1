//! One event table, read once for all collections over it.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use super::account::Account;
use super::batch::{Batch, Whose};
use super::best::Ties;
use super::intake::Intake;
use super::keys::integer_of;
use super::lookups;
use super::needs::{inputs_of, lacking};
use super::problems::tell;
use super::reading::Reading;
use super::selection::Selecting;
use super::settle::settle;
use super::strays::Strays;
use super::subjects::Population;
use super::tables::{ReadError, Row, Tables};
use super::taking::{Answers, Reader, Taking};
use crate::engine::{Cell, Column, Stale};
use crate::ir::{CollectionScan, Ir, NodeId, Program, TableScan};

/// Rows that are read before they are looked at together: their columns fit a processor's cache.
const BATCH: usize = 2_048;

/// Rows on their way into batches.
struct Filling {
    intake: Intake,
    subjects: Vec<SubjectColumn>,
    keys: Vec<KeyColumn>,
}

/// A column that names the rows' subjects.
struct SubjectColumn {
    from: usize,
    name: String,
    rows: Whose,
}

/// A column that breaks ties in time.
struct KeyColumn {
    from: usize,
    keys: Ties,
}

/// Reads a table and fills its aggregates: rows are read on this thread, and what is measured of them
/// is measured on another, a batch behind.
pub(super) fn scan<T: Tables>(
    reading: &mut Reading<'_, T>,
    ir: &Ir,
    table: &TableScan,
    population: &Population,
) -> Result<Answers, ReadError> {
    let select = reading.select(&table.table)?;
    let lookups = lookups::load(reading, &table.lookups, &table.inputs)?;
    let mut filling = Filling {
        intake: Intake::new(select, &table.inputs, lookups),
        subjects: Vec::new(),
        keys: Vec::new(),
    };
    let mut taking = Taking::new(table, reading.clock, reading.plausible);
    let mut answers = Answers::new();
    for collection in &table.collections {
        match filling.reader(collection) {
            Ok(reader) => taking.collections.push(reader),
            Err(reason) => {
                let lost = collection.selections.iter().flat_map(|s| &s.measures);
                let reason = Stale { reason };
                answers.extend(lost.map(|aggregate| (*aggregate, Err(reason.clone()))));
            }
        }
    }
    let program = &table.program;
    let broken = |node: NodeId| lacking(program, node, &filling.intake.broken, &population.inputs);
    for reader in &mut taking.collections {
        let selections = reader.ir.selections.iter().map(|selection| {
            let (admitted, clock) = (reader.ir.admitted, &reading.clock);
            let subjects = population.subjects.len();
            Selecting::new(ir, program, selection, admitted, clock, subjects, &broken)
        });
        reader.selections = selections.collect();
        reader.accounts = accounts(ir, program, reader, &filling.intake);
    }

    let (full, to_take) = sync_channel::<Batch>(1);
    let (taken, spare) = channel();
    for _ in 0..2 {
        // The receiver is at hand.
        taken.send(filling.spare()).ok();
    }
    let subjects = filling.subjects.iter();
    taking.strays = subjects.map(|_| Strays::default()).collect();
    let taking = thread::scope(|scope| {
        let taker = scope.spawn(move || {
            for mut batch in to_take {
                taking.take(&mut batch, population);
                // Nobody wants it back once all rows are read.
                taken.send(batch).ok();
            }
            taking
        });
        let read = filling.read(reading, population, full, spare);
        let taking = taker.join().unwrap_or_else(|panic| resume_unwind(panic));
        read.map(|()| taking)
    })?;
    let subjects = filling.subjects.iter().zip(&taking.strays);
    let strays =
        subjects.flat_map(|(column, strays)| strays.sightings((column.from, column.name.as_str())));
    tell(reading, &filling.intake.select, &strays.collect::<Vec<_>>())?;
    let mut readers = taking.collections;
    let accounts = readers.iter_mut().map(|r| std::mem::take(&mut r.accounts));
    let accounts: Vec<Vec<Account>> = accounts.collect();
    let sizes: Vec<usize> = accounts.iter().map(Vec::len).collect();
    let accounts: Vec<Account> = accounts.into_iter().flatten().collect();
    let mut reasons = settle(reading, &filling.intake, &accounts)?.into_iter();
    let mut accounts = accounts.into_iter();
    for (reader, size) in readers.into_iter().zip(sizes) {
        let own = accounts.by_ref().zip(reasons.by_ref()).take(size);
        let doubted = own.filter_map(|(account, stale)| Some((account.column, stale?)));
        answers.extend(finished(ir, program, reader, &doubted.collect()));
    }
    Ok(answers)
}

/// Accounts of the columns that a collection reads.
fn accounts(ir: &Ir, program: &Program, reader: &Reader<'_>, intake: &Intake) -> Vec<Account> {
    let admitted: Vec<NodeId> = reader.ir.admitted.into_iter().collect();
    let deciding = inputs_of(program, admitted.clone());
    let selections = reader.ir.selections.iter();
    let nodes = selections.flat_map(|selection| {
        let measures = selection.measures.iter();
        let planned = measures.filter_map(|place| ir.aggregates.get(*place));
        let fields = planned.filter_map(|aggregate| aggregate.measure.field());
        fields.chain(selection.filter)
    });
    let read = inputs_of(program, nodes.chain(admitted).collect());
    intake.accounts(
        |column| read.contains(&column) || reader.at == Some(column),
        |column| deciding.contains(&column),
    )
}

/// What a collection's aggregates came to, but for those that stand on a doubted column.
fn finished(
    ir: &Ir,
    program: &Program,
    reader: Reader<'_>,
    doubted: &HashMap<usize, Stale>,
) -> Answers {
    let of_time = reader.at.and_then(|at| doubted.get(&at));
    let mut answers = Answers::new();
    for (selection, selecting) in reader.ir.selections.iter().zip(reader.selections) {
        for (place, answer) in selecting.finish() {
            let aggregate = ir.aggregates.get(place);
            let field = aggregate.and_then(|aggregate| aggregate.measure.field());
            let nodes = [field, selection.filter, reader.ir.admitted];
            let inputs = inputs_of(program, nodes.into_iter().flatten().collect());
            let of_inputs = inputs.iter().find_map(|input| doubted.get(input));
            let answer = match of_time.or(of_inputs) {
                Some(stale) => answer.and(Err(stale.clone())),
                None => answer,
            };
            answers.push((place, answer));
        }
    }
    answers
}

impl Filling {
    /// An empty batch of the same columns.
    fn spare(&self) -> Batch {
        let columns = self.intake.columns.iter();
        Batch {
            columns: columns
                .map(|column| Column::missing(column.kind()))
                .collect(),
            fits: self.intake.fits.iter().map(|_| Vec::new()).collect(),
            rows_before: 0,
            whose: self.subjects.iter().map(|_| Whose::default()).collect(),
            keys: self.keys.iter().map(|_| Ties::new()).collect(),
        }
    }

    /// Reads all rows, and hands them on in full batches for spare ones.
    fn read<T: Tables>(
        &mut self,
        reading: &mut Reading<'_, T>,
        population: &Population,
        full: SyncSender<Batch>,
        spare: Receiver<Batch>,
    ) -> Result<(), ReadError> {
        let tables = reading.tables;
        let select = self.intake.select.clone();
        let table = select.table();
        let about = tables.estimate(table);
        let mut told = 0;
        reading.progress(table, 0, about)?;
        tables.read(&select, |row| {
            self.intake.read(row, &mut reading.times);
            self.read_keys(row, population);
            if self.intake.rows == BATCH {
                if self.hand_on(&full, &spare).is_none() {
                    return Ok(ControlFlow::Break(()));
                }
                let total = self.intake.total;
                if total - told >= 65_536 {
                    told = total;
                    reading.progress(table, total, about)?;
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if self.intake.rows > 0 {
            self.hand_on(&full, &spare);
        }
        let total = self.intake.total;
        reading.rows += total;
        reading.progress(table, total, Some(total))
    }

    /// Hands the rows in hand on for a spare batch; none where the other side is gone, which it is only where it
    /// panicked: its joining tells.
    fn hand_on(&mut self, full: &SyncSender<Batch>, spare: &Receiver<Batch>) -> Option<()> {
        self.intake.look_up();
        let mut batch = spare.recv().ok()?;
        self.swap(&mut batch);
        full.send(batch).ok()?;
        self.clear();
        Some(())
    }

    /// Puts what was read into a batch, and takes that batch's memory for what is read next.
    fn swap(&mut self, batch: &mut Batch) {
        std::mem::swap(&mut self.intake.columns, &mut batch.columns);
        std::mem::swap(&mut self.intake.fits, &mut batch.fits);
        batch.rows_before = self.intake.total - self.intake.rows as u64;
        for (column, rows) in self.subjects.iter_mut().zip(&mut batch.whose) {
            std::mem::swap(&mut column.rows, rows);
        }
        for (column, keys) in self.keys.iter_mut().zip(&mut batch.keys) {
            std::mem::swap(&mut column.keys, keys);
        }
    }

    /// How a collection reads this table; or which column it lacks.
    fn reader<'p>(&mut self, ir: &'p CollectionScan) -> Result<Reader<'p>, String> {
        let subject = self.intake.select.column(&ir.subject)?;
        let at = match &ir.at {
            Some((name, ty)) => Some(self.intake.time(name, *ty)?),
            None => None,
        };
        let key = match &ir.key {
            Some(key) => Some(self.intake.select.column(key)?),
            None => None,
        };
        Ok(Reader {
            ir,
            subject: self.subject_column(subject, &ir.subject),
            at,
            key: key.map(|key| self.key_column(key)),
            selections: Vec::new(),
            accounts: Vec::new(),
        })
    }

    fn subject_column(&mut self, from: usize, name: &str) -> usize {
        let known = self.subjects.iter().position(|known| known.from == from);
        known.unwrap_or_else(|| {
            self.subjects.push(SubjectColumn {
                from,
                name: name.to_owned(),
                rows: Whose::default(),
            });
            self.subjects.len() - 1
        })
    }

    fn key_column(&mut self, from: usize) -> usize {
        let known = self.keys.iter().position(|known| known.from == from);
        known.unwrap_or_else(|| {
            let keys = Ties::new();
            self.keys.push(KeyColumn { from, keys });
            self.keys.len() - 1
        })
    }

    fn clear(&mut self) {
        self.intake.clear();
        for column in &mut self.subjects {
            column.rows.keys.clear();
            column.rows.places.clear();
            column.rows.nothing.clear();
        }
        self.keys.iter_mut().for_each(|key| key.keys.clear());
    }

    /// Reads whose a row is, and what breaks its ties.
    #[inline]
    fn read_keys(&mut self, row: &impl Row, population: &Population) {
        for column in &mut self.subjects {
            let value = row.cell(column.from);
            match population.index.is_of_integers() {
                true => column.rows.keys.push(integer_of(value)),
                false => column.rows.places.push(population.index.find(value)),
            }
            if value == Cell::Null {
                // A batch is small.
                let row = u32::try_from(self.intake.rows - 1).unwrap_or(u32::MAX);
                column.rows.nothing.push(row);
            }
        }
        for column in &mut self.keys {
            column.keys.push(row.cell(column.from));
        }
    }
}
