//! In which order metrics and segments are lowered: each after all that it speaks of.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::ir::Request;
use crate::language::check::{Checked, MetricDefinition};
use crate::language::typed::{Kind, Typed};
use crate::rules::RuleSet;

/// A metric or a segment, by its place in the rules, or the health score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Named {
    Metric(usize),
    Segment(usize),
    /// The health score.
    Health,
    /// Something that was asked for, by its place in the request.
    Output(usize),
}

/// Places by name.
pub(super) struct Names<'a> {
    pub metrics: HashMap<&'a str, usize>,
    pub segments: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    pub(super) fn new(rules: &'a RuleSet, checked: &'a Checked) -> Self {
        let metrics = checked.metrics.iter().map(|metric| metric.name.as_str());
        let segments = rules.segments.iter().map(|s| s.id.value.as_str());
        Self {
            metrics: metrics.zip(0..).collect(),
            segments: segments.zip(0..).collect(),
        }
    }

    /// What an expression speaks of.
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

    /// The segments that an expression speaks of, itself or through metrics.
    pub(super) fn segments_behind(&self, checked: &Checked, expression: &Typed) -> BTreeSet<usize> {
        let (segments, _) = self.behind(checked, self.mentioned(expression));
        segments
    }

    /// A metric and those that it speaks of, itself or through others.
    pub(super) fn metrics_behind(&self, checked: &Checked, metric: usize) -> BTreeSet<usize> {
        let (_, metrics) = self.behind(checked, vec![Named::Metric(metric)]);
        metrics
    }

    /// What the health score speaks of, its reasons included.
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
    ) -> (BTreeSet<usize>, BTreeSet<usize>) {
        let (mut segments, mut metrics) = (BTreeSet::new(), BTreeSet::new());
        let mut health = false;
        while let Some(named) = open.pop() {
            match named {
                Named::Segment(place) => {
                    segments.insert(place);
                }
                Named::Metric(place) => {
                    if metrics.insert(place)
                        && let Some(definition) = definition(checked, place)
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
pub(super) fn definition(checked: &Checked, metric: usize) -> Option<&Typed> {
    checked.metrics.get(metric)?.definition.value()
}

/// Gives out every metric and segment once, each after those it speaks of.
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
        let metrics = (0..checked.metrics.len()).map(Named::Metric);
        let outputs = (0..request.outputs.len()).map(Named::Output);
        let segments = (0..rules.segments.len()).map(Named::Segment);
        let mut needs = needs(rules, checked, names);
        for (output, place) in request.outputs.iter().zip(0..) {
            let expressions = output.expressions().into_iter();
            let mentioned = expressions.flat_map(|expression| names.mentioned(expression));
            needs.insert(Named::Output(place), mentioned.collect());
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

    /// These and what they speak of, as far as they have not been given out; otherwise in the order
    /// that they are named in.
    pub(super) fn up_to(&mut self, wanted: &[Named]) -> Vec<Named> {
        let mut order = Vec::new();
        for named in wanted {
            self.visit(*named, &mut order);
        }
        order
    }

    /// What was asked for and what that speaks of.
    pub(super) fn of_outputs(&mut self) -> Vec<Named> {
        let all = self.everything.iter();
        let outputs = all.filter(|named| matches!(named, Named::Output(_)));
        let outputs: Vec<Named> = outputs.copied().collect();
        let mut order = self.up_to(&outputs);
        let is_segment = |named: &Named| matches!(named, Named::Segment(_));
        if order.iter().any(is_segment) {
            // A segment is known by its place among all.
            order.extend(self.rest());
        }
        order
    }

    /// All that have not been given out, otherwise in the order of the files.
    pub(super) fn rest(&mut self) -> Vec<Named> {
        self.up_to(&self.everything.clone())
    }

    /// Depth first without recursion, so that a long chain of metrics cannot exhaust the stack.
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

/// What each metric and segment speaks of.
fn needs(rules: &RuleSet, checked: &Checked, names: &Names<'_>) -> Needs {
    let metrics = checked
        .metrics
        .iter()
        .map(|metric| match &metric.definition {
            MetricDefinition::Value(definition) => names.mentioned(definition),
            MetricDefinition::Row(aggregate) => aggregate
                .filter
                .iter()
                .flat_map(|filter| names.mentioned(filter))
                .collect(),
        });
    let segments = (0..rules.segments.len()).map(|place| {
        let condition = checked.segments.get(place).and_then(Option::as_ref);
        let (among, before) = on_ladder(rules, checked, place);
        let mut found: Vec<Named> = condition
            .into_iter()
            .chain(among)
            .flat_map(|expression| names.mentioned(expression))
            .collect();
        found.extend(before.last().copied().map(Named::Segment));
        found
    });
    (0..)
        .map(Named::Metric)
        .zip(metrics)
        .chain((0..).map(Named::Segment).zip(segments))
        .chain([(Named::Health, names.mentioned_by_health(checked))])
        .collect()
}

/// Who stands on a segment's ladder at all, and the rungs before it; nothing for other segments.
pub(super) fn on_ladder<'a>(
    rules: &'a RuleSet,
    checked: &'a Checked,
    segment: usize,
) -> (Option<&'a Typed>, &'a [usize]) {
    let place = rules.segments.get(segment).and_then(|s| s.ladder);
    let Some((place, ladder)) = place.and_then(|l| Some((l, rules.ladders.get(l)?))) else {
        return (None, &[]);
    };
    let rung = ladder.rungs.iter().position(|rung| *rung == segment);
    let before = rung.and_then(|rung| ladder.rungs.get(..rung));
    (
        checked.among.get(place).and_then(Option::as_ref),
        before.unwrap_or(&[]),
    )
}
