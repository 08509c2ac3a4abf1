//! Options that select members of segments, and whether people are named.

use clap::{Args, ValueEnum};

use super::exit::Failure;
use super::results::Results;
use crate::store::{Among, Match};

/// Members of which segments.
#[derive(Args, Debug, Default)]
pub(super) struct Members {
    /// Only members of this segment (may be given more than once)
    #[arg(long = "segment", value_name = "ID")]
    segments: Vec<String>,
    /// With several segments: members of all of them, of any, or of none
    #[arg(
        long = "match",
        value_enum,
        requires = "segments",
        default_value = "all",
        value_name = "HOW"
    )]
    of: Of,
}

/// How several segments go together.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Of {
    /// Of every one of them
    #[default]
    All,
    /// Of one of them, at least
    Any,
    /// Of not one of them
    None,
}

/// Whether people are named.
#[derive(Args, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// Show keys and no names, where others look on
    #[arg(long)]
    no_names: bool,
}

impl Members {
    /// True if a segment is given.
    pub(super) fn is_given(&self) -> bool {
        !self.segments.is_empty()
    }

    /// Rejects an unknown segment.
    pub(super) fn check(&self, results: &Results) -> Result<(), Failure> {
        let mut segments = self.segments.iter();
        segments.try_for_each(|id| results.segment(id).map(|_| ()))
    }

    /// The requested list.
    pub(super) fn among(&self) -> Among {
        let how = match self.of {
            Of::All => Match::All,
            Of::Any => Match::Any,
            Of::None => Match::None,
        };
        Among::new(self.segments.iter().cloned(), how)
    }
}

impl Names {
    /// True if the option is given.
    pub(super) fn is_given(&self) -> bool {
        self.no_names
    }

    /// The column that is hidden.
    pub(super) fn hidden(&self) -> Option<&'static str> {
        self.no_names.then_some("label")
    }
}
