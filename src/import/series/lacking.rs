//! What a file lacks that others of its table have, and where its place among them is in doubt.

use super::{Member, Series, listed};
use crate::import::column::Column;
use crate::import::meant::has_month_alone;
use crate::import::source::Unit;

impl Series<'_> {
    /// The last file before one that has values in a column.
    fn known_from(&self, at: usize, column: usize) -> Option<&str> {
        let mut before = self.members.iter().take(at).rev();
        let known = before.find(|member| {
            let place = member.places.get(column).copied().flatten();
            let column = place.and_then(|place| member.column(place));
            column.is_some_and(Column::is_filled)
        })?;
        Some(&known.name)
    }

    fn lacks(&self, at: usize, column: usize) -> bool {
        let member = self.members.get(at);
        member.is_some_and(|member| member.places.get(column) == Some(&None))
    }

    /// Whether a file does not have a column, and none before it does.
    pub(super) fn has_not_yet(&self, at: usize, column: usize) -> bool {
        self.lacks(at, column) && self.known_from(at, column).is_none()
    }

    /// That a file does not have what one before it has: most likely it was exported otherwise.
    pub(super) fn cut(&self, at: usize) -> Option<String> {
        let columns = self.headings.iter().enumerate();
        let columns = columns.filter(|(column, _)| self.lacks(at, *column));
        let cut: Vec<(&String, &str)> = columns
            .filter_map(|(column, name)| Some((name, self.known_from(at, column)?)))
            .collect();
        let (_, before) = cut.first()?;
        let kept = match self.is_keyed {
            true => {
                "its rows keep what earlier rows with their key have there, and are empty where there are none"
            }
            false => "its rows are empty there",
        };
        let why = match self.unit {
            Unit::File => "was it exported otherwise?",
            Unit::Sheet => "is it called otherwise there?",
        };
        Some(format!(
            "has no column {}, which {before} has: {kept}; {why}",
            listed(cut.iter().map(|(name, _)| *name))
        ))
    }

    /// That a file has no rows of its own. Sheets behind the last one that has any wait for theirs.
    pub(super) fn hardly_filled(&self, at: usize) -> Option<String> {
        let member = self.members.get(at)?;
        let has = match member.found.seen {
            0 => "has headings and no rows",
            _ if member.is_total => "has only one row, which looks like a total",
            _ => return None,
        };
        let mut later = self.members.iter().skip(at + 1);
        match self.unit {
            Unit::File => Some(format!("{has}: was all of it exported?")),
            Unit::Sheet if member.is_total => Some(has.to_owned()),
            Unit::Sheet => {
                let later = later.find(|later| later.found.seen > 0)?;
                Some(format!("{has}, and {} behind it has some", later.name))
            }
        }
    }

    /// That a file comes before one whose dates are older, as January without its year does before the December that it follows.
    pub(super) fn is_behind(&self, at: usize) -> Option<String> {
        let member = self.members.get(at)?;
        let is_told = self.is_in_order && !has_month_alone(member.source.last_name());
        if !self.is_keyed || is_told {
            return None;
        }
        let mut later = self.members.iter().skip(at + 1);
        let later = later.find(|later| member.is_newer(later))?;
        Some(format!(
            "comes before {} by its name, and its dates are later: rows of that count in place of its own; write the years into their names",
            later.name
        ))
    }

    /// That nothing says whether the last file is the latest, where its rows count in place of others.
    pub(super) fn doubted(&self) -> Option<String> {
        let is_sure = |pair: &[Member<'_>]| matches!(pair, [one, other] if other.is_newer(one));
        let (last, before) = self.members.split_last()?;
        if !self.is_keyed || self.is_in_order || self.members.windows(2).all(is_sure) {
            return None;
        }
        Some(format!(
            "{}: is read as the latest {}, behind {}, and their names do not tell: months without their years, or with years in some names \
             alone; of rows with one key its own count; write the years into all names",
            last.name,
            self.unit.one(),
            before.last()?.name
        ))
    }
}
