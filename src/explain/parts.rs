//! A condition taken apart: each part with the values of one subject.

use super::figures::{Style, shown, sign};
use super::rank_context::beyond_it;
use super::{NamedFigure, Part};
use crate::engine::Evaluation;
use crate::ir::NodeId;
use crate::language::ast::TextTest;
use crate::language::check::MetricDefinition;
use crate::language::typed::{Arithmetic, Kind, Population, PopulationFunction, Typed};
use crate::project::Project;
use crate::value::{Truth, Type, Value};

/// Reads one subject's values.
pub(super) struct Reader<'a> {
    project: &'a Project,
    evaluation: &'a Evaluation,
    place: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(project: &'a Project, evaluation: &'a Evaluation, place: usize) -> Self {
        Self {
            project,
            evaluation,
            place,
        }
    }

    /// Whether the subject is in a segment, or why that cannot be said.
    pub(super) fn member(&self, segment: usize) -> Result<bool, String> {
        let place = u32::try_from(self.place).unwrap_or(u32::MAX);
        match self.evaluation.segments.get(segment) {
            Some(Ok(members)) => Ok(members.binary_search(&place).is_ok()),
            Some(Err(stale)) => Err(stale.reason.clone()),
            None => Err("it is not part of this evaluation".to_string()),
        }
    }

    /// A part of a condition, `text` being what the whole was written as.
    pub(super) fn part(&self, typed: &Typed, text: &str) -> Part {
        let parts = match &typed.kind {
            Kind::And(parts) | Kind::Or(parts) => {
                parts.iter().map(|part| self.part(part, text)).collect()
            }
            Kind::Not(inner) => vec![self.part(inner, text)],
            Kind::Metric(name) => match self.metric(name) {
                Some((definition, text)) if definition.ty == Type::Truth => {
                    vec![self.part(definition, text)]
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let holds = match self.value(typed) {
            Value::Truth(Truth::Yes) => Some(true),
            Value::Truth(Truth::No) => Some(false),
            _ => None,
        };
        let mut missing = Vec::new();
        if holds.is_none() {
            self.missing(typed, text, &mut missing);
        }
        Part {
            text: written(typed, text),
            figures: self.figures(typed, text),
            holds,
            missing,
            parts,
        }
    }

    /// Every metric that a condition speaks of, those it is made of included, each once.
    pub(super) fn metrics_of(&self, typed: &Typed) -> Vec<NamedFigure> {
        let mut names = Vec::new();
        self.names(typed, &mut names);
        names
            .iter()
            .filter_map(|name| {
                let (definition, text) = self.metric(name)?;
                Some(NamedFigure {
                    name: (*name).to_string(),
                    text: one_line(text),
                    value: self.shown(definition, Style::Plain),
                })
            })
            .collect()
    }

    fn names<'t>(&'t self, typed: &'t Typed, into: &mut Vec<&'t str>) {
        if let Kind::Metric(name) = &typed.kind {
            if into.contains(&name.as_str()) {
                return;
            }
            into.push(name);
            if let Some((definition, _)) = self.metric(name) {
                self.names(definition, into);
            }
        }
        for operand in typed.operands() {
            self.names(operand, into);
        }
    }

    /// The values behind a part's answer; empty where its own parts tell more.
    fn figures(&self, typed: &Typed, text: &str) -> String {
        let style = if has_percent(typed, text) {
            Style::Percent
        } else {
            Style::Plain
        };
        let side = |operand: &Typed| self.side(operand, text, style);
        match &typed.kind {
            Kind::And(_) | Kind::Or(_) | Kind::Not(_) | Kind::Member(_) => String::new(),
            Kind::Metric(name) => name.clone(),
            Kind::Compare(comparison, left, right) => {
                format!("{} {} {}", side(left), sign(*comparison), side(right))
            }
            Kind::Between(subject, low, high) => {
                format!("{} between {} and {}", side(subject), side(low), side(high))
            }
            Kind::InList(subject, items) => {
                let items: Vec<String> = items.iter().map(side).collect();
                format!("{} in ({})", side(subject), items.join(", "))
            }
            Kind::TextTest(test, left, right) => {
                let test = match test {
                    TextTest::Contains => "contains",
                    TextTest::StartsWith => "starts with",
                    TextTest::EndsWith => "ends with",
                };
                format!("{} {test} {}", side(left), side(right))
            }
            Kind::InWindow(subject, _) => {
                let window = after(subject, typed, text);
                format!("{} {window}", side(subject))
            }
            Kind::IsMissing(subject) => format!("{} is missing", side(subject)),
            Kind::Population(population) => self.standing(population, typed, text),
            // The mark before it says yes or no already.
            _ if typed.ty == Type::Truth => written(typed, text),
            _ => self.side(typed, text, style),
        }
    }

    /// One side of a comparison: its words, its working and its value, each where it tells something.
    fn side(&self, typed: &Typed, text: &str, style: Style) -> String {
        let value = self.shown(typed, style);
        match &typed.kind {
            Kind::Constant(_) => written(typed, text),
            Kind::Arithmetic(..) => format!("{} = {value}", self.working(typed, text)),
            Kind::Metric(name) => match self.metric(name) {
                Some((definition, text)) if matches!(definition.kind, Kind::Arithmetic(..)) => {
                    format!("{name} {} = {value}", self.working(definition, text))
                }
                _ => format!("{name} {value}"),
            },
            _ => format!("{} {value}", written(typed, text)),
        }
    }

    /// An arithmetic with values for its names: `7 / 9`.
    fn working(&self, typed: &Typed, text: &str) -> String {
        match &typed.kind {
            Kind::Constant(_) => written(typed, text),
            Kind::Arithmetic(operator, left, right) => {
                let sign = match operator {
                    Arithmetic::Add => "+",
                    Arithmetic::Subtract => "-",
                    Arithmetic::Multiply => "*",
                    Arithmetic::Divide => "/",
                };
                let nested = |side: &Typed| match side.kind {
                    Kind::Arithmetic(..) => format!("({})", self.working(side, text)),
                    _ => self.working(side, text),
                };
                format!("{} {sign} {}", nested(left), nested(right))
            }
            _ => self.shown(typed, Style::Plain),
        }
    }

    /// Where the subject stands in its group: the value that a `top` looks at, and how many are
    /// beyond it.
    fn standing(&self, population: &Population, typed: &Typed, text: &str) -> String {
        let Some(of) = &population.of else {
            return written(typed, text);
        };
        let words = format!(
            "{}: {}",
            written(typed, text),
            self.side(of, text, Style::Plain)
        );
        let beyond = match population.function {
            PopulationFunction::TopShare(_) | PopulationFunction::TopCount(_) => "more",
            PopulationFunction::BottomShare(_) | PopulationFunction::BottomCount(_) => "less",
            _ => return words,
        };
        match beyond_it(
            self.project,
            self.evaluation,
            self.place,
            (of, typed),
            beyond == "more",
        ) {
            Some((ahead, n)) => format!("{words}, {ahead} of {n} have {beyond}"),
            None => words,
        }
    }

    /// What is missing beneath an unknown answer.
    fn missing(&self, typed: &Typed, text: &str, into: &mut Vec<String>) {
        if let Kind::Metric(name) = &typed.kind {
            if let Some((definition, text)) = self.metric(name) {
                self.missing(definition, text, into);
            }
            return;
        }
        let operands = typed.operands();
        let before = into.len();
        for operand in &operands {
            if matches!(
                self.value(operand),
                Value::Missing | Value::Truth(Truth::Unknown)
            ) {
                self.missing(operand, text, into);
            }
        }
        let told = into.len() > before;
        let words = written(typed, text);
        if !told && !matches!(typed.kind, Kind::Constant(_)) && !into.contains(&words) {
            into.push(words);
        }
    }

    fn metric(&self, name: &str) -> Option<(&'a Typed, &'a str)> {
        definitions(self.project)
            .find(|(metric, ..)| *metric == name)
            .map(|(_, definition, text)| (definition, text))
    }

    fn value(&self, typed: &Typed) -> Value {
        if let Kind::Constant(value) = &typed.kind {
            return value.clone();
        }
        let node = self.project.ir.node_of(typed);
        match node.and_then(|node| self.evaluation.kept.get(&node)) {
            Some(Ok(column)) => column.value(self.place),
            _ => Value::Missing,
        }
    }

    fn shown(&self, typed: &Typed, style: Style) -> String {
        shown(&self.value(typed), style, self.evaluation.clock.zone)
    }
}

/// Every metric that is a value: its name, definition and text.
fn definitions(project: &Project) -> impl Iterator<Item = (&str, &Typed, &str)> {
    let rules = project.rules.metrics.iter();
    rules
        .zip(&project.checked.metrics)
        .filter_map(|(rule, checked)| match &checked.definition {
            MetricDefinition::Value(typed) => {
                Some((checked.name.as_str(), typed, rule.text.value.as_str()))
            }
            MetricDefinition::Row(_) => None,
        })
}

/// The words that a node of the subject program was written in, and the id of the segment or the
/// name of the metric that has them first.
pub fn words_of(project: &Project, node: NodeId) -> Option<(String, String)> {
    let rules = project.rules.segments.iter();
    let checked = project.checked.segments.iter().zip(&project.checked.texts);
    let conditions = rules.zip(checked).filter_map(|(rule, (typed, text))| {
        let id = rule.id.value.as_str();
        Some((id, typed.as_ref()?, text.as_deref()?))
    });
    conditions
        .chain(definitions(project))
        .find_map(|(owner, typed, text)| {
            let found = find(project, typed, node)?;
            Some((owner.to_string(), written(found, text)))
        })
}

fn find<'t>(project: &Project, typed: &'t Typed, node: NodeId) -> Option<&'t Typed> {
    if project.ir.node_of(typed) == Some(node) {
        return Some(typed);
    }
    typed
        .operands()
        .into_iter()
        .find_map(|operand| find(project, operand, node))
}

/// The text of an expression as its file has it, on one line.
fn written(typed: &Typed, text: &str) -> String {
    one_line(text.get(typed.span.start..typed.span.end).unwrap_or(text))
}

/// What stands behind an operand inside its expression.
fn after(operand: &Typed, whole: &Typed, text: &str) -> String {
    one_line(text.get(operand.span.end..whole.span.end).unwrap_or(""))
}

/// Comments out, white space to single blanks.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(|line| match line.find(" #") {
        Some(comment) if !line.get(comment..).unwrap_or("").contains(['"', '\'']) => {
            line.get(..comment).unwrap_or(line)
        }
        _ => line,
    });
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

/// True where one side is a literal percentage: the other is then read in percent too.
fn has_percent(typed: &Typed, text: &str) -> bool {
    typed.operands().iter().any(|operand| {
        matches!(operand.kind, Kind::Constant(_)) && written(operand, text).ends_with('%')
    })
}
