//! Taking a condition apart: each part with the values of one subject.

use super::figures::{Style, shown, sign};
use super::rank_context::beyond_it;
use super::{Joined, NamedFigure, Part};
use crate::config::{Marks, marks};
use crate::engine::Evaluation;
use crate::ir::NodeId;
use crate::language::ast::Span;
use crate::language::typed::{
    Arithmetic, Function, Kind, Measure, Population, PopulationFunction, Typed,
};
use crate::language::without_comments;
use crate::project::{Owner, Project};
use crate::rules::SegmentId;
use crate::time::Moment;
use crate::value::{Truth, Type, Value};

/// Reads one subject's values.
pub(super) struct Reader<'a> {
    pub(super) project: &'a Project,
    pub(super) evaluation: &'a Evaluation,
    pub(super) place: usize,
    pub(super) marks: Marks,
}

impl<'a> Reader<'a> {
    pub(super) fn new(project: &'a Project, evaluation: &'a Evaluation, place: usize) -> Self {
        Self {
            project,
            evaluation,
            place,
            marks: marks(project.config.locale),
        }
    }

    /// Whether the subject is in a segment, or why that cannot be determined.
    pub(super) fn member(&self, segment: SegmentId) -> Result<bool, String> {
        let place = u32::try_from(self.place).unwrap_or(u32::MAX);
        match self.evaluation.segments.get(segment) {
            Some(Ok(members)) => Ok(members.binary_search(&place).is_ok()),
            Some(Err(stale)) => Err(stale.reason.clone()),
            None => Err("it is not part of this evaluation".to_string()),
        }
    }

    /// A part of a condition.
    pub(super) fn part(&self, typed: &Typed) -> Part {
        let joined = match &typed.kind {
            Kind::And(_) => Joined::All,
            Kind::Or(_) => Joined::Any,
            Kind::Not(_) => Joined::Not,
            _ => Joined::One,
        };
        let parts = match &typed.kind {
            Kind::And(parts) | Kind::Or(parts) => {
                parts.iter().map(|part| self.part(part)).collect()
            }
            Kind::Not(inner) => vec![self.part(inner)],
            Kind::Metric(name) => match self.metric(name) {
                Some(definition) if definition.ty == Type::Truth => {
                    vec![self.part(definition)]
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
            self.missing(typed, &mut missing);
        }
        Part {
            text: self.written(typed),
            figures: self.figures(typed),
            holds,
            margin: self.margin(typed),
            missing,
            joined,
            parts,
        }
    }

    /// Every metric that a condition uses, directly or through other metrics, each once.
    pub(super) fn metrics_of(&self, typed: &Typed) -> Vec<NamedFigure> {
        let mut names = Vec::new();
        self.names(typed, &mut names);
        names
            .iter()
            .filter_map(|name| {
                let mut rules = self.project.rules.metrics.iter();
                let rule = rules.find(|rule| rule.name.value == *name)?;
                let definition = self.metric(name)?;
                Some(NamedFigure {
                    name: (*name).to_string(),
                    text: without_comments(&rule.text.value),
                    value: self.shown(definition, self.style(definition)),
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
            if let Some(definition) = self.metric(name) {
                self.names(definition, into);
            }
        }
        for child in typed.children() {
            self.names(child, into);
        }
    }

    /// The values behind a part's answer; empty if its own parts say more.
    fn figures(&self, typed: &Typed) -> String {
        let style = self.style(typed);
        let side = |operand: &Typed| self.side(operand, style);
        match &typed.kind {
            Kind::And(_) | Kind::Or(_) | Kind::Member(_) => String::new(),
            Kind::Not(inner) => match self.figures(inner).as_str() {
                "" => String::new(),
                figures => format!("not {figures}"),
            },
            Kind::Metric(name) => name.clone(),
            Kind::Compare(comparison, left, right) => {
                format!("{} {} {}", side(left), sign(*comparison), side(right))
            }
            Kind::Between(subject, low, high) => {
                format!("{} between {} and {}", side(subject), side(low), side(high))
            }
            Kind::InList(subject, items) => {
                let items: Vec<String> = items.iter().map(side).collect();
                let items = items.join(self.marks.between());
                format!("{} in ({items})", side(subject))
            }
            Kind::TextTest(test, left, right) => {
                format!("{} {} {}", side(left), test.words(), side(right))
            }
            Kind::InWindow(subject, _) => {
                let window = self.after(subject, typed);
                format!("{} {window}", side(subject))
            }
            Kind::Listed(of, _) => match self.value(of) {
                Value::Text(text) => format!("{}: {text}", self.written(typed)),
                _ => self.written(typed),
            },
            Kind::IsMissing(subject) => format!("{} is missing", side(subject)),
            Kind::Population(population) => self.standing(population, typed),
            // The mark before it already says yes or no.
            _ if typed.ty == Type::Truth => self.written(typed) + &self.compared(typed),
            _ => self.side(typed, style),
        }
    }

    /// One side of a comparison: its text, its working and its value, each only if it adds something.
    fn side(&self, typed: &Typed, style: Style) -> String {
        let value = self.shown(typed, style);
        match &typed.kind {
            Kind::Constant(_) => self.constant(typed, style),
            Kind::Moment(Moment::Date(day)) => self.marks.date(*day),
            // After an equals sign the value would collide with that of the comparison: `6 - 2 = 4 = 3`.
            Kind::Arithmetic(..) => format!("{value} ({})", self.working(typed)),
            Kind::Metric(name) => match self.metric(name) {
                Some(definition) if matches!(definition.kind, Kind::Arithmetic(..)) => {
                    format!("{name} {value} ({})", self.working(definition))
                }
                _ => format!("{name} {value}"),
            },
            _ => format!("{} {value}{}", self.written(typed), self.compared(typed)),
        }
    }

    /// The values that an aggregate's rows are compared with, if they are computed for each subject.
    fn compared(&self, typed: &Typed) -> String {
        let mut values: Vec<String> = Vec::new();
        let mut open = match typed.kind {
            Kind::Aggregate(_) => typed.children(),
            _ => Vec::new(),
        };
        while let Some(part) = open.pop() {
            if let Kind::Aggregate(_) = part.kind {
                let value = self.shown(part, self.style(part));
                values.push(format!("{} {value}", self.written(part)));
            } else {
                open.extend(part.operands());
            }
        }
        values.reverse();
        values.dedup();
        match values.is_empty() {
            true => String::new(),
            false => format!(" (with {})", values.join(self.marks.between())),
        }
    }

    /// An arithmetic expression with values in place of names: `7 / 9`.
    fn working(&self, typed: &Typed) -> String {
        match &typed.kind {
            Kind::Constant(_) => self.constant(typed, Style::Plain),
            Kind::Arithmetic(operator, left, right) => {
                let sign = match operator {
                    Arithmetic::Add => "+",
                    Arithmetic::Subtract => "-",
                    Arithmetic::Multiply => "*",
                    Arithmetic::Divide => "/",
                };
                let nested = |side: &Typed| match side.kind {
                    Kind::Arithmetic(..) => format!("({})", self.working(side)),
                    _ => self.working(side),
                };
                format!("{} {sign} {}", nested(left), nested(right))
            }
            _ => self.shown(typed, self.style(typed)),
        }
    }

    /// Where the subject stands in its group: the value that a `top` compares, and how many are beyond it.
    fn standing(&self, population: &Population, typed: &Typed) -> String {
        let Some(of) = &population.of else {
            return self.written(typed);
        };
        let words = format!("{}: {}", self.written(typed), self.side(of, self.style(of)));
        let beyond = match population.function {
            PopulationFunction::TopShare(_) | PopulationFunction::TopCount(_) => "more",
            PopulationFunction::BottomShare(_) | PopulationFunction::BottomCount(_) => "less",
            _ => return words,
        };
        if self.scope_missing(population).is_some() {
            return words;
        }
        match beyond_it(
            self.project,
            self.evaluation,
            self.place,
            (of, typed),
            beyond == "more",
        ) {
            Some((ahead, n)) => {
                let between = self.marks.between();
                let [ahead, n] = [ahead, n].map(|number| self.marks.whole(number));
                format!("{words}{between}{ahead} of {n} have {beyond}")
            }
            None => words,
        }
    }

    /// The scope of a population function, if the subject has no value for it and so is in no group.
    fn scope_missing(&self, population: &Population) -> Option<&'a str> {
        let scope = population.scope?;
        let path = self.project.checked.scopes.get(scope)?;
        let (name, _) = self.project.catalog.scopes.get(scope)?;
        (self.value(path) == Value::Missing).then_some(name)
    }

    /// Collects what is missing beneath an unknown answer.
    fn missing(&self, typed: &Typed, into: &mut Vec<String>) {
        if let Kind::Metric(name) = &typed.kind {
            if let Some(definition) = self.metric(name) {
                self.missing(definition, into);
            }
            return;
        }
        let operands = typed.operands();
        let before = into.len();
        if let Kind::Population(population) = &typed.kind
            && let Some(scope) = self.scope_missing(population)
        {
            into.push(scope.to_owned());
        }
        for operand in &operands {
            if matches!(
                self.value(operand),
                Value::Missing | Value::Truth(Truth::Unknown)
            ) {
                self.missing(operand, into);
            }
        }
        let told = into.len() > before;
        let words = self.written(typed);
        if !told && !matches!(typed.kind, Kind::Constant(_)) && !into.contains(&words) {
            into.push(words);
        }
    }

    pub(super) fn metric(&self, name: &str) -> Option<&'a Typed> {
        let mut definitions = self.project.definitions();
        let (_, definition) = definitions.find(|(owner, _)| *owner == Owner::Metric(name))?;
        Some(definition)
    }

    /// An expression as written in its file, on one line.
    fn written(&self, typed: &Typed) -> String {
        written(self.project, typed)
    }

    /// The text after an operand within its expression.
    fn after(&self, operand: &Typed, whole: &Typed) -> String {
        let behind = Span {
            start: operand.span.end,
            ..whole.span
        };
        without_comments(self.project.checked.source_map.words(behind))
    }

    /// True if one side is a literal percentage: the other side is then shown in percent too.
    pub(super) fn has_percent(&self, typed: &Typed) -> bool {
        typed.operands().iter().any(|operand| {
            matches!(operand.kind, Kind::Constant(_)) && self.written(operand).ends_with('%')
        })
    }

    /// How to show the numbers of a comparison or of a value.
    fn style(&self, typed: &Typed) -> Style {
        let operands = typed.operands();
        if self.has_percent(typed) {
            return Style::Percent;
        }
        let shown: &[&Typed] = match typed.kind {
            Kind::Compare(..) | Kind::Between(..) | Kind::InList(..) => &operands,
            _ => &[typed],
        };
        let names = shown.iter().any(|of| self.may_name(of));
        match names && !shown.iter().any(|of| self.has_decimals(of)) {
            true => Style::Together,
            false => Style::Plain,
        }
    }

    /// Whether a value is a number with decimals, which cannot be an identifier.
    fn has_decimals(&self, typed: &Typed) -> bool {
        matches!(self.value(typed), Value::Number(number) if number.fract() != 0.0)
    }

    /// Whether a number comes from the data rather than from counting or measuring, so that it may be an identifier.
    fn may_name(&self, typed: &Typed) -> bool {
        match &typed.kind {
            _ if typed.ty == Type::Money => false,
            Kind::Subject(_) | Kind::Row(_) => true,
            Kind::Metric(name) => self.metric(name).is_some_and(|of| self.may_name(of)),
            Kind::Aggregate(rows) => match &rows.measure {
                Measure::Min(of) | Measure::Max(of) | Measure::First(of) | Measure::Last(of) => {
                    self.may_name(of)
                }
                _ => false,
            },
            Kind::Call(Function::DaysSince | Function::HoursSince | Function::Age, _) => false,
            Kind::Call(_, arguments) => arguments.iter().any(|of| self.may_name(of)),
            _ => false,
        }
    }

    pub(super) fn value(&self, typed: &Typed) -> Value {
        if let Kind::Constant(value) = &typed.kind {
            return value.clone();
        }
        let node = typed.id.and_then(|id| self.project.ir.node_of(id));
        match node.and_then(|node| self.evaluation.kept.get(&node)) {
            Some(Ok(column)) => column.value(self.place),
            _ => Value::Missing,
        }
    }

    fn shown(&self, typed: &Typed, style: Style) -> String {
        let zone = self.evaluation.clock.zone;
        shown(&self.value(typed), style, zone, &self.marks)
    }

    /// A constant as written in its file, with numbers and dates in the locale's format.
    fn constant(&self, typed: &Typed, style: Style) -> String {
        let written = self.written(typed);
        let value = self.value(typed);
        match value {
            Value::Number(_) | Value::Money(_) if style == Style::Together => {
                self.marks.marked(written)
            }
            Value::Number(_) | Value::Money(_) => {
                let is_unit = |c: char| !c.is_ascii_digit() && !['.', '-'].contains(&c);
                let end = written.find(is_unit).unwrap_or(written.len());
                let (number, unit) = written.split_at_checked(end).unwrap_or((&written, ""));
                self.marks.grouped(number) + unit
            }
            Value::Date(_) | Value::Instant(_) => self.shown(typed, style),
            _ => written,
        }
    }
}

/// The text that a node of the subject program was written as, and the id of the segment or the name of the metric that
/// contains it first.
pub fn words_of(project: &Project, node: NodeId) -> Option<(String, String)> {
    project.definitions().find_map(|(owner, typed)| {
        let found = find(project, typed, node)?;
        let words = project.checked.source_map.words(found.span);
        Some((owner.name().to_owned(), without_comments(words)))
    })
}

fn find<'t>(project: &Project, typed: &'t Typed, node: NodeId) -> Option<&'t Typed> {
    if typed.id.and_then(|id| project.ir.node_of(id)) == Some(node) {
        return Some(typed);
    }
    typed
        .operands()
        .into_iter()
        .find_map(|operand| find(project, operand, node))
}

/// An expression as written in its file, on one line.
pub(super) fn written(project: &Project, typed: &Typed) -> String {
    without_comments(project.checked.source_map.words(typed.span))
}
