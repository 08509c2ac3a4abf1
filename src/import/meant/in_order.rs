//! Whether names tell the order of their times.

use super::days::{First, Told};
use super::later::sorted;
use super::numbers::{are_days_otherwise, numbers_are_in_order};
use super::{is_year, pieces_of, year_first};

/// Why names do not tell the order of their times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Disorder {
    /// Months without years, or with years in only some names.
    Years,
    /// Dates whose day and month could be swapped.
    Days,
}

impl Disorder {
    /// The reason in words.
    pub(in crate::import) fn why(self) -> &'static str {
        match self {
            Self::Years => "months without years, or with years only in some names",
            Self::Days => "dates whose day could also be the month",
        }
    }

    /// What to do.
    pub(in crate::import) fn remedy(self) -> &'static str {
        match self {
            Self::Years => "write the years into all names",
            Self::Days => "write their dates with the year first (`2026-05-31`)",
        }
    }
}

/// Why the order of these names is not that of their times; `None` if it is.
pub(in crate::import) fn disorder(names: &[String]) -> Option<Disorder> {
    let told = Told::by(names.iter().map(String::as_str));
    let orders = || [First::Day, First::Month].map(|first| sorted(names, first));
    let [by_days, by_months] = match told.is_open && !told.is_proven() {
        true => orders(),
        false => Default::default(),
    };
    if by_days != by_months || are_days_otherwise(names) {
        return Some(Disorder::Days);
    }
    (!have_years(names)).then_some(Disorder::Years)
}

/// Whether years are given where they are needed. Months written in letters without years are in order only if they follow each other within one
/// year; a number of two digits after a month may be its day.
fn have_years(names: &[String]) -> bool {
    let months: Vec<Option<Month>> = names.iter().map(|name| Month::of(name)).collect();
    if months.iter().all(Option::is_none) {
        return numbers_are_in_order(names);
    }
    let Some(mut months) = months.into_iter().collect::<Option<Vec<_>>>() else {
        return false;
    };
    let is_alike = months.windows(2).all(|pair| match pair {
        [one, other] => one.year.is_some() == other.year.is_some(),
        _ => true,
    });
    if !is_alike || months.iter().any(|month| month.has_more) {
        return false;
    }
    if months.iter().all(|month| month.is_sure) {
        return true;
    }
    months.sort_unstable_by_key(Month::count);
    // [`told_by`] tells which of two files of one month is the later one.
    months.dedup_by_key(|month| month.count());
    months.windows(2).all(|pair| match pair {
        [one, other] => one.count() + 1 == other.count(),
        _ => true,
    })
}

/// Whether a name has its month in letters and no year.
pub(in crate::import) fn has_month_alone(name: &str) -> bool {
    Month::of(name).is_some_and(|month| month.year.is_none())
}

/// A month written in letters in a name.
struct Month {
    year: Option<u128>,
    month: u128,
    /// Whether its year is written in four digits.
    is_sure: bool,
    /// Whether there are further numbers whose meaning is unknown.
    has_more: bool,
}

impl Month {
    /// The month of a name, if it is the only one.
    fn of(name: &str) -> Option<Self> {
        let mut pieces = pieces_of(name);
        let numbers = pieces.iter().filter(|piece| piece.digits > 0);
        let count = numbers.clone().count();
        let years = numbers.filter(|piece| piece.digits == 4 && is_year(piece.number));
        let is_sure = years.count() == 1;
        let mut named = pieces
            .iter()
            .enumerate()
            .filter(|(_, piece)| piece.is_named);
        let (at, month) = named.next().map(|(at, piece)| (at, piece.number))?;
        if named.next().is_some() {
            return None;
        }
        if is_sure {
            return Some(Self {
                year: pieces
                    .iter()
                    .map(|piece| piece.number)
                    .find(|number| is_year(*number)),
                month,
                is_sure,
                has_more: false,
            });
        }
        let date = pieces.get_mut(at..).unwrap_or_default();
        let year = match year_first(date, First::Day) {
            2 => date.first().map(|year| year.number),
            _ => None,
        };
        Some(Self {
            year,
            month,
            is_sure,
            has_more: count > usize::from(year.is_some()),
        })
    }

    fn count(&self) -> u128 {
        self.year.unwrap_or_default() * 12 + self.month
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_in_letters_are_in_order_where_they_tell_their_years_or_follow_each_other() {
        for (names, is_told) in [
            (["a-jan", "a-feb", "a-mar"], true),
            (["a-nov", "a-dec", "a-jan"], false),
            (["a-jan", "a-mar", "a-jun"], false),
            (["a-dec-25", "a-jan-26", "a-feb-26"], true),
            (["a-dec-05", "a-dec-12", "a-jan-02"], false),
            (["a-dec-2024", "a-mar-2025", "2025-a-may"], true),
            (["a-jan-1", "a-jan-2", "a-feb-1"], false),
            (["a-jan", "a-feb", "a-mar-26"], false),
            (["a-1", "a-2", "a-5"], true),
            (["a-jan", "a-feb", "a-3"], false),
            (["a-t4-25", "a-t1-26", "a-t2-26"], true),
            (["a-2026-09", "a-2026-10", "a-11"], false),
            (["a-01", "a-11", "a-12"], false),
            (["a-10", "a-11", "a-12"], true),
            (["a-11-25", "a-12-25", "a-01-26"], false),
            (["a-25-11", "a-25-12", "a-26-01"], true),
            (["a 251130", "a 251231", "a 260131"], true),
            (["week 12 2026", "week 13 2026", "week 2 2027"], true),
        ] {
            let disorder = disorder(&names.map(str::to_owned));
            let expected = (!is_told).then_some(Disorder::Years);
            assert_eq!(disorder, expected, "{names:?}");
        }
    }

    #[test]
    fn days_and_months_are_told_apart_where_one_name_proves_which_is_which() {
        for (names, is_told) in [
            (["a-31-12-2025", "a-02-01-2026", "a-01-02-2026"], true),
            (["a-12-31-2025", "a-02-01-2026", "a-01-02-2026"], true),
            (["a-12-10-2025", "a-02-01-2026", "a-01-02-2026"], false),
            (["a.12.10.2025", "a.02.01.2026", "a.01.02.2026"], true),
            (["a-01-12-2025", "a-01-01-2026", "a-01-02-2026"], true),
            (["a-12-31-2025", "a-31-03-2026", "a-02-05-2026"], false),
            (["a 31122025", "a 31012026", "a 28022026"], true),
            (["a 05012026", "a 03022026", "a 04022026"], false),
            (["a 301125", "a 311225", "a 310126"], false),
            (["a 123125", "a 013126", "a 022826"], false),
        ] {
            let disorder = disorder(&names.map(str::to_owned));
            let expected = (!is_told).then_some(Disorder::Days);
            assert_eq!(disorder, expected, "{names:?}");
        }
    }
}
