//! Why a subject is in a segment, or is not: the condition as a tree with the real value of each part.

mod figures;
mod parts;
mod rank_context;

use crate::connector::Connector;
use crate::engine::{EngineError, Evaluation, Keep, Key, Watch};
use crate::time::Clock;

use crate::health::of_subject;
use crate::project::Project;
use crate::rules::SegmentId;
use figures::{Style, shown};
use parts::Reader;

pub use parts::{without_comments, words_of};

/// One subject, explained.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Explanation {
    /// The subject's key.
    pub key: String,
    /// The subject's label.
    pub label: String,
    /// The segments asked for, in the order of the files.
    pub segments: Vec<ExplainedSegment>,
    /// How the subject is doing; none where config defines no score, or one segment was asked for.
    pub health: Option<ExplainedHealth>,
}

/// One subject's health score, taken apart.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ExplainedHealth {
    /// From 0 to 100, with one decimal; none where no factor is present.
    pub score: Option<f64>,
    /// Why the score cannot be told.
    pub stale: Option<String>,
    /// What costs most, in words, dearest first.
    pub reasons: Vec<String>,
    /// Its factors, in the order of config.
    pub factors: Vec<ExplainedFactor>,
}

/// One factor of a subject's health score.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ExplainedFactor {
    pub id: String,
    /// Its value for people; none where it is missing and the factor left out.
    pub value: Option<String>,
    /// What that is worth, 0 to 100.
    pub points: Option<f64>,
    /// Its weight, as config has it.
    pub weight: f64,
    /// Its share of the weights that count for this subject, 0 to 1.
    pub share: f64,
    /// How many points of the score it costs.
    pub cost: f64,
    /// The reason in words, where it costs any.
    pub reason: Option<String>,
}

/// One segment for one subject.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ExplainedSegment {
    pub id: String,
    /// The name people see.
    pub name: String,
    /// Whether the subject is in it; none where the segment cannot be evaluated.
    pub member: Option<bool>,
    /// Why the segment cannot be evaluated.
    pub stale: Option<String>,
    /// On a ladder: the rung that the subject is on instead of this one.
    pub taken_by: Option<String>,
    /// On a ladder: what says who is on it at all, where the subject does not.
    pub not_among: Option<Part>,
    /// The condition; none for a ladder's rung without one.
    pub condition: Option<Part>,
    /// The metrics that the condition speaks of, each once.
    pub metrics: Vec<NamedFigure>,
}

/// One part of a condition.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Part {
    /// The part as written.
    pub text: String,
    /// The part with its real values: `package_used 7 / 9 = 77.8% ≥ 75%`.
    pub figures: String,
    /// Whether it holds; none where that is unknown.
    pub holds: Option<bool>,
    /// What is missing, where the answer is unknown.
    pub missing: Vec<String>,
    /// Its own parts.
    pub parts: Vec<Part>,
}

/// A metric with its definition and value.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct NamedFigure {
    /// The metric's name.
    pub name: String,
    /// Its definition as written.
    pub text: String,
    /// Its value for people.
    pub value: String,
}

/// Evaluates everything at an instant and keeps every value, so that any subject can be explained.
///
/// # Errors
/// The database cannot be read, or `watch` asked to stop.
pub fn evaluate_for_explanation(
    project: &Project,
    connector: &dyn Connector,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Evaluation, EngineError> {
    let snapshot = connector.snapshot()?;
    snapshot.evaluate(&project.ir, clock, Keep::Everything, watch)
}

/// Explains one subject; `segment` narrows it to one segment.
pub fn explain(
    project: &Project,
    evaluation: &Evaluation,
    place: usize,
    segment: Option<&str>,
) -> Explanation {
    let reader = Reader::new(project, evaluation, place);
    let wanted = |id: &str| segment.is_none_or(|segment| segment == id);
    let segments = project
        .ir
        .segments
        .iter_enumerated()
        .filter(|(_, planned)| wanted(&planned.id))
        .map(|(id, _)| explain_segment(project, &reader, id))
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
    let zone = evaluation.clock.zone;
    let reasons = health.reasons().into_iter().map(str::to_owned).collect();
    let factors = health.factors.into_iter().map(|factor| ExplainedFactor {
        value: factor
            .points
            .map(|_| shown(&factor.value, Style::Plain, zone)),
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
        member: member.as_ref().ok().copied(),
        taken_by: match member {
            Ok(false) => taken_by(project, reader, id),
            _ => None,
        },
        stale: member.err(),
        not_among,
        condition: part,
        metrics: condition.map_or_else(Vec::new, |condition| reader.metrics_of(condition)),
    }
}

/// The ladder's `among:`, where it keeps the subject off.
fn not_among(project: &Project, reader: &Reader<'_>, id: SegmentId) -> Option<Part> {
    let ladder = project.rules.segments.get(id)?.ladder?;
    let among = project.checked.among.get(ladder)?.as_ref()?;
    let part = reader.part(among);
    (part.holds != Some(true)).then_some(part)
}

/// The rung of the same ladder that the subject stands on.
fn taken_by(project: &Project, reader: &Reader<'_>, id: SegmentId) -> Option<String> {
    let ladder = project.rules.segments.get(id)?.ladder?;
    let rungs = &project.rules.ladders.get(ladder)?.rungs;
    let rung = rungs
        .iter()
        .find(|rung| reader.member(**rung) == Ok(true))?;
    Some(project.ir.segments.get(*rung)?.id.clone())
}
