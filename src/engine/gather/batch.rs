//! Rows of a table on their way from whoever reads to whoever counts.

use super::best::Ties;
use super::decode::Fit;
use super::keys::{ABSENT, KeyIndex};
use crate::engine::Column;

/// Some rows of a table.
pub(super) struct Batch {
    /// The IR's inputs in their order, then time columns that are no inputs.
    pub(super) columns: Vec<Column>,
    /// For each reader of a column, how each row's value fits.
    pub(super) fits: Vec<Vec<Fit>>,
    /// How many rows were read before these.
    pub(super) rows_before: u64,
    /// For each column that names subjects, each row's.
    pub(super) whose: Vec<Whose>,
    /// For each column that breaks ties, each row's key.
    pub(super) keys: Vec<Ties>,
}

/// Whose rows they are.
#[derive(Default)]
pub(super) struct Whose {
    /// Each row's key, where keys are integers. They are looked up together: one after the other,
    /// lookups need not wait for each other's memory.
    pub(super) keys: Vec<Option<i64>>,
    /// Each row's subject.
    pub(super) places: Vec<u32>,
    /// The rows that name nobody, ascending.
    pub(super) nothing: Vec<u32>,
}

impl Whose {
    /// Looks up the integer keys.
    pub(super) fn find(&mut self, index: &KeyIndex) {
        let place = |key: &Option<i64>| key.map_or(ABSENT, |key| index.place(key));
        self.places.extend(self.keys.iter().map(place));
    }
}
