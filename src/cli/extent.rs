//! How much of a list is shown: a screenful for people, everything for programs.

use clap::Args;

use super::Format;
use crate::view::Marks;

/// How much of a list is wanted.
#[derive(Args, Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    /// At most so many; default: some in a table, all in csv, json and jsonl
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<u32>,
    /// All of them, also in a table
    #[arg(long, conflicts_with = "limit")]
    pub(super) all: bool,
}

impl Extent {
    /// How many are shown at most, where a table for people has so many; none for all.
    pub(super) fn most(self, usual: u32, format: Format) -> Option<u32> {
        let whole = self.all || format != Format::Table;
        self.limit.or((!whole).then_some(usual))
    }
}

/// Says on stderr that a list of `thing`s goes on, and which option lists all of it; nothing where it does not go on.
pub(super) fn tell_left_out(shown: usize, of: u64, thing: &str, option: &str, marks: &Marks) {
    let left_out = usize::try_from(of)
        .unwrap_or(usize::MAX)
        .saturating_sub(shown);
    if left_out > 0 {
        let things = marks.counted(left_out, thing);
        let are = if left_out == 1 { "is" } else { "are" };
        note!(
            "{things} {are} left out; `{option}` lists all {}",
            marks.whole(of)
        );
    }
}
