//! The order in which metrics and segments are lowered: each after everything that it refers to.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::ir::{OutputId, Request};
use crate::language::check::{Checked, MetricDefinition};
use crate::language::typed::{Kind, Typed};
use crate::rules::{MetricId, RuleSet, SegmentId};

/// What is lowered because of its name, or because it was requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Named {
    Metric(MetricId),
    Segment(SegmentId),
    /// The health score.
    Health,
    /// A requested output.
    Output(OutputId),
}

/// Metrics and segments by name.
pub(super) struct Names<'a> {
    pub metrics: HashMap<&'a str, MetricId>,
    pub segments: HashMap<&'a str, SegmentId>,
}

impl<'a> Names<'a> {
    pub(super) fn new(rules: &'a RuleSet, checked: &'a Checked) -> Self {
        let metrics = checked.metrics.iter_enumerated();
        let segments = rules.segments.iter_enumerated();
        Self {
            metrics: metrics
                .map(|(id, metric)| (metric.name.as_str(), id))
                .collect(),
            segments: segments
                .map(|(id, segment)| (segment.id.value.as_str(), id))
                .collect(),
        }
    }

    /// What an expression refers to.
    pub(super) fn mentioned(&self, expression: &Typed) -> Vec<Named> {
        let mut found = Vec::new();
        expression.each(&mut |part| match &part.kind {
            Kind::Metric(name) => {
                found.extend(self.metrics.get(name.as_str()).copied().map(Named::Metric));
            }
            Kind::Member(id) => {
                found.extend(self.segments.get(id.as_str()).copied().map(Named::Segment));
            }
            Kind::Health => found.push(Named::Health),
            _ => {}
        });
        found
    }

    /// The segments that an expression refers to, directly or through metrics.
    pub(super) fn segments_behind(
        &self,
        checked: &Checked,
        expression: &Typed,
    ) -> BTreeSet<SegmentId> {
        let (segments, _) = self.behind(checked, self.mentioned(expression));
        segments
    }

    /// A metric and those that it refers to, directly or through others.
    pub(super) fn metrics_behind(&self, checked: &Checked, metric: MetricId) -> BTreeSet<MetricId> {
        let (_, metrics) = self.behind(checked, vec![Named::Metric(metric)]);
        metrics
    }

    /// What the health score refers to, including its reasons.
    fn mentioned_by_health(&self, checked: &Checked) -> Vec<Named> {
        let factors = checked.health.iter().flat_map(|health| &health.factors);
        let spoken =
            factors.flat_map(|factor| [&factor.value].into_iter().chain(factor.reason.values()));
        spoken
            .flat_map(|expression| self.mentioned(expression))
            .collect()
    }

    fn behind(
        &self,
        checked: &Checked,
        mut open: Vec<Named>,
    ) -> (BTreeSet<SegmentId>, BTreeSet<MetricId>) {
        let (mut segments, mut metrics) = (BTreeSet::new(), BTreeSet::new());
        let mut health = false;
        while let Some(named) = open.pop() {
            match named {
                Named::Segment(segment) => {
                    segments.insert(segment);
                }
                Named::Metric(metric) => {
                    if metrics.insert(metric)
                        && let Some(definition) = definition(checked, metric)
                    {
                        open.extend(self.mentioned(definition));
                    }
                }
                Named::Output(_) => {}
                Named::Health => {
                    if !std::mem::replace(&mut health, true) {
                        open.extend(self.mentioned_by_health(checked));
                    }
                }
            }
        }
        (segments, metrics)
    }
}

/// The definition of a metric that is a value.
pub(super) fn definition(checked: &Checked, metric: MetricId) -> Option<&Typed> {
    checked.metrics.get(metric)?.definition.value()
}

/// Returns every metric and segment once, each after those that it refers to.
pub(super) struct Order {
    needs: Needs,
    everything: Vec<Named>,
    given: HashSet<Named>,
}

impl Order {
    pub(super) fn new(
        rules: &RuleSet,
        checked: &Checked,
        request: &Request,
        names: &Names<'_>,
    ) -> Self {
        let metrics = checked.metrics.ids().map(Named::Metric);
        let outputs = request.outputs.ids().map(Named::Output);
        let segments = rules.segments.ids().map(Named::Segment);
        let mut needs = needs(rules, checked, names);
        for (id, output) in request.outputs.iter_enumerated() {
            let expressions = output.expressions().into_iter();
            let mentioned = expressions.flat_map(|expression| names.mentioned(expression));
            needs.insert(Named::Output(id), mentioned.collect());
        }
        Self {
            needs,
            everything: metrics
                .chain(outputs)
                .chain(segments)
                .chain(checked.health.iter().map(|_| Named::Health))
                .collect(),
            given: HashSet::new(),
        }
    }

    /// The given names and what they refer to, without those already returned; otherwise in the given order.
    pub(super) fn up_to(&mut self, wanted: &[Named]) -> Vec<Named> {
        let mut order = Vec::new();
        for named in wanted {
            self.visit(*named, &mut order);
        }
        order
    }

    /// The requested outputs and what they refer to.
    pub(super) fn of_outputs(&mut self) -> Vec<Named> {
        let all = self.everything.iter();
        let outputs = all.filter(|named| matches!(named, Named::Output(_)));
        let outputs: Vec<Named> = outputs.copied().collect();
        let mut order = self.up_to(&outputs);
        let is_segment = |named: &Named| matches!(named, Named::Segment(_));
        if order.iter().any(is_segment) {
            // A segment's id is its place among all segments.
            order.extend(self.rest());
        }
        order
    }

    /// Everything that has not been returned yet, otherwise in the order of the files.
    pub(super) fn rest(&mut self) -> Vec<Named> {
        self.up_to(&self.everything.clone())
    }

    /// Visits depth first without recursion, so that a long chain of metrics cannot exhaust the stack.
    fn visit(&mut self, start: Named, order: &mut Vec<Named>) {
        let mut open = vec![(start, false)];
        while let Some((named, done)) = open.pop() {
            if done {
                order.push(named);
            } else if self.given.insert(named) {
                open.push((named, true));
                let needed = self.needs.get(&named).into_iter().flatten().rev();
                open.extend(needed.map(|named| (*named, false)));
            }
        }
    }
}

type Needs = HashMap<Named, Vec<Named>>;

/// What each metric and segment refers to.
fn needs(rules: &RuleSet, checked: &Checked, names: &Names<'_>) -> Needs {
    let metrics = checked.metrics.iter_enumerated().map(|(id, metric)| {
        let found = match &metric.definition {
            MetricDefinition::Value(definition) => names.mentioned(definition),
            MetricDefinition::Row(aggregate) => aggregate
                .filter
                .iter()
                .flat_map(|filter| names.mentioned(filter))
                .collect(),
        };
        (Named::Metric(id), found)
    });
    let segments = rules.segments.ids().map(|id| {
        let condition = checked.segments.get(id).and_then(Option::as_ref);
        let (among, before) = on_ladder(rules, checked, id);
        let mut found: Vec<Named> = condition
            .into_iter()
            .chain(among)
            .flat_map(|expression| names.mentioned(expression))
            .collect();
        found.extend(before.last().copied().map(Named::Segment));
        (Named::Segment(id), found)
    });
    metrics
        .chain(segments)
        .chain([(Named::Health, names.mentioned_by_health(checked))])
        .collect()
}

/// The condition for being on a segment's ladder at all, and the rungs before it; nothing for other segments.
pub(super) fn on_ladder<'a>(
    rules: &'a RuleSet,
    checked: &'a Checked,
    segment: SegmentId,
) -> (Option<&'a Typed>, &'a [SegmentId]) {
    let id = rules.segments.get(segment).and_then(|s| s.ladder);
    let Some((id, ladder)) = id.and_then(|id| Some((id, rules.ladders.get(id)?))) else {
        return (None, &[]);
    };
    let rung = ladder.rungs.iter().position(|rung| *rung == segment);
    let before = rung.and_then(|rung| ladder.rungs.get(..rung));
    (
        checked.among.get(id).and_then(Option::as_ref),
        before.unwrap_or(&[]),
    )
}
