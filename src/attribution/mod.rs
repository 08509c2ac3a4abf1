//! Who moves between old and new rules on one state of the data, and which edits alone cause each movement.

mod moves;
mod pairs;
mod trials;

use std::collections::BTreeSet;

use crate::index::Id;
use crate::variants::VariantId;

pub use moves::{members, moves, only_in};
pub use pairs::{Pair, pairs};
pub use trials::{Mixed, Trials, combined, singles};

/// The edits that cause a movement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Each of these edits causes it without the others.
    Either {
        /// At least one, by their indices in the list of all edits.
        edits: BTreeSet<usize>,
        /// The segments through which they do, if none of the edits changes anything else about this one.
        through: BTreeSet<String>,
    },
    /// No edit causes it alone, and these do together: the first of the smallest such sets.
    Together {
        /// By their indices in the list of all edits.
        edits: BTreeSet<usize>,
        /// As in [`By::Either`].
        through: BTreeSet<String>,
    },
    /// More than two edits together, or more combinations than are tried.
    Several,
}

impl By {
    /// The first edit that causes it alone; `None` if it takes several.
    pub fn alone(&self) -> Option<usize> {
        match self {
            Self::Either { edits, .. } => edits.first().copied(),
            Self::Together { .. } | Self::Several => None,
        }
    }

    /// The segments through which a subject moves while the segment's own rule is unchanged.
    pub fn through(&self) -> Option<&BTreeSet<String>> {
        match self {
            Self::Either { through, .. } | Self::Together { through, .. } => {
                (!through.is_empty()).then_some(through)
            }
            Self::Several => None,
        }
    }
}

/// The index of the new rules among all evaluated rule sets: first, so that their evaluation is as if they were alone.
pub fn new_rules() -> VariantId {
    VariantId::new(0)
}

/// The index of the old rules.
pub fn old_rules() -> VariantId {
    VariantId::new(1)
}
