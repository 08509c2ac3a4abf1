//! Decides which subjects are active. This runs before anything else, so every later step sees active subjects only.

use super::nodes::{Lacking, Nodes};
use super::places::{at_places, places};
use super::{Column, Keys, Stale, Subjects, TextColumn};
use crate::value::Truth;

/// Which of the given subjects are active. Places among all subjects stay inside this type; everything evaluated later
/// uses places among the active ones.
#[derive(Debug, Clone)]
pub(super) struct Active {
    /// The number of active subjects.
    count: usize,
    /// Their places among all subjects, ascending; `None` if all are active.
    places: Option<Vec<u32>>,
}

impl Active {
    /// All of the given number of subjects are active.
    pub(super) fn everyone(subjects: usize) -> Self {
        Self {
            count: subjects,
            places: None,
        }
    }

    /// Evaluates only what `active` needs, then narrows the evaluated columns to the active subjects. The `active`
    /// condition may look at one subject at a time only, so the answer never depends on the other subjects.
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

    /// The subjects whose answer is certainly yes.
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

    /// The number of active subjects.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Splits all given subjects into the active ones and the others.
    pub(super) fn part(&self, subjects: Subjects) -> (Subjects, Subjects) {
        match &self.places {
            None => (subjects, Subjects::default()),
            Some(places) => subjects.parted(places),
        }
    }
}

/// The column's values at the given places. A column of length 1 stands for the same value everywhere.
pub(super) fn at(column: &Column, places: &[u32]) -> Column {
    match column.len() {
        1 => column.clone(),
        _ => at_places(column, places),
    }
}

impl Subjects {
    /// Splits the subjects into those at the given places, which ascend, and the others.
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

/// Splits a list into the items at the given places, which ascend, and the others.
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
