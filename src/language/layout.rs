//! Where a canonical text may be broken into lines.

use std::ops::Range;

/// The canonical text of a condition on one line, and where it may be broken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    pub text: String,
    /// In the order of the text; each [`Mark::Open`] has a [`Mark::Close`].
    pub marks: Vec<Mark>,
}

/// A mark in a canonical text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// Starts a group: up to its close, either all breaks are used or none. If the group is indented, so are the lines
    /// that begin at its breaks.
    Open {
        at: usize,
        indented: bool,
    },
    Close {
        at: usize,
    },
    Break(Break),
}

impl Mark {
    /// Its place in the canonical text.
    pub fn at(&self) -> usize {
        match self {
            Self::Open { at, .. } | Self::Close { at } => *at,
            Self::Break(place) => place.at,
        }
    }
}

/// A place where a line may end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    pub at: usize,
    /// Whether there is a space that a line end replaces.
    pub blank: bool,
    /// Whether what follows closes its group, and is indented like the line that opened it.
    pub closes: bool,
    /// The same place in the original text: from the end of what comes before to the start of what follows.
    pub gap: Range<usize>,
}
