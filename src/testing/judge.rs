//! Checks whether a person is as a test says, and explains why not.

use serde::Serialize;

use super::bench::Case;
use super::values::is_expected;
use crate::engine::{Evaluation, Key, Keys, whole_number};
use crate::explain::{ExplainedSegment, explain};
use crate::health::of_subject;
use crate::project::Project;
use crate::project::columns::ColumnSource;
use crate::rules::SegmentId;
use crate::value::Value;

/// One mismatch with a test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failure {
    /// The mismatch, in words.
    pub message: String,
    /// The segment concerned, with the person's values.
    pub explained: Option<ExplainedSegment>,
}

/// All mismatches of a person.
pub(super) fn judge(project: &Project, evaluation: &Evaluation, case: &Case<'_>) -> Vec<Failure> {
    let person = &case.test.person.value;
    match (Judged::new(project, evaluation, case), case.test.active) {
        (None, _) if has_no_key(project, evaluation, case) => {
            let column = &project.config.subject.key.value;
            vec![plain(format!(
                "{person} has no key that counts, and so takes no part: leave out `{column}`, or give another"
            ))]
        }
        (None, false) => Vec::new(),
        (None, true) => vec![left_out(project, evaluation, case)],
        (Some(_), false) => vec![plain(format!(
            "{person} takes part, and the test says that they are left out"
        ))],
        (Some(judged), true) => {
            let members = judged.wrong_members();
            let members = members.filter_map(|(segment, is)| judged.told(segment, is));
            members.chain(judged.wrong_values()).collect()
        }
    }
}

/// Whether there is no mismatch.
pub(super) fn passes(project: &Project, evaluation: &Evaluation, case: &Case<'_>) -> bool {
    match Judged::new(project, evaluation, case) {
        None => !case.test.active && !has_no_key(project, evaluation, case),
        Some(judged) => {
            case.test.active
                && judged.wrong_members().next().is_none()
                && judged.wrong_values().next().is_none()
        }
    }
}

/// A mismatch that is not about a segment.
fn plain(message: String) -> Failure {
    Failure {
        message,
        explained: None,
    }
}

/// Whether the person is left out because of the key: it is not a valid one, or nothing in config excludes them.
fn has_no_key(project: &Project, evaluation: &Evaluation, case: &Case<'_>) -> bool {
    let subject = &project.config.subject;
    let may_be_left_out = subject.filter.is_some() || subject.at.is_some();
    let counts = match (&case.key, &evaluation.subjects.keys) {
        (Key::Text(text), Keys::Integer(keys)) => {
            // Without any subjects, the type of keys is undetermined.
            !text.is_empty() && (keys.is_empty() || whole_number(text).is_some())
        }
        (Key::Text(text), Keys::Text(_)) => !text.is_empty(),
        (Key::Integer(_), _) => true,
    };
    !counts || (!may_be_left_out && evaluation.inactive.place(&case.key).is_none())
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

impl<'a> Judged<'a> {
    /// The person of a test; `None` if they take no part.
    fn new(project: &'a Project, evaluation: &'a Evaluation, case: &'a Case<'a>) -> Option<Self> {
        let place = evaluation.subjects.place(&case.key)?;
        Some(Self {
            project,
            evaluation,
            place,
            case,
        })
    }

    /// The segments with a wrong answer, and the actual answer; `None` if it is unknown.
    fn wrong_members(&self) -> impl Iterator<Item = (SegmentId, Option<bool>)> {
        let within = self.case.within.iter().map(|segment| (*segment, true));
        let outside = self.case.outside.iter().map(|segment| (*segment, false));
        within.chain(outside).filter_map(|(segment, must)| {
            let is = self.is_member(segment);
            (is != Some(must)).then_some((segment, is))
        })
    }

    /// The values that differ from the expected ones.
    fn wrong_values(&self) -> impl Iterator<Item = Failure> {
        (0..self.case.values.len()).filter_map(|value| self.value(value))
    }

    /// A wrong segment, explained.
    fn told(&self, segment: SegmentId, is: Option<bool>) -> Option<Failure> {
        let id = &self.project.rules.segments.get(segment)?.id.value;
        let person = &self.case.test.person.value;
        let message = match is {
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

    /// The mismatch of the value at an index of the test, if any.
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
            ColumnSource::Key => Value::Text(self.case.key.to_string()),
            ColumnSource::Rank | ColumnSource::Segments | ColumnSource::EnteredAt => {
                return Err("only a run knows it, with everyone in the data".to_owned());
            }
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
