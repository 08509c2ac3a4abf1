//! What the cells of a column have in common.

use super::dates::Sample;
use super::number::{Spelling, Spellings, with_plain_blanks};
use crate::config::Decimal;

/// In a column of numbers, one in so many cells may be words without a digit, such as `n/a` and `Total`.
const WORDS: u64 = 5;
/// The same of whatever else is no number.
const OTHERS: u64 = 50;
/// What is longer is no word, in bytes.
const WORD: usize = 64;

/// So many rows with odd cells are noted.
const NAMED: usize = 3;

/// Cells of a column of numbers that are none.
#[derive(Default)]
pub(super) struct Odd {
    pub(super) count: u64,
    /// The first rows with such cells, as far as they were noted.
    pub(super) places: Vec<u64>,
}

/// What was seen of a column.
#[derive(Default)]
pub(super) struct Tally {
    /// In how many rows it holds something.
    pub(super) filled: u64,
    /// By spelling, in the order of [`Spellings::each`].
    fits: [Fit; 5],
    words: u64,
    /// The first places of what is spelled like no number.
    odd: Vec<u64>,
    pub(super) dates: Sample,
}

/// Cells and a spelling.
#[derive(Default, Clone, Copy)]
struct Fit {
    /// How many are spelled so.
    cells: u64,
    /// Whether SQLite would make a number of one that is not, and so lose what is written: 7 of `007`.
    is_misread: bool,
}

/// The mark that all columns agree on which leave no doubt.
pub(super) fn decimal(tallies: &[Tally]) -> Option<Decimal> {
    let mut marks = tallies
        .iter()
        .filter_map(|tally| match tally.shared().0.spelling(None) {
            Spelling::Decimal(mark, _) => Some(mark),
            Spelling::Whole | Spelling::Either | Spelling::Text => None,
        });
    let first = marks.next()?;
    marks.all(|mark| mark == first).then_some(first)
}

impl Tally {
    /// Counts a cell of the row at `place`.
    pub(super) fn see(&mut self, cell: &[u8], place: u64, is_number: bool) {
        let cell = cell.trim_ascii();
        if cell.is_empty() {
            return;
        }
        self.filled += 1;
        let spellings = match is_number {
            true => Spellings::of_number(cell),
            false if !may_be_number(cell) => Spellings::NONE,
            false if cell.is_ascii() => Spellings::of(cell),
            false => Spellings::of(&with_plain_blanks(cell)),
        };
        if spellings == Spellings::NONE {
            self.words += u64::from(is_word(cell));
            if self.odd.len() < NAMED {
                self.odd.push(place);
            }
        }
        let each = spellings.each();
        for (fit, is_spelled) in self.fits.iter_mut().zip(each) {
            fit.cells += u64::from(is_spelled);
        }
        // Once it is known of every other spelling, no cell has to be tried.
        let is_new = |(fit, is_spelled): (&Fit, &bool)| !is_spelled && !fit.is_misread;
        if self.fits.iter().zip(&each).any(is_new) && is_read_as_number(cell) {
            for (fit, is_spelled) in self.fits.iter_mut().zip(each) {
                fit.is_misread |= !is_spelled;
            }
        }
        self.dates.see(cell);
    }

    /// How its numbers are spelled, and what is none of them; `known` is the mark of the file.
    pub(super) fn spelling(&self, known: Option<Decimal>) -> (Spelling, Odd) {
        let (shared, count) = self.shared();
        let odd = Odd {
            count,
            places: self.odd.clone(),
        };
        (shared.spelling(known), odd)
    }

    /// The spellings of nearly all cells, and how many have none of them.
    fn shared(&self) -> (Spellings, u64) {
        let usable = self.fits.map(|fit| match fit.is_misread {
            true => 0,
            false => fit.cells,
        });
        let most = usable.iter().copied().max().unwrap_or(0);
        let odd = self.filled - most;
        let others = odd.saturating_sub(self.words);
        let are_few = self.words * WORDS <= self.filled && others * OTHERS <= self.filled;
        match most > 0 && are_few {
            true => (Spellings::those(usable.map(|cells| cells == most)), odd),
            false => (Spellings::NONE, 0),
        }
    }
}

fn is_word(cell: &[u8]) -> bool {
    cell.len() <= WORD && !has_digit(cell)
}

/// Whether a cell that is not empty begins as every spelling of a number does.
fn may_be_number(cell: &[u8]) -> bool {
    let unsigned = cell.strip_prefix(b"-").unwrap_or(cell);
    unsigned.first().is_some_and(u8::is_ascii_digit)
}

/// Whether SQLite makes a number of it in a column of numbers.
fn is_read_as_number(cell: &[u8]) -> bool {
    let begins = |byte: &u8| byte.is_ascii_digit() || b"+-.".contains(byte);
    let text = || std::str::from_utf8(cell).unwrap_or_default();
    cell.first().is_some_and(begins) && text().parse::<f64>().is_ok() && has_digit(cell)
}

fn has_digit(cell: &[u8]) -> bool {
    cell.iter().any(u8::is_ascii_digit)
}
