//! The first reading of a table: what its columns hold.

use super::encoding::letters;
use super::layout::{Layout, too_wide};
use super::notes::{Notes, Oddity};
use super::number::{Spelling, Spellings};
use super::rows::{Row, Rows};
use super::{ImportError, MOST_COLUMNS};
use crate::config::{Decimal, Encoding, FileForm};

/// Words in headings of numbers that are names: they are dialled or written on letters, and never added up.
const NAMES: [&str; 10] = [
    "phone", "mobile", "tel", "telefon", "fax", "zip", "postcode", "postal", "plz", "iban",
];

/// What was found in a table.
pub(super) struct Survey {
    pub(super) columns: Vec<Column>,
    /// Without headings, what stands above them, and rows without any value.
    pub(super) rows: u64,
    pub(super) encoding: Encoding,
    pub(super) layout: Layout,
    /// What numbers have before their decimals.
    pub(super) decimal: Option<Decimal>,
    /// Whether thousands are set apart.
    pub(super) is_grouped: bool,
    pub(super) dates: Dates,
    pub(super) notes: Notes,
    /// What else has to be said, in lines.
    pub(super) told: Vec<String>,
}

/// A column that is kept.
pub(super) struct Column {
    pub(super) name: String,
    /// Its place in a row, from 0.
    pub(super) place: usize,
    pub(super) spelling: Spelling,
}

/// In which order days and months stand where the year is last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Dates {
    any: bool,
    /// Some first number is over 12.
    day_first: bool,
    /// Some second number is.
    month_first: bool,
}

/// What the cells of a column have in common.
struct Tally {
    filled: u64,
    spellings: Spellings,
    dates: Dates,
}

/// What the letters of a file can be.
#[derive(Default)]
struct Letters {
    /// The first row with letters beyond ASCII that are UTF-8, and the first that has others.
    good: Option<u64>,
    bad: Option<u64>,
}

/// Reads a table once.
///
/// # Errors
/// It cannot be read, or nobody can tell how it is meant.
pub(super) fn survey(
    rows: &dyn Rows,
    name: &str,
    form: &FileForm,
    encoding: Option<Encoding>,
) -> Result<Survey, ImportError> {
    let layout = Layout::of(rows, name, form)?;
    let mut tallies: Vec<Tally> = layout.written.iter().map(|_| Tally::new()).collect();
    let (mut seen, mut count, mut notes) = (Letters::default(), 0, Notes::default());
    let written = rows.read(&mut |row: Row<'_>| {
        seen.see(&row);
        if !layout.is_below(&row) {
            return Ok(true);
        }
        if row.is_blank() {
            notes.add(Oddity::Blank, row.place);
            return Ok(true);
        }
        count += 1;
        let headed = layout.written.len();
        let width = row.cells.len();
        if width > MOST_COLUMNS {
            return Err(too_wide(name, &row));
        }
        let further = row.cells.iter().skip(headed);
        if headed > 0 && width < headed {
            notes.add(Oddity::Short, row.place);
        } else if headed > 0
            && further
                .into_iter()
                .any(|cell| !cell.trim_ascii().is_empty())
        {
            notes.add(Oddity::Long, row.place);
        }
        while tallies.len() < width {
            tallies.push(Tally::new());
        }
        for (tally, cell) in tallies.iter_mut().zip(row.cells) {
            tally.see(cell);
        }
        if row.cells.as_slice().contains(&0) {
            notes.add(Oddity::Nul, row.place);
        }
        Ok(true)
    })?;
    notes.extend(written);
    let encoding = seen.encoding(name, encoding, &mut notes)?;
    let (names, mut told) = layout.names(tallies.len(), encoding);
    let known = form.decimal.or_else(|| decimal(&tallies));
    let headed = layout.written.len();
    let is_kept = |place: usize, tally: &Tally| {
        let has_heading = layout
            .written
            .get(place)
            .is_some_and(|cell| !cell.trim_ascii().is_empty());
        tally.filled > 0 || has_heading || headed == 0
    };
    let named = names.into_iter().zip(&tallies).enumerate();
    let kept = named.filter(|(place, (_, tally))| is_kept(*place, tally));
    let columns: Vec<Column> = kept
        .map(|(place, (name, tally))| {
            let mut spelling = tally.spelling(&name, known);
            if spelling == Spelling::Either {
                told.push(format!(
                    "`{name}` has decimals or thousands, which nothing tells apart: it stays text; write `decimal: comma` or `decimal: point`"
                ));
                spelling = Spelling::Text;
            }
            Column { name, place, spelling }
        })
        .collect();
    told.retain(|line| {
        !line.contains("has no heading")
            || columns
                .iter()
                .any(|column| line.ends_with(&format!("`{}`", column.name)))
    });
    Ok(Survey {
        rows: count,
        encoding,
        decimal: columns.iter().find_map(|column| column.decimal()),
        is_grouped: columns
            .iter()
            .any(|column| matches!(column.spelling, Spelling::Decimal(_, true))),
        dates: tallies
            .iter()
            .fold(Dates::default(), |all, tally| all.with(tally)),
        columns,
        layout,
        notes,
        told,
    })
}

/// The mark that all columns agree on which leave no doubt.
fn decimal(tallies: &[Tally]) -> Option<Decimal> {
    let sure = tallies.iter().filter(|tally| tally.filled > 0);
    let mut marks = sure.filter_map(|tally| match tally.spellings.spelling(None) {
        Spelling::Decimal(mark, _) => Some(mark),
        Spelling::Whole | Spelling::Either | Spelling::Text => None,
    });
    let first = marks.next()?;
    marks.all(|mark| mark == first).then_some(first)
}

impl Column {
    /// What SQLite makes of what it holds.
    pub(super) fn declared(&self) -> &'static str {
        match self.spelling {
            Spelling::Whole => "INTEGER",
            Spelling::Decimal(..) => "NUMERIC",
            Spelling::Either | Spelling::Text => "TEXT",
        }
    }

    fn decimal(&self) -> Option<Decimal> {
        match self.spelling {
            Spelling::Decimal(mark, _) => Some(mark),
            Spelling::Whole | Spelling::Either | Spelling::Text => None,
        }
    }
}

impl Tally {
    fn new() -> Self {
        Self {
            filled: 0,
            spellings: Spellings::ALL,
            dates: Dates::default(),
        }
    }

    fn see(&mut self, cell: &[u8]) {
        let cell = cell.trim_ascii();
        if cell.is_empty() {
            return;
        }
        self.filled += 1;
        if !self.spellings.is_text() {
            let spelled = match cell.is_ascii() {
                true => Spellings::of(cell),
                false => Spellings::of(&with_plain_blanks(cell)),
            };
            self.spellings = self.spellings.both(spelled);
        }
        self.dates.see(cell);
    }

    fn spelling(&self, name: &str, known: Option<Decimal>) -> Spelling {
        let lower = name.to_lowercase();
        let is_name = lower.split(|c: char| !c.is_alphanumeric()).any(|word| {
            NAMES
                .iter()
                .any(|name| word == *name || word.len() > 5 && word.ends_with(name))
        });
        match is_name || self.filled == 0 {
            true => Spelling::Text,
            false => self.spellings.spelling(known),
        }
    }
}

/// Blanks that do not break, in UTF-8 and in Windows-1252, as plain ones.
fn with_plain_blanks(cell: &[u8]) -> Vec<u8> {
    let text = letters(cell, Encoding::Utf8);
    let text = match text.contains('\u{fffd}') {
        true => letters(cell, Encoding::Windows1252),
        false => text,
    };
    text.replace(['\u{a0}', '\u{202f}', '\u{2009}'], " ")
        .into_bytes()
}

impl Letters {
    fn see(&mut self, row: &Row<'_>) {
        let all = row.cells.as_slice();
        if !all.is_ascii() {
            let is_good = row
                .cells
                .iter()
                .all(|cell| std::str::from_utf8(cell).is_ok());
            let first = if is_good {
                &mut self.good
            } else {
                &mut self.bad
            };
            first.get_or_insert(row.place);
        }
    }

    fn encoding(
        &self,
        name: &str,
        said: Option<Encoding>,
        notes: &mut Notes,
    ) -> Result<Encoding, ImportError> {
        match (said, self.good, self.bad) {
            (Some(said), _, bad) => {
                if let (Encoding::Utf8, Some(bad)) = (said, bad) {
                    notes.add(Oddity::NoLetter, bad);
                }
                Ok(said)
            }
            (None, _, None) => Ok(Encoding::Utf8),
            (None, None, Some(_)) => Ok(Encoding::Windows1252),
            (None, Some(good), Some(bad)) => Err(ImportError::of(
                name,
                format_args!(
                    "line {good} is UTF-8, and line {bad} is not: write which one is meant, `encoding: utf-8` or `encoding: windows-1252`"
                ),
            )),
        }
    }
}

impl Dates {
    fn see(&mut self, cell: &[u8]) {
        if let Some((first, second)) = day_and_month(cell) {
            self.any = true;
            self.day_first |= first > 12;
            self.month_first |= second > 12;
        }
    }

    fn with(self, tally: &Tally) -> Self {
        let of = tally.dates;
        Self {
            any: self.any || of.any,
            day_first: self.day_first || of.day_first,
            month_first: self.month_first || of.month_first,
        }
    }

    /// In words; none where there are no such dates.
    pub(super) fn words(self) -> Option<&'static str> {
        match (self.any, self.day_first, self.month_first) {
            (false, ..) => None,
            (true, true, false) => Some("dates day first"),
            (true, false, true) => Some("dates month first"),
            (true, true, true) => Some("dates day first and month first"),
            (true, false, false) => Some("dates with day and month in an order that nothing tells"),
        }
    }
}

/// Whether a cell looks like a date with numbers, in whatever order.
pub(super) fn is_like_date(cell: &[u8]) -> bool {
    let digits = cell.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mark = cell.get(digits);
    (1..=4).contains(&digits)
        && mark.is_some_and(|mark| b"-/.".contains(mark))
        && cell.get(digits + 1).is_some_and(u8::is_ascii_digit)
}

/// The two numbers before the year of `17/10/1967`, with other marks as well and whatever stands behind it.
fn day_and_month(cell: &[u8]) -> Option<(u32, u32)> {
    let is_short = |digits: usize| (1..=2).contains(&digits);
    let (first, rest) = leading(cell)?;
    let (mark, rest) = rest.split_first()?;
    let (second, rest) = leading(rest)?;
    let (again, rest) = rest.split_first()?;
    let (year, _) = leading(rest)?;
    let fits = is_short(first.1)
        && is_short(second.1)
        && (year.1 == 2 || year.1 == 4)
        && mark == again
        && b"/.-".contains(mark)
        && (1..=31).contains(&first.0)
        && (1..=31).contains(&second.0);
    fits.then_some((first.0, second.0))
}

/// A number in front: its value and its digits, and what stands behind it.
fn leading(text: &[u8]) -> Option<((u32, usize), &[u8])> {
    let digits = text
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .take(5)
        .count();
    let (number, rest) = text.split_at_checked(digits)?;
    let value = std::str::from_utf8(number).ok()?.parse().ok()?;
    Some(((value, digits), rest))
}
