//! The question asked of each date, planned: who is considered, who was lost, how long they were away, and the points
//! of each factor that has a history.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::history::{collection, listed, of_today, unknowable, written_once};
use super::recency::{Recency, recency};
use super::{BacktestError, Taken};
use crate::catalog::CollectionId;
use crate::ir::{Ir, NodeId, OutputId, Request};
use crate::language::check::{CheckedChurn, CheckedHealth};
use crate::language::typed::Typed;
use crate::project::Project;
use crate::time::{Clock, Window};

/// The IR of a date, with the meaning of its outputs.
pub(super) struct Question {
    pub answers: Answers<OutputId>,
    pub ir: Ir,
    pub zone: Tz,
    pub factors: Vec<Taken>,
    /// Notes for the reader, in sentences.
    pub notes: Vec<String>,
    /// The name of the collection that days away are counted from.
    pub recency_of: String,
    /// The collections that must reach past a date, as places in the catalog, with their names.
    pub read: Vec<(CollectionId, String)>,
    /// The windows with which `among` looks back.
    pub back: Vec<Window>,
    /// The windows with which `when` looks ahead.
    ahead: Vec<Window>,
}

/// The answers for a date, as outputs of its IR or as nodes.
#[derive(Debug, Clone)]
pub(super) struct Answers<Id> {
    pub among: Id,
    pub when: Id,
    pub recency: Id,
    /// The points of the requested factors.
    pub points: Vec<Id>,
}

impl Answers<OutputId> {
    /// The nodes of an IR that hold the answers.
    fn nodes(&self, ir: &Ir) -> Option<Answers<NodeId>> {
        let points = self.points.iter().map(|output| ir.output(*output));
        Some(Answers {
            among: ir.output(self.among)?,
            when: ir.output(self.when)?,
            recency: ir.output(self.recency)?,
            points: points.collect::<Option<_>>()?,
        })
    }
}

/// The requested expressions.
struct Asked<'p> {
    project: &'p Project,
    health: &'p CheckedHealth,
    churn: &'p CheckedChurn,
    recency: &'p Typed,
}

impl Question {
    /// Plans the question. Everything that config defines is first lowered together, to find out what has no history.
    pub(super) fn of(project: &Project) -> Result<Self, BacktestError> {
        let (health, churn) = defined(project)?;
        let recency = recency(project, churn).ok_or_else(no_rows)?;
        let asked = Asked {
            project,
            health,
            churn,
            recency: &recency.days,
        };
        let (whole, ir) = asked.ir(|_| true, true);
        let whole = whole.nodes(&ir).ok_or_else(no_rows)?;
        let mut notes = Vec::new();
        let factors = factors(&asked, &ir, &whole, &mut notes);
        let active = active_of_today(&ir);
        notes.extend(churn_notes(&ir, &whole, active.as_deref()));
        if project.config.subject.filter.is_some() {
            notes.push(format!(
                "`where:` of the {} is applied as the database stands today",
                project.catalog.subject_name
            ));
        }
        let ahead = looks_ahead(&ir, whole.when);
        let among = ir.rows_behind(whole.among);
        if among.iter().any(|rows| rows.window.reaches_past_now()) {
            return Err(BacktestError::Asked(
                "`among` of `churn:` looks at rows after the date of the score, and who is looked at must be known on that date: leave what comes later to `when`".to_owned(),
            ));
        }
        let read = reaching(project, &ir, &whole, &recency);
        let has_history = |place: usize| {
            let factor = factors.get(place);
            factor.is_some_and(|factor| factor.left_out.is_none())
        };
        let (answers, ir) = asked.ir(has_history, active.is_none());
        Ok(Self {
            answers,
            ir,
            zone: project.config.timezone,
            factors,
            notes,
            recency_of: collection(&project.catalog, recency.collection).to_owned(),
            read,
            back: among.into_iter().map(|rows| rows.window).collect(),
            ahead,
        })
    }

    /// The instant up to which losses of a date's customers are counted.
    pub(super) fn until(&self, now: i64) -> i64 {
        let clock = Clock {
            now,
            zone: self.zone,
        };
        let ends = self.ahead.iter().map(|window| clock.bounds(window).to);
        ends.max().unwrap_or(now)
    }

    /// The factors that were not left out.
    pub(super) fn judged(&self) -> impl Iterator<Item = &Taken> {
        let factors = self.factors.iter();
        factors.filter(|factor| factor.left_out.is_none())
    }

    /// The collections whose rows tell who was lost, for display.
    pub(super) fn read_by_when(&self) -> String {
        let names: Vec<String> = self.read.iter().map(|(_, name)| name.clone()).collect();
        listed(&names)
    }
}

impl Asked<'_> {
    /// The IR of the question with some factors, with or without config's `active:`.
    fn ir(&self, with: impl Fn(usize) -> bool, active: bool) -> (Answers<OutputId>, Ir) {
        let mut request = Request::outputs();
        if !active {
            request = request.of_everyone();
        }
        let fixed = [&self.churn.among, &self.churn.when, self.recency];
        let [among, when, recency] = fixed.map(|value| request.ask(value));
        let factors = self.health.factors.iter().enumerate();
        let points = factors.filter(|(place, _)| with(*place));
        let points = points.map(|(_, factor)| request.ask(&factor.points));
        let answers = Answers {
            among,
            when,
            recency,
            points: points.collect(),
        };
        (answers, self.project.lower(&request))
    }
}

fn defined(project: &Project) -> Result<(&CheckedHealth, &CheckedChurn), BacktestError> {
    let health = project.checked.health.as_ref().ok_or_else(|| {
        let words = "config.yaml defines no health score: add `health:` with its factors";
        BacktestError::Asked(words.to_owned())
    })?;
    let churn = health.churn.as_ref().ok_or_else(|| {
        let words = "config.yaml does not say who counts as lost: add `churn:` under `health:`, such as `churn: { among: exists(visits in last 90 days), when: not exists(visits in next 90 days) }`";
        BacktestError::Asked(words.to_owned())
    })?;
    Ok((health, churn))
}

fn no_rows() -> BacktestError {
    BacktestError::Asked(
        "neither `when` nor `among` of `churn:` reads a collection with a time, so nothing tells \
         how far the data reaches: ask about rows, as in `not exists(visits in next 90 days)`"
            .to_owned(),
    )
}

/// Which factors are used, and the notes about them.
fn factors(
    asked: &Asked<'_>,
    ir: &Ir,
    nodes: &Answers<NodeId>,
    notes: &mut Vec<String>,
) -> Vec<Taken> {
    let catalog = &asked.project.catalog;
    let factors = asked.health.factors.iter().zip(&nodes.points);
    factors
        .map(|(factor, node)| {
            let left_out = unknowable(catalog, ir, *node);
            let columns = written_once(catalog, ir, *node);
            if left_out.is_none() && !columns.is_empty() {
                notes.push(format!(
                    "`{}` reads {} as the database holds it today: if such values are edited after the row was written, name them under `changes:` of the collection, or the proof sees the future in them",
                    factor.id,
                    listed(&columns),
                ));
            }
            if left_out.is_none() && catalog.at.is_none() && ir.ranges_over_subjects(*node) {
                notes.push(format!(
                    "`{}` compares with other {}, including those who came later: `at:` of the subject would say since when each has been there",
                    factor.id, asked.project.config.subject.plural,
                ));
            }
            Taken {
                id: factor.id.clone(),
                weight: factor.weight,
                left_out,
            }
        })
        .collect()
}

/// The present columns that `active` depends on; `None` if it is known for every date.
fn active_of_today(ir: &Ir) -> Option<String> {
    of_today(ir, ir.active?)
}

fn churn_notes(ir: &Ir, nodes: &Answers<NodeId>, active: Option<&str>) -> Vec<String> {
    let conditions = [("among", nodes.among), ("when", nodes.when)];
    let mut notes: Vec<String> = conditions
        .into_iter()
        .filter_map(|(name, node)| {
            let columns = of_today(ir, node)?;
            Some(format!(
                "`{name}` of `churn:` reads {columns} as the database holds it today, not as it was on the date"
            ))
        })
        .collect();
    notes.extend(active.map(|columns| {
        format!(
            "`active` is not applied to past dates: it reads {columns} as the database holds it today, \
             and anyone gone by now would be missing from those who left"
        )
    }));
    notes
}

/// The windows with which a condition looks past its date.
fn looks_ahead(ir: &Ir, node: NodeId) -> Vec<Window> {
    let rows = ir.rows_behind(node).into_iter().map(|rows| rows.window);
    let windows = rows.chain(ir.windows_behind(node));
    windows.filter(Window::reaches_past_now).collect()
}

/// The collections that must reach past a date: those whose rows `when` looks ahead at, or otherwise the one that days
/// away are counted from.
fn reaching(
    project: &Project,
    ir: &Ir,
    nodes: &Answers<NodeId>,
    recency: &Recency,
) -> Vec<(CollectionId, String)> {
    let rows = ir.rows_behind(nodes.when).into_iter();
    let ahead = rows.filter(|rows| rows.has_time && rows.window.reaches_past_now());
    let mut read: BTreeSet<CollectionId> = ahead.map(|rows| rows.collection).collect();
    if read.is_empty() {
        read.insert(recency.collection);
    }
    let named = read.into_iter();
    named
        .map(|id| (id, collection(&project.catalog, id).to_owned()))
        .collect()
}
