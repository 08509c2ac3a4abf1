//! What a file lacks that others of its table have.

use super::Series;
use crate::import::column::Column;
use crate::import::source::Unit;

impl Series<'_> {
    /// The last file before this one that has values in a column.
    pub(super) fn known_from(&self, at: usize, column: usize) -> Option<&str> {
        let mut before = self.members.iter().take(at).rev();
        let known = before.find(|member| {
            let place = member.places.get(column).copied().flatten();
            let column = place.and_then(|place| member.column(place));
            column.is_some_and(Column::is_filled)
        })?;
        Some(&known.name)
    }

    pub(super) fn lacks(&self, at: usize, column: usize) -> bool {
        let member = self.members.get(at);
        member.is_some_and(|member| member.places.get(column) == Some(&None))
    }

    /// Whether a file lacks a column, and no file before it has values there.
    pub(super) fn has_not_yet(&self, at: usize, column: usize) -> bool {
        self.lacks(at, column) && self.known_from(at, column).is_none()
    }

    /// The message that a file has no rows of its own. Sheets after the last one with rows are still waiting for theirs.
    pub(super) fn hardly_filled(&self, at: usize) -> Option<String> {
        let member = self.members.get(at)?;
        let has = match member.found.seen {
            0 => "has headings but no rows",
            _ if member.is_total => "has only one row, which looks like a total",
            _ => return None,
        };
        let mut later = self.members.iter().skip(at + 1);
        match self.unit {
            Unit::File => Some(format!("{has}: was all of it exported?")),
            Unit::Sheet if member.is_total => Some(has.to_owned()),
            Unit::Sheet => {
                let later = later.find(|later| later.found.seen > 0)?;
                Some(format!("{has}, but {} after it has some", later.name))
            }
        }
    }
}
