//! Queries asked, and what comes of the answers: what the scan would have found row by row.

use std::collections::BTreeMap;

use super::dialect::{Dialect, Stored};
use super::form::Form;
use super::queries::{Holds, Kind, Queries, Query, kind, queries};
use super::source::GIVEN;
use super::{Shapes, Unsupported};
use crate::engine::{
    Answered, Asked, Cell, Column, Keys, OwnedCell, Problem, ProblemKind, ReadError, Row, Stale,
    Tally, Whose,
};
use crate::ir::{AggregateId, IrMeasure, NodeId};
use crate::value::{Truth, Type, Value, number};

/// Where queries are asked: one state of the data.
pub trait Server {
    /// Makes rows that queries join readable as a table, in the place of those before.
    ///
    /// # Errors
    /// It cannot.
    fn lend(&mut self, given: &Given<'_>) -> Result<(), ReadError>;

    /// Asks a query, and gives each row of the answer in turn, whose cells are of the kinds of the query's columns.
    ///
    /// # Errors
    /// It was not answered whole, or what `each` says.
    fn ask(
        &mut self,
        query: &Query,
        each: &mut dyn FnMut(&dyn Row) -> Result<(), ReadError>,
    ) -> Result<(), ReadError>;
}

/// What is known of the subjects before a query: a table with a row for each.
pub struct Given<'g> {
    /// What queries call the table.
    pub table: &'static str,
    /// Its columns: the key, which is `k`, then values.
    pub columns: Vec<(String, Kind)>,
    asked: &'g Asked<'g>,
    values: Vec<Column>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Refusal {
    /// SQL does not answer as the engine does; the rows do.
    Unsupported(Unsupported),
    /// The database did not answer.
    Unread(ReadError),
}

impl From<Unsupported> for Refusal {
    fn from(unsupported: Unsupported) -> Self {
        Self::Unsupported(unsupported)
    }
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        Self::Unread(error)
    }
}

/// What a scan finds out, asked of a database of a dialect.
///
/// # Errors
/// What cannot be told exactly so, or that the database did not answer.
pub fn answer(
    asked: &Asked<'_>,
    dialect: &dyn Dialect,
    shapes: &dyn Shapes,
    server: &mut dyn Server,
) -> Result<Answered, Refusal> {
    let when = (asked.clock, asked.plausible);
    let queries = queries(asked.ir, asked.table, when, dialect, shapes)?;
    check_keys(asked, &queries)?;
    if !queries.given.is_empty() {
        server.lend(&Given::new(asked, &queries.given))?;
    }
    let mut answers = Answers::new(asked);
    for query in &queries.queries {
        answers.rows = 0;
        let mut refused = None;
        server.ask(query, &mut |row| {
            if refused.is_none() {
                refused = answers.take(query, row).err();
            }
            Ok(())
        })?;
        if let Some(unsupported) = refused {
            return Err(unsupported.into());
        }
        answers.most = answers.most.max(answers.rows);
    }
    Ok(answers.finish())
}

/// Keys of rows are compared with those of subjects where both are of one type.
fn check_keys(asked: &Asked<'_>, queries: &Queries) -> Result<(), Unsupported> {
    let keys = match asked.subjects().keys {
        Keys::Integer(_) => Stored::Integer,
        Keys::Text(_) => Stored::Text,
    };
    match queries.keys.iter().all(|stored| *stored == keys) {
        true => Ok(()),
        false => Err(Unsupported {
            what: format!("`{}`", asked.table.table),
            why: "it names subjects by keys of another type".to_owned(),
        }),
    }
}

impl<'g> Given<'g> {
    fn new(asked: &'g Asked<'g>, given: &[(NodeId, Form)]) -> Self {
        let key = match asked.subjects().keys {
            Keys::Integer(_) => Kind::Whole,
            Keys::Text(_) => Kind::Text,
        };
        let values = given.iter().enumerate();
        let values = values.map(|(place, (_, form))| (format!("v{place}"), kind(*form)));
        let nodes: Vec<NodeId> = given.iter().map(|(node, _)| *node).collect();
        Self {
            table: GIVEN,
            columns: std::iter::once(("k".to_owned(), key))
                .chain(values)
                .collect(),
            asked,
            values: asked.of_subjects(&nodes),
        }
    }

    /// Its rows, a cell for each column.
    pub fn rows(&self) -> impl Iterator<Item = Vec<OwnedCell>> {
        (0..self.asked.subjects().len()).map(|place| {
            let key = match &self.asked.subjects().keys {
                Keys::Integer(keys) => keys.get(place).map(|key| OwnedCell::Integer(*key)),
                Keys::Text(keys) => keys.get(place).map(|key| text(key)),
            };
            let values = self.values.iter().map(|column| cell(&column.value(place)));
            let key = key.unwrap_or(OwnedCell::Null);
            std::iter::once(key).chain(values).collect()
        })
    }
}

fn text(text: &str) -> OwnedCell {
    Cell::Text(text.as_bytes()).into()
}

fn cell(value: &Value) -> OwnedCell {
    match value {
        Value::Missing | Value::Truth(Truth::Unknown) => OwnedCell::Null,
        Value::Number(x) => OwnedCell::Real(*x),
        Value::Money(amount) => OwnedCell::Integer(amount.0),
        Value::Text(value) => text(value),
        Value::Truth(truth) => OwnedCell::Integer(i64::from(*truth == Truth::Yes)),
        Value::Date(days) => OwnedCell::Integer(i64::from(*days)),
        Value::Instant(micros) => OwnedCell::Integer(*micros),
    }
}

/// An aggregate in the making.
enum Filling {
    /// One value per subject.
    Values(Vec<Value>, Type),
    Tally(Box<Tally>),
}

/// What has been answered so far.
struct Answers<'g> {
    asked: &'g Asked<'g>,
    aggregates: BTreeMap<AggregateId, Filling>,
    /// By column and table.
    troubles: BTreeMap<(String, String, ProblemKind), u64>,
    /// Of the table, by the query in hand.
    rows: u64,
    /// The same by any.
    most: u64,
}

impl<'g> Answers<'g> {
    fn new(asked: &'g Asked<'g>) -> Self {
        let collections = asked.table.collections.iter();
        let selections = collections.flat_map(|collection| &collection.selections);
        let measures = selections.flat_map(|selection| &selection.measures);
        let filling = measures.filter_map(|id| Some((*id, Filling::new(asked, *id)?)));
        Self {
            asked,
            aggregates: filling.collect(),
            troubles: BTreeMap::new(),
            rows: 0,
            most: 0,
        }
    }

    /// Takes a row of a query.
    fn take(&mut self, query: &Query, row: &dyn Row) -> Result<(), Unsupported> {
        let mut whose = Whose::Nobody;
        let (mut over, mut counted) = (0, Value::Missing);
        for (place, column) in query.columns.iter().enumerate() {
            let cell = row.cell(place);
            match &column.holds {
                Holds::Key => whose = self.asked.whose(cell),
                Holds::Rows => self.rows += count(cell),
                Holds::Strays(table, name) => match whose {
                    Whose::Nobody => self.trouble(ProblemKind::Orphan, table, name, count(cell)),
                    Whose::Nothing => self.trouble(ProblemKind::NullKey, table, name, count(cell)),
                    Whose::Subject(_) | Whose::Excluded => {}
                },
                Holds::Trouble(kind, table, name) => self.trouble(*kind, table, name, count(cell)),
                Holds::Inexact(unsupported) if count(cell) > 0 => return Err(unsupported.clone()),
                Holds::Inexact(_) => {}
                Holds::Over => over = count(cell),
                Holds::Counted(form) => counted = form.read(cell),
                Holds::Count(id) | Holds::Total(id) | Holds::Times(id) | Holds::Value(id, _) => {
                    let Whose::Subject(subject) = whose else {
                        continue;
                    };
                    let Some(filling) = self.aggregates.get_mut(id) else {
                        continue;
                    };
                    match &column.holds {
                        Holds::Times(_) => filling.add(subject, &counted, count(cell)),
                        Holds::Total(_) => filling.total(subject, cell, over),
                        Holds::Value(_, form) => filling.put(subject, form.read(cell)),
                        _ => filling.count(subject, count(cell)),
                    }
                }
            }
        }
        Ok(())
    }

    fn trouble(&mut self, kind: ProblemKind, table: &str, column: &str, count: u64) {
        if count > 0 {
            let place = (column.to_owned(), table.to_owned(), kind);
            *self.troubles.entry(place).or_default() += count;
        }
    }

    fn finish(self) -> Answered {
        let asked = self.asked;
        let lacking = |id: AggregateId| {
            let aggregate = asked.ir.aggregates.get(id)?;
            let collections = asked.table.collections.iter();
            let mut collections = collections.filter(|c| c.collection == aggregate.collection);
            let collection = collections.next()?;
            let selection = collection.selections.get(aggregate.selection)?;
            let nodes = [
                aggregate.measure.field(),
                selection.filter,
                collection.admitted,
            ];
            nodes
                .into_iter()
                .flatten()
                .find_map(|node| asked.lacking(node))
        };
        let aggregates = self.aggregates.into_iter().map(|(id, filling)| {
            let column: Result<Column, Stale> = match lacking(id) {
                Some(stale) => Err(stale),
                None => Ok(filling.column()),
            };
            (id, column)
        });
        let problems = self.troubles.into_iter();
        let problems = problems.map(|((column, table, kind), count)| Problem {
            kind,
            table,
            column,
            count,
            example: String::new(),
        });
        Answered {
            aggregates: aggregates.collect(),
            problems: problems.collect(),
            rows: self.most,
        }
    }
}

impl Filling {
    fn new(asked: &Asked<'_>, id: AggregateId) -> Option<Self> {
        let aggregate = asked.ir.aggregates.get(id)?;
        let subjects = asked.subjects().len();
        let field = aggregate.measure.field();
        let ty = field.and_then(|field| Some(asked.table.program.nodes.get(field)?.ty));
        let ty = ty.unwrap_or(aggregate.ty);
        let begin = match aggregate.measure {
            IrMeasure::Count => Value::Number(0.0),
            IrMeasure::Exists => Value::Truth(Truth::No),
            IrMeasure::Min(_) | IrMeasure::Max(_) | IrMeasure::First(_) | IrMeasure::Last(_) => {
                Value::Missing
            }
            measure => return Some(Self::Tally(Box::new(Tally::new(measure, ty, subjects)?))),
        };
        let ty = match aggregate.measure {
            IrMeasure::Count => Type::Number,
            IrMeasure::Exists => Type::Truth,
            _ => ty,
        };
        Some(Self::Values(vec![begin; subjects], ty))
    }

    fn put(&mut self, subject: u32, value: Value) {
        let Self::Values(values, _) = self else {
            return;
        };
        if let Some(slot) = values.get_mut(subject as usize) {
            *slot = match value {
                // Zero has no sign in what the engine finds.
                Value::Number(x) => Value::Number(x + 0.0),
                value => value,
            };
        }
    }

    fn count(&mut self, subject: u32, rows: u64) {
        let value = match self {
            Self::Values(_, Type::Truth) => Value::Truth(Truth::certain(rows > 0)),
            _ => Value::Number(rows as f64),
        };
        self.put(subject, value);
    }

    fn add(&mut self, subject: u32, value: &Value, times: u64) {
        if let Self::Tally(tally) = self
            && times > 0
        {
            tally.add(subject, value, times);
        }
    }

    fn total(&mut self, subject: u32, cell: Cell<'_>, over: u64) {
        let Self::Tally(tally) = self else {
            return;
        };
        let places = match tally.ty() {
            Type::Money => 0,
            _ => number::PLACES,
        };
        if let Some(total) = cell.text().and_then(|text| scaled(&text, places)) {
            tally.add_total(subject, total, over);
        }
    }

    fn column(self) -> Column {
        match self {
            Self::Values(values, ty) => Column::of_values(ty, values),
            Self::Tally(tally) => tally.column(),
        }
    }
}

fn count(cell: Cell<'_>) -> u64 {
    match cell {
        Cell::Integer(count) => u64::try_from(count).unwrap_or(0),
        _ => 0,
    }
}

/// A decimal in units of its last place of so many; none where it has more places, or does not fit.
fn scaled(text: &str, places: usize) -> Option<i128> {
    let (whole, behind) = text.split_once('.').unwrap_or((text, ""));
    let behind = behind.trim_end_matches('0');
    let missing = places.checked_sub(behind.len())?;
    format!("{whole}{behind}{}", "0".repeat(missing))
        .parse()
        .ok()
}
