//! Removing broken rules.

use std::collections::BTreeSet;

use super::{MetricId, RuleSet, SegmentId};
use crate::index::{Id, IndexVec};

impl RuleSet {
    /// Removes metrics and segments; the others get new ids. Returns false if nothing was removed.
    pub fn leave_out(
        &mut self,
        metrics: &BTreeSet<MetricId>,
        segments: &BTreeSet<SegmentId>,
    ) -> bool {
        let mut new_ids = (0..).map(SegmentId::new);
        let new_ids = self.segments.ids().map(|id| match segments.contains(&id) {
            true => None,
            false => new_ids.next(),
        });
        let new_ids: IndexVec<SegmentId, Option<SegmentId>> = new_ids.collect();
        for ladder in &mut self.ladders {
            let rungs = ladder.rungs.iter();
            ladder.rungs = rungs
                .filter_map(|rung| new_ids.get(*rung).copied().flatten())
                .collect();
        }
        let before = self.metrics.len() + self.segments.len();
        take_out(&mut self.metrics, metrics);
        take_out(&mut self.segments, segments);
        self.metrics.len() + self.segments.len() < before
    }
}

fn take_out<I: Id + Ord, T>(items: &mut IndexVec<I, T>, ids: &BTreeSet<I>) {
    let all = std::mem::take(items);
    let old_ids = all.ids();
    let left = old_ids.zip(all).filter(|(id, _)| !ids.contains(id));
    items.extend(left.map(|(_, item)| item));
}
