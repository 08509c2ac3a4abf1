//! Parses every text of config and rules, and finds an order in which each can be checked.

use std::collections::HashMap;

use super::cycle::{Cycle, Graph};
use super::depends::{Node, Vocabulary, names, needs, row_of};
use super::fields_of_config::FieldText;
use super::health::HealthTexts;
use super::outputs::Output;
use super::text_reader::TextReader;
use crate::catalog::{Catalog, CollectionId};
use crate::config::{Config, Factor, FieldSource, HEALTH, SEGMENTS_FIELD};
use crate::diagnostic::{Code, Finding};
use crate::index::IndexVec;
use crate::language::ast::Span;
use crate::language::{Expr, Named};
use crate::rules::{LadderId, MetricId, RuleSet, SegmentId};
use crate::source::{Location, Scalar, Sources};

/// At most this many parts of a cycle are shown besides the first one.
const SHOWN: usize = 8;

/// The texts of rules and config as trees; `None` if a text cannot be parsed, or if there is none.
pub(super) struct Texts {
    pub metrics: IndexVec<MetricId, Option<Expr>>,
    pub segments: IndexVec<SegmentId, Option<Expr>>,
    pub among: IndexVec<LadderId, Option<Expr>>,
    pub active: Option<Expr>,
    pub fields: Vec<FieldText>,
    pub values: Vec<Option<Expr>>,
    pub health: Option<HealthTexts>,
    pub outputs: Vec<Option<Expr>>,
}

/// Replaces the collection in the examples of help lines by one of this config. The parser knows no collections.
pub(super) fn with_own_names(findings: &mut [Finding], catalog: &Catalog) {
    let named = |name: &str| catalog.collections.iter().any(|c| c.name == name);
    let timed = catalog.collections.iter().find(|c| c.at.is_some());
    let Some(rows) = timed.or(catalog.collections.first()) else {
        return;
    };
    for help in findings.iter_mut().filter_map(|f| f.help.as_mut()) {
        // This help is made from the user's own text.
        if help.starts_with("write `") || help.contains("is one name") {
            continue;
        }
        if !named("payments") {
            *help = help.replace("payments.amount", &format!("{}.…", rows.name));
        }
        if !named("visits") {
            *help = help.replace("visits", &rows.name);
        }
    }
}

impl Texts {
    /// Parses every text of the rules, the related texts of config, and the outputs.
    pub fn read(
        rules: &RuleSet,
        config: &Config,
        catalog: &Catalog,
        outputs: &[Output],
        reader: &mut TextReader<'_>,
    ) -> Self {
        let outputs = outputs.iter();
        let outputs = outputs.map(|output| output.read(catalog, reader)).collect();
        let fields = config
            .fields
            .iter()
            .map(|field| FieldText::read(&field.source, reader))
            .collect();
        let health = config.health.as_ref();
        let health = health.map(|health| HealthTexts::read(health, reader));
        let values = config.values.iter();
        let values = values.map(|value| reader.formula(&value.of)).collect();
        let mut read = |scalar: Option<&Scalar>| reader.read(scalar?);
        Self {
            metrics: rules.metrics.map(|m| read(Some(&m.text))),
            segments: rules.segments.map(|s| read(s.when.as_ref())),
            among: rules.ladders.map(|l| read(l.among.as_ref())),
            active: read(config.active.as_ref()),
            fields,
            health,
            outputs,
            values,
        }
    }

    /// The metrics that are a row, with the collection of that row.
    pub fn rows_of_metrics(&self, catalog: &Catalog) -> HashMap<MetricId, CollectionId> {
        let metrics = self.metrics.iter_enumerated();
        let rows = metrics.filter_map(|(id, text)| Some((id, row_of(text.as_ref()?, catalog)?)));
        rows.collect()
    }

    /// Every name in them.
    pub fn names(&self, words: &Vocabulary<'_>) -> Vec<Named> {
        let metrics = self.metrics.iter().chain(&self.values);
        let conditions = self.segments.iter().chain(&self.among);
        let others = self.outputs.iter().chain([&self.active]);
        let texts = metrics.chain(conditions).chain(others).flatten();
        let of_health = self.health.iter().flat_map(HealthTexts::all);
        let texts = texts.chain(of_health).map(|text| (text, None));
        let of_fields = self.fields.iter();
        let of_fields = of_fields.flat_map(|field| field.texts(words.catalog));
        let texts = texts.chain(of_fields);
        texts
            .flat_map(|(text, row)| names(text, row, words))
            .collect()
    }

    /// The graph of what depends on what.
    pub fn graph(&self, rules: &RuleSet, words: &Vocabulary<'_>) -> Graph {
        let needs_of = |expr: &Option<Expr>| -> Vec<_> {
            let needs = expr.as_ref().map(|e| needs(e, None, words));
            let needs = needs.unwrap_or_default();
            needs.into_iter().map(|(n, span)| (n, Some(span))).collect()
        };
        let mut graph = Graph::default();
        for (metric, expr) in self.metrics.iter_enumerated() {
            graph.add(Node::Metric(metric), needs_of(expr));
        }
        for (ladder, expr) in self.among.iter_enumerated() {
            graph.add(Node::Among(ladder), needs_of(expr));
        }
        for (segment, expr) in self.segments.iter_enumerated() {
            let mut needed = needs_of(expr);
            needed.extend(rung_needs(rules, segment).map(|n| (n, None)));
            needed.extend(filter_needs(rules, segment, words).map(|n| (n, None)));
            graph.add(Node::Segment(segment), needed);
        }
        for (place, text) in self.fields.iter().enumerate() {
            let needed = text.needs(words).into_iter();
            graph.add(
                Node::Field(place),
                needed.map(|(n, s)| (n, Some(s))).collect(),
            );
        }
        if let Some(health) = &self.health {
            let factors = health.needs(words);
            let all = (0..factors.len()).map(|place| (Node::Factor(place), None));
            graph.add(Node::Health, all.collect());
            for (place, needed) in factors.into_iter().enumerate() {
                graph.add(Node::Factor(place), needed);
            }
        }
        for (place, expr) in self.outputs.iter().enumerate() {
            graph.add(Node::Output(place), needs_of(expr));
        }
        graph
    }
}

/// The order in which the metrics can be checked; cycles are reported.
pub(super) fn order(
    graph: &Graph,
    rules: &RuleSet,
    config: &Config,
    sources: &Sources,
    findings: &mut Vec<Finding>,
) -> Vec<MetricId> {
    let (order, circles) = graph.order();
    let told = circles.iter();
    findings.extend(told.filter_map(|circle| tell(circle, rules, config, sources)));
    let metrics = order.into_iter().filter_map(|node| match node {
        Node::Metric(id) => Some(id),
        _ => None,
    });
    metrics.collect()
}

/// A rung depends on its ladder's `among:` and on the rung before it, and so on all rungs before that.
fn rung_needs(rules: &RuleSet, segment: SegmentId) -> impl Iterator<Item = Node> {
    let ladder = rules.segments.get(segment).and_then(|s| s.ladder);
    let before = ladder.and_then(|l| {
        let rungs = &rules.ladders.get(l)?.rungs;
        let at = rungs.iter().position(|r| *r == segment)?;
        rungs.get(at.checked_sub(1)?).copied()
    });
    ladder
        .map(Node::Among)
        .into_iter()
        .chain(before.map(Node::Segment))
}

/// A filter depends on its fields, and on the segments that it names.
fn filter_needs<'r>(
    rules: &'r RuleSet,
    segment: SegmentId,
    words: &'r Vocabulary<'_>,
) -> impl Iterator<Item = Node> {
    let filters = rules.segments.get(segment).map(|s| s.filter.as_slice());
    filters.unwrap_or_default().iter().flat_map(|filter| {
        let of_segments = filter.field.value == SEGMENTS_FIELD;
        let field = words.config.field(&filter.field.value);
        let segments = filter.values.iter().filter(move |_| of_segments);
        let segments = segments.filter_map(|id| words.segments.get(id.value.as_str()));
        segments
            .map(|id| Node::Segment(*id))
            .chain(field.filter(|_| !of_segments).map(Node::Field))
    })
}

fn tell(circle: &Cycle, rules: &RuleSet, config: &Config, sources: &Sources) -> Option<Finding> {
    let mut circle = circle.clone();
    // The score has no text of its own, but its factors do.
    if circle.len() > 1 && matches!(circle.first(), Some((Node::Health, _))) {
        circle.rotate_left(1);
    }
    let (first, span) = *circle.first()?;
    let named: Vec<String> = circle
        .iter()
        .chain(circle.first())
        .map(|(node, _)| describe(*node, rules, config))
        .collect();
    let location = needed_at(first, span, rules, config, sources)?;
    let finding = if circle.len() == 1 {
        let help = match first {
            Node::Metric(_) => {
                "a metric cannot use its own answer; if a column of the same name is meant, write \
                 the subject's name and a dot before it"
            }
            _ => "membership cannot depend on itself; leave this part out",
        };
        Finding::new(
            Code::Cycle,
            format!("{} needs itself", describe(first, rules, config)),
        )
        .help(help)
    } else {
        Finding::new(
            Code::Cycle,
            format!("definitions need each other: {}", named.join(" → ")),
        )
        .label("the circle begins here")
        .help("one of them must do without the next")
    };
    let further = circle
        .iter()
        .zip(circle.iter().skip(1).chain(circle.first()));
    // The score has no place of its own.
    let further = further
        .skip(1)
        .filter(|((node, _), _)| !matches!(node, Node::Health));
    let further = further.filter_map(|((node, span), (next, _))| {
        let place = needed_at(*node, *span, rules, config, sources)?;
        Some((place, format!("needs {}", describe(*next, rules, config))))
    });
    let finding = further
        .take(SHOWN)
        .fold(finding, |finding, (place, label)| {
            finding.related(place, label)
        });
    Some(finding.at(location))
}

/// Where a part of a cycle names the next one: in its text, otherwise at its own name.
fn needed_at(
    node: Node,
    span: Option<Span>,
    rules: &RuleSet,
    config: &Config,
    sources: &Sources,
) -> Option<Location> {
    let (id, text) = match node {
        Node::Metric(id) => {
            let metric = rules.metrics.get(id)?;
            (&metric.name, Some(&metric.text))
        }
        Node::Among(id) => {
            let ladder = rules.ladders.get(id)?;
            (&ladder.id, ladder.among.as_ref())
        }
        Node::Segment(id) => {
            let segment = rules.segments.get(id)?;
            (&segment.id, segment.when.as_ref())
        }
        Node::Field(place) => {
            let field = config.fields.get(place)?;
            let text = match &field.source {
                FieldSource::One(one) => Some(one),
                FieldSource::Any { .. } => None,
            };
            (&field.id, text)
        }
        Node::Factor(place) => {
            let factor = factor(place, config)?;
            (&factor.id, Some(&factor.value))
        }
        Node::Health => (&factor(0, config)?.id, None),
        // Nothing depends on an output.
        Node::Output(_) => return None,
    };
    Some(match (text, span) {
        (Some(text), Some(span)) => text.locate(span.start..span.end, sources),
        _ => id.location,
    })
}

fn factor(place: usize, config: &Config) -> Option<&Factor> {
    config.health.as_ref()?.factors.get(place)
}

fn describe(node: Node, rules: &RuleSet, config: &Config) -> String {
    let (kind, name) = match node {
        Node::Metric(id) => ("metric", rules.metrics.get(id).map(|m| &m.name)),
        Node::Among(id) => ("`among` of ladder", rules.ladders.get(id).map(|l| &l.id)),
        Node::Segment(id) => {
            let segment = rules.segments.get(id);
            let kind = match segment.and_then(|s| s.ladder) {
                Some(_) => "rung",
                None => "segment",
            };
            (kind, segment.map(|s| &s.id))
        }
        Node::Field(place) => ("field", config.fields.get(place).map(|f| &f.id)),
        Node::Factor(place) => ("factor", factor(place, config).map(|f| &f.id)),
        Node::Health => return format!("the score `{HEALTH}`"),
        Node::Output(_) => ("output", None),
    };
    format!("{kind} `{}`", name.map_or("", |n| n.value.as_str()))
}
