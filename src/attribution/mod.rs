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
    /// Each of these edits does without the others.
    Either {
        /// At least one, by their places among all edits.
        edits: BTreeSet<usize>,
        /// The segments through which they do, where none of them changes anything else about this one.
        through: BTreeSet<String>,
    },
    /// No edit does by itself, and these do: the first of the smallest such sets.
    Together {
        /// By their places among all edits.
        edits: BTreeSet<usize>,
        /// As of [`By::Either`].
        through: BTreeSet<String>,
    },
    /// More than two edits together, or more combinations than are tried.
    Several,
}

impl By {
    /// The first edit that does so by itself; none where it takes several.
    pub fn alone(&self) -> Option<usize> {
        match self {
            Self::Either { edits, .. } => edits.first().copied(),
            Self::Together { .. } | Self::Several => None,
        }
    }

    /// The segments through which somebody moves, whose own rule is as it was.
    pub fn through(&self) -> Option<&BTreeSet<String>> {
        match self {
            Self::Either { through, .. } | Self::Together { through, .. } => {
                (!through.is_empty()).then_some(through)
            }
            Self::Several => None,
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
