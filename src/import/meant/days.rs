//! Whether the day or the month comes first in dates that end with their year: `31-12-2025`, `12-31-2025`.

use super::{Piece, is_day, is_month, is_year, pieces_of, year_first};

/// Which of the two comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::import) enum First {
    #[default]
    Day,
    Month,
}

impl First {
    /// Finds which one comes first in the dates of some names.
    pub(in crate::import) fn among<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        Told::by(names).first()
    }
}

/// What the dates of some names tell about this.
#[derive(Debug, Default)]
pub(super) struct Told {
    day: bool,
    month: bool,
    /// Whether there are dates that could be read either way.
    pub(super) is_open: bool,
}

impl Told {
    pub(super) fn by<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut told = Self::default();
        for name in names {
            let mut pieces = pieces_of(name);
            let mut left = pieces.as_mut_slice();
            while !left.is_empty() {
                let taken = match left {
                    [one, other, year, ..] if ends_with_year([one, other, year]) => {
                        told.add(one, other);
                        3
                    }
                    _ => year_first(left, First::Day),
                };
                left = left.get_mut(taken..).unwrap_or_default();
            }
        }
        told
    }

    fn add(&mut self, one: &Piece, other: &Piece) {
        let is_named = one.is_named || other.is_named;
        match proven(one, other) {
            _ if is_named || one.number == other.number => {}
            Some(First::Day) => self.day = true,
            Some(First::Month) => self.month = true,
            None => self.is_open = true,
        }
    }

    /// The order by which all of them are read.
    pub(super) fn first(&self) -> First {
        match (self.day, self.month) {
            (false, true) => First::Month,
            _ => First::Day,
        }
    }

    /// Whether some dates prove it, and none proves the contrary.
    pub(super) fn is_proven(&self) -> bool {
        self.day != self.month
    }
}

/// Which comes first in a date, by its own numbers. Nobody writes the month first before a point.
fn proven(one: &Piece, other: &Piece) -> Option<First> {
    match () {
        () if one.is_named || other.number > 12 => Some(First::Month),
        () if other.is_named || one.number > 12 || other.text == "." => Some(First::Day),
        () => None,
    }
}

/// Whether the month comes first in a date.
pub(super) fn has_month_first(one: &Piece, other: &Piece, first: First) -> bool {
    proven(one, other).unwrap_or(first) == First::Month
}

/// Whether three pieces are a day, a month and their year in this order, or a month, a day and their year.
pub(super) fn ends_with_year([one, other, year]: [&Piece; 3]) -> bool {
    is_year(year.number)
        && are_day_and_month(one.number, other.number)
        && super::are_dated(&[one, other, year])
}

/// The day, the month and the year of eight digits that end with the year, in the order of the digits: `31122025`.
pub(super) fn of_eight(digits: &str) -> Option<[(u128, usize); 3]> {
    let number: u128 = digits.parse().ok().filter(|_| digits.len() == 8)?;
    let [one, other, year] = [number / 1_000_000, number / 10_000 % 100, number % 10_000];
    let is_year_first =
        is_year(number / 10_000) && is_month(number / 100 % 100) && is_day(number % 100);
    let is_date = is_year(year) && are_day_and_month(one, other);
    (is_date && !is_year_first).then_some([(one, 2), (other, 2), (year, 4)])
}

/// Whether two numbers can be a day and a month, in either order.
fn are_day_and_month(one: u128, other: u128) -> bool {
    is_day(one) && is_month(other) || is_month(one) && is_day(other)
}
