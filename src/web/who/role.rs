//! What somebody may.

use std::fmt;
use std::str::FromStr;

/// What somebody may; each may all that stands before it, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Sizes and values, and no people.
    Counts,
    /// People, too, and their export.
    View,
    /// Write rules, and ask for counts that are not published.
    Edit,
    /// Run, accept, release mail, forget.
    Operate,
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Counts, Self::View, Self::Edit, Self::Operate];

    /// As it is written in a file and on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::View => "view",
            Self::Edit => "edit",
            Self::Operate => "operate",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        all.find(|role| role.name() == text)
            .ok_or_else(|| format!("`{text}` is no role; there are: counts, view, edit, operate"))
    }
}
