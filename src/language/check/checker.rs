//! The state of the checker, and how it reports findings.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use super::MetricDefinition;
use crate::catalog::{Catalog, CollectionId, ScopeId};
use crate::config::Config;
use crate::diagnostic::{Finding, quoted, suggest};
use crate::index::IndexVec;
use crate::language::SourceMap;
use crate::language::ast::Span;
use crate::language::is_bare;
use crate::language::typed::{Aggregate, Kind, Typed};
use crate::rules::{MetricId, RuleSet};
use crate::source::Sources;
use crate::time::{Duration, Window};
use crate::value::{Type, Value};

/// What a text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    /// One subject.
    Subject,
    /// One row of a collection: inside `where`.
    Row(CollectionId),
    /// One row of a collection, in what an aggregate takes from it: `items.price * items.quantity`. Its fields are
    /// written with the collection's name.
    Taken(CollectionId),
    /// All members of a segment together: a segment value.
    Segment,
    /// One member of a segment: inside a function that ranges over the members.
    Member,
}

/// The meaning of an expression, before it is required to be a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    /// A value per subject (or per row, inside `where`).
    Value(Typed),
    /// A length of time.
    Duration(Duration),
    /// A collection, perhaps with a window: `visits in last 30 days`.
    Rows(Rows),
    /// One row: `last(packages)`. The measure is a placeholder for the field that follows.
    Row(Box<Aggregate>),
}

/// Rows of a collection, not yet counted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rows {
    /// The collection.
    pub collection: CollectionId,
    /// Its name.
    pub name: String,
    /// The window, if one is written.
    pub window: Option<Window>,
}

/// A metric that has been checked.
#[derive(Debug, Clone)]
pub(super) struct KnownMetric {
    /// What it is.
    pub definition: MetricDefinition,
    /// The part of it that depends on more than one subject.
    pub many: Option<Many>,
    /// How many levels of scans must be read before it is known; 0 for a row, whose fields are aggregates themselves.
    pub levels: usize,
}

/// What one subject alone does not determine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Many {
    /// A function over the population.
    Population,
    /// Membership of a segment.
    Segment(String),
    /// The health score.
    Health,
}

/// The walk's state.
pub(super) struct Checker<'a> {
    pub rules: &'a RuleSet,
    pub config: &'a Config,
    pub catalog: &'a Catalog,
    pub sources: &'a Sources,
    /// Metrics by name.
    pub metrics: HashMap<&'a str, MetricId>,
    /// Every segment's id.
    pub segments: HashSet<&'a str>,
    /// The metrics checked so far.
    pub known: IndexVec<MetricId, Option<KnownMetric>>,
    /// Why a collection cannot be read.
    pub gone: IndexVec<CollectionId, Option<String>>,
    /// The value that names a subject's group.
    pub scopes: IndexVec<ScopeId, Typed>,
    /// The findings so far.
    pub findings: Vec<Finding>,
    /// The texts that contain the expressions.
    pub source_map: SourceMap,
    /// What the current expression is about.
    pub frame: Frame,
    /// In a factor's reason: the factor's value, which `value` means there.
    pub factor: Option<Typed>,
    /// Whether this is a text of config, which is checked before all rules and cannot use what they define.
    pub in_config: bool,
    /// Columns and shadowed names that have been reported, so that each is reported once.
    pub told: HashSet<String>,
    /// How many texts have been tried as advice, and whether the current text is being tried.
    pub trials: usize,
    pub trying: bool,
}

impl Checker<'_> {
    /// Reports a finding at a place.
    pub fn tell(&mut self, span: Span, finding: Finding) {
        if self.trying {
            self.findings.push(finding);
            return;
        }
        let finding = self.in_its_place(span, finding);
        let location = self.source_map.locate(span, self.sources);
        self.findings.push(match location {
            Some(location) => finding.at(location),
            None => finding,
        });
    }

    /// Reports a finding and returns a value that fits anywhere, so that the mistake is reported only once.
    pub fn refuse(&mut self, span: Span, finding: Finding) -> Typed {
        self.tell(span, finding);
        unknown(span)
    }

    /// The text of a place, as written.
    pub fn quote(&self, span: Span) -> String {
        self.source_map.words(span).trim().to_owned()
    }
}

/// Replaces an expression whose mistake has been reported: fits any type.
pub(super) fn unknown(span: Span) -> Typed {
    Typed::new(Kind::Constant(Value::Missing), Type::Unknown, span)
}

/// Replaces an expression whose table or column is gone: fits any type and carries the reason.
pub(super) fn gone(reason: impl Into<String>, span: Span) -> Typed {
    Typed::new(Kind::Gone(reason.into()), Type::Unknown, span)
}

/// Adds help for a name that is similar to another one.
pub(super) fn did_you_mean<'n>(
    finding: Finding,
    name: &str,
    candidates: impl IntoIterator<Item = &'n str>,
    otherwise: impl FnOnce() -> Option<String>,
) -> Finding {
    let composed = |name: &str| name.nfc().collect::<String>();
    match suggest(name, candidates) {
        Some(near) if composed(near) == composed(name) => finding.help(format!(
            "did you mean {}? It looks the same, and a letter of it is made of other characters",
            as_written(near)
        )),
        Some(near) => finding.help(format!("did you mean {}?", as_written(near))),
        None => match otherwise() {
            Some(help) => finding.help(help),
            None => finding,
        },
    }
}

/// A name as conditions write it, formatted as code.
fn as_written(name: &str) -> String {
    match is_bare(name) {
        true => quoted(name),
        false => in_backticks(name),
    }
}

/// A name that needs backticks in conditions, formatted as code.
pub(super) fn in_backticks(name: &str) -> String {
    quoted(&format!("`{name}`"))
}

/// A short list for a help line: `a`, `b` and 3 more.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(8).map(|n| format!("`{n}`")).collect();
    match names.len().checked_sub(shown.len()) {
        Some(more) if more > 0 => format!("{} and {more} more", shown.join(", ")),
        _ => shown.join(", "),
    }
}
