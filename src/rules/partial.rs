//! Rules without those that are wrong.

use super::{RuleSet, Segment};
use crate::source::{Location, Scalar};

impl RuleSet {
    /// Takes out the metrics and segments in which something is wrong, and the rungs below such a segment: they
    /// would take whom it leaves. False where nothing was taken out.
    pub fn leave_out(&mut self, wrong: &[Location]) -> bool {
        let is_wrong = |scalar: &Scalar| wrong.iter().any(|at| at.begins_in(scalar.location));
        let metrics: Vec<bool> = self
            .metrics
            .iter()
            .map(|metric| !is_wrong(&metric.text) && !is_wrong(&metric.name))
            .collect();
        let mut segments: Vec<bool> = self
            .segments
            .iter()
            .map(|segment| !scalars(segment).any(is_wrong))
            .collect();
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
        let mut places = segments.iter().scan(0, |next, stays| {
            let place = stays.then_some(*next);
            *next += usize::from(*stays);
            Some(place)
        });
        let places: Vec<Option<usize>> = places.by_ref().collect();
        for ladder in &mut self.ladders {
            let rungs = ladder.rungs.iter();
            ladder.rungs = rungs
                .filter_map(|rung| places.get(*rung).copied().flatten())
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

fn keep<T>(items: &mut Vec<T>, stays: &[bool]) {
    let mut stays = stays.iter();
    items.retain(|_| stays.next().copied().unwrap_or(true));
}
