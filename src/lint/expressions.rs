//! Every expression that somebody wrote in rules or config, typed: what lints over texts look through.

use super::Compiled;
use crate::catalog::CollectionId;
use crate::language::check::{FieldValues, MetricDefinition};
use crate::language::typed::{Kind, Typed};
use crate::rules::Segment;

/// An expression. Its spans know the text that they point into.
pub(super) struct Written<'a> {
    pub(super) typed: &'a Typed,
    /// The collection of whose row it speaks; none for one that speaks of a subject.
    pub(super) row: Option<CollectionId>,
    /// Whether it is a `where:` of config, which says what rows there are.
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

impl<'a> Compiled<'a> {
    /// All of them: those of rules, then those of config.
    pub(super) fn expressions(&self) -> Vec<Written<'a>> {
        let checked = self.checked;
        let mut all = Vec::new();
        for metric in &checked.metrics {
            match &metric.definition {
                MetricDefinition::Value(typed) => all.push(Written::new(typed)),
                MetricDefinition::Row(aggregate) => {
                    let parts = aggregate.filter.iter().chain(aggregate.measure.field());
                    all.extend(parts.map(|part| Written {
                        row: Some(aggregate.collection),
                        ..Written::new(part)
                    }));
                }
            }
        }
        let outputs = checked.outputs.iter();
        let outputs = outputs.filter_map(MetricDefinition::value);
        let fields = checked
            .fields
            .iter()
            .filter_map(|field| match &field.source {
                FieldValues::One(value) => Some(value),
                FieldValues::Any(_) | FieldValues::Gone(_) => None,
            });
        let segments = self.rules.segments.iter().zip(&checked.segments);
        let segments = segments.flat_map(|(segment, asked)| self.when(segment, asked.as_ref()));
        let factors = checked.health.iter().flat_map(|health| &health.factors);
        let of_subjects = outputs
            .chain(fields)
            .chain(segments)
            .chain(checked.among.iter().flatten())
            .chain(&checked.active)
            .chain(factors.map(|factor| &factor.value));
        all.extend(of_subjects.map(Written::new));
        all.extend(self.config_filters());
        all
    }

    /// A segment's `when:`, in its parts where a filter stands beside it: what that means is written nowhere.
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
