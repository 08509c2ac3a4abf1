//! Why a subject is in a segment or not: the condition as a tree with the actual value of each part, how far each part
//! is from its other answer, the history, and the future if nothing else happens. Also, the definition of a segment.

mod ahead;
mod clauses;
mod deciding;
mod definition;
mod effort;
mod figures;
mod margin;
mod parts;
mod past;
mod person;
mod rank_context;
mod unit;
mod weeks;

use crate::config::marks;
use crate::engine::{Evaluation, Key};
use crate::health::of_subject;
use crate::project::Project;
use crate::rules::SegmentId;
use figures::{Style, shown};
use parts::Reader;

pub use ahead::{Ahead, Change, MOST_DAYS, look_ahead};
pub use clauses::Clause;
pub use definition::{Definition, LadderPlace, Named, define, on_list, used_by, uses};
pub use effort::Size;
pub use parts::words_of;
pub use past::{MembershipHistory, PastMovement, look_back, why_moved};
pub use person::{Found, Namesake, find, namesakes};
pub use unit::Margin;
pub use weeks::{WeeklyEvents, weekly_events};

/// One subject, explained.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Explanation {
    /// The subject's key.
    pub key: String,
    /// The subject's label.
    pub label: String,
    /// The requested segments, in the order of the files.
    pub segments: Vec<ExplainedSegment>,
    /// The subject's health; `None` if config defines no score, or one segment was requested.
    pub health: Option<ExplainedHealth>,
}

/// One subject's health score, taken apart.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ExplainedHealth {
    /// From 0 to 100, with one decimal; `None` if no factor is present.
    pub score: Option<f64>,
    /// Why the score cannot be evaluated.
    pub stale: Option<String>,
    /// The reasons with the highest costs, in words, highest first.
    pub reasons: Vec<String>,
    /// Its factors, in the order of config.
    pub factors: Vec<ExplainedFactor>,
}

/// One factor of a subject's health score.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ExplainedFactor {
    pub id: String,
    /// Its value for display; `None` if it is missing and the factor is left out.
    pub value: Option<String>,
    /// The points for that value, 0 to 100.
    pub points: Option<f64>,
    /// Its weight, as config has it.
    pub weight: f64,
    /// Its share of the weights that count for this subject, 0 to 1.
    pub share: f64,
    /// How many points of the score it costs.
    pub cost: f64,
    /// The reason in words, if it costs any points.
    pub reason: Option<String>,
}

/// One segment for one subject.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ExplainedSegment {
    pub id: String,
    /// The name people see.
    pub name: String,
    /// Whether the subject is in it; `None` if the segment cannot be evaluated.
    pub member: Option<bool>,
    /// Why the segment cannot be evaluated.
    pub stale: Option<String>,
    /// What it adds to the score of a member.
    pub weight: f64,
    /// The ladder that it is a rung of.
    pub ladder: Option<String>,
    /// On a ladder: the rung that the subject is on instead of this one.
    pub taken_by: Option<String>,
    /// On a ladder: the failing condition for being on it at all, if the subject is not.
    pub not_among: Option<Part>,
    /// The condition; `None` for a ladder's rung without one.
    pub condition: Option<Part>,
    /// The metrics that the condition uses, each once.
    pub metrics: Vec<NamedFigure>,
    /// When the answer changes if nothing else happens; `None` if that was not evaluated.
    pub ahead: Option<Ahead>,
    /// The subject's history in this segment from published runs; `None` if there are none.
    pub history: Option<MembershipHistory>,
}

/// One part of a condition.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Part {
    /// The text of the part.
    pub text: String,
    /// The part with its actual values: `package_used 7 / 9 = 77.8% ≥ 75%`.
    pub figures: String,
    /// Whether it holds; `None` if that is unknown.
    pub holds: Option<bool>,
    /// How far it is from its other answer; `None` if it compares nothing that has an order.
    pub margin: Option<Margin>,
    /// How its answer follows from its own parts.
    pub joined: Joined,
    /// What is missing, if the answer is unknown.
    pub missing: Vec<String>,
    /// Its own parts.
    pub parts: Vec<Part>,
}

/// How a part's answer follows from its own parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Joined {
    /// All of them must hold: `and`.
    All,
    /// At least one of them must hold: `or`.
    Any,
    /// The one part must not hold: `not`.
    Not,
    /// Its answer is that of its one part, such as a metric, or it has no parts.
    One,
}

/// A metric with its definition and value.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct NamedFigure {
    /// The metric's name.
    pub name: String,
    /// Its definition.
    pub text: String,
    /// Its value for display.
    pub value: String,
}

/// Explains one subject of an evaluation that kept everything; `segment` limits it to one segment, or to the rungs of
/// the ladder with that id.
pub fn explain(
    project: &Project,
    evaluation: &Evaluation,
    place: usize,
    segment: Option<&str>,
) -> Explanation {
    let reader = Reader::new(project, evaluation, place);
    let segments = chosen(project, segment)
        .into_iter()
        .map(|id| explain_segment(project, &reader, id))
        .collect();
    Explanation {
        key: evaluation
            .subjects
            .key(place)
            .as_ref()
            .map_or_else(String::new, Key::to_string),
        label: evaluation.subjects.label(place),
        segments,
        health: match segment {
            None => explain_health(project, evaluation, place),
            Some(_) => None,
        },
    }
}

/// The segments with an id, which may be that of a ladder; all segments for `None`.
fn chosen(project: &Project, wanted: Option<&str>) -> Vec<SegmentId> {
    let segments = project.ir.segments.iter_enumerated();
    let wanted = |id: SegmentId, name: &str| {
        wanted.is_none_or(|wanted| wanted == name || ladder_of(project, id) == Some(wanted))
    };
    let chosen = segments.filter(|(id, planned)| wanted(*id, &planned.id));
    chosen.map(|(id, _)| id).collect()
}

/// The id of the ladder that a segment is a rung of.
fn ladder_of(project: &Project, id: SegmentId) -> Option<&str> {
    let ladder = project.rules.segments.get(id)?.ladder?;
    Some(project.rules.ladders.get(ladder)?.id.value.as_str())
}

fn explain_health(
    project: &Project,
    evaluation: &Evaluation,
    place: usize,
) -> Option<ExplainedHealth> {
    let health = match of_subject(project, evaluation, place)? {
        Ok(health) => health,
        Err(stale) => {
            return Some(ExplainedHealth {
                score: None,
                stale: Some(stale.reason),
                reasons: Vec::new(),
                factors: Vec::new(),
            });
        }
    };
    let (zone, marks) = (evaluation.clock.zone, marks(project.config.locale));
    let reasons = health.reasons().into_iter().map(str::to_owned).collect();
    let factors = health.factors.into_iter().map(|factor| ExplainedFactor {
        value: factor
            .points
            .map(|_| shown(&factor.value, Style::Plain, zone, &marks)),
        id: factor.id,
        points: factor.points,
        weight: factor.weight,
        share: factor.share,
        cost: factor.cost,
        reason: factor.reason,
    });
    Some(ExplainedHealth {
        score: health.score,
        stale: None,
        reasons,
        factors: factors.collect(),
    })
}

fn explain_segment(project: &Project, reader: &Reader<'_>, id: SegmentId) -> ExplainedSegment {
    let rule = project.rules.segments.get(id);
    let planned = project.ir.segments.get(id);
    let condition = project.checked.segments.get(id).and_then(Option::as_ref);
    let member = reader.member(id);
    let part = condition.map(|condition| reader.part(condition));
    let not_among = match member {
        Ok(false) => not_among(project, reader, id),
        _ => None,
    };
    ExplainedSegment {
        id: planned.map_or_else(String::new, |planned| planned.id.clone()),
        name: rule.map_or_else(String::new, |rule| rule.name.clone()),
        weight: rule.map_or(0.0, |rule| project.rules.weight(rule).to_f64()),
        ladder: ladder_of(project, id).map(str::to_owned),
        member: member.as_ref().ok().copied(),
        taken_by: match member {
            Ok(false) => taken_by(project, reader, id),
            _ => None,
        },
        stale: member.err(),
        not_among,
        condition: part,
        metrics: condition.map_or_else(Vec::new, |condition| reader.metrics_of(condition)),
        ahead: None,
        history: None,
    }
}

/// The ladder's `among:`, if it keeps the subject off the ladder.
fn not_among(project: &Project, reader: &Reader<'_>, id: SegmentId) -> Option<Part> {
    let ladder = project.rules.segments.get(id)?.ladder?;
    let among = project.checked.among.get(ladder)?.as_ref()?;
    let part = reader.part(among);
    (part.holds != Some(true)).then_some(part)
}

/// The rung of the same ladder that the subject is on.
fn taken_by(project: &Project, reader: &Reader<'_>, id: SegmentId) -> Option<String> {
    let ladder = project.rules.segments.get(id)?.ladder?;
    let rungs = &project.rules.ladders.get(ladder)?.rungs;
    let rung = rungs
        .iter()
        .find(|rung| reader.member(**rung) == Ok(true))?;
    Some(project.ir.segments.get(*rung)?.id.clone())
}
