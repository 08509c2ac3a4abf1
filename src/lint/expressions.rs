//! Every expression that somebody wrote in rules or config, typed: what lints over texts look through.

use super::Compiled;
use crate::catalog::CollectionId;
use crate::config::FieldSource;
use crate::language::check::{FieldValues, MetricDefinition};
use crate::language::typed::Typed;
use crate::source::Scalar;

/// An expression and the text that its spans point into.
pub(super) struct Written<'a> {
    pub(super) typed: &'a Typed,
    pub(super) text: &'a Scalar,
    /// The collection of whose row it speaks; none for one that speaks of a subject.
    pub(super) row: Option<CollectionId>,
    /// Whether it is a `where:` of config, which says what rows there are.
    pub(super) is_config_filter: bool,
}

impl<'a> Written<'a> {
    fn new(typed: &'a Typed, text: &'a Scalar) -> Self {
        Self {
            typed,
            text,
            row: None,
            is_config_filter: false,
        }
    }
}

impl<'a> Compiled<'a> {
    /// All of them: those of rules, then those of config. A `when:` beside a filter is part of a text that nobody
    /// wrote, and is not among them.
    pub(super) fn expressions(&self) -> Vec<Written<'a>> {
        let (config, rules, checked) = (self.config, self.rules, self.checked);
        let mut all = Vec::new();
        for (metric, found) in rules.metrics.zip(&checked.metrics) {
            match &found.definition {
                MetricDefinition::Value(typed) => all.push(Written::new(typed, &metric.text)),
                MetricDefinition::Row(aggregate) => {
                    let parts = aggregate.filter.iter().chain(aggregate.measure.field());
                    all.extend(parts.map(|part| Written {
                        row: Some(aggregate.collection),
                        ..Written::new(part, &metric.text)
                    }));
                }
            }
        }
        for output in &checked.outputs {
            if let MetricDefinition::Value(typed) = output
                && let Some(text) = checked.source_map.text(typed.span)
            {
                all.push(Written::new(typed, text));
            }
        }
        let mut add = |typed: Option<&'a Typed>, text: Option<&'a Scalar>| {
            all.extend(
                typed
                    .zip(text)
                    .map(|(typed, text)| Written::new(typed, text)),
            );
        };
        for (field, found) in config.fields.iter().zip(&checked.fields) {
            if let (FieldSource::One(text), FieldValues::One(typed)) =
                (&field.source, &found.source)
            {
                add(Some(typed), Some(text));
            }
        }
        for (segment, typed) in rules.segments.zip(&checked.segments) {
            let alone = segment.when.as_ref().filter(|_| segment.filter.is_empty());
            add(typed.as_ref(), alone);
        }
        for (ladder, typed) in rules.ladders.zip(&checked.among) {
            add(typed.as_ref(), ladder.among.as_ref());
        }
        add(checked.active.as_ref(), config.active.as_ref());
        if let (Some(health), Some(found)) = (&config.health, &checked.health) {
            for (factor, found) in health.factors.iter().zip(&found.factors) {
                add(Some(&found.value), Some(&factor.value));
            }
        }
        all.extend(self.config_filters());
        all
    }

    /// The `where:` of the subject and of collections.
    fn config_filters(&self) -> impl Iterator<Item = Written<'a>> {
        let (catalog, checked) = (self.catalog, self.checked);
        let subject = (None, &catalog.filter, checked.subject_filter.as_ref());
        let collections = catalog.collections.iter_enumerated().map(|(id, of)| {
            let typed = checked.collection_filters.get(id).and_then(Option::as_ref);
            (Some(id), &of.filter, typed)
        });
        let filters = std::iter::once(subject).chain(collections);
        filters.filter_map(|(row, text, typed)| {
            Some(Written {
                row,
                is_config_filter: true,
                ..Written::new(typed?, text.as_ref()?)
            })
        })
    }
}
