//! Rows of a batch, each with its subject.

use super::keys::EXCLUDED;

/// A row of the batch that counts for a subject.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pick {
    /// Its place in the batch.
    pub(super) row: u32,
    /// The subject's place.
    pub(super) place: u32,
}

impl Pick {
    /// False where the row's subject is not there or not admitted.
    pub(super) fn counts(&self) -> bool {
        self.place < EXCLUDED
    }
}
