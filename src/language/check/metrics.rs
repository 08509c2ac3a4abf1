//! Checks the texts one by one: config's filters and scopes, metrics in their order, conditions.

use super::checker::{Checker, Frame, KnownMetric, Meaning, gone, unknown};
use super::gone::reason;
use super::text_reader::TextReader;
use super::texts::Texts;
use super::{CheckedMetric, MetricDefinition};
use crate::catalog::{Collection, CollectionId, ScopeId};
use crate::config::HEALTH;
use crate::diagnostic::{Code, Finding};
use crate::index::{Id, IndexVec};
use crate::language::Expr;
use crate::language::ast::{Name, Span};
use crate::language::typed::{Kind, Typed};
use crate::rules::MetricId;
use crate::source::Scalar;
use crate::value::Type;

impl Checker<'_> {
    /// A `where:` of config.
    pub fn config_filter(&mut self, filter: Option<&Scalar>, frame: Frame) -> Option<Typed> {
        let expr = TextReader {
            sources: self.sources,
            source_map: &mut self.source_map,
            findings: &mut self.findings,
        }
        .read(filter?)?;
        let before = std::mem::replace(&mut self.frame, frame);
        let typed = self.condition(&expr);
        self.frame = before;
        Some(typed)
    }

    /// Config's `where:` of each collection. If it reads a column that is gone, its collection is gone too.
    pub fn collection_filters(&mut self) -> IndexVec<CollectionId, Option<Typed>> {
        let collections = &self.config.collections;
        let mut filters = IndexVec::new();
        for id in self.gone.ids() {
            if self.gone.get(id).is_some_and(Option::is_some) {
                filters.push(None);
                continue;
            }
            let filter = collections.get(id.index());
            let filter = filter.and_then(|collection| collection.filter.as_ref());
            let filter = self.config_filter(filter, Frame::Row(id));
            let reason = filter.as_ref().and_then(reason);
            if let Some(slot) = self.gone.get_mut(id) {
                *slot = reason;
            }
            filters.push(filter);
        }
        filters
    }

    /// The scopes' paths. The catalog has reported what is wrong with them, apart from types.
    pub fn scope_paths(&mut self) -> IndexVec<ScopeId, Typed> {
        let catalog = self.catalog;
        let subject = &catalog.subject;
        let span = Span::default();
        let mut paths = IndexVec::new();
        for (name, path) in &catalog.scopes {
            let names: Vec<Name> = path
                .iter()
                .map(|part| Name {
                    text: part.clone(),
                    span,
                })
                .collect();
            let told = self.findings.len();
            let found = names.split_first().and_then(|(head, fields)| {
                self.entity_path(subject, head, fields, span, Kind::Subject)
            });
            let told = self.findings.split_off(told);
            let untyped = told.iter().any(|f| f.code == Code::UndeclaredType);
            if untyped {
                self.findings.extend(told);
            }
            let lost = || {
                format!(
                    "the scope `{name}` leads to `{}`, which is gone",
                    path.join(".")
                )
            };
            paths.push(match found {
                Some(found) if untyped || found.ty != Type::Unknown => found,
                Some(found) if matches!(found.kind, Kind::Gone(_)) => found,
                _ => gone(subject.gone.clone().unwrap_or_else(lost), span),
            });
        }
        paths
    }

    /// Checks the metrics, each after those it depends on, and returns them in the order of the rules.
    pub fn metrics(
        &mut self,
        texts: &Texts,
        order: &[MetricId],
    ) -> IndexVec<MetricId, CheckedMetric> {
        let rules = self.rules;
        for id in order {
            let (Some(metric), Some(Some(expr))) = (rules.metrics.get(*id), texts.metrics.get(*id))
            else {
                continue;
            };
            self.warn_of_name(&metric.name);
            let definition = self.definition(expr);
            let value = definition.value();
            let many = value
                .and_then(|typed| self.many(typed))
                .map(|(_, many)| many);
            let levels = value.map_or(0, |typed| typed.levels(&|name| self.levels_of(name)));
            if let Some(slot) = self.known.get_mut(*id) {
                *slot = Some(KnownMetric {
                    definition,
                    many,
                    levels,
                });
            }
        }
        let metrics = rules.metrics.zip(&self.known);
        metrics
            .map(|(metric, known)| CheckedMetric {
                name: metric.name.value.clone(),
                definition: known.as_ref().map_or_else(
                    || MetricDefinition::Value(unknown(Span::default())),
                    |known| known.definition.clone(),
                ),
            })
            .collect()
    }

    /// What an expression defines: a value, or a row whose fields are taken where the metric is used.
    pub fn definition(&mut self, expr: &Expr) -> MetricDefinition {
        match self.meaning(expr) {
            Meaning::Row(row) => MetricDefinition::Row(row),
            Meaning::Value(typed) => MetricDefinition::Value(typed),
            Meaning::Duration(_) | Meaning::Rows(_) => MetricDefinition::Value(self.value(expr)),
        }
    }

    /// Warns if a metric's name also means something else.
    fn warn_of_name(&mut self, name: &Scalar) {
        let catalog = self.catalog;
        let subject = &catalog.subject_name;
        let text = &name.value;
        if self.config.health.is_some() && text == HEALTH {
            let message = format!("the metric `{text}` has the name of the score in config.yaml");
            let finding = Finding::new(Code::DuplicateId, message).at(name.location);
            let finding = match self.score() {
                Some(score) => finding.related(score, "the score begins here"),
                None => finding,
            };
            self.findings
                .push(finding.help("give the metric another name, or leave `health:` out there"));
            return;
        }
        let mut collections = self.config.collections.iter();
        let taken = match collections.find(|c| c.name.value == *text) {
            Some(collection) => Some(("a collection", collection.name.location)),
            None if text == subject => Some(("the subject", self.config.subject.name.location)),
            None => None,
        };
        if let Some((taken, place)) = taken {
            self.findings.push(
                Finding::new(
                    Code::DuplicateId,
                    format!("the metric `{text}` has the name of {taken} in config.yaml"),
                )
                .at(name.location)
                .related(place, taken)
                .help("give the metric another name"),
            );
            return;
        }
        let entity = &catalog.subject;
        if entity.columns.contains_key(text) || entity.lookups.contains_key(text) {
            self.findings.push(
                Finding::new(
                    Code::ShadowedName,
                    format!(
                        "`{text}` is a metric and also a column of the {subject}: the metric counts"
                    ),
                )
                .at(name.location)
                .help(format!("the column is still there as `{subject}.{text}`")),
            );
        }
    }
}

/// Why a collection's rows cannot be read: its table, its subject's key or its time is gone.
pub(super) fn gone_reason(collection: &Collection) -> Option<String> {
    let times = collection.at.iter().chain([&collection.subject]);
    let mut reasons = times.filter_map(|column| collection.entity.state(column).err());
    reasons.next()
}
