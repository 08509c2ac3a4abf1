//! What a stored value looks like.

use crate::engine::OwnedCell;

/// A stored value that was read again to be shown.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// The row and the value, for people; empty if it is not certain that this is the row that was meant.
    pub(super) example: String,
    /// The name of the row, or its number.
    pub(super) row: String,
    pub(super) value: OwnedCell,
}
