//! How much of a list is shown: a screenful as a table, everything in machine-readable formats.

use clap::Args;

use super::Format;
use crate::view::Marks;

/// How much of a list is wanted.
#[derive(Args, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// At most so many; default: some in a table, all in csv, json and jsonl
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<u32>,
    /// All of them, also in a table
    #[arg(long, conflicts_with = "limit")]
    pub(super) all: bool,
}

impl Extent {
    /// The maximum number of rows shown, given the usual number for a table; `None` for all.
    pub(super) fn most(self, usual: u32, format: Format) -> Option<u32> {
        let whole = self.all || format != Format::Table;
        self.limit.or((!whole).then_some(usual))
    }
}

/// Reports on stderr which rows of a list are shown (`called` is the name of one row and of several) and how to see
/// others; prints nothing if all are shown.
pub(super) fn tell_part(
    (skipped, shown): (usize, usize),
    of: u64,
    [one, several]: [&str; 2],
    others: &[String],
    marks: &Marks,
) {
    if shown as u64 == of {
        return;
    }
    let which = match shown {
        0 => "none".to_owned(),
        _ => format!(
            "{}–{}",
            marks.whole(skipped as u64 + 1),
            marks.whole((skipped + shown) as u64)
        ),
    };
    let of = format!(
        "{} {}",
        marks.whole(of),
        if of == 1 { one } else { several }
    );
    note!("showing {which} of {of}; {}", others.join(", "));
}
