//! What a stored value looks like.

use crate::engine::OwnedCell;

/// A stored value that was looked at again.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Its row and itself, for people; empty where nothing tells that this is the row that was meant.
    pub(super) example: String,
    /// What the row is called, or its number.
    pub(super) row: String,
    pub(super) value: OwnedCell,
}
