//! Which of the first rows of a table holds its headings, if config does not say.

use super::dates::{is_like_date, is_whole_date};
use super::number::Spellings;
use super::rows::Row;

/// The longest name of a column, in characters.
pub(super) const LONGEST: usize = 120;
/// How many bytes of each cell are examined.
const CELL: usize = 4 * LONGEST;
/// The most rows that titles above the headings take.
const TITLES: usize = 10;
/// One in this many of the values below a year may look like a year itself.
const YEARS: usize = 4;

/// A row that is examined.
pub(super) struct Sampled {
    pub(super) number: u64,
    pub(super) place: u64,
    pub(super) cells: Vec<Vec<u8>>,
}

/// A row that was taken for data, and a number in it that could as well be a heading.
#[derive(Debug)]
pub(super) struct Doubt {
    pub(super) place: u64,
    pub(super) number: String,
}

/// A value that may be a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Year,
    /// A day, or a month of a year.
    Time,
    Small(u8),
}

/// What a row looks like, compared with the rows below it.
enum Looks {
    Headings,
    Data,
    Either(String),
}

impl Sampled {
    pub(super) fn of(row: &Row<'_>) -> Self {
        let begin = |cell: &[u8]| cell.iter().take(CELL).copied().collect();
        Self {
            number: row.number,
            place: row.place,
            cells: row.cells.iter().map(begin).collect(),
        }
    }

    /// Its cells that hold something, each with its index.
    fn filled(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let cells = self.cells.iter().map(|cell| cell.trim_ascii());
        cells.enumerate().filter(|(_, cell)| !cell.is_empty())
    }
}

/// The first row that has as many filled cells as most rows, if it holds names and no values other than those that can be names.
pub(super) fn guessed(sample: &[Sampled]) -> (Option<usize>, Option<Doubt>) {
    let widest = sample.iter().map(|row| row.filled().count()).max();
    let widest = widest.unwrap_or(0);
    let mut first = sample.iter().take(TITLES + 1);
    let place = first.position(|row| row.filled().count() * 2 > widest);
    let Some((place, (row, below))) = place.and_then(|place| {
        let (row, below) = sample.get(place..)?.split_first()?;
        Some((place, (row, below)))
    }) else {
        return (None, None);
    };
    match looks(row, below) {
        Looks::Headings => (Some(place), None),
        Looks::Data => (None, None),
        Looks::Either(number) => {
            let place = row.place;
            (None, Some(Doubt { place, number }))
        }
    }
}

/// A row of texts whose only values are years, times, or numbers counted from one, is a row of headings if its columns hold other things.
fn looks(row: &Sampled, below: &[Sampled]) -> Looks {
    let (values, texts): (Vec<_>, Vec<_>) = row.filled().partition(|(_, cell)| is_value(cell));
    if values.is_empty() {
        return Looks::Headings;
    }
    let labels = values.iter().map(|(_, cell)| Label::of(cell));
    let Some(labels) = labels.collect::<Option<Vec<Label>>>() else {
        return Looks::Data;
    };
    if texts.is_empty() || !are_counted(&labels) {
        return Looks::Data;
    }
    let column = |place: usize| {
        let cells = below.iter().filter_map(move |row| row.cells.get(place));
        cells
            .map(|cell| cell.trim_ascii())
            .filter(|cell| !cell.is_empty())
    };
    // A word above numbers is not a missing number.
    let is_above_values = |(place, _): &(usize, &[u8])| {
        let mut cells = column(*place).peekable();
        cells.peek().is_some() && cells.all(is_value)
    };
    let is_named = texts.iter().any(is_above_values);
    let holds_others = |(label, (place, _)): (&Label, &(usize, &[u8]))| {
        let all = column(*place).count();
        let like = |is_like: fn(&[u8]) -> bool| column(*place).filter(|cell| is_like(cell)).count();
        let is_other = match label {
            Label::Year => like(is_year) * YEARS <= all,
            Label::Time => like(is_like_date) == 0,
            Label::Small(_) => is_named || like(is_value) == 0,
        };
        is_other && all > 0
    };
    let are_above_others = labels.iter().zip(&values).all(holds_others);
    let is_small = |label: &Label| matches!(label, Label::Small(_));
    // A single number says little.
    if are_above_others && (is_named || labels.len() > 1 || labels.iter().all(is_small)) {
        return Looks::Headings;
    }
    // Dates belong to somebody, and are not quoted.
    let mut numbers = labels.iter().zip(&values);
    let number = numbers.find(|(label, _)| **label != Label::Time);
    number.map_or(Looks::Data, |(_, (_, cell))| {
        Looks::Either(String::from_utf8_lossy(cell).into_owned())
    })
}

/// Whether the small numbers among these, if any, are several and count up from 0 or 1.
fn are_counted(labels: &[Label]) -> bool {
    let numbers = labels.iter().filter_map(|label| match label {
        Label::Small(number) => Some(*number),
        Label::Year | Label::Time => None,
    });
    let numbers: Vec<u8> = numbers.collect();
    let is_next = |[one, next]: &[u8; 2]| one + 1 == *next;
    match numbers.as_slice() {
        [] => true,
        [first, _, ..] => *first <= 1 && numbers.array_windows().all(is_next),
        [_] => false,
    }
}

impl Label {
    fn of(value: &[u8]) -> Option<Self> {
        if is_year(value) {
            return Some(Self::Year);
        }
        let text = std::str::from_utf8(value).ok()?;
        if is_whole_date(value) || is_month(text) {
            return Some(Self::Time);
        }
        let is_plain = value == b"0" || !value.starts_with(b"0") && value.len() <= 2;
        let number = text.parse().ok().filter(|_| is_plain);
        number.map(Self::Small)
    }
}

/// Whether it is a number, a date, or an address, and so not the name of a column.
fn is_value(cell: &[u8]) -> bool {
    let is_number = Spellings::of(cell) != Spellings::NONE;
    is_number || is_like_date(cell) || cell.contains(&b'@')
}

fn is_year(cell: &[u8]) -> bool {
    let year = std::str::from_utf8(cell).ok();
    let year = year.filter(|year| year.len() == 4);
    year.and_then(|year| year.parse().ok())
        .is_some_and(|year: u16| (1900..=2100).contains(&year))
}

/// Whether it is a month and a year, in either order: `2026-03`, `03/2026`.
fn is_month(text: &str) -> bool {
    let parts = text.split_once(['-', '/', '.']);
    let is_short = |part: &str| matches!(part.len(), 1 | 2) && part.parse::<u8>().is_ok();
    parts.is_some_and(|(one, other)| {
        is_year(one.as_bytes()) && is_short(other) || is_short(one) && is_year(other.as_bytes())
    })
}
