//! Places of rows and subjects: where the answer is yes, and the values of a column at given places.

use crate::engine::column::{MISSING_DATE, MISSING_I64};
use crate::engine::{Column, TextColumn};
use crate::value::Truth;

/// The values at these places; missing if there is no such place.
pub(super) fn at_places(source: &Column, places: &[u32]) -> Column {
    match source {
        Column::Number(values) => Column::Number(pick(values, places, f64::NAN)),
        Column::Money(values) => Column::Money(pick(values, places, MISSING_I64)),
        Column::Instant(values) => Column::Instant(pick(values, places, MISSING_I64)),
        Column::Date(values) => Column::Date(pick(values, places, MISSING_DATE)),
        Column::Truth(values) => Column::Truth(pick(values, places, Truth::Unknown)),
        Column::Text(values) => Column::Text(
            places
                .iter()
                .map(|p| values.get(index(*p)))
                .collect::<TextColumn>(),
        ),
    }
}

fn pick<T: Copy>(values: &[T], places: &[u32], missing: T) -> Vec<T> {
    let value = |place: &u32| values.get(index(*place)).copied().unwrap_or(missing);
    places.iter().map(value).collect()
}

/// A row's or subject's place as an index.
#[inline]
pub(super) fn index(place: u32) -> usize {
    place as usize
}

/// The places of the subjects whose answer is certainly yes.
pub(super) fn places(answers: &[Truth], subjects: usize) -> Vec<u32> {
    let everyone = 0..u32::try_from(subjects).unwrap_or(u32::MAX);
    match answers {
        [Truth::Yes] => everyone.collect(),
        [_] => Vec::new(),
        answers => everyone
            .zip(answers)
            .filter(|(_, answer)| **answer == Truth::Yes)
            .map(|(place, _)| place)
            .collect(),
    }
}
