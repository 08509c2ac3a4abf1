//! Dates as people write them: examined, and stored unchanged.

use std::collections::BTreeSet;

use crate::time::{Guess, read_date};
use crate::value::is_placeholder;

/// The most cells of a column that are examined.
const MOST: usize = 512;
/// The last month, and so the last number that may be a day or a month.
pub(super) const LAST_MONTH: u32 = 12;
/// Up to this many different dates may fall within the first twelve days of their months, or after them, by chance.
const BY_CHANCE: usize = 5;

/// Cells from all over a column: every cell at first, and fewer and fewer the longer the column is.
#[derive(Debug, Default, Clone)]
pub(super) struct Sample {
    cells: Vec<Box<[u8]>>,
    seen: u64,
    /// One cell in this many is kept; a power of two.
    step: u32,
}

impl Sample {
    pub(super) fn see(&mut self, cell: &[u8]) {
        if self.seen.trailing_zeros() >= self.step {
            if self.cells.len() == MOST {
                self.halve();
            }
            if self.seen.trailing_zeros() >= self.step {
                self.cells.push(cell.into());
            }
        }
        self.seen += 1;
    }

    /// Adds what was seen of further cells of the column.
    pub(super) fn extend(&mut self, other: &Self) {
        let mut other = other.clone();
        while self.step < other.step {
            self.halve();
        }
        while other.step < self.step {
            other.halve();
        }
        self.cells.append(&mut other.cells);
        self.seen += other.seen;
        while self.cells.len() > MOST {
            self.halve();
        }
    }

    /// The cells that are kept.
    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        self.cells.iter().map(|cell| &**cell)
    }

    fn halve(&mut self) {
        let mut is_kept = false;
        self.cells.retain(|_| {
            is_kept = !is_kept;
            is_kept
        });
        self.step += 1;
    }

    /// How dates that are not ISO are written, in words, and whether some are written otherwise. `None` if there are no such dates, or hardly any.
    /// No cell is quoted, as an import does not know which columns are private.
    pub(super) fn words(&self) -> Option<(String, bool)> {
        let guess = self.guess()?;
        Some((guess.words, guess.unread.is_some()))
    }

    /// The same if some dates have the day first and others the month.
    pub(super) fn two_orders(&self) -> Option<String> {
        let guess = self.guess()?;
        guess.has_two_orders().then_some(guess.words)
    }

    /// The newest of the ISO dates, in days since 1970.
    pub(super) fn newest(&self) -> Option<i32> {
        self.cells.iter().filter_map(|cell| read_date(cell)).max()
    }

    /// The message about a column whose dates a spreadsheet has read in its own country's order although they were written in another. Dates with a
    /// day up to 12 have become dates with day and month swapped; the others have stayed texts.
    pub(super) fn half_turned(&self) -> Option<&'static str> {
        let (mut dates, mut texts) = (BTreeSet::new(), BTreeSet::new());
        for cell in self.cells() {
            if read_date(cell).is_some() {
                let day = cell
                    .get(8..10)
                    .and_then(|day| std::str::from_utf8(day).ok());
                let day: u32 = day.and_then(|day| day.parse().ok())?;
                dates.insert(cell);
                if day > LAST_MONTH {
                    return None;
                }
            } else if let Some([first, second, _]) = numbers(cell) {
                texts.insert(cell);
                if first.max(second) <= LAST_MONTH {
                    return None;
                }
            }
        }
        (dates.len() > BY_CHANCE && texts.len() > BY_CHANCE).then_some(
            "has dates for all days up to 12 and text for all others: a spreadsheet has most likely taken days for months where it could, so those \
             dates are wrong; use the file as it was first exported, without opening it in a spreadsheet, or have the export write dates as \
             `2026-05-31`",
        )
    }

    fn guess(&self) -> Option<Guess> {
        let cells = self.cells.iter().map(|cell| &**cell);
        let cells: Vec<&[u8]> = cells.filter(|cell| !is_placeholder(cell)).collect();
        let others = cells.iter().copied();
        let others = others.filter(|cell| is_like_date(cell) && read_date(cell).is_none());
        let texts: Vec<&str> = others
            .filter_map(|cell| std::str::from_utf8(cell).ok())
            .collect();
        let is_most = texts.len() * 2 > cells.len();
        Guess::of_written(&texts).filter(|_| is_most)
    }
}

/// Whether a cell looks like a date written in numbers, in any order.
pub(super) fn is_like_date(cell: &[u8]) -> bool {
    let digits = cell.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mark = cell.get(digits);
    (1..=4).contains(&digits)
        && mark.is_some_and(|mark| b"-/.".contains(mark))
        && cell.get(digits + 1).is_some_and(u8::is_ascii_digit)
}

/// Whether a cell looks like a date with a day, a month and a year, which no amount does.
pub(super) fn is_whole_date(cell: &[u8]) -> bool {
    let digits = |cell: &[u8]| cell.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mark = cell.get(digits(cell));
    let rest = cell.get(digits(cell) + 1..).unwrap_or_default();
    is_like_date(cell) && rest.get(digits(rest)) == mark && is_like_date(rest)
}

/// The numbers of a date that ends in its year; `None` for any other cell.
pub(super) fn numbers(cell: &[u8]) -> Option<[u32; 3]> {
    if !is_whole_date(cell) {
        return None;
    }
    let text = std::str::from_utf8(cell).ok()?;
    let mut parts = text.split(['/', '.', '-']);
    let mut number = || {
        let part = parts.next()?;
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        part.get(..digits)?.parse().ok()
    };
    let date: [u32; 3] = [number()?, number()?, number()?];
    let [first, second, _] = date;
    let are_both = |most: u32| (1..=most).contains(&first) && (1..=most).contains(&second);
    (are_both(31) && first.min(second) <= LAST_MONTH).then_some(date)
}
