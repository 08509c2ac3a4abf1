//! What a stored value looks like.

use crate::engine::OwnedCell;

/// A stored value that was looked at again.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Its row and itself, for people.
    pub(super) example: String,
    pub(super) value: OwnedCell,
}
