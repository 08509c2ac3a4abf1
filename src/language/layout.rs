//! Where a canonical text may be broken into lines.

use std::ops::Range;

/// The canonical text of a condition on one line, and where that line may be broken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    pub text: String,
    /// In the order of the text; each [`Mark::Open`] has its [`Mark::Close`].
    pub marks: Vec<Mark>,
}

/// A mark in a canonical text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// From here to its close, breaks are all made or none; the lines that they begin stand deeper where it is
    /// indented.
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
    /// Where it is in the canonical text.
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
    /// Whether a blank stands there that a line's end replaces.
    pub blank: bool,
    /// Whether what follows closes its group, and stands no deeper than what opened it.
    pub closes: bool,
    /// What it is in the text as it was written: from the end of what is before it to the start of what follows.
    pub gap: Range<usize>,
}
