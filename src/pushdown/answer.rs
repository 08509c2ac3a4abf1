//! Runs the queries of a scan and turns the answers into what the scan would have found row by row.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::dialect::{Dialect, Stored};
use super::form::whole;
use super::given::Given;
use super::queries::queries;
use super::query::{Holds, Queries, Query};
use super::unfound::near;
use super::{Shapes, Unsupported};
use crate::engine::{
    Answered, Asked, Cell, Column, Keys, OwnedCell, Problem, ProblemKind, Reach, ReadError, Row,
    Stale, Tally, Whose,
};
use crate::ir::AggregateId;
use crate::value::{Type, Value, number};

/// At most this many keys are named in a query.
const NAMED: usize = 1_000;

/// Runs queries against one state of the data.
pub trait Server {
    /// Makes rows that queries join available as a table, replacing earlier ones.
    ///
    /// # Errors
    /// If that is not possible.
    fn lend(&mut self, given: &Given<'_>) -> Result<(), ReadError>;

    /// Runs a query and passes each row of the answer to `each` in turn, until it has enough. The cells have the kinds
    /// of the query's columns.
    ///
    /// # Errors
    /// If the query fails before that.
    fn ask(
        &mut self,
        query: &Query,
        each: &mut dyn FnMut(&dyn Row) -> ControlFlow<()>,
    ) -> Result<(), ReadError>;
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Refusal {
    /// SQL cannot answer exactly as the engine does, so the rows must be read.
    Unsupported(Unsupported),
    /// The database could not be read.
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

/// Answers a scan by queries in the SQL of a dialect.
///
/// # Errors
/// If something cannot be answered exactly in SQL, or the database did not answer.
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
    let asked_for = queries.queries.iter().enumerate();
    for (number, query) in asked_for.filter(|(_, query)| asked.tells_apart || !query.tells_apart())
    {
        answers.ask((number, query), server)?;
        let open = std::mem::take(&mut answers.open);
        if let Some(of_keys) = &query.of_open
            && !open.is_empty()
        {
            let keys = open.iter().map(|key| literal(key, dialect));
            let keys: Option<Vec<String>> = keys.collect();
            let keys = keys.filter(|keys| keys.len() <= NAMED);
            answers.ask((number, &of_keys.of(keys.as_deref())), server)?;
        }
        for of_unfound in &query.of_unfound {
            let told_by = (number, of_unfound.column);
            let (query, place) = told_by;
            if answers
                .troubles
                .contains_key(&(query, place, of_unfound.kind))
            {
                let near = near(of_unfound, &mut |query, each| {
                    server.ask(query, &mut |row| {
                        each(row);
                        ControlFlow::Continue(())
                    })
                })?;
                answers.reaches.entry(told_by).or_default().near = near;
            }
        }
    }
    Ok(answers.finish())
}

/// Keys of rows can be compared with those of subjects only if both are of one type.
fn check_keys(asked: &Asked<'_>, queries: &Queries) -> Result<(), Unsupported> {
    let keys = match asked.subjects.keys {
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

/// The answers so far.
struct Answers<'g> {
    asked: &'g Asked<'g>,
    aggregates: BTreeMap<AggregateId, Tally>,
    /// By the query and the column that report them. If several report the same problem of a column, the caller merges
    /// them.
    troubles: BTreeMap<(usize, usize, ProblemKind), Problem>,
    /// The number of rows behind each report of rows without a match.
    reaches: BTreeMap<(usize, usize), Reach>,
    /// The rows of the table, by the current query.
    rows: u64,
    /// The largest number of rows that any query counted.
    most: u64,
    /// The keys of subjects that the current query leaves open.
    open: Vec<OwnedCell>,
}

impl<'g> Answers<'g> {
    fn new(asked: &'g Asked<'g>) -> Self {
        let collections = asked.table.collections.iter();
        let selections = collections.flat_map(|collection| &collection.selections);
        let measures = selections.flat_map(|selection| &selection.measures);
        let tallies = measures.filter_map(|id| Some((*id, tally(asked, *id)?)));
        Self {
            asked,
            aggregates: tallies.collect(),
            troubles: BTreeMap::new(),
            reaches: BTreeMap::new(),
            rows: 0,
            most: 0,
            open: Vec::new(),
        }
    }

    /// Runs a query, given with its number, and takes its rows.
    fn ask(
        &mut self,
        (number, query): (usize, &Query),
        server: &mut dyn Server,
    ) -> Result<(), Refusal> {
        self.rows = 0;
        let mut refused = None;
        server.ask(query, &mut |row| {
            refused = self.take((number, query), row).err();
            match refused {
                Some(_) => ControlFlow::Break(()),
                None => ControlFlow::Continue(()),
            }
        })?;
        if let Some(unsupported) = refused {
            return Err(unsupported.into());
        }
        self.most = self.most.max(self.rows);
        Ok(())
    }

    /// Takes one row of a query.
    fn take(&mut self, (number, query): (usize, &Query), row: &dyn Row) -> Result<(), Unsupported> {
        let (mut whose, mut is_near) = (Whose::Nobody, false);
        let (mut over, mut of, mut counted) = (0, 0, Value::Missing);
        for (place, column) in query.columns.iter().enumerate() {
            let cell = row.cell(place);
            let told_by = (number, place);
            match &column.holds {
                Holds::Key => {
                    whose = self.asked.whose(cell);
                    is_near = whose == Whose::Nobody && self.asked.is_near(cell);
                }
                Holds::Open if count(cell) > 0 => {
                    if let Whose::Subject(_) = whose {
                        self.open.push(row.cell(0).into());
                    }
                    return Ok(());
                }
                Holds::Open => {}
                Holds::Rows => self.rows += count(cell),
                Holds::Strays(table, name) => {
                    let reach = self.reaches.entry(told_by).or_default();
                    reach.of += count(cell);
                    reach.near += if is_near { count(cell) } else { 0 };
                    let kind = match whose {
                        Whose::Nobody => ProblemKind::Orphan,
                        Whose::Nothing => ProblemKind::NullKey,
                        Whose::Subject(_) | Whose::Excluded => continue,
                    };
                    self.trouble(told_by, kind, (table, name, None), count(cell));
                }
                Holds::Trouble(kind, table, name) => {
                    self.trouble(told_by, *kind, (table, name, None), count(cell));
                }
                Holds::Of => of = count(cell),
                Holds::Unfound(kind, table, name, leads_to) => {
                    self.reaches.entry(told_by).or_default().of += std::mem::take(&mut of);
                    self.trouble(told_by, *kind, (table, name, Some(leads_to)), count(cell));
                }
                Holds::Inexact(unsupported) if count(cell) > 0 => return Err(unsupported.clone()),
                Holds::Inexact(_) => {}
                Holds::Over => over = count(cell),
                Holds::Counted(form) => counted = form.read(cell),
                Holds::Count(id) | Holds::Total(id) | Holds::Times(id) | Holds::Value(id, _) => {
                    let Whose::Subject(subject) = whose else {
                        continue;
                    };
                    let Some(tally) = self.aggregates.get_mut(id) else {
                        continue;
                    };
                    match &column.holds {
                        Holds::Times(_) => tally.add(subject, counted.clone(), count(cell)),
                        Holds::Value(_, form) => tally.add(subject, form.read(cell), 1),
                        Holds::Total(_) => match total(tally, cell) {
                            Some(total) => tally.add_total(subject, total, over),
                            None => return Err(unwritten(self.asked)),
                        },
                        _ => tally.add_total(subject, 0, count(cell)),
                    }
                }
            }
        }
        Ok(())
    }

    fn trouble(
        &mut self,
        (query, place): (usize, usize),
        kind: ProblemKind,
        (table, column, leads_to): (&str, &str, Option<&String>),
        count: u64,
    ) {
        if count > 0 {
            let known = self.troubles.entry((query, place, kind));
            let problem = known.or_insert_with(|| Problem {
                kind,
                table: table.to_owned(),
                column: column.to_owned(),
                leads_to: leads_to.cloned(),
                read_as: None,
                is_least: false,
                currencies: Vec::new(),
                reach: None,
                count: 0,
                example: String::new(),
            });
            problem.count += count;
        }
    }

    fn finish(mut self) -> Answered {
        let asked = self.asked;
        for ((query, place, kind), problem) in &mut self.troubles {
            // Of a looked-up table the rows that nothing leads to do not count.
            let is_own = problem.table == asked.table.table;
            let reach = self.reaches.get(&(*query, *place)).copied();
            problem.reach = match (kind, is_own) {
                (ProblemKind::Orphan, true) => reach,
                (ProblemKind::Orphan, false) => reach
                    .filter(|all| all.near > 0)
                    .map(|all| Reach { of: 0, ..all }),
                (ProblemKind::BrokenLink | ProblemKind::Unfound, _) => {
                    reach.filter(|reach| reach.is_told(problem.count))
                }
                _ => None,
            };
        }
        // A few rows without a match need not be reported.
        self.troubles.retain(|(_, _, kind), problem| {
            *kind != ProblemKind::Unfound || problem.reach.is_some()
        });
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
        let aggregates = self.aggregates.into_iter().map(|(id, tally)| {
            let column: Result<Column, Stale> = match lacking(id) {
                Some(stale) => Err(stale),
                None => Ok(tally.column()),
            };
            (id, column)
        });
        Answered {
            aggregates: aggregates.collect(),
            problems: self.troubles.into_values().collect(),
            rows: self.most,
        }
    }
}

/// A key as an SQL literal.
fn literal(key: &OwnedCell, dialect: &dyn Dialect) -> Option<String> {
    match key.lent() {
        Cell::Integer(key) => Some(whole(key)),
        key => Some(dialect.text(&key.text()?)),
    }
}

fn count(cell: Cell<'_>) -> u64 {
    match cell {
        Cell::Integer(count) => u64::try_from(count).unwrap_or(0),
        _ => 0,
    }
}

/// A tally for an aggregate of a scan, still empty.
fn tally(asked: &Asked<'_>, id: AggregateId) -> Option<Tally> {
    let aggregate = asked.ir.aggregates.get(id)?;
    let field = aggregate.measure.field();
    let ty = field.and_then(|field| Some(asked.table.program.nodes.get(field)?.ty));
    let ty = ty.unwrap_or(aggregate.ty);
    Some(Tally::new(aggregate.measure, ty, asked.subjects.len()))
}

/// A sum as written; 0 if there are no values to sum. `None` if it is written in another form.
fn total(tally: &Tally, cell: Cell<'_>) -> Option<i128> {
    let places = match tally.ty() {
        Type::Money => 0,
        _ => number::PLACES,
    };
    cell.text().map_or(Some(0), |text| scaled(&text, places))
}

/// A decimal in units of its last decimal place; `None` if it has more than `places` decimal places, or does not fit.
fn scaled(text: &str, places: usize) -> Option<i128> {
    let (whole, behind) = text.split_once('.').unwrap_or((text, ""));
    let behind = behind.trim_end_matches('0');
    let missing = places.checked_sub(behind.len())?;
    let digits = format!("{whole}{behind}{}", "0".repeat(missing));
    digits.parse().ok()
}

fn unwritten(asked: &Asked<'_>) -> Unsupported {
    Unsupported {
        what: format!("`{}`", asked.table.table),
        why: "a sum is not written in digits alone".to_owned(),
    }
}
