//! Every expression written in rules or config, typed: what the lints that inspect expressions go through.

use super::Compiled;
use crate::catalog::CollectionId;
use crate::language::check::{CheckedHealth, FieldValues, MetricDefinition};
use crate::language::typed::{Aggregate, Kind, Typed};
use crate::rules::Segment;

/// An expression. Its spans know the text that they point into.
pub(super) struct Written<'a> {
    pub(super) typed: &'a Typed,
    /// The collection whose rows it is about; `None` if it is about a subject.
    pub(super) row: Option<CollectionId>,
    /// Whether it is a `where:` of config, which determines which rows exist.
    pub(super) is_config_filter: bool,
}

impl<'a> Written<'a> {
    fn new(typed: &'a Typed) -> Self {
        Self {
            typed,
            row: None,
            is_config_filter: false,
        }
    }
}

/// What factors measure, and what their reasons say about it.
fn factors(health: &CheckedHealth) -> impl Iterator<Item = &Typed> {
    let factors = health.factors.iter();
    factors.flat_map(|factor| std::iter::once(&factor.value).chain(factor.reason.values()))
}

/// What is asked of the rows of a collection.
fn of_rows(rows: &Aggregate) -> impl Iterator<Item = Written<'_>> {
    let parts = rows.filter.iter().chain(rows.measure.field());
    parts.map(|part| Written {
        row: Some(rows.collection),
        ..Written::new(part)
    })
}

impl<'a> Compiled<'a> {
    /// All expressions: those of rules, then those of config.
    pub(super) fn expressions(&self) -> Vec<Written<'a>> {
        let checked = self.checked;
        let mut all = Vec::new();
        for metric in &checked.metrics {
            match &metric.definition {
                MetricDefinition::Value(typed) => all.push(Written::new(typed)),
                MetricDefinition::Row(rows) => all.extend(of_rows(rows)),
            }
        }
        let outputs = checked.outputs.iter();
        let outputs = outputs.filter_map(MetricDefinition::value);
        let mut fields = Vec::new();
        for field in &checked.fields {
            match &field.source {
                FieldValues::One(value) => fields.push(Written::new(value)),
                FieldValues::Any(rows) => fields.extend(of_rows(rows)),
                FieldValues::Gone(_) => {}
            }
        }
        let segments = self.rules.segments.iter().zip(&checked.segments);
        let segments = segments.flat_map(|(segment, asked)| self.when(segment, asked.as_ref()));
        let factors = checked.health.iter().flat_map(factors);
        let churn = checked.health.iter().filter_map(|of| of.churn.as_ref());
        let of_subjects = segments
            .chain(checked.among.iter().flatten())
            .chain(&checked.active)
            .chain(factors)
            .chain(churn.flat_map(|churn| [&churn.among, &churn.when]))
            .chain(&checked.values);
        all.extend(outputs.map(Written::new));
        all.extend(fields);
        all.extend(of_subjects.map(Written::new));
        all.extend(self.config_filters());
        all
    }

    /// What a run evaluates of rules and config: including what filters mean, and excluding fields that no filter names.
    pub(super) fn evaluated(&self) -> impl Iterator<Item = &'a Typed> {
        let checked = self.checked;
        let metrics = checked.metrics.iter().map(|metric| &metric.definition);
        let values = metrics.chain(&checked.outputs);
        let conditions = checked.segments.iter().chain(&checked.among);
        let factors = checked.health.iter().flat_map(factors);
        values
            .filter_map(MetricDefinition::value)
            .chain(conditions.flatten())
            .chain(&checked.active)
            .chain(factors)
            .chain(&checked.values)
    }

    /// A segment's `when:`, split into its parts if there is a filter beside it, as the meaning of a filter is not written anywhere.
    fn when(&self, segment: &Segment, asked: Option<&'a Typed>) -> Vec<&'a Typed> {
        let (Some(when), Some(asked)) = (&segment.when, asked) else {
            return Vec::new();
        };
        if segment.filter.is_empty() {
            return vec![asked];
        }
        let parts = match &asked.kind {
            Kind::And(parts) => parts.as_slice(),
            _ => &[],
        };
        let text = |part: &Typed| self.checked.source_map.text(part.span);
        let parts = parts.iter();
        parts.filter(|part| text(part) == Some(when)).collect()
    }

    /// The `where:` of the subject and of collections.
    fn config_filters(&self) -> impl Iterator<Item = Written<'a>> {
        let subject = (None, self.checked.subject_filter.as_ref());
        let collections = self.checked.collection_filters.iter_enumerated();
        let collections = collections.map(|(id, typed)| (Some(id), typed.as_ref()));
        let filters = std::iter::once(subject).chain(collections);
        filters.filter_map(|(row, typed)| {
            Some(Written {
                row,
                is_config_filter: true,
                ..Written::new(typed?)
            })
        })
    }
}
