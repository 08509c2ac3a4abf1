//! Lowers metrics used in row expressions, and finds how much of the data must be read before a metric is known.

use super::{Frame, LoweredMetric, Lowering, order};
use crate::catalog::CollectionId;
use crate::ir::{NodeId, Op};
use crate::language::typed::{Kind, Typed};
use crate::rules::MetricId;
use crate::value::Type;

impl Lowering<'_> {
    /// The node of a metric. In a row expression, a constant metric is lowered in place; any other takes the value of
    /// the row's subject.
    pub(super) fn metric_in(&mut self, frame: Frame, name: &str, ty: Type) -> NodeId {
        let lowered = self.lowered_metric(name);
        let node = lowered.and_then(|(metric, lowered)| match frame {
            Frame::Subject => Some(lowered.node),
            Frame::Admission | Frame::Segment => None,
            Frame::Row { .. } if lowered.constant => self.row_metric(frame, metric),
            Frame::Row { .. } => Some(self.node(frame, Op::ValueOfSubject(lowered.node), ty)),
        });
        node.unwrap_or_else(|| {
            let op = Op::Gone(no_value(name));
            self.node(frame, op, Type::Unknown)
        })
    }

    fn lowered_metric(&self, name: &str) -> Option<(MetricId, LoweredMetric)> {
        let metric = *self.names.metrics.get(name)?;
        Some((metric, *self.metrics.get(&metric)?))
    }

    /// Lowers a constant metric in a row expression, after those that it refers to: one by one, without recursion, so
    /// that a long chain cannot exhaust the stack.
    fn row_metric(&mut self, frame: Frame, metric: MetricId) -> Option<NodeId> {
        if !self.row_metrics.contains_key(&(frame, metric)) {
            let wanted = self.names.metrics_behind(self.checked, metric);
            let inner_first = self.lowered.iter().copied();
            let inner_first: Vec<MetricId> = inner_first.filter(|m| wanted.contains(m)).collect();
            for metric in inner_first {
                if let Some(definition) = order::definition(self.checked, metric)
                    && !self.row_metrics.contains_key(&(frame, metric))
                {
                    let node = self.lower(frame, definition);
                    self.row_metrics.insert((frame, metric), node);
                }
            }
        }
        self.row_metrics.get(&(frame, metric)).copied()
    }

    /// Whether an expression is the same for every subject and row, whatever the data.
    pub(super) fn is_constant(&self, expression: &Typed) -> bool {
        let mut rest = vec![expression];
        while let Some(next) = rest.pop() {
            match &next.kind {
                Kind::Subject(_)
                | Kind::Row(_)
                | Kind::Aggregate(_)
                | Kind::Population(_)
                | Kind::Member(_)
                | Kind::Health
                | Kind::Gone(_) => return false,
                Kind::Metric(name) => {
                    let lowered = self.lowered_metric(name);
                    if !lowered.is_some_and(|(_, lowered)| lowered.constant) {
                        return false;
                    }
                }
                _ => rest.extend(next.operands()),
            }
        }
        true
    }

    /// How many levels of scans must be read before a metric is known.
    pub(super) fn levels_before(&self, metric: &str) -> usize {
        let lowered = self.lowered_metric(metric);
        lowered.map_or(0, |(_, lowered)| lowered.levels)
    }

    /// Why an expression over the subject's table cannot be evaluated: something that it reads is gone.
    pub(super) fn gone(&self, expression: &Typed) -> Option<String> {
        self.gone_in(None, expression)
    }

    /// The same for an expression over a collection's rows. Aggregates and metrics in it report their own reasons.
    pub(super) fn gone_in(
        &self,
        collection: Option<CollectionId>,
        expression: &Typed,
    ) -> Option<String> {
        let mut rest = vec![expression];
        while let Some(next) = rest.pop() {
            let reason = match &next.kind {
                Kind::Gone(reason) => Some(reason.clone()),
                Kind::Subject(column) => self.catalog.subject.column_type_as(column, next.ty).err(),
                Kind::Row(column) => {
                    collection.and_then(|id| self.row_column_type(id, column, next.ty).err())
                }
                Kind::Metric(name) if self.lowered_metric(name).is_none() => Some(no_value(name)),
                Kind::Population(_) | Kind::Member(_) | Kind::Health => {
                    Some("a condition on rows speaks of more than its row".to_owned())
                }
                _ => None,
            };
            if reason.is_some() {
                return reason;
            }
            rest.extend(next.operands().into_iter().rev());
        }
        None
    }
}

fn no_value(metric: &str) -> String {
    format!("metric `{metric}` has no value here")
}
