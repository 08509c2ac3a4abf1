//! Those who take part, parted from those who do not.

use super::gather::gather;
use super::{Column, Keys, Subjects, TextColumn};
use crate::value::Truth;

/// The places of those who are certainly active; none where all of them are.
pub(super) fn active(answers: &Column, subjects: usize) -> Option<Vec<u32>> {
    let everyone = 0..u32::try_from(subjects).unwrap_or(u32::MAX);
    let places: Vec<u32> = match answers.truths() {
        [Truth::Yes] => return None,
        [_] => Vec::new(),
        answers => everyone
            .zip(answers)
            .filter(|(_, answer)| **answer == Truth::Yes)
            .map(|(place, _)| place)
            .collect(),
    };
    (places.len() < subjects).then_some(places)
}

/// The values at these places of a column over subjects, of which one may stand for all.
pub(super) fn at(column: &Column, places: &[u32]) -> Column {
    match column.len() {
        1 => column.clone(),
        _ => gather(column, places),
    }
}

impl Subjects {
    /// Those at these places, which ascend, and the others.
    pub(super) fn parted(self, places: &[u32]) -> (Self, Self) {
        let labels = (0..self.labels.len()).map(|place| self.labels.get(place));
        let (labels, other_labels) = part(labels.collect(), places);
        let [labels, other_labels]: [TextColumn; 2] =
            [labels, other_labels].map(|labels| labels.into_iter().collect());
        let (keys, other_keys) = match self.keys {
            Keys::Integer(keys) => {
                let (keys, others) = part(keys, places);
                (Keys::Integer(keys), Keys::Integer(others))
            }
            Keys::Text(keys) => {
                let (keys, others) = part(keys, places);
                (Keys::Text(keys), Keys::Text(others))
            }
        };
        let others = Self {
            keys: other_keys,
            labels: other_labels,
        };
        (Self { keys, labels }, others)
    }
}

/// The things at these places, and the others.
fn part<T>(things: Vec<T>, places: &[u32]) -> (Vec<T>, Vec<T>) {
    let mut others = Vec::with_capacity(things.len().saturating_sub(places.len()));
    let mut places = places.iter().copied().peekable();
    let mut taken = Vec::with_capacity(places.len());
    for (place, thing) in (0..).zip(things) {
        match places.next_if_eq(&place) {
            Some(_) => taken.push(thing),
            None => others.push(thing),
        }
    }
    (taken, others)
}
