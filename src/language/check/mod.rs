//! Names and types: every text of config and rules parsed, resolved against the catalog, typed.

mod active;
mod advice;
mod aggregate_slips;
mod aggregates;
mod amounts;
mod arithmetic;
mod births;
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
mod population;
mod quoted_columns;
mod ranges;
mod row_fields;
mod rows_compared;
mod segment_level;
mod templates;
mod texts;
mod windows;

use std::collections::{HashMap, HashSet};

use checker::{Checker, Frame};
pub use health::{CheckedChurn, CheckedFactor, CheckedHealth};
use texts::Texts;

use super::typed::{Aggregate, Typed};
use crate::catalog::Catalog;
use crate::diagnostic::Finding;
use crate::rules::RuleSet;
use crate::source::{Scalar, Sources};

/// Every condition and metric, checked. Complete only where no finding is an error.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checked {
    /// The metrics, parallel to [`RuleSet::metrics`].
    pub metrics: Vec<CheckedMetric>,
    /// The segments' own conditions, filter and `when:` together, parallel to [`RuleSet::segments`];
    /// none where there is neither.
    pub segments: Vec<Option<Typed>>,
    /// The texts that the segments' conditions are in, into which their spans point; a filter stands
    /// as the condition that it means. Parallel to [`RuleSet::segments`].
    pub texts: Vec<Option<String>>,
    /// `among:` of the ladders, parallel to [`RuleSet::ladders`].
    pub among: Vec<Option<Typed>>,
    /// What names a subject's group, parallel to [`Catalog::scopes`].
    pub scopes: Vec<Typed>,
    /// Config's `where:` of the subject: over its columns and lookups only.
    pub subject_filter: Option<Typed>,
    /// Config's `where:` of each collection, parallel to [`Catalog::collections`].
    pub collection_filters: Vec<Option<Typed>>,
    /// Who takes part at all; none for everyone. Speaks of one subject alone: no function over the
    /// population and no segment stands in it or in a metric that it names.
    pub active: Option<Typed>,
    /// What segments may be filtered by, parallel to [`Catalog::fields`].
    pub fields: Vec<CheckedField>,
    /// The values of a segment, parallel to [`Catalog::values`]: numbers and money. A population
    /// function in one ranges over the segment's members, without any scope; what it is taken of is
    /// a value per subject, and nothing outside it is.
    pub values: Vec<Typed>,
    /// The health score; none where config defines none.
    pub health: Option<CheckedHealth>,
}

/// Something that a segment may be filtered by, checked.
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
    /// The different values of rows: the measure is [`super::typed::Measure::CountDistinct`] of them.
    Any(Box<Aggregate>),
    /// None, because its table or column is gone: the reason in words.
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

/// What a metric can be.
#[derive(Debug, Clone, PartialEq)]
pub enum MetricDefinition {
    /// A value per subject.
    Value(Typed),
    /// A row of a collection, `last(packages)`: its fields are taken where it is used.
    /// The measure is `First` or `Last` of [`super::typed::Kind::Constant`] missing, a stand-in.
    Row(Box<Aggregate>),
}

/// Checks every text of config and rules at once.
///
/// Findings stand in the order of the files. Where one is an error, nothing may be evaluated.
pub fn check(rules: &RuleSet, catalog: &Catalog, sources: &Sources) -> (Checked, Vec<Finding>) {
    let mut findings = Vec::new();
    let texts = Texts::read(rules, catalog, sources, &mut findings);
    texts::with_own_names(&mut findings, catalog);
    let order = texts.order(rules, catalog, sources, &mut findings);
    let nothing = Scalar::detached("");
    let mut checker = Checker {
        rules,
        catalog,
        sources,
        metrics: first_places(rules.metrics.iter().map(|m| m.name.value.as_str())),
        segments: rules.segments.iter().map(|s| s.id.value.as_str()).collect(),
        known: vec![None; rules.metrics.len()],
        gone: catalog
            .collections
            .iter()
            .map(metrics::gone_reason)
            .collect(),
        scopes: Vec::new(),
        findings,
        scalar: &nothing,
        part: None,
        factor: None,
        frame: Frame::Subject,
        in_config: true,
        told: HashSet::new(),
        trials: 0,
        trying: false,
    };
    let subject_filter = checker.config_filter(catalog.filter.as_ref(), Frame::Subject);
    let scopes = checker.scope_paths();
    checker.scopes.clone_from(&scopes);
    let collection_filters = checker.collection_filters();
    checker.in_config = false;
    let metrics = checker.metrics(&texts, &order);
    let active = checker.active(texts.active.as_ref());
    let health = checker.health(texts.health.as_ref());
    let fields = checker.fields(&texts.fields);
    let values = checker.values(&texts.values);
    let among = checker.conditions(&texts.among, |place| {
        rules.ladders.get(place).and_then(|l| l.among.as_ref())
    });
    let questions = checker.questions(&texts, &fields);
    let (segments, segment_texts) = checker.segments(&questions);
    let mut findings = checker.findings;
    findings.sort_by_key(|f| f.location);
    let checked = Checked {
        metrics,
        segments,
        texts: segment_texts,
        among,
        scopes,
        subject_filter,
        collection_filters,
        active,
        fields: fields.into_iter().flatten().collect(),
        values,
        health,
    };
    (checked, findings)
}

/// The first place of each name; later ones of the same name are told elsewhere.
fn first_places<'n>(names: impl Iterator<Item = &'n str>) -> HashMap<&'n str, usize> {
    let mut places = HashMap::new();
    for (place, name) in names.enumerate() {
        places.entry(name).or_insert(place);
    }
    places
}
