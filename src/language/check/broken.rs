//! What is left out because of errors: whatever is wrong, and everything that depends on it.

use std::collections::{BTreeSet, HashSet};

use super::cycle::Graph;
use super::depends::Node;
use super::outputs::Output;
use crate::diagnostic::Finding;
use crate::rules::{MetricId, RuleSet, Segment, SegmentId};
use crate::source::{FileId, Location, Scalar};

/// What cannot be evaluated because of errors. Conditions in config that apply to all subjects are not part of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Broken {
    pub metrics: BTreeSet<MetricId>,
    /// Includes the rungs below a broken one, as they would receive the members that it does not take.
    pub segments: BTreeSet<SegmentId>,
    /// Places among the requested outputs.
    pub outputs: BTreeSet<usize>,
}

impl Broken {
    /// What the errors among the findings break.
    pub(super) fn by(
        findings: &[Finding],
        graph: &Graph,
        rules: &RuleSet,
        outputs: &[Output],
    ) -> Self {
        let errors = findings.iter().filter(|finding| finding.is_error());
        let errors = Places(errors.filter_map(|finding| finding.location).collect());
        let is_wrong = |node: &Node| match *node {
            Node::Metric(id) => rules
                .metrics
                .get(id)
                .is_some_and(|metric| errors.any_in(&metric.name) || errors.any_in(&metric.text)),
            Node::Among(id) => {
                let among = rules.ladders.get(id).and_then(|l| l.among.as_ref());
                among.is_some_and(|among| errors.any_in(among))
            }
            Node::Segment(id) => {
                let segment = rules.segments.get(id);
                segment.is_some_and(|segment| scalars(segment).any(|text| errors.any_in(text)))
            }
            Node::Output(place) => outputs
                .get(place)
                .is_some_and(|output| errors.any_in(&output.text)),
            Node::Field(_) | Node::Health | Node::Factor(_) => false,
        };
        let mut broken = Self::default();
        if errors.0.is_empty() {
            return broken;
        }
        for node in graph.standing_on(is_wrong) {
            match node {
                Node::Metric(id) => broken.metrics.insert(id),
                Node::Segment(id) => broken.segments.insert(id),
                Node::Output(place) => broken.outputs.insert(place),
                Node::Among(_) | Node::Field(_) | Node::Health | Node::Factor(_) => false,
            };
        }
        broken
    }
}

/// Where errors begin.
struct Places(BTreeSet<Location>);

impl Places {
    /// Whether an error begins in a text, or directly after it.
    fn any_in(&self, text: &Scalar) -> bool {
        let at = text.location;
        let byte = |file: FileId, start: usize| Location {
            file,
            start,
            end: 0,
        };
        let behind = byte(at.file, at.end + 1);
        self.0
            .range(byte(at.file, at.start)..behind)
            .next()
            .is_some()
    }
}

/// The texts of a segment that can have mistakes.
fn scalars(segment: &Segment) -> impl Iterator<Item = &Scalar> {
    let filters = segment.filter.iter();
    let filters = filters.flat_map(|filter| std::iter::once(&filter.field).chain(&filter.values));
    [
        Some(&segment.id),
        segment.when.as_ref(),
        segment.was.as_ref(),
    ]
    .into_iter()
    .flatten()
    .chain(filters)
}

impl Graph {
    /// The nodes that match, and those that depend on one of them, directly or indirectly.
    fn standing_on(&self, is_so: impl Fn(&Node) -> bool) -> HashSet<Node> {
        let needed_by = self.needed_by();
        let mut rest: Vec<Node> = self.nodes().filter(|node| is_so(node)).collect();
        let mut found: HashSet<Node> = rest.iter().copied().collect();
        while let Some(node) = rest.pop() {
            let dependents = needed_by.get(&node).map_or(&[][..], Vec::as_slice);
            rest.extend(dependents.iter().filter(|node| found.insert(**node)));
        }
        found
    }
}
