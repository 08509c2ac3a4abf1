//! The scope of a report: its segments and subjects.

use std::collections::HashSet;

use crate::config::{Config, Report};
use crate::engine::{Evaluation, Key, holds, values_of_count, values_over};
use crate::ir::OutputId;
use crate::project::reports::PlannedReport;
use crate::run::notify::{RosterSegment, RunReport};
use crate::store::{Metric, ReportState};
use crate::value::{SegmentValue, Value};

/// The metric that every segment has: the number of members.
const SIZE: &str = "size";

/// The part of a run that a report covers.
pub struct Slice<'a> {
    /// The whole run.
    pub run_report: &'a RunReport<'a>,
    /// The report in config.
    pub report: &'a Report,
    /// Its segments, in its order.
    pub segments: Vec<SliceSegment<'a>>,
    /// Whether each person satisfies its `where:`, by position in the roster; `None` if it has no `where:`.
    inside: Option<Vec<bool>>,
}

/// A segment in a report.
pub struct SliceSegment<'a> {
    /// The segment with all its members, reported or not.
    pub roster: &'a RosterSegment,
    /// The members that the report covers, in list order.
    pub members: Vec<u32>,
    /// Its values over those members, parallel to config's.
    pub values: Vec<SegmentValue>,
}

impl<'a> Slice<'a> {
    /// Cuts a report out of a run.
    ///
    /// # Errors
    /// Why its `where:` cannot be evaluated, in words.
    pub fn of(
        run_report: &'a RunReport<'a>,
        report: &'a Report,
        planned: &PlannedReport,
    ) -> Result<Self, String> {
        let inside = match (&report.filter, planned.filter) {
            (None, _) => None,
            (Some(_), Some(node)) => Some(inside(run_report, node)?),
            (Some(_), None) => return Err("its `where:` was not planned".to_owned()),
        };
        let roster = &run_report.roster.segments;
        let chosen: Vec<&RosterSegment> = match &report.segments {
            None => roster.iter().collect(),
            Some(ids) => ids
                .iter()
                .filter_map(|id| roster.iter().find(|found| found.segment.id == id.value))
                .collect(),
        };
        let segments = chosen
            .into_iter()
            .map(|roster| match &inside {
                None => SliceSegment {
                    roster,
                    members: roster.members.clone(),
                    values: roster.values.clone(),
                },
                Some(inside) => part(run_report, roster, inside),
            })
            .collect();
        Ok(Self {
            run_report,
            report,
            segments,
            inside,
        })
    }

    pub fn config(&self) -> &'a Config {
        &self.run_report.project.config
    }

    /// Whether the report covers a person in the list.
    pub fn is_inside(&self, person: u32) -> bool {
        let inside = self.inside.as_ref();
        inside.is_none_or(|inside| inside.get(person as usize).copied().unwrap_or(false))
    }

    /// The condition as stored for later comparison; empty if the report covers everyone.
    pub fn about(&self) -> String {
        let filter = self.report.filter.as_ref();
        let words = filter.map_or("", |filter| &filter.value).split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    }

    /// The number of distinct people in its segments.
    pub fn people(&self) -> usize {
        let mut is_member = vec![false; self.run_report.roster.people.len()];
        for member in self.segments.iter().flat_map(|segment| &segment.members) {
            if let Some(is_member) = is_member.get_mut(*member as usize) {
                *is_member = true;
            }
        }
        is_member.into_iter().filter(|is_member| *is_member).count()
    }

    /// The state that later reports compare with.
    pub fn state(&self) -> ReportState {
        let values = self.segments.iter().flat_map(|segment| {
            let id = &segment.roster.segment.id;
            let metric = |metric: &str, value, counted| Metric {
                segment: id.clone(),
                metric: metric.to_owned(),
                value,
                counted,
            };
            let size = metric(SIZE, Some(segment.members.len() as f64), None);
            let values = self.config().values.iter().zip(&segment.values);
            let values = values.filter(|(definition, _)| definition.id.value != SIZE);
            std::iter::once(size).chain(values.map(move |(definition, value)| {
                metric(&definition.id.value, value.number(), value.counted)
            }))
        });
        let people = &self.run_report.roster.people;
        let mut subjects: Vec<Key> = Vec::new();
        if self.inside.is_some() {
            let members = self.segments.iter().flat_map(|segment| &segment.members);
            let members: HashSet<u32> = members.copied().collect();
            let person = |place: u32| people.get(place as usize);
            subjects = members
                .into_iter()
                .filter_map(person)
                .map(|person| person.subject.clone())
                .collect();
            subjects.sort_unstable();
        }
        ReportState {
            report: self.report.id.value.clone(),
            about: self.about(),
            values: values.collect(),
            subjects,
        }
    }
}

/// Whether each person in the list satisfies a condition.
fn inside(run_report: &RunReport<'_>, filter: OutputId) -> Result<Vec<bool>, String> {
    let evaluation = run_report
        .evaluation
        .ok_or_else(|| "its `where:` was not evaluated".to_owned())?;
    let truths = evaluation.output(filter);
    let truths =
        truths.map_err(|stale| format!("its `where:` cannot be told: {}", stale.reason))?;
    let holds = |place: usize| matches!(truths.value(place), Value::Truth(truth) if holds(truth));
    let people = run_report.roster.people.iter();
    Ok(people
        .map(|person| {
            evaluation
                .subjects
                .place(&person.subject)
                .is_some_and(holds)
        })
        .collect())
}

/// The members of a segment that a report covers, and the values over them.
fn part<'a>(
    run_report: &RunReport<'_>,
    roster: &'a RosterSegment,
    inside: &[bool],
) -> SliceSegment<'a> {
    let is_inside = |place: &u32| inside.get(*place as usize).copied().unwrap_or(false);
    let members: Vec<u32> = roster.members.iter().copied().filter(is_inside).collect();
    let values = match run_report.evaluation {
        Some(evaluation) => values(run_report, roster, evaluation, &members),
        None => Vec::new(),
    };
    SliceSegment {
        roster,
        members,
        values,
    }
}

/// The values over the members; a stale segment has only its number of members.
fn values(
    run_report: &RunReport<'_>,
    roster: &RosterSegment,
    evaluation: &Evaluation,
    members: &[u32],
) -> Vec<SegmentValue> {
    let ir = &run_report.project.ir;
    let values = if roster.segment.stale.is_some() {
        values_of_count(ir, &evaluation.clock, members.len())
    } else {
        let place = |member: &u32| {
            let person = run_report.roster.people.get(*member as usize)?;
            u32::try_from(evaluation.subjects.place(&person.subject)?).ok()
        };
        let mut places: Vec<u32> = members.iter().filter_map(place).collect();
        places.sort_unstable();
        values_over(ir, evaluation, &places)
    };
    let values = values.into_iter();
    values
        .map(|value| value.unwrap_or(SegmentValue::MISSING))
        .collect()
}
