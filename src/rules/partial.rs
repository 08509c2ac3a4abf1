//! Rules without those that are wrong.

use super::{RuleSet, Segment, SegmentId};
use crate::index::{Id, IndexVec};
use crate::source::{Location, Scalar};

impl RuleSet {
    /// Takes out the metrics and segments in which something is wrong, and the rungs below such a segment: they
    /// would take whom it leaves. False where nothing was taken out.
    pub fn leave_out(&mut self, wrong: &[Location]) -> bool {
        let is_wrong = |scalar: &Scalar| wrong.iter().any(|at| at.begins_in(scalar.location));
        let metrics = self
            .metrics
            .map(|metric| !is_wrong(&metric.text) && !is_wrong(&metric.name));
        let mut segments = self.segments.map(|segment| !scalars(segment).any(is_wrong));
        for ladder in &self.ladders {
            let mut broken = ladder.among.as_ref().is_some_and(is_wrong);
            for rung in &ladder.rungs {
                if let Some(stays) = segments.get_mut(*rung) {
                    broken |= !*stays;
                    *stays &= !broken;
                }
            }
        }
        let before = self.metrics.len() + self.segments.len();
        keep(&mut self.metrics, &metrics);
        keep(&mut self.segments, &segments);
        let mut new_ids = (0..).map(SegmentId::new);
        let new_ids = segments.map(|stays| stays.then(|| new_ids.next()).flatten());
        for ladder in &mut self.ladders {
            let rungs = ladder.rungs.iter();
            ladder.rungs = rungs
                .filter_map(|rung| new_ids.get(*rung).copied().flatten())
                .collect();
        }
        self.metrics.len() + self.segments.len() < before
    }
}

/// The texts of a segment in which something can be wrong.
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

fn keep<I: Id, T>(items: &mut IndexVec<I, T>, stays: &IndexVec<I, bool>) {
    let all = std::mem::take(items).into_iter().zip(stays);
    items.extend(all.filter_map(|(item, stays)| stays.then_some(item)));
}
