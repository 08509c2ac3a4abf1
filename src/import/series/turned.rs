//! Files in which days and months are in the other order. If no day is over 12, a file alone does not tell; among monthly exports it does: read as
//! the others are, its dates lie all over the year, but the other way round they lie in one month.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::dates::{LAST_MONTH, Sample, numbers};
use crate::import::source::Unit;
use crate::value::Share;

/// The share of a monthly file that has to lie in one month: the rest may repeat rows of the month before.
const OF_ONE_MONTH: Share = Share::percent(75);
/// The most that may lie in one month if days and months are swapped.
const ALL_OVER: Share = Share::percent(50);

/// What comes first in dates.
#[derive(Debug, Clone, Copy)]
enum Order {
    Day,
    Month,
}

/// The dates of a column in one file.
#[derive(Debug, Default)]
pub(super) struct Dates {
    /// The first number, the second number, and the year.
    all: Vec<[u32; 3]>,
    /// The message if only some of them are swapped.
    pub(super) half_turned: Option<&'static str>,
}

impl Dates {
    pub(super) fn of(sample: &Sample) -> Self {
        Self {
            all: sample.cells().filter_map(numbers).collect(),
            half_turned: sample.half_turned(),
        }
    }

    /// The newest of them read in this order, as year, month and day.
    fn newest(&self, order: Order) -> Option<(u32, u32, u32)> {
        let dates = self.all.iter().map(|date| {
            let (day, month) = order.of(date);
            (date[2], month, day)
        });
        dates.max()
    }

    /// Compares the newest of them with that of another file, if the result is the same in every order that is possible; `None` if nothing tells.
    pub(super) fn compared(&self, other: &Self) -> Option<std::cmp::Ordering> {
        let orders = [Order::Day, Order::Month].into_iter();
        let possible =
            orders.filter(|order| ![self, other].iter().any(|file| file.prove(order.other())));
        let mut found = possible.map(|order| {
            let own = self.newest(order)?;
            Some(own.cmp(&other.newest(order)?))
        });
        let first = found.next()??;
        found.all(|other| other == Some(first)).then_some(first)
    }

    /// Whether a day over 12 proves the order.
    fn prove(&self, order: Order) -> bool {
        let mut dates = self.all.iter();
        dates.any(|date| order.of(date).0 > LAST_MONTH)
    }

    /// How many months they fall in when read in this order, and how many dates the most common of these has.
    fn months(&self, order: Order) -> (usize, u64) {
        let mut months: BTreeMap<(u32, u32), u64> = BTreeMap::new();
        for date in &self.all {
            *months.entry((order.of(date).1, date[2])).or_default() += 1;
        }
        (months.len(), months.values().max().copied().unwrap_or(0))
    }

    /// Whether most of them are of one month.
    fn are_of_one_month(&self, order: Order) -> bool {
        OF_ONE_MONTH.is_reached_by(self.months(order).1, self.all.len() as u64)
    }

    /// Whether they lie in one month in the other order, and all over the year in this one.
    fn are_turned(&self, order: Order) -> bool {
        let all = self.all.len() as u64;
        let different: BTreeSet<_> = self.all.iter().collect();
        different.len() > 1
            && !ALL_OVER.is_exceeded_by(self.months(order).1, all)
            && self.are_of_one_month(order.other())
    }
}

impl Order {
    fn other(self) -> Self {
        match self {
            Self::Day => Self::Month,
            Self::Month => Self::Day,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    /// The day and the month of a date.
    fn of(self, [first, second, _]: &[u32; 3]) -> (u32, u32) {
        match self {
            Self::Day => (*first, *second),
            Self::Month => (*second, *first),
        }
    }
}

/// The messages about those files whose dates in this column are swapped, each with the index of the file.
pub(super) fn turned(column: &str, files: &[&Dates], unit: Unit) -> Vec<(usize, String)> {
    let proven = |order| files.iter().filter(move |file| file.prove(order));
    let orders = [Order::Day, Order::Month].into_iter();
    // If both orders are proven, that is reported for the column.
    let mut orders = orders.filter(|order| proven(order.other()).next().is_none());
    let by_month = |order: &Order| {
        let of_one = proven(*order).filter(|file| file.are_of_one_month(*order));
        let (of_one, all) = (of_one.count(), proven(*order).count());
        all > 0 && OF_ONE_MONTH.is_reached_by(of_one as u64, all as u64)
    };
    let Some(order) = orders.find(by_month) else {
        return Vec::new();
    };
    let files = files.iter().enumerate();
    let turned = files.filter(|(_, file)| !file.prove(order) && file.are_turned(order));
    turned
        .map(|(place, file)| {
            let words = format!(
                "`{column}` may have the {} first: read with the {} first, as in the other {}, its dates lie in {} months; the other way round, \
                 most of them lie in one; if so, {}",
                order.other().word(),
                order.word(),
                unit.several(),
                file.months(order).0,
                unit.like_the_others(),
            );
            (place, words)
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn dates(cells: &[&str]) -> Dates {
        let mut sample = Sample::default();
        cells.iter().for_each(|cell| sample.see(cell.as_bytes()));
        Dates::of(&sample)
    }

    #[test]
    fn exports_by_month_tell_of_one_that_has_days_and_months_turned() {
        let (one, two) = (
            dates(&["03/11/2025", "14/11/2025", "30/11/2025 09:00"]),
            dates(&["02/12/2025", "24/12/2025", "30/11/2025", "31/12/2025"]),
        );
        let said = |last: &Dates| turned("at", &[&one, &two, last], Unit::File);
        let month_first = dates(&["01/02/2026", "01/03/2026 10:30", "01/09/2026"]);
        let told = said(&month_first);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].0, 2);
        assert!(
            told[0].1.starts_with("`at` may have the month first"),
            "{told:?}"
        );
        assert!(told[0].1.contains("lie in 3 months"), "{told:?}");
        for right in [
            &["02/01/2026", "03/01/2026", "09/01/2026"][..],
            &["01/01/2026"],
            &["2026-01-02", "2026-01-03"],
            &["05/01/2026", "05/12/2025"],
            &[],
        ] {
            assert_eq!(said(&dates(right)), [], "{right:?}");
        }
        // The first of each month, in files that are not monthly.
        let year = dates(&["01/01/2026", "01/02/2026", "01/03/2026"]);
        let before = dates(&["01/01/2025", "13/02/2025", "15/03/2025", "01/04/2025"]);
        assert_eq!(turned("at", &[&before, &before, &year], Unit::File), []);
    }
}
