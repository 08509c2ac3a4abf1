//! Who takes part: settled before anything else is evaluated, so that all else knows nobody but them.

use super::nodes::{Lacking, Nodes};
use super::places::{at_places, places};
use super::{Column, Keys, Stale, Subjects, TextColumn};
use crate::value::Truth;

/// Who of all subjects given is active. Places among all subjects stay in here: whatever is evaluated
/// goes by places among the active ones.
#[derive(Debug, Clone)]
pub(super) struct Active {
    /// How many they are.
    count: usize,
    /// Their places among all, ascending; none where all are.
    places: Option<Vec<u32>>,
}

impl Active {
    /// All of so many subjects.
    pub(super) fn everyone(subjects: usize) -> Self {
        Self {
            count: subjects,
            places: None,
        }
    }

    /// Evaluates what `active` needs and nothing else, and leaves the columns of the active ones alone.
    /// Who is active is asked of one subject at a time, so that none of it depends on who the others are.
    pub(super) fn settle(nodes: &mut Nodes<'_>, subjects: usize) -> Result<Self, Stale> {
        let Some(answer) = nodes.ir.active else {
            return Ok(Self::everyone(subjects));
        };
        for node in nodes.ir.behind(answer) {
            nodes.evaluate(node, |_, _| {
                Err(Lacking::of("it asks for more than one subject"))
            });
        }
        if let Some(Err(lacking)) = nodes.get(answer) {
            return Err(Stale {
                reason: format!("who is active cannot be told: {}", lacking.reason),
            });
        }
        let active = Self::of(nodes.column(answer), subjects);
        if let Some(places) = &active.places {
            nodes.replace(|column| at(column, places));
        }
        Ok(active)
    }

    /// Those who are certainly active.
    fn of(answers: &Column, subjects: usize) -> Self {
        let places = match answers.truths() {
            [Truth::Yes] => return Self::everyone(subjects),
            answers => places(answers, subjects),
        };
        Self {
            count: places.len(),
            places: (places.len() < subjects).then_some(places),
        }
    }

    /// How many they are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// All subjects given, parted into the active ones and the others.
    pub(super) fn part(&self, subjects: Subjects) -> (Subjects, Subjects) {
        match &self.places {
            None => (subjects, Subjects::default()),
            Some(places) => subjects.parted(places),
        }
    }
}

/// The values at these places of a column over subjects, of which one may stand for all.
pub(super) fn at(column: &Column, places: &[u32]) -> Column {
    match column.len() {
        1 => column.clone(),
        _ => at_places(column, places),
    }
}

impl Subjects {
    /// Those at these places, which ascend, and the others.
    fn parted(self, places: &[u32]) -> (Self, Self) {
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
