//! Takes tables and returns, for each subject, what an IR needs from them: the only interface between data and rules.
//!
//! Each event table is read once, by one thread or in parts by several. It is read once more for each level of
//! aggregates that its rows are compared with. Rows are not kept beyond their batch, unless the caller has a [`Kept`]
//! for the next question. What is kept is one accumulator per subject, distinct aggregate and piece of time.

mod account;
mod accumulate;
mod admission;
mod again;
mod asked;
mod batch;
mod batch_view;
mod beside;
mod best;
mod decode;
mod doubled;
mod doubted;
mod fill;
mod intake;
mod kept;
mod keys;
mod labels;
mod levels;
mod looks;
mod lookups;
mod measuring;
mod met;
mod misread;
mod needs;
mod part;
mod pick;
mod pipeline;
mod problems;
mod proposal;
mod reading;
mod repeats;
mod replay;
mod row_set;
mod row_values;
mod scan;
mod seen;
mod select;
mod selection;
mod settle;
mod shards;
mod shares;
mod slots;
mod strays;
mod subject_keys;
mod subjects;
mod tables;
mod taking;
mod tally;
mod together;
mod tuning;
mod unfound;
mod values;
mod whole;
mod words;
mod worker;

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;
use std::time::{Duration, Instant};

pub use self::admission::Admission;
pub use self::asked::{Answered, Asked, Whose};
pub use self::decode::read_cell;
pub use self::doubted::Doubted;
pub use self::kept::{Kept, TooLarge};
pub use self::looks::Looks;
pub use self::misread::misread;
pub use self::part::Part;
pub use self::select::Select;
pub use self::subjects::is_heading;
pub use self::tables::{ReadError, Row, Tables};
pub use self::tally::Tally;
pub use self::tuning::Tuning;

use self::reading::Reading;
use super::{Column, EngineError, Problem, ProblemKind, Stale, Subjects, Watch};
use crate::index::IndexVec;
use crate::ir::{AggregateId, InputId, Ir, TableScan};
use crate::time::Clock;

/// What was gathered from one state of the data.
#[derive(Debug)]
pub struct Gathered {
    /// The subjects.
    pub subjects: Subjects,
    /// For each of the IR's subject inputs, one value per subject, or why it cannot be read.
    pub inputs: IndexVec<InputId, Result<Column, Stale>>,
    /// For each of the IR's aggregates, one value per subject, or why it cannot be computed.
    pub aggregates: IndexVec<AggregateId, Result<Column, Stale>>,
    /// The problems found in the data, by table, column and kind.
    pub problems: Vec<Problem>,
    /// Event rows read, by table.
    pub rows: BTreeMap<String, u64>,
    /// If the database aggregates tables itself: why some tables were read row by row all the same.
    pub by_rows: Vec<String>,
    /// How long it took.
    pub time: Duration,
}

/// Gathers what an IR needs from tables that are read row by row.
///
/// `others` are further readers of the same state of the same data; each gets its own thread. The result does not
/// depend on how many there are, on `tuning`, or on whether the data is read or was `kept` from the same state.
///
/// # Errors
/// If the data cannot be read, the subject's table cannot be used, or `watch` asked to stop.
pub fn gather<T: Tables>(
    tables: &T,
    others: &[Mutex<T>],
    tuning: Tuning,
    mut kept: Option<&mut Kept>,
    ir: &Ir,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Gathered, EngineError> {
    let started = Instant::now();
    if let Some(kept) = &mut kept {
        kept.begin();
    }
    let mut reading = Reading::new(
        (tables, others),
        tuning,
        kept,
        *clock,
        (ir.trust, &ir.private),
        watch,
    );
    let mut population = subjects::load(&mut reading, &ir.subject)?;
    let nobody = Stale {
        reason: "no table was read for this".to_owned(),
    };
    let mut aggregates = ir.aggregates.map(|_| Err(nobody.clone()));
    for (level, scans) in ir.levels().into_iter().enumerate() {
        population.known.know(ir, level, &mut aggregates, clock);
        for table in scans {
            let asked = Asked {
                ir,
                table,
                clock,
                plausible: reading.plausible,
                tells_apart: reading.kept.is_none(),
                subjects: &population.subjects,
                index: &population.index,
                known: &population.known,
            };
            let answers = match tables.aggregate(&asked) {
                Ok(Some(answered)) => {
                    reading.problems.extend(answered.problems);
                    reading.rows.insert(table.table.clone(), answered.rows);
                    Ok(answered.aggregates)
                }
                Ok(None) => scan::scan(&mut reading, ir, table, &population),
                Err(error) => Err(error),
            };
            let answers = match answers {
                Ok(answers) => answers,
                Err(ReadError::Table(reason)) => unread(table, &reason),
                Err(ReadError::Whole(error)) => return Err(error),
            };
            for (aggregate, answer) in answers {
                if let Some(slot) = aggregates.get_mut(aggregate) {
                    *slot = answer;
                }
            }
        }
    }
    let mut problems = reading.problems;
    problems.sort_by(|a, b| told_by(a).cmp(&told_by(b)).then(b.count.cmp(&a.count)));
    // A table that several tables look rows up in is read by each of them, but its problems are reported once.
    let mut told = HashSet::new();
    problems.retain(|problem| {
        let (table, column, kind, leads_to) = told_by(problem);
        let place = (table.to_owned(), column.to_owned(), leads_to.cloned());
        told.insert((place, kind, problem.read_as))
    });
    Ok(Gathered {
        subjects: population.subjects,
        inputs: population.known.inputs,
        aggregates,
        problems,
        rows: reading.rows,
        by_rows: tables.refused(),
        time: started.elapsed(),
    })
}

/// The aggregates over a table that cannot be read: all stale, for this reason.
fn unread(table: &TableScan, reason: &str) -> scan::Answers {
    let stale = Stale {
        reason: format!("`{}` cannot be read: {reason}", table.table),
    };
    let selections = table.collections.iter().flat_map(|c| &c.selections);
    let lost = selections.flat_map(|selection| &selection.measures);
    lost.map(|aggregate| (*aggregate, Err(stale.clone())))
        .collect()
}

/// What makes a problem another one.
fn told_by(problem: &Problem) -> (&str, &str, ProblemKind, Option<&String>) {
    let leads_to = problem.leads_to.as_ref();
    (&problem.table, &problem.column, problem.kind, leads_to)
}
