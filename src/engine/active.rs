//! Those who take part, parted from those who do not.

use super::gather::{gather, index};
use super::{Column, Key, Keys, Subjects, TextColumn};
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
    /// Those at these places, which ascend, and the keys of the others.
    pub(super) fn parted(self, places: &[u32]) -> (Self, Vec<Key>) {
        let labels = places.iter().map(|place| self.labels.get(index(*place)));
        let labels: TextColumn = labels.collect();
        let mut inactive = Vec::with_capacity(self.len().saturating_sub(places.len()));
        let keys = match self.keys {
            Keys::Integer(keys) => Keys::Integer(part(keys, places, |key| {
                inactive.push(Key::Integer(key));
            })),
            Keys::Text(keys) => Keys::Text(part(keys, places, |key| {
                inactive.push(Key::Text(key));
            })),
        };
        (Self { keys, labels }, inactive)
    }
}

/// The things at these places; the others go elsewhere.
fn part<T>(things: Vec<T>, places: &[u32], mut other: impl FnMut(T)) -> Vec<T> {
    let mut places = places.iter().copied().peekable();
    let mut taken = Vec::with_capacity(places.len());
    for (place, thing) in (0..).zip(things) {
        match places.next_if_eq(&place) {
            Some(_) => taken.push(thing),
            None => other(thing),
        }
    }
    taken
}
