//! The definition of a segment: its condition with the named metrics taken apart, its place on a ladder, and what uses
//! it.

use std::fmt;

use super::clauses::{Clause, Clauses};
use crate::engine::Evaluation;
use crate::language::typed::{Kind, Typed};
use crate::language::without_comments;
use crate::project::{Owner, Project};
use crate::rules::{Filter, SegmentId};

/// The definition of a segment.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Definition {
    pub id: String,
    /// The name people see.
    pub name: String,
    /// Its meaning in plain words, as its author wrote it.
    pub description: Option<String>,
    pub bucket: Option<String>,
    pub importance: Option<u32>,
    /// What it adds to a member's score.
    pub weight: f64,
    /// The file and line of its condition or, if it has none, of its id.
    pub place: String,
    /// The number of members; `None` if it cannot be evaluated.
    pub size: Option<usize>,
    /// The number of subjects.
    pub of: usize,
    /// Why it cannot be evaluated.
    pub stale: Option<String>,
    /// Its condition, including the filter; `None` for a ladder's last rung.
    pub condition: Option<Clause>,
    /// Its filter, one line per field.
    pub filter: Vec<String>,
    pub ladder: Option<LadderPlace>,
    /// What refers to it: segments, metrics, reports.
    pub used_by: Vec<String>,
}

/// The place of a rung.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LadderPlace {
    pub id: String,
    /// Counted from 1 at the top.
    pub rung: usize,
    pub of: usize,
    /// The ids of the rungs that come before it and take subjects first.
    pub before: Vec<String>,
    /// Who is on the ladder at all, as written; `None` for everyone.
    pub among: Option<String>,
}

/// Describes a segment; `None` if it does not exist.
pub fn define(project: &Project, evaluation: &Evaluation, id: SegmentId) -> Option<Definition> {
    let rule = project.rules.segments.get(id)?;
    let members = evaluation.segments.get(id)?;
    let condition = project.checked.segments.get(id).and_then(Option::as_ref);
    let place = rule.when.as_ref().unwrap_or(&rule.id);
    Some(Definition {
        id: rule.id.value.clone(),
        name: rule.name.clone(),
        description: rule.description.clone(),
        bucket: rule.bucket.clone(),
        importance: rule.importance,
        weight: project.rules.weight(rule).to_f64(),
        place: project.sources.place(place.location),
        size: members.as_ref().ok().map(Vec::len),
        of: evaluation.subjects.len(),
        stale: members.as_ref().err().map(|stale| stale.reason.clone()),
        condition: condition.map(|condition| Clauses::new(project, evaluation).clause(condition)),
        filter: rule.filter.iter().map(filter_words).collect(),
        ladder: ladder_place(project, id),
        used_by: used_by(project, &rule.id.value)
            .iter()
            .map(Named::to_string)
            .collect(),
    })
}

fn filter_words(filter: &Filter) -> String {
    let values = filter.values.iter().map(|value| value.value.as_str());
    let values: Vec<&str> = values.collect();
    format!("{}: {}", filter.field.value, values.join(" or "))
}

fn ladder_place(project: &Project, id: SegmentId) -> Option<LadderPlace> {
    let ladder = project.rules.segments.get(id)?.ladder?;
    let ladder = project.rules.ladders.get(ladder)?;
    let place = ladder.rungs.iter().position(|rung| *rung == id)?;
    let before = ladder.rungs.iter().take(place);
    let before = before.filter_map(|rung| project.rules.segments.get(*rung));
    let among = ladder.among.as_ref();
    Some(LadderPlace {
        id: ladder.id.value.clone(),
        rung: place + 1,
        of: ladder.rungs.len(),
        before: before.map(|rung| rung.id.value.clone()).collect(),
        among: among.map(|among| without_comments(&among.value)),
    })
}

/// A named definition that can refer to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Segment(String),
    Metric(String),
    Ladder(String),
    Report(String),
    /// A hand-maintained list.
    List(String),
}

impl fmt::Display for Named {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Segment(id) => write!(formatter, "segment {id}"),
            Self::Metric(name) => write!(formatter, "metric {name}"),
            Self::Ladder(id) => write!(formatter, "ladder {id}"),
            Self::Report(id) => write!(formatter, "report {id}"),
            Self::List(name) => write!(formatter, "list {name}"),
        }
    }
}

/// The segments, metrics and ladders whose texts name a segment, and the reports that name it.
pub fn used_by(project: &Project, id: &str) -> Vec<Named> {
    let names_it = |typed: &Typed| {
        let mut found = false;
        typed.each(&mut |part| found |= part.kind == Kind::Member(id.to_owned()));
        found
    };
    let definitions = project.definitions();
    let rules = definitions.filter_map(|(owner, typed)| match owner {
        Owner::Segment(name) if names_it(typed) => Some(Named::Segment(name.to_owned())),
        Owner::Metric(name) if names_it(typed) => Some(Named::Metric(name.to_owned())),
        _ => None,
    });
    let among = project.rules.ladders.zip(&project.checked.among);
    let ladders = among.filter_map(|(ladder, among)| {
        let named = among.as_ref().is_some_and(names_it);
        named.then(|| Named::Ladder(ladder.id.value.clone()))
    });
    let reports = project.config.reports.iter().filter_map(|report| {
        let mut listed = report.segments.iter().flatten();
        let named = listed.any(|segment| segment.value == id);
        named.then(|| Named::Report(report.id.value.clone()))
    });
    rules.chain(ladders).chain(reports).collect()
}

/// The segments whose own text uses a hand-maintained list.
pub fn on_list<'p>(project: &'p Project, list: &'p str) -> impl Iterator<Item = &'p str> {
    let definitions = project.definitions();
    definitions.filter_map(move |(owner, typed)| {
        let mut found = false;
        typed.each(&mut |part| found |= matches!(&part.kind, Kind::Listed(_, own) if own == list));
        match owner {
            Owner::Segment(id) if found => Some(id),
            _ => None,
        }
    })
}

/// The segments, metrics and lists that a segment's text names, each once, in the order of the text.
pub fn uses(project: &Project, id: &str) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let definitions = project.definitions();
    for (_, typed) in
        definitions.filter(|(owner, _)| matches!(owner, Owner::Segment(own) if *own == id))
    {
        typed.each(&mut |part| {
            let named = match &part.kind {
                Kind::Member(id) => Named::Segment(id.clone()),
                Kind::Metric(name) => Named::Metric(name.clone()),
                Kind::Listed(_, name) => Named::List(name.clone()),
                _ => return,
            };
            if !found.contains(&named) {
                found.push(named);
            }
        });
    }
    found
}
