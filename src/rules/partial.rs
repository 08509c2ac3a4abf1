//! Rules without those that are broken.

use std::collections::BTreeSet;

use super::RuleSet;

impl RuleSet {
    /// Takes out metrics and segments by their places. False where nothing was taken out.
    pub fn leave_out(&mut self, metrics: &BTreeSet<usize>, segments: &BTreeSet<usize>) -> bool {
        let places: Vec<Option<usize>> = (0..self.segments.len())
            .scan(0, |next, place| {
                let stays = !segments.contains(&place);
                let new = stays.then_some(*next);
                *next += usize::from(stays);
                Some(new)
            })
            .collect();
        for ladder in &mut self.ladders {
            let rungs = ladder.rungs.iter();
            ladder.rungs = rungs
                .filter_map(|rung| places.get(*rung).copied().flatten())
                .collect();
        }
        let before = self.metrics.len() + self.segments.len();
        take_out(&mut self.metrics, metrics);
        take_out(&mut self.segments, segments);
        self.metrics.len() + self.segments.len() < before
    }
}

fn take_out<T>(items: &mut Vec<T>, places: &BTreeSet<usize>) {
    let mut place = 0..;
    items.retain(|_| place.next().is_none_or(|place| !places.contains(&place)));
}
