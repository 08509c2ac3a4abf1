//! The list: by score, then alphabetical. Scores are summed and compared exactly.

use std::cmp::Reverse;

use super::Ranked;
use crate::engine::{Subjects, TextColumn};
use crate::index::IndexVec;
use crate::rules::{RuleSet, SegmentId, Weight};
use crate::value::folded;

/// Billionths in one: the unit of hand-set weights.
const BILLION: i128 = 1_000_000_000;

/// Weights of all segments over one denominator, so that sums of them are exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Weights {
    exact: IndexVec<SegmentId, i128>,
    /// The sum of all importances; 1 if no weight is derived from it.
    sum: u64,
}

impl Weights {
    /// Converts the segments' weights to one denominator: importance × 10^9, or billionths × sum.
    pub(crate) fn of(rules: &RuleSet) -> Self {
        let weights = rules.segments.map(|segment| rules.weight(segment));
        let sum = weights.iter().find_map(|weight| match weight {
            Weight::Derived { sum, .. } => Some((*sum).max(1)),
            Weight::Set(_) => None,
        });
        let sum = sum.unwrap_or(1);
        let exact = weights.map(|weight| match weight {
            Weight::Derived { importance, .. } => i128::from(*importance) * BILLION,
            Weight::Set(decimal) => i128::from(decimal.0) * i128::from(sum),
        });
        Self { exact, sum }
    }

    /// An exact sum for display, rounded to 12 places.
    pub(super) fn print(&self, exact: i128) -> f64 {
        let score = exact as f64 / (self.sum as f64 * BILLION as f64);
        (score * 1e12).round() / 1e12
    }

    /// A segment's weight for display.
    pub(super) fn weight(&self, segment: SegmentId) -> f64 {
        self.print(self.exact.get(segment).copied().unwrap_or(0))
    }
}

/// Sorts everyone: score, highest first; label as people sort it; exact label; key.
pub(crate) fn rank<'a>(
    weights: &Weights,
    members: impl Iterator<Item = (SegmentId, &'a [u32])>,
    subjects: &Subjects,
) -> Vec<Ranked> {
    let mut scores = vec![0_i128; subjects.len()];
    for (segment, members) in members {
        let weight = weights.exact.get(segment).copied().unwrap_or(0);
        for place in members {
            if let Some(score) = scores.get_mut(*place as usize) {
                *score += weight;
            }
        }
    }
    let sorting = folded_labels(subjects);
    let mut order: Vec<_> = (0_u32..)
        .zip(scores)
        .map(|(place, exact)| (Reverse(exact), head(sorting.get(place as usize)), place))
        .collect();
    // Most differ in score or the first letters; places are in the order of keys.
    order.sort_unstable_by(|a, b| {
        (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| {
            let (one, other) = (a.2 as usize, b.2 as usize);
            sorting
                .get(one)
                .cmp(&sorting.get(other))
                .then_with(|| subjects.labels.get(one).cmp(&subjects.labels.get(other)))
                .then(one.cmp(&other))
        })
    });
    (1..)
        .zip(order)
        .map(|(rank, (Reverse(exact), _, place))| Ranked {
            place,
            exact,
            score: weights.print(exact),
            rank,
        })
        .collect()
}

fn folded_labels(subjects: &Subjects) -> TextColumn {
    let mut labels = TextColumn::default();
    let mut label = String::new();
    for place in 0..subjects.len() {
        folded(subjects.labels.get(place).unwrap_or(""), &mut label);
        labels.push(Some(&label));
    }
    labels
}

/// The first sixteen bytes as one number that sorts as they do.
fn head(label: Option<&str>) -> u128 {
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(label.unwrap_or("").bytes()) {
        *to = from;
    }
    u128::from_be_bytes(bytes)
}
