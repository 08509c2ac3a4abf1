//! Whether a person is what a test says of them, and why not.

use serde::Serialize;

use super::bench::Case;
use super::values::is_expected;
use crate::engine::Evaluation;
use crate::explain::{ExplainedSegment, explain};
use crate::health::of_subject;
use crate::project::Project;
use crate::project::columns::ColumnSource;
use crate::rules::SegmentId;
use crate::value::Value;

/// One thing that is not as a test says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failure {
    /// What is otherwise, in words.
    pub message: String,
    /// The segment that it is about, with the values of the person.
    pub explained: Option<ExplainedSegment>,
}

/// Everything of a person that is not as a test says.
pub(super) fn judge(project: &Project, evaluation: &Evaluation, case: &Case<'_>) -> Vec<Failure> {
    let place = evaluation.subjects.place(&case.key);
    let Some(place) = place else {
        return match case.test.active {
            true => vec![left_out(project, evaluation, case)],
            false => Vec::new(),
        };
    };
    if !case.test.active {
        let message = format!(
            "{} takes part, and the test says that they are left out",
            case.test.person.value
        );
        return vec![plain(message)];
    }
    let judged = Judged {
        project,
        evaluation,
        place,
        case,
    };
    let within = case
        .within
        .iter()
        .map(|segment| judged.member(*segment, true));
    let outside = case
        .outside
        .iter()
        .map(|segment| judged.member(*segment, false));
    let values = (0..case.values.len()).map(|value| judged.value(value));
    within.chain(outside).chain(values).flatten().collect()
}

/// A failure that is about no segment.
fn plain(message: String) -> Failure {
    Failure {
        message,
        explained: None,
    }
}

/// Why a person takes no part.
fn left_out(project: &Project, evaluation: &Evaluation, case: &Case<'_>) -> Failure {
    let person = &case.test.person.value;
    let config = &project.config;
    let by = match (evaluation.inactive.place(&case.key), &config.active) {
        (Some(_), Some(active)) => format!("`active: {}`", active.value.trim()),
        _ => {
            let filter = config.subject.filter.as_ref();
            let filter = filter.map(|filter| format!("`where: {}`", filter.value.trim()));
            let at = config.subject.at.as_ref();
            let at = at.map(|at| format!("`at: {}`", at.value));
            let both: Vec<String> = filter.into_iter().chain(at).collect();
            both.join(" or ")
        }
    };
    plain(format!(
        "{person} is left out by {by} of config, and so in no segment; a test that expects it says `active: no`"
    ))
}

struct Judged<'a> {
    project: &'a Project,
    evaluation: &'a Evaluation,
    place: usize,
    case: &'a Case<'a>,
}

impl Judged<'_> {
    /// A segment that the person must be in, or must not.
    fn member(&self, segment: SegmentId, expected: bool) -> Option<Failure> {
        let id = &self.project.rules.segments.get(segment)?.id.value;
        let is_member = self.is_member(segment);
        if is_member == Some(expected) {
            return None;
        }
        let person = &self.case.test.person.value;
        let message = match is_member {
            Some(true) => format!("{person} is in {id}"),
            Some(false) => format!("{person} is not in {id}"),
            None => format!("{id} cannot be evaluated"),
        };
        let explanation = explain(self.project, self.evaluation, self.place, Some(id));
        Some(Failure {
            message,
            explained: explanation.segments.into_iter().next(),
        })
    }

    fn is_member(&self, segment: SegmentId) -> Option<bool> {
        let members = self.evaluation.segments.get(segment)?.as_ref().ok()?;
        let place = u32::try_from(self.place).ok()?;
        Some(members.binary_search(&place).is_ok())
    }

    /// The value at a place of the test's.
    fn value(&self, place: usize) -> Option<Failure> {
        let expected = self.case.test.values.get(place)?;
        let must = self.case.values.get(place)?;
        let is = self.value_of(expected.source);
        let (name, text) = (&expected.name.value, expected.text.value.trim());
        match is {
            Ok(is) if is_expected(&is, must, text) => None,
            Ok(is) => Some(plain(format!("`{name}` is {is}, not {text}"))),
            Err(reason) => Some(plain(format!("`{name}` cannot be evaluated: {reason}"))),
        }
    }

    fn value_of(&self, source: ColumnSource) -> Result<Value, String> {
        let key = || Value::Text(self.case.key.to_string());
        Ok(match source {
            ColumnSource::Output(output) => {
                let column = self
                    .evaluation
                    .output(output)
                    .map_err(|stale| stale.reason)?;
                column.value(self.place)
            }
            ColumnSource::Score => Value::Number(self.score()),
            ColumnSource::Health | ColumnSource::Reasons => {
                let health = of_subject(self.project, self.evaluation, self.place);
                let health = health.transpose().map_err(|stale| stale.reason)?;
                let Some(health) = health else {
                    return Ok(Value::Missing);
                };
                match source {
                    ColumnSource::Health => health.score.map_or(Value::Missing, Value::Number),
                    _ => match health.reasons().join("; ") {
                        none if none.is_empty() => Value::Missing,
                        reasons => Value::Text(reasons),
                    },
                }
            }
            ColumnSource::Label => Value::Text(self.evaluation.subjects.label(self.place)),
            ColumnSource::Key
            | ColumnSource::Rank
            | ColumnSource::Segments
            | ColumnSource::EnteredAt => key(),
        })
    }

    /// The sum of the weights of the person's segments.
    fn score(&self) -> f64 {
        let rules = &self.project.rules;
        let of_members = rules.segments.iter_enumerated();
        let of_members = of_members.filter(|(id, _)| self.is_member(*id) == Some(true));
        of_members
            .map(|(_, segment)| rules.weight(segment).to_f64())
            .sum()
    }
}
