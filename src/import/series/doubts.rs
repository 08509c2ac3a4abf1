//! Whether files are read in the order of their times, if the last row of each key counts.

use super::{Member, Series};
use crate::import::meant::{By, Disorder, has_month_alone, told_by};

/// A doubt that files are read in the order of their times.
pub(super) struct Doubt {
    pub(super) line: String,
    /// Whether rows already count in place of others that differ.
    pub(super) is_of_now: bool,
}

impl Series<'_> {
    pub(super) fn doubts(&self) -> Vec<Doubt> {
        if !self.is_keyed {
            return Vec::new();
        }
        let behind = (0..self.members.len()).filter_map(|at| self.is_behind(at));
        let behind: Vec<Doubt> = behind.collect();
        match behind.is_empty() {
            true => self
                .is_unordered()
                .or_else(|| self.is_untold())
                .into_iter()
                .collect(),
            false => behind,
        }
    }

    /// The doubt about a file that is read before one with older dates, as January without its year is read before the December that precedes it.
    fn is_behind(&self, at: usize) -> Option<Doubt> {
        let member = self.members.get(at)?;
        let is_open = self.disorder == Some(Disorder::Days);
        let has_no_year =
            self.disorder == Some(Disorder::Years) || has_month_alone(member.source.last_name());
        let is_doubtful = |later: usize, of: &Member<'_>| match told_by(&member.stem, &of.stem) {
            // Planned entries may be in an earlier file only, and a corrected file lacks what was wrong.
            By::Year => is_open,
            By::More => false,
            // A later file may hold nothing but changes to older rows.
            By::Number => is_open || has_no_year,
            By::Nothing => is_open || has_no_year || self.differ((at, later)),
        };
        let later = self.members.iter().enumerate().skip(at + 1);
        let later =
            later.filter(|(place, later)| member.is_newer(later) && is_doubtful(*place, later));
        let later: Vec<(usize, &Member<'_>)> = later.collect();
        let (_, first) = later.first()?;
        let remedy = match self.disorder {
            Some(disorder) => disorder.remedy(),
            None if has_no_year => Disorder::Years.remedy(),
            None => "write their dates into their names as numbers (`2026-05`)",
        };
        Some(Doubt {
            line: format!(
                "{}: its name sorts before {}, but its dates are later, so rows of {} replace its rows; {remedy}",
                member.name, first.name, first.name
            ),
            is_of_now: later.iter().any(|(later, _)| self.differ((at, *later))),
        })
    }

    /// The doubt if years are missing, or days could be months, so that nothing says whether the last file is the latest.
    fn is_unordered(&self) -> Option<Doubt> {
        let is_sure = |pair: &[Member<'_>]| matches!(pair, [one, other] if other.is_newer(one));
        let (last, before) = self.members.split_last()?;
        let disorder = self.disorder?;
        if self.members.windows(2).all(is_sure) {
            return None;
        }
        let mut differing = self.doubtful(|by| match by {
            By::Year => disorder == Disorder::Days,
            By::More => false,
            By::Number | By::Nothing => true,
        });
        Some(Doubt {
            line: format!(
                "{}: is read as the latest {}, after {}, although their names do not tell the order: {}; its rows replace rows with the same key; {}",
                last.name,
                self.unit.one(),
                before.last()?.name,
                disorder.why(),
                disorder.remedy()
            ),
            is_of_now: differing.next().is_some(),
        })
    }

    /// The doubt about files whose names differ only in words, so that they are in alphabetical order.
    fn is_untold(&self) -> Option<Doubt> {
        let mut differing = self.doubtful(|by| by == By::Nothing);
        let (before, after, keys) = differing.next()?;
        let rows = match keys {
            1 => format!("1 row of {} has different values here", before.name),
            keys => format!("{keys} rows of {} have different values here", before.name),
        };
        let more = match differing.count() {
            0 => "",
            1 => ", and the same goes for another pair of files",
            _ => ", and the same goes for other files",
        };
        Some(Doubt {
            line: format!(
                "{}: {rows}, and the names do not tell which file is later: the values here count, as this name comes later in the alphabet{more}; \
                 write their dates into their names as numbers (`2026-05`), or take `key:` out if each file numbers its own rows",
                after.name
            ),
            is_of_now: true,
        })
    }

    /// Pairs of files in which rows with one key differ, whose order is doubtful by what their names tell and not settled by any dates; with the
    /// number of these keys.
    fn doubtful(
        &self,
        is_doubtful: impl Fn(By) -> bool,
    ) -> impl Iterator<Item = (&Member<'_>, &Member<'_>, u64)> {
        let pairs = self.differing.iter();
        let pairs = pairs.filter_map(|((before, after), keys)| {
            Some((self.members.get(*before)?, self.members.get(*after)?, *keys))
        });
        pairs.filter(move |(before, after, _)| {
            // Sheets of one workbook are in its order.
            let is_told =
                before.name == after.name || !is_doubtful(told_by(&before.stem, &after.stem));
            !is_told && !after.is_newer(before)
        })
    }

    fn differ(&self, files: (usize, usize)) -> bool {
        self.differing.contains_key(&files)
    }
}
