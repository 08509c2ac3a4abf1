//! Evaluating the dates one after another.

use std::collections::HashMap;

use super::BacktestError;
use super::dates::{History, known_until, name};
use super::question::Question;
use super::recency::time_of;
use crate::catalog::CollectionId;
use crate::connector::Pinned;
use crate::engine::{Column, EngineError, Evaluation, Keep, Key, TooLarge, Watch};
use crate::ir::{Ir, OutputId, Request};
use crate::language::typed::{Aggregate, Kind, Measure, Typed};
use crate::project::Project;
use crate::time::{Clock, Window};
use crate::validation::Past;
use crate::value::{Truth, Type, Value};

/// Reads the past, date by date; a customer has the same number on all dates.
pub(super) struct Reader<'a> {
    project: &'a Project,
    question: &'a Question,
    watch: &'a dyn Watch,
    data: Pinned<'a>,
    numbers: HashMap<Key, u32>,
    /// For how many customers it was unknown whether they were lost.
    untold: usize,
}

impl<'a> Reader<'a> {
    /// A reader that knows no customers yet.
    pub(super) fn new(
        project: &'a Project,
        data: Pinned<'a>,
        question: &'a Question,
        watch: &'a dyn Watch,
    ) -> Self {
        Self {
            project,
            question,
            watch,
            data,
            numbers: HashMap::new(),
            untold: 0,
        }
    }

    /// The period covered by the rows that tell who was lost. Rows dated later than the present have not happened.
    pub(super) fn history(&mut self, present: i64) -> Result<History, BacktestError> {
        let mut request = Request::outputs().of_everyone();
        let mut ends = Vec::new();
        for (collection, _) in &self.question.read {
            ends.extend(ends_of(self.project, &mut request, *collection));
        }
        let ir = self.project.lower(&request);
        let clock = self.clock(present);
        let evaluation = self.evaluate(&ir, &clock)?;
        let mut history: Option<(i64, i64)> = None;
        for (first, newest) in ends {
            let firsts = instants(&evaluation, first)?;
            let newests = instants(&evaluation, newest)?;
            // All of the collections must have rows.
            if let (Some(first), Some(newest)) = (firsts.min(), newests.max()) {
                history = Some(history.map_or((first, newest), |(from, to)| {
                    (from.max(first), to.min(newest))
                }));
            }
        }
        let (first, newest) = history.ok_or_else(|| {
            BacktestError::Asked(format!(
                "there are no rows of {} yet, so there is no past to look at",
                self.question.read_by_when()
            ))
        })?;
        Ok(History {
            first: clock.local_date(first),
            newest: clock.local_date(newest),
            known_until: known_until(newest, clock.zone).min(present),
        })
    }

    /// One date: its customers' data, and who was lost.
    pub(super) fn past(&mut self, now: i64) -> Result<Past, BacktestError> {
        let Question { ir, answers, .. } = self.question;
        let clock = self.clock(now);
        let evaluation = self.evaluate(ir, &clock)?;
        let [among, when, recency] =
            [answers.among, answers.when, answers.recency].map(|id| column(&evaluation, id));
        let (among, when, recency) = (among?, when?, recency?);
        let points = answers.points.iter().map(|id| column(&evaluation, *id));
        let points: Vec<&Column> = points.collect::<Result<_, _>>()?;
        let mut past = Past {
            date: name(now, self.question.zone),
            points: vec![Vec::new(); points.len()],
            ..Past::default()
        };
        for place in 0..evaluation.subjects.len() {
            if among.value(place) != Value::Truth(Truth::Yes) {
                continue;
            }
            let lost = match when.value(place) {
                Value::Truth(Truth::Yes) => true,
                Value::Truth(Truth::No) => false,
                _ => {
                    self.untold += 1;
                    continue;
                }
            };
            let Some(key) = evaluation.subjects.key(place) else {
                continue;
            };
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            past.subjects.push(*self.numbers.entry(key).or_insert(next));
            past.lost.push(lost);
            past.recency.push(number(recency, place));
            for (factor, points) in past.points.iter_mut().zip(&points) {
                factor.push(number(points, place));
            }
        }
        Ok(past)
    }

    /// For how many customers it was unknown whether they were lost, and the tables that did not fit into memory.
    pub(super) fn into_remarks(self) -> (usize, Vec<TooLarge>) {
        (self.untold, self.data.too_large())
    }

    fn evaluate(&mut self, ir: &Ir, clock: &Clock) -> Result<Evaluation, EngineError> {
        self.data.evaluate(ir, clock, Keep::Outputs, self.watch)
    }

    fn clock(&self, now: i64) -> Clock {
        Clock {
            now,
            zone: self.question.zone,
        }
    }
}

/// Requests the times of the first and of the newest row of each subject; `None` if the rows have no readable time.
pub(super) fn ends_of(
    project: &Project,
    request: &mut Request,
    collection: CollectionId,
) -> Option<(OutputId, OutputId)> {
    let at = time_of(project.catalog.collections.get(collection)?)?;
    let [first, newest] = [Measure::Min(at.clone()), Measure::Max(at)].map(|measure| {
        let rows = Aggregate {
            collection,
            window: Window::Past,
            filter: None,
            measure,
        };
        request.ask(&Typed::made(Kind::Aggregate(Box::new(rows)), Type::Instant))
    });
    Some((first, newest))
}

/// An output's values; obstacles are reported as a reason to act on.
fn column(evaluation: &Evaluation, output: OutputId) -> Result<&Column, BacktestError> {
    let column = evaluation.output(output);
    column.map_err(|stale| EngineError::Database(stale.reason).into())
}

/// The instants of an output.
pub(super) fn instants(
    evaluation: &Evaluation,
    output: OutputId,
) -> Result<impl Iterator<Item = i64> + Clone, BacktestError> {
    let column = column(evaluation, output)?;
    Ok(
        (0..column.len()).filter_map(|place| match column.value(place) {
            Value::Instant(instant) => Some(instant),
            _ => None,
        }),
    )
}

fn number(column: &Column, place: usize) -> Option<f64> {
    match column.value(place) {
        Value::Number(number) => Some(number),
        _ => None,
    }
}
