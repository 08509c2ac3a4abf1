//! Names and types: parses every text of config and rules, resolves it against the catalog, and types it.

mod active;
mod advice;
mod aggregate_slips;
mod aggregates;
mod amounts;
mod arithmetic;
mod births;
mod broken;
mod calls;
mod capitals;
mod checker;
mod coerce;
mod compare_slips;
mod cycle;
mod depends;
mod elsewhere;
mod entries;
mod expression;
mod far;
mod fields;
mod fields_of_config;
mod filters;
mod functions;
mod gone;
mod health;
mod lengths;
mod literals;
mod logic;
mod metrics;
mod names;
mod odd_arguments;
mod operators;
mod outputs;
mod parted;
mod population;
mod quoted_columns;
mod ranges;
mod row_fields;
mod rows_compared;
mod segment_level;
mod stored_as_text;
mod templates;
mod text_reader;
mod texts;
mod windows;

use std::collections::{HashMap, HashSet};

pub use broken::Broken;
use checker::{Checker, Frame, unknown};
use depends::Vocabulary;
pub use health::{CheckedChurn, CheckedFactor, CheckedHealth};
pub use outputs::{Output, OutputForm};
use text_reader::TextReader;
use texts::Texts;

use super::typed::{Aggregate, Typed};
use super::{Named, Names, SourceMap, Symbol, parse};
use crate::catalog::{Catalog, CollectionId, ScopeId};
use crate::config::Config;
use crate::diagnostic::Finding;
use crate::index::{Id, IndexVec};
use crate::rules::{LadderId, MetricId, RuleSet, SegmentId};
use crate::source::Sources;

/// Every condition and metric, checked. Complete only if no finding is an error.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checked {
    /// The metrics.
    pub metrics: IndexVec<MetricId, CheckedMetric>,
    /// The segments' own conditions, filter and `when:` together; `None` if there is neither.
    pub segments: IndexVec<SegmentId, Option<Typed>>,
    /// `among:` of the ladders.
    pub among: IndexVec<LadderId, Option<Typed>>,
    /// The value that names a subject's group.
    pub scopes: IndexVec<ScopeId, Typed>,
    /// Config's `where:` of the subject: over its columns and lookups only.
    pub subject_filter: Option<Typed>,
    /// Config's `where:` of each collection.
    pub collection_filters: IndexVec<CollectionId, Option<Typed>>,
    /// Who is active; `None` if everyone is. Depends on one subject alone: neither it nor a metric that it names
    /// contains a function over the population or a segment.
    pub active: Option<Typed>,
    /// The fields by which segments can be filtered, in config's order; a field that is wrong is missing.
    pub fields: Vec<CheckedField>,
    /// The values of a segment, parallel to [`Config::values`]: numbers and money. A population function in one ranges
    /// over the segment's members, without any scope. Its argument is a value per subject; nothing outside it is.
    pub values: Vec<Typed>,
    /// The health score; `None` if config defines none.
    pub health: Option<CheckedHealth>,
    /// The outputs requested besides the rules, in order.
    pub outputs: Vec<MetricDefinition>,
    /// The rules and outputs that are wrong, or depend on something wrong.
    pub broken: Broken,
    /// Every name in what could be parsed, even if it is wrong.
    pub named: Vec<Named>,
    /// The texts that contain all of it.
    pub source_map: SourceMap,
}

impl Checked {
    /// The names in the conditions, with the texts that contain them.
    pub fn names(&mut self) -> Names {
        Names::new(std::mem::take(&mut self.named), self.source_map.clone())
    }

    /// Gives an id to every expression without one: those that the checker added to the written ones.
    fn number(&mut self, mut source_map: SourceMap) {
        let mut number = |typed: &mut Typed| {
            let span = typed.span;
            typed.id.get_or_insert_with(|| source_map.expression(span));
        };
        let conditions = self.segments.iter_mut().chain(&mut self.among).flatten();
        let values = self.scopes.iter_mut().chain(&mut self.values);
        let whole = conditions.chain(values).chain(&mut self.active);
        whole.for_each(|typed| typed.each_mut(&mut number));
        let metrics = self.metrics.iter_mut();
        let metrics = metrics.map(|metric| &mut metric.definition);
        for definition in metrics.chain(&mut self.outputs) {
            match definition {
                MetricDefinition::Value(typed) => typed.each_mut(&mut number),
                MetricDefinition::Row(row) => row.each_mut(&mut number),
            }
        }
        self.source_map = source_map;
    }
}

/// A field by which segments can be filtered, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedField {
    /// Its id.
    pub id: String,
    /// Where a subject's values come from.
    pub source: FieldValues,
}

/// Where a subject's values of a field come from.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValues {
    /// One value per subject.
    One(Typed),
    /// The distinct values of rows: the measure is [`super::typed::Measure::CountDistinct`] of them.
    Any(Box<Aggregate>),
    /// None, because the table or column is gone: the reason in words.
    Gone(String),
}

/// A named expression, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedMetric {
    /// Its name.
    pub name: String,
    /// What it is.
    pub definition: MetricDefinition,
}

/// The definition of a metric.
#[derive(Debug, Clone, PartialEq)]
pub enum MetricDefinition {
    /// A value per subject.
    Value(Typed),
    /// A row of a collection, `last(packages)`, whose fields are taken where it is used. The measure is `First` or
    /// `Last` of [`super::typed::Kind::Constant`] missing, a placeholder.
    Row(Box<Aggregate>),
}

impl MetricDefinition {
    /// The value; `None` for a row.
    pub fn value(&self) -> Option<&Typed> {
        match self {
            Self::Value(value) => Some(value),
            Self::Row(_) => None,
        }
    }
}

/// Checks every text of config and rules at once, and the outputs requested besides them.
///
/// Findings are in the order of the files. If one is an error, nothing may be evaluated.
pub fn check(
    rules: &RuleSet,
    config: &Config,
    catalog: &Catalog,
    outputs: &[Output],
    sources: &Sources,
) -> (Checked, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut source_map = SourceMap::default();
    let mut reader = TextReader {
        sources,
        source_map: &mut source_map,
        findings: &mut findings,
    };
    let texts = Texts::read(rules, config, catalog, outputs, &mut reader);
    texts::with_own_names(&mut findings, catalog);
    let (metrics, segments) = (
        first_ids(&rules.metrics, |metric| &metric.name.value),
        first_ids(&rules.segments, |segment| &segment.id.value),
    );
    let words = Vocabulary {
        config,
        catalog,
        metrics: &metrics,
        rows: &texts.rows_of_metrics(catalog),
        segments: &segments,
    };
    let graph = texts.graph(rules, &words);
    let named = texts.names(&words);
    let order = texts::order(&graph, rules, config, sources, &mut findings);
    let mut checker = Checker {
        rules,
        config,
        catalog,
        sources,
        metrics: metrics.clone(),
        segments: rules.segments.iter().map(|s| s.id.value.as_str()).collect(),
        known: rules.metrics.map(|_| None),
        gone: catalog.collections.map(metrics::gone_reason),
        scopes: IndexVec::new(),
        findings,
        source_map,
        factor: None,
        frame: Frame::Subject,
        in_config: true,
        told: HashSet::new(),
        trials: 0,
        trying: false,
    };
    let subject_filter = checker.config_filter(config.subject.filter.as_ref(), Frame::Subject);
    let scopes = checker.scope_paths();
    checker.scopes.clone_from(&scopes);
    let collection_filters = checker.collection_filters();
    checker.in_config = false;
    let metrics = checker.metrics(&texts, &order);
    let checked_outputs = checker.outputs(&texts.outputs);
    let active = checker.active(texts.active.as_ref());
    let health = checker.health(texts.health.as_ref());
    let fields = checker.fields(&texts.fields);
    let values = checker.values(&texts.values);
    let among = texts
        .among
        .map(|expr| Some(checker.condition(expr.as_ref()?)));
    let segments = checker.segments(&texts, &fields);
    let mut findings = checker.findings;
    findings.sort_by_key(|f| f.location);
    let mut checked = Checked {
        metrics,
        segments,
        among,
        scopes,
        subject_filter,
        collection_filters,
        active,
        fields: fields.into_iter().flatten().collect(),
        values,
        health,
        outputs: checked_outputs,
        broken: Broken::by(&findings, &graph, rules, outputs),
        named,
        source_map: SourceMap::default(),
    };
    checked.number(checker.source_map);
    (checked, findings)
}

/// The names in a text about one subject outside the rules, such as a column of an export, by their bytes in it; `None`
/// if it cannot be parsed.
pub fn names_in(
    text: &str,
    rules: &RuleSet,
    config: &Config,
    catalog: &Catalog,
) -> Vec<(Symbol, std::ops::Range<usize>)> {
    let Ok(tree) = parse(text) else {
        return Vec::new();
    };
    let words = Vocabulary {
        config,
        catalog,
        metrics: &first_ids(&rules.metrics, |metric| &metric.name.value),
        // What comes after a metric's point is not reported here.
        rows: &HashMap::new(),
        segments: &first_ids(&rules.segments, |segment| &segment.id.value),
    };
    let names = depends::names(&tree, None, &words).into_iter();
    names
        .map(|named| (named.symbol, named.span.start..named.span.end))
        .collect()
}

/// The id of the first item with each name; later ones with the same name are reported elsewhere.
fn first_ids<I: Id, T>(all: &IndexVec<I, T>, name: impl Fn(&T) -> &str) -> HashMap<&str, I> {
    let mut ids = HashMap::new();
    for (id, one) in all.iter_enumerated() {
        ids.entry(name(one)).or_insert(id);
    }
    ids
}
