//! A condition by its definition: the metrics that it names, and the values that are shared by all subjects or by a
//! group.

use super::figures::{Style, position, shown};
use super::parts::written;
use crate::config::marks;
use crate::engine::Evaluation;
use crate::language::ast::ExprId;
use crate::language::check::MetricDefinition;
use crate::language::typed::{Kind, PopulationFunction, Typed};
use crate::language::without_comments;
use crate::project::Project;
use crate::value::Value;

/// A part of a condition, or a metric named in it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Clause {
    /// The metric's name, if it is one.
    pub name: Option<String>,
    /// Its text.
    pub text: String,
    /// Its value, if all subjects or all of a group share one: `4.2`, `3 to 7 by group`.
    pub value: Option<String>,
    /// Its parts; empty for a metric that is already shown further above.
    pub parts: Vec<Clause>,
}

/// Takes conditions apart, each metric once.
pub(super) struct Clauses<'a> {
    project: &'a Project,
    evaluation: &'a Evaluation,
    /// The metrics that have been taken apart.
    told: Vec<String>,
}

impl<'a> Clauses<'a> {
    /// A state in which nothing has been taken apart.
    pub(super) fn new(project: &'a Project, evaluation: &'a Evaluation) -> Self {
        Self {
            project,
            evaluation,
            told: Vec::new(),
        }
    }

    pub(super) fn clause(&mut self, typed: &'a Typed) -> Clause {
        let parts = match &typed.kind {
            Kind::And(parts) | Kind::Or(parts) => {
                parts.iter().map(|part| self.clause(part)).collect()
            }
            _ => self.inside(typed),
        };
        Clause {
            name: None,
            text: written(self.project, typed),
            value: None,
            parts,
        }
    }

    /// The metrics that an expression names, and the values of its population functions.
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

    /// The metric that stands for a row, as in `last_package.price`: the typed expression is only the row's field.
    fn rows_named(&mut self, typed: &'a Typed) -> Option<Clause> {
        let Kind::Aggregate(_) = &typed.kind else {
            return None;
        };
        let written = written(self.project, typed);
        let (name, _) = written.split_once('.')?;
        let name = name.trim().to_owned();
        self.metric(&name)
    }

    /// A population function that gives all members of a group one value.
    fn of_population(&self, typed: &Typed) -> Option<Clause> {
        use PopulationFunction::{Avg, Max, Min, Quantile, Size, Sum};
        let Kind::Population(population) = &typed.kind else {
            return None;
        };
        let shared = matches!(
            population.function,
            Size | Avg | Sum | Min | Max | Quantile(_)
        );
        let value = self.range(typed.id?).filter(|_| shared)?;
        Some(Clause {
            name: None,
            text: written(self.project, typed),
            value: Some(value),
            parts: Vec::new(),
        })
    }

    /// The smallest and the largest of an expression's values over all subjects, or the one value that all have.
    fn range(&self, expression: ExprId) -> Option<String> {
        let node = self.project.ir.node_of(expression)?;
        let column = self.evaluation.kept.get(&node)?.as_ref().ok()?;
        let values = (0..column.len()).map(|place| column.value(place));
        let values = values.filter_map(|value| Some((position(&value)?, value)));
        let values: Vec<(f64, Value)> = values.collect();
        let by_position = |a: &&(f64, Value), b: &&(f64, Value)| a.0.total_cmp(&b.0);
        let (low, low_value) = values.iter().min_by(by_position)?;
        let (high, high_value) = values.iter().max_by(by_position)?;
        let words = |value: &Value| {
            let zone = self.evaluation.clock.zone;
            shown(
                &rounded(value),
                Style::Plain,
                zone,
                &marks(self.project.config.locale),
            )
        };
        Some(match low == high {
            true => words(low_value),
            false => format!("{} to {} by group", words(low_value), words(high_value)),
        })
    }
}

/// A number with two decimals.
fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number((number * 100.0).round() / 100.0),
        other => other.clone(),
    }
}
