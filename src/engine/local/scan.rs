//! One event table, read once for all collections over it.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::Reading;
use super::best::Ties;
use super::failure::Failure;
use super::gather::gather;
use super::intake::Intake;
use super::keys::{ABSENT, integer_of};
use super::lookups;
use super::problems::Tally;
use super::reading::lacking;
use super::select::Select;
use super::selection::{Pick, Selecting, Span, View};
use super::subjects::Population;
use crate::engine::{Column, ProblemKind, RowEvaluator, Stale};
use crate::plan::{CollectionScan, NodeId, Op, Plan, TableScan};

/// Rows that are read before they are looked at together: their columns fit a processor's cache.
const BATCH: usize = 2_048;

/// What each aggregate of a scan came to.
pub(super) type Answers = Vec<(usize, Result<Column, Stale>)>;

/// A scan in the making.
struct Scan<'p> {
    intake: Intake,
    subjects: Vec<SubjectColumn>,
    keys: Vec<KeyColumn>,
    collections: Vec<Reader<'p>>,
    evaluator: RowEvaluator<'p>,
    /// Whether the program reads columns of the row's subject.
    of_subject: bool,
    picked: Vec<Pick>,
}

/// A column that names the rows' subjects.
struct SubjectColumn {
    from: usize,
    name: String,
    /// Each row's key, where keys are integers. They are looked up when the batch is whole: one after
    /// the other, lookups need not wait for each other's memory.
    keys: Vec<Option<i64>>,
    /// Each row's subject.
    places: Vec<u32>,
    orphans: Tally,
    nothing: Tally,
}

/// A column that breaks ties in time.
struct KeyColumn {
    from: usize,
    keys: Ties,
}

/// A collection of the table.
struct Reader<'p> {
    plan: &'p CollectionScan,
    /// Its place among the subject columns.
    subject: usize,
    /// Its place among the columns read.
    at: Option<usize>,
    /// Its place among the key columns.
    key: Option<usize>,
    selections: Vec<Selecting>,
}

/// Reads a table and fills its aggregates.
pub(super) fn scan(
    reading: &mut Reading<'_>,
    plan: &Plan,
    table: &TableScan,
    population: &Population,
) -> Result<Answers, Failure> {
    let connection = reading.connection;
    let Some(select) = Select::new(connection, &table.table)? else {
        return Err(Failure::no_table(&table.table));
    };
    let lookups = lookups::load(reading, &table.lookups, &table.inputs)?;
    let intake = Intake::new(select, &table.inputs, lookups);
    let (mut scan, mut answers) = Scan::new(reading, plan, table, population, intake);
    let about = scan.intake.select.estimate(connection);
    let mut statement = scan.intake.select.prepare(connection)?;
    let mut rows = statement.query([])?;
    let mut told = 0;
    reading.progress(&table.table, 0, about)?;
    loop {
        scan.clear();
        while scan.intake.rows < BATCH {
            match rows.next()? {
                Some(row) => {
                    scan.intake.read(row, &mut reading.times)?;
                    scan.read_keys(row, population)?;
                }
                None => break,
            }
        }
        if scan.intake.rows == 0 {
            break;
        }
        scan.intake.look_up();
        scan.find_subjects(connection, population);
        scan.take(population);
        let total = scan.intake.total;
        if total - told >= 65_536 {
            told = total;
            reading.progress(&table.table, total, about)?;
        }
    }
    let total = scan.intake.total;
    reading.rows += total;
    reading.progress(&table.table, total, Some(total))?;
    reading.problems.extend(scan.intake.problems());
    for column in scan.subjects {
        let (table, name) = (&table.table, &column.name);
        let orphans = column
            .orphans
            .into_problem(ProblemKind::Orphan, table, name);
        let nothing = column
            .nothing
            .into_problem(ProblemKind::NullKey, table, name);
        reading.problems.extend(orphans.into_iter().chain(nothing));
    }
    for collection in scan.collections {
        answers.extend(
            collection
                .selections
                .into_iter()
                .flat_map(Selecting::finish),
        );
    }
    Ok(answers)
}

impl<'p> Scan<'p> {
    /// Also the aggregates of collections that lack a column.
    fn new(
        reading: &Reading<'_>,
        plan: &'p Plan,
        table: &'p TableScan,
        population: &Population,
        intake: Intake,
    ) -> (Self, Answers) {
        let program = &table.program;
        let of_subject = |node: &crate::plan::Node| matches!(node.op, Op::OfSubject(_));
        let mut scan = Self {
            intake,
            subjects: Vec::new(),
            keys: Vec::new(),
            collections: Vec::new(),
            evaluator: RowEvaluator::new(program, &reading.clock),
            of_subject: program.nodes.iter().any(of_subject),
            picked: Vec::with_capacity(BATCH),
        };
        let mut stale = Vec::new();
        for collection in &table.collections {
            match scan.reader(collection) {
                Ok(reader) => scan.collections.push(reader),
                Err(reason) => {
                    let lost = collection.selections.iter().flat_map(|s| &s.measures);
                    let reason = Stale { reason };
                    stale.extend(lost.map(|aggregate| (*aggregate, Err(reason.clone()))));
                }
            }
        }
        let broken = |node: NodeId| lacking(program, node, &scan.intake.broken, &population.inputs);
        for reader in &mut scan.collections {
            let selections = reader.plan.selections.iter().map(|selection| {
                let admitted = reader.plan.admitted;
                let subjects = population.subjects.len();
                let clock = &reading.clock;
                Selecting::new(plan, program, selection, admitted, clock, subjects, &broken)
            });
            reader.selections = selections.collect();
        }
        (scan, stale)
    }

    /// How a collection reads this table; or which column it lacks.
    fn reader(&mut self, plan: &'p CollectionScan) -> Result<Reader<'p>, String> {
        let subject = self.intake.select.column(&plan.subject)?;
        let at = match &plan.at {
            Some((name, ty)) => Some(self.intake.time(name, *ty)?),
            None => None,
        };
        let key = match &plan.key {
            Some(key) => Some(self.intake.select.column(key)?),
            None => None,
        };
        Ok(Reader {
            plan,
            subject: self.subject_column(subject, &plan.subject),
            at,
            key: key.map(|key| self.key_column(key)),
            selections: Vec::new(),
        })
    }

    fn subject_column(&mut self, from: usize, name: &str) -> usize {
        let known = self.subjects.iter().position(|known| known.from == from);
        known.unwrap_or_else(|| {
            self.subjects.push(SubjectColumn {
                from,
                name: name.to_owned(),
                keys: Vec::with_capacity(BATCH),
                places: Vec::with_capacity(BATCH),
                orphans: Tally::default(),
                nothing: Tally::default(),
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
            column.keys.clear();
            column.places.clear();
        }
        self.keys.iter_mut().for_each(|key| key.keys.clear());
    }

    /// Reads whose a row is, and what breaks its ties.
    #[inline]
    fn read_keys(
        &mut self,
        row: &rusqlite::Row<'_>,
        population: &Population,
    ) -> rusqlite::Result<()> {
        for column in &mut self.subjects {
            let value = row.get_ref(column.from)?;
            let found = match population.index.is_of_integers() {
                true => {
                    let key = integer_of(value);
                    column.keys.push(key);
                    key.is_some()
                }
                false => {
                    let place = population.index.find(value);
                    column.places.push(place);
                    place != ABSENT
                }
            };
            if !found {
                let example = || self.intake.select.example(row, self.intake.total, value);
                match value {
                    ValueRef::Null => column.nothing.add(example),
                    _ => column.orphans.add(example),
                }
            }
        }
        for column in &mut self.keys {
            column.keys.push(row.get_ref(column.from)?);
        }
        Ok(())
    }

    /// Looks up the keys of the batch.
    fn find_subjects(&mut self, connection: &Connection, population: &Population) {
        let before = self.intake.total - self.intake.rows as u64;
        for column in &mut self.subjects {
            for (ordinal, key) in (before + 1..).zip(&column.keys) {
                let place = key.map_or(ABSENT, |key| population.index.place(key));
                if let (ABSENT, Some(key)) = (place, *key) {
                    let (select, from) = (&self.intake.select, column.from);
                    let example = || select.example_with(connection, from, ordinal, key);
                    column.orphans.add(example);
                }
                column.places.push(place);
            }
        }
    }

    /// Gives the batch to all selections that it concerns.
    fn take(&mut self, population: &Population) {
        let inputs = &self.intake.columns;
        let mut evaluated = false;
        for (subject, column) in self.subjects.iter().enumerate() {
            evaluated &= !self.of_subject;
            for reader in &mut self.collections {
                if reader.subject != subject {
                    continue;
                }
                let times = reader.at.and_then(|at| inputs.get(at));
                let at = times.map(|times| (times.instants(), Span::of(times.instants())));
                let span = at.map(|(_, span)| span);
                for selection in &mut reader.selections {
                    if !selection.concerns(span) {
                        continue;
                    }
                    if selection.computes && !evaluated {
                        evaluated = true;
                        let mut of_subject = |input: usize| match population.inputs.get(input) {
                            Some(Ok(values)) => gather(values, &column.places),
                            _ => Column::Truth(Vec::new()),
                        };
                        self.evaluator.evaluate(inputs, &mut of_subject);
                    }
                    let view = View {
                        places: &column.places,
                        at,
                        keys: reader
                            .key
                            .and_then(|key| self.keys.get(key))
                            .map(|k| &k.keys),
                        admitted: reader.plan.admitted,
                        evaluator: &self.evaluator,
                        inputs,
                    };
                    selection.add(&view, &mut self.picked);
                }
            }
        }
    }
}
