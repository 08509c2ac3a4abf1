//! Whose list it is: members of which segments, and whether they are named.

use clap::{Args, ValueEnum};

use super::exit::Failure;
use super::results::Results;
use crate::store::Client;

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
    of: Match,
}

/// How several segments go together.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Match {
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
    /// True where a segment is given.
    pub(super) fn is_given(&self) -> bool {
        !self.segments.is_empty()
    }

    /// Refuses what is no segment.
    pub(super) fn check(&self, results: &Results) -> Result<(), Failure> {
        let mut segments = self.segments.iter();
        segments.try_for_each(|id| results.segment(id).map(|_| ()))
    }

    /// The segment whose members everybody wanted is among; none where there is no such one.
    pub(super) fn one(&self) -> Option<&str> {
        let first = self.segments.first().map(String::as_str);
        first.filter(|_| self.of == Match::All)
    }

    /// True where more has to be known than who is a member of [`Members::one`].
    pub(super) fn needs_all(&self) -> bool {
        self.segments.len() > usize::from(self.of == Match::All)
    }

    /// Whether somebody is wanted.
    pub(super) fn include(&self, client: &Client) -> bool {
        let mut segments = self.segments.iter();
        let is_member = |id: &String| client.segments.contains(id);
        match self.of {
            Match::All => segments.all(is_member),
            Match::Any => segments.any(is_member),
            Match::None => !segments.any(is_member),
        }
    }
}

impl Names {
    /// True where the option is given.
    pub(super) fn is_given(&self) -> bool {
        self.no_names
    }

    /// The column that is not shown.
    pub(super) fn hidden(&self) -> Option<&'static str> {
        self.no_names.then_some("label")
    }
}
