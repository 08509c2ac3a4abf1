//! Who moves between old rules and new ones on one state of the data, and which edits alone move each.

mod moves;
mod pairs;
mod trials;

use std::collections::BTreeSet;

use crate::index::Id;
use crate::variants::VariantId;

pub use moves::{members, moves, only_in};
pub use pairs::{Pair, pairs};
pub use trials::{Mixed, Trials, combined, singles};

/// What moves somebody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The first of the smallest sets of edits that alone do.
    Edits {
        /// One or two, by their places among all edits.
        edits: BTreeSet<usize>,
        /// The segments through which they do, where they change nothing else about this one.
        through: BTreeSet<String>,
    },
    /// More than two edits together, or more combinations than are tried.
    Several,
}

impl By {
    /// The edit that does so by itself; none where it takes several.
    pub fn alone(&self) -> Option<usize> {
        match self {
            Self::Edits { edits, .. } if edits.len() == 1 => edits.first().copied(),
            _ => None,
        }
    }
}

/// The place of the new rules among all that are evaluated: first, as if they alone were asked.
pub fn new_rules() -> VariantId {
    VariantId::new(0)
}

/// The place of the old rules.
pub fn old_rules() -> VariantId {
    VariantId::new(1)
}
