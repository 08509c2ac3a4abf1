//! What a segment is by its definition: its condition with the metrics that it names taken apart, its place on a ladder,
//! and what uses it.

use super::figures::{Style, shown};
use super::parts::without_comments;
use crate::engine::Evaluation;
use crate::language::ast::ExprId;
use crate::language::check::MetricDefinition;
use crate::language::typed::{Kind, PopulationFunction, Typed};
use crate::project::{Owner, Project};
use crate::rules::SegmentId;
use crate::value::{Type, Value};

/// A segment by its definition.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Definition {
    pub id: String,
    /// The name people see.
    pub name: String,
    /// What it means in plain words, as its author wrote it.
    pub description: Option<String>,
    pub bucket: Option<String>,
    pub importance: Option<u32>,
    /// What it adds to a member's score.
    pub weight: f64,
    /// The file and line of its condition or, where it has none, of its id.
    pub place: String,
    /// How many are in it; none where it cannot be evaluated.
    pub size: Option<usize>,
    /// How many there are.
    pub of: usize,
    /// Why it cannot be evaluated.
    pub stale: Option<String>,
    /// Its condition, filter included; none for a ladder's last rung.
    pub condition: Option<Clause>,
    /// What its filter asks, one line a field.
    pub filter: Vec<String>,
    pub ladder: Option<LadderPlace>,
    /// What names it: segments, metrics, reports.
    pub used_by: Vec<String>,
}

/// A part of a condition, or a metric that one names.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Clause {
    /// The metric's name, where it is one.
    pub name: Option<String>,
    /// As it is written.
    pub text: String,
    /// What it comes to, where that is one value for all or for each group: `4.2`, `3 to 7 by group`.
    pub value: Option<String>,
    /// What it is made of; empty for a metric that stands further above already.
    pub parts: Vec<Clause>,
}

/// A rung's place.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LadderPlace {
    pub id: String,
    /// From 1, top first.
    pub rung: usize,
    pub of: usize,
    /// The ids of the rungs that take somebody before it does.
    pub before: Vec<String>,
    /// Who is on the ladder at all, as it is written; none for everyone.
    pub among: Option<String>,
}

/// Describes a segment; none where there is no such one.
pub fn define(project: &Project, evaluation: &Evaluation, id: SegmentId) -> Option<Definition> {
    let rule = project.rules.segments.get(id)?;
    let members = evaluation.segments.get(id)?;
    let condition = project.checked.segments.get(id).and_then(Option::as_ref);
    let mut reader = Clauses {
        project,
        evaluation,
        told: Vec::new(),
    };
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
        condition: condition.map(|condition| reader.clause(condition)),
        filter: rule.filter.iter().map(filter_words).collect(),
        ladder: ladder_place(project, id),
        used_by: users(project, &rule.id.value),
    })
}

fn filter_words(filter: &crate::rules::Filter) -> String {
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

/// The segments and metrics whose texts name a segment, and the reports that are about it by name.
fn users(project: &Project, id: &str) -> Vec<String> {
    let names_it = |typed: &Typed| {
        let mut found = false;
        typed.each(&mut |part| found |= part.kind == Kind::Member(id.to_owned()));
        found
    };
    let definitions = project.definitions();
    let rules = definitions.filter_map(|(owner, typed)| match owner {
        Owner::Segment(name) if names_it(typed) => Some(format!("segment {name}")),
        Owner::Metric(name) if names_it(typed) => Some(format!("metric {name}")),
        _ => None,
    });
    let among = project.rules.ladders.zip(&project.checked.among);
    let ladders = among.filter_map(|(ladder, among)| {
        let named = among.as_ref().is_some_and(names_it);
        named.then(|| format!("ladder {}", ladder.id.value))
    });
    let reports = project.config.reports.iter().filter_map(|report| {
        let mut listed = report.segments.iter().flatten();
        let named = listed.any(|segment| segment.value == id);
        named.then(|| format!("report {}", report.id.value))
    });
    rules.chain(ladders).chain(reports).collect()
}

/// Takes conditions apart, each metric once.
struct Clauses<'a> {
    project: &'a Project,
    evaluation: &'a Evaluation,
    /// The metrics that were taken apart.
    told: Vec<String>,
}

impl<'a> Clauses<'a> {
    fn clause(&mut self, typed: &'a Typed) -> Clause {
        let parts = match &typed.kind {
            Kind::And(parts) | Kind::Or(parts) => {
                parts.iter().map(|part| self.clause(part)).collect()
            }
            _ => self.inside(typed),
        };
        Clause {
            name: None,
            text: self.written(typed),
            value: None,
            parts,
        }
    }

    /// The metrics that an expression names and the values of its functions over the population.
    fn inside(&mut self, typed: &'a Typed) -> Vec<Clause> {
        let mut parts = Vec::new();
        if let Some(clause) = self.of_population(typed) {
            parts.push(clause);
        }
        match &typed.kind {
            Kind::Metric(name) => parts.extend(self.metric(name)),
            _ => {
                for child in typed.children() {
                    parts.extend(self.inside(child));
                }
                parts.extend(self.rows_named(typed));
            }
        }
        parts
    }

    fn metric(&mut self, name: &str) -> Option<Clause> {
        let project = self.project;
        let rule = project.rules.metrics.iter();
        let (rule, checked) = rule
            .zip(project.checked.metrics.iter())
            .find(|(rule, _)| rule.name.value == name)?;
        if self.told.iter().any(|told| told == name) {
            return None;
        }
        self.told.push(name.to_owned());
        let parts = match &checked.definition {
            MetricDefinition::Value(value) => self.inside(value),
            MetricDefinition::Row(row) => {
                let parts = row.filter.iter();
                parts.flat_map(|part| self.inside(part)).collect()
            }
        };
        Some(Clause {
            name: Some(name.to_owned()),
            text: without_comments(&rule.text.value),
            value: None,
            parts,
        })
    }

    /// The metrics that stand for a row, as in `last_package.price`: what is typed is the row's field alone.
    fn rows_named(&mut self, typed: &'a Typed) -> Option<Clause> {
        let Kind::Aggregate(_) = &typed.kind else {
            return None;
        };
        let written = self.written(typed);
        let (name, _) = written.split_once('.')?;
        let name = name.trim().to_owned();
        self.metric(&name)
    }

    /// A function over the population that gives all of a group one value.
    fn of_population(&self, typed: &Typed) -> Option<Clause> {
        use PopulationFunction::{Avg, Max, Min, Quantile, Size, Sum};
        let Kind::Population(population) = &typed.kind else {
            return None;
        };
        let shared = matches!(
            population.function,
            Size | Avg | Sum | Min | Max | Quantile(_)
        );
        let value = self.range(typed.id?, typed.ty).filter(|_| shared)?;
        Some(Clause {
            name: None,
            text: self.written(typed),
            value: Some(value),
            parts: Vec::new(),
        })
    }

    /// The least and the greatest of an expression's values over everybody, or the one that all have.
    fn range(&self, expression: ExprId, ty: Type) -> Option<String> {
        let node = self.project.ir.node_of(expression)?;
        let column = self.evaluation.kept.get(&node)?.as_ref().ok()?;
        let mut ends: Option<(Value, Value)> = None;
        for place in 0..column.len() {
            let value = column.value(place);
            let Some(at) = super::figures::position(&value) else {
                continue;
            };
            let (low, high) = ends.unwrap_or_else(|| (value.clone(), value.clone()));
            let is_below = super::figures::position(&low).is_some_and(|low| at < low);
            let is_above = super::figures::position(&high).is_some_and(|high| at > high);
            ends = Some((
                if is_below { value.clone() } else { low },
                if is_above { value } else { high },
            ));
        }
        let (low, high) = ends?;
        let words = |value: &Value| match ty {
            Type::Number => shown(&rounded(value), Style::Plain, self.evaluation.clock.zone),
            _ => shown(value, Style::Plain, self.evaluation.clock.zone),
        };
        Some(match low == high {
            true => words(&low),
            false => format!("{} to {} by group", words(&low), words(&high)),
        })
    }

    fn written(&self, typed: &Typed) -> String {
        without_comments(self.project.checked.source_map.words(typed.span))
    }
}

/// A number with two decimals.
fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number((number * 100.0).round() / 100.0),
        other => other.clone(),
    }
}
