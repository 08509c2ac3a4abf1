//! What the cells of a column have in common.

use super::dates::Sample;
use super::number::{Mark, Spelling, Spellings, with_plain_blanks};
use crate::config::Decimal;

/// In a column of numbers, one in so many cells may be words without a digit, such as `n/a` and `Total`.
const WORDS: u64 = 5;
/// The same of whatever else is no number.
const OTHERS: u64 = 50;
/// What is longer is no word, in bytes.
const WORD: usize = 64;

/// So many rows with odd cells are noted.
const NAMED: usize = 3;

/// Cells of a column that are not like the others.
#[derive(Default, Clone)]
pub(super) struct Odd {
    pub(super) count: u64,
    /// The first rows with such cells, as far as they were noted.
    pub(super) places: Vec<u64>,
    /// Whether some are numbers with the other mark before decimals.
    pub(super) has_stray: bool,
}

impl Odd {
    fn add(&mut self, place: u64) {
        self.count += 1;
        if self.places.len() < NAMED {
            self.places.push(place);
        }
    }

    /// Takes in those of further rows, which are counted on from `before`.
    fn extend(&mut self, other: &Self, before: u64) {
        self.count += other.count;
        extend(&mut self.places, &other.places, before);
    }
}

fn extend(places: &mut Vec<u64>, others: &[u64], before: u64) {
    places.extend(others.iter().map(|place| place + before));
    places.truncate(NAMED);
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
    /// Cells that have a point before decimals for sure, and those that have a comma.
    points: Odd,
    commas: Odd,
    /// Cells whose mark is before decimals or between thousands.
    either: u64,
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
        .filter_map(|tally| match tally.spelling(None).0 {
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
        match spellings.mark() {
            Mark::None => {}
            Mark::Either => self.either += 1,
            Mark::Before(Decimal::Point) => self.points.add(place),
            Mark::Before(Decimal::Comma) => self.commas.add(place),
        }
        let each = spellings.each();
        for (fit, is_spelled) in self.fits.iter_mut().zip(each) {
            fit.cells += u64::from(is_spelled);
        }
        // Once it is known of every other spelling, no cell has to be tried.
        let is_new = |(fit, is_spelled): (&Fit, &bool)| !is_spelled && !fit.is_misread;
        if self.fits.iter().zip(&each).any(is_new) && is_read_as_number(cell) {
            // A decimal point among commas loses nothing: SQLite makes of it what it says.
            let known = match spellings.mark() {
                Mark::Before(Decimal::Point) => Spellings::of_mark(Decimal::Comma).each(),
                _ => [false; 5],
            };
            for ((fit, is_spelled), is_known) in self.fits.iter_mut().zip(each).zip(known) {
                fit.is_misread |= !is_spelled && !is_known;
            }
        }
        self.dates.see(cell);
    }

    /// Takes in what was seen of further rows of the column, which are counted on from `before`.
    pub(super) fn extend(&mut self, other: &Self, before: u64) {
        self.filled += other.filled;
        for (fit, more) in self.fits.iter_mut().zip(other.fits) {
            fit.cells += more.cells;
            fit.is_misread |= more.is_misread;
        }
        self.words += other.words;
        extend(&mut self.odd, &other.odd, before);
        self.points.extend(&other.points, before);
        self.commas.extend(&other.commas, before);
        self.either += other.either;
        self.dates.extend(&other.dates);
    }

    /// How its numbers are spelled, and what is none of them; `known` is the mark of the file.
    pub(super) fn spelling(&self, known: Option<Decimal>) -> (Spelling, Odd) {
        let stray = self.stray(known);
        let (shared, count) = self.shared(stray);
        let spelling = match (stray, known) {
            // A few cells alone do not tell what the mark of all the others is.
            (Some(mark), None) if self.sure(other(mark)).count <= self.sure(mark).count => {
                match shared == Spellings::NONE {
                    true => Spelling::Text,
                    false => Spelling::Either,
                }
            }
            _ => shared.spelling(known),
        };
        let mut places = self.odd.clone();
        places.extend(stray.iter().flat_map(|mark| &self.sure(*mark).places));
        places.sort_unstable();
        places.truncate(NAMED);
        let odd = Odd {
            count,
            places,
            has_stray: stray.is_some(),
        };
        (spelling, odd)
    }

    /// The mark that so few cells have before decimals that they are exceptions, where the others' mark, or `known`, is
    /// another one or nothing tells.
    fn stray(&self, known: Option<Decimal>) -> Option<Decimal> {
        let marked = self.points.count + self.commas.count + self.either;
        [Decimal::Point, Decimal::Comma].into_iter().find(|mark| {
            let count = self.sure(*mark).count;
            known != Some(*mark) && count > 0 && count * OTHERS <= marked
        })
    }

    /// The cells that have this mark before decimals for sure.
    fn sure(&self, mark: Decimal) -> &Odd {
        match mark {
            Decimal::Point => &self.points,
            Decimal::Comma => &self.commas,
        }
    }

    /// The spellings of nearly all cells but those with the `stray` mark, and how many cells have none of them.
    fn shared(&self, stray: Option<Decimal>) -> (Spellings, u64) {
        let left_out = stray.map_or([false; 5], |mark| Spellings::of_mark(mark).each());
        let mut usable = [0; 5];
        for ((usable, fit), is_left_out) in usable.iter_mut().zip(self.fits).zip(left_out) {
            if !fit.is_misread && !is_left_out {
                *usable = fit.cells;
            }
        }
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

fn other(mark: Decimal) -> Decimal {
    match mark {
        Decimal::Point => Decimal::Comma,
        Decimal::Comma => Decimal::Point,
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
