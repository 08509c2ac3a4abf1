//! What the cells of a column have in common.

use super::dates::Sample;
use super::number::{Mark, Spelling, Spellings, with_plain_blanks};
use crate::config::Decimal;

/// In a column of numbers, one in this many cells may be a word without a digit, such as `n/a` and `Total`.
const WORDS: u64 = 5;
/// The same for anything else that is not a number.
const OTHERS: u64 = 50;
/// The longest text that counts as a word, in bytes.
const WORD: usize = 64;

/// How many rows with odd cells are recorded.
const NAMED: usize = 3;

/// Cells of a column that are unlike the others.
#[derive(Default, Clone)]
pub(super) struct Odd {
    pub(super) count: u64,
    /// The first rows with such cells, as far as they were recorded.
    pub(super) places: Vec<u64>,
    /// Whether some are numbers with the other decimal mark.
    pub(super) has_stray: bool,
}

impl Odd {
    fn add(&mut self, place: u64) {
        self.count += 1;
        if self.places.len() < NAMED {
            self.places.push(place);
        }
    }

    /// Adds the odd cells of further rows, which are counted on from `before`.
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
    /// In how many rows the column holds something.
    pub(super) filled: u64,
    /// By spelling, in the order of [`Spellings::each`].
    fits: [Fit; 5],
    words: u64,
    /// The first places of cells that fit no spelling of a number.
    odd: Vec<u64>,
    /// Cells that certainly have a decimal point, and those that certainly have a decimal comma.
    points: Odd,
    commas: Odd,
    /// Cells whose mark is either for decimals or for thousands.
    either: u64,
    tails: Tails,
    pub(super) dates: Sample,
}

/// How many cells fit a spelling.
#[derive(Default, Clone, Copy)]
struct Fit {
    /// How many cells are spelled this way.
    cells: u64,
    /// Whether SQLite would turn a cell that does not fit into a number, and so lose what is written: 7 for `007`.
    is_misread: bool,
}

/// What the decimals of a column's numbers end in. `12.1` and `12.10` are one number but two codes. A program writes trailing zeros in all decimals
/// or in none; a person writes them at random.
#[derive(Default, Clone)]
struct Tails {
    /// The most decimals of a cell whose last one is zero, but not all of them.
    zero: usize,
    /// The fewest decimals of a cell whose last one is not zero; 0 if there is no such cell.
    other: usize,
    /// The most decimals of any cell.
    most: usize,
    /// Whether the decimals of some cell begin with a zero, `12.05`, which those of counting codes never do.
    has_zero_before: bool,
    /// Which decimals occur, as a bit set of whole numbers; larger ones than it can hold are ignored.
    seen: u128,
    /// Whether one of several files has codes.
    are_of_codes: bool,
    /// Whether these come from several files, each of which may write zeros differently.
    are_of_files: bool,
}

impl Tails {
    fn see(&mut self, cell: &[u8], mark: Decimal) {
        let mark = match mark {
            Decimal::Point => b'.',
            Decimal::Comma => b',',
        };
        let mut parts = cell.rsplit(|byte| *byte == mark);
        let (Some(decimals), Some(_)) = (parts.next(), parts.next()) else {
            return;
        };
        let is_zero = |byte: &u8| *byte == b'0';
        self.most = self.most.max(decimals.len());
        self.has_zero_before |= decimals.len() > 1 && decimals.first() == Some(&b'0');
        let number = decimals.iter().try_fold(0_u32, |number, digit| {
            number
                .checked_mul(10)?
                .checked_add(u32::from(digit.wrapping_sub(b'0')))
        });
        self.seen |= number
            .and_then(|number| 1_u128.checked_shl(number))
            .unwrap_or(0);
        match decimals.last() {
            None => {}
            Some(b'0') if decimals.iter().all(is_zero) => {}
            Some(b'0') => self.zero = self.zero.max(decimals.len()),
            Some(_) if self.other == 0 => self.other = decimals.len(),
            Some(_) => self.other = self.other.min(decimals.len()),
        }
    }

    /// Whether some end in zeros that others leave out, so that two of them may be one number.
    fn differ(&self) -> bool {
        self.other > 0 && self.zero > self.other
    }

    /// Adds those of a further file.
    fn extend(&mut self, other: &Self) {
        self.are_of_codes |= other.are_codes();
        self.are_of_files = true;
        self.zero = self.zero.max(other.zero);
        self.other = match (self.other, other.other) {
            (0, decimals) | (decimals, 0) => decimals,
            (one, other) => one.min(other),
        };
        self.most = self.most.max(other.most);
        self.has_zero_before |= other.has_zero_before;
        self.seen |= other.seen;
    }

    /// Whether these are codes. Codes count up, so that nearly every number up to the largest occurs; amounts that a person typed have few
    /// decimals, and most numbers do not occur.
    fn are_codes(&self) -> bool {
        /// If the decimals that occur are fewer than the largest one suggests by this factor, they do not count up.
        const FEWER: u32 = 8;
        let largest = u128::BITS - self.seen.leading_zeros();
        // Among several files with amounts, one may write all zeros and another none.
        let may_be_typed = self.most <= 2 || self.are_of_files;
        let is_typed =
            may_be_typed && (self.has_zero_before || self.seen.count_ones() * FEWER < largest);
        self.are_of_codes || self.differ() && !is_typed
    }
}

/// The decimal mark on which all unambiguous columns agree.
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
            Mark::Before(mark) => {
                match mark {
                    Decimal::Point => self.points.add(place),
                    Decimal::Comma => self.commas.add(place),
                }
                // A cell that a workbook holds as a number is one.
                if !is_number {
                    self.tails.see(cell, mark);
                }
            }
        }
        let each = spellings.each();
        for (fit, is_spelled) in self.fits.iter_mut().zip(each) {
            fit.cells += u64::from(is_spelled);
        }
        // Once this is known for all other spellings, no cell has to be tried.
        let is_new = |(fit, is_spelled): (&Fit, &bool)| !is_spelled && !fit.is_misread;
        if self.fits.iter().zip(&each).any(is_new) && is_read_as_number(cell) {
            // A decimal point among commas loses nothing: SQLite reads it as it is meant.
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

    /// Adds what was seen of further rows of the column, which are counted on from `before`.
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
        self.tails.extend(&other.tails);
        self.dates.extend(&other.dates);
    }

    /// How its numbers are spelled, and which cells are not numbers. `known` is the decimal mark of the file.
    pub(super) fn spelling(&self, known: Option<Decimal>) -> (Spelling, Odd) {
        if self.has_codes() {
            return (Spelling::Text, Odd::default());
        }
        let stray = self.stray(known);
        let (shared, count) = self.shared(stray);
        let spelling = match (stray, known) {
            // A few cells alone do not tell the mark of all the others.
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

    /// Whether it holds codes that look like numbers but would be confused as numbers: `12.10` beside `12.1`.
    pub(super) fn has_codes(&self) -> bool {
        self.tails.are_codes()
    }

    /// Takes over the judgement, based on several files, of whether these are codes.
    pub(super) fn judge_codes_as(&mut self, files: &Self) {
        self.tails = files.tails.clone();
    }

    /// The same for a key, which nobody types the way amounts are typed.
    pub(super) fn has_codes_of_a_key(&self) -> bool {
        self.has_codes() || self.tails.differ()
    }

    /// The decimal mark that so few cells have that they are exceptions, if the mark of the others, or `known`, is a different one or nothing tells
    /// it.
    fn stray(&self, known: Option<Decimal>) -> Option<Decimal> {
        let marked = self.points.count + self.commas.count + self.either;
        [Decimal::Point, Decimal::Comma].into_iter().find(|mark| {
            let count = self.sure(*mark).count;
            known != Some(*mark) && count > 0 && count * OTHERS <= marked
        })
    }

    /// The cells that certainly have this decimal mark.
    fn sure(&self, mark: Decimal) -> &Odd {
        match mark {
            Decimal::Point => &self.points,
            Decimal::Comma => &self.commas,
        }
    }

    /// The spellings of nearly all cells except those with the `stray` mark, and how many cells fit none of them.
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

/// Whether a cell that is not empty begins as numbers of every spelling do.
fn may_be_number(cell: &[u8]) -> bool {
    let unsigned = cell.strip_prefix(b"-").unwrap_or(cell);
    unsigned.first().is_some_and(u8::is_ascii_digit)
}

/// Whether SQLite turns it into a number in a column of numbers.
fn is_read_as_number(cell: &[u8]) -> bool {
    let begins = |byte: &u8| byte.is_ascii_digit() || b"+-.".contains(byte);
    // Most cells that are not numbers, such as times and words, contain other characters.
    let goes_on = |byte: &u8| begins(byte) || matches!(byte, b'e' | b'E');
    let text = || std::str::from_utf8(cell).unwrap_or_default();
    cell.first().is_some_and(begins)
        && cell.iter().all(goes_on)
        && text().parse::<f64>().is_ok()
        && has_digit(cell)
}

fn has_digit(cell: &[u8]) -> bool {
    cell.iter().any(u8::is_ascii_digit)
}
