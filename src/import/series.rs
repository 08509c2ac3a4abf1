//! Several files that are one table, such as monthly exports: reads their rows as those of one file, in the order of the names.
//!
//! Each file has its own encoding, titles and order of columns. Columns are matched by their headings; the columns that a file lacks are empty in
//! its rows. Rows are counted on from file to file.

mod amounts;
mod doubts;
mod headings;
mod joint;
mod lacking;
mod of_files;
mod renamed;
mod times;
mod turned;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use csv::ByteRecord;

use self::amounts::{Amounts, otherwise};
pub(super) use self::headings::{are_alike, decisive, listed as listed_headings, lost, place_in};
pub(super) use self::joint::Input;
use self::times::{Times, unread};
use self::turned::{Dates, turned};
use super::ImportError;
use super::column::Column;
use super::encoding::letters;
use super::limits::go_on;
use super::meant::Disorder;
use super::notes::{Notes, Oddity};
use super::number::Spelling;
use super::rows::{Row, Rows, Take};
use super::source::{Source, Unit};
use super::survey::Survey;
use crate::config::Decimal;
use crate::engine::Watch;

/// One of several files, or a sheet of one.
struct Member<'f> {
    source: Source<'f>,
    /// Its name for people.
    name: String,
    /// The text it is sorted by: the name of the file without its extension, and of the sheet.
    stem: String,
    /// What its rows are counted by: `line` or `row`.
    counted: &'static str,
    rows: Box<dyn Rows + 'f>,
    found: Survey,
    /// Whether each cell tells its encoding by itself.
    is_told_by_cells: bool,
    /// For each column of the series, its index in this file; `None` if the file lacks it.
    places: Vec<Option<usize>>,
    /// The number of its first row among the rows of all files.
    first: u64,
    /// Whether its only row looks like a total.
    is_total: bool,
    /// For each column of the series, the newest date in it, in days since 1970.
    newest: Vec<Option<i32>>,
    /// For each column of the series, the dates it has here.
    dates: Vec<Dates>,
    /// For each column of the series, how its amounts are written here.
    amounts: Vec<Amounts>,
    /// For each column of the series, how many of its times here config's types can read.
    times: Vec<Times>,
}

/// The rows of several files.
pub(super) struct Series<'f> {
    members: Vec<Member<'f>>,
    headings: Vec<String>,
    /// Whether only the last row of each key is imported.
    is_keyed: bool,
    /// Whether the members are files or sheets.
    unit: Unit,
    /// Why the order of the names may not be that of their times.
    disorder: Option<Disorder>,
    /// How many keys have rows that differ between two of the files, by the indices of the files.
    differing: BTreeMap<(usize, usize), u64>,
    /// The columns that are stored as numbers, once that is known.
    of_numbers: Vec<usize>,
    /// For each file, the number from which its lines are counted on, and how many rows it has. Known once all have been read.
    spans: Mutex<Vec<Span>>,
    watch: &'f dyn Watch,
}

/// Where the rows of a file lie in the series.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    before: u64,
    rows: u64,
}

impl Series<'_> {
    /// The decimal mark, by the first file that tells.
    fn mark(&self) -> Option<Decimal> {
        let mut members = self.members.iter();
        members.find_map(|member| member.found.decimal)
    }
}

impl Rows for Series<'_> {
    fn read(&self, take: Take<'_>) -> Result<Notes, ImportError> {
        let headings: ByteRecord = self.headings.iter().map(String::as_bytes).collect();
        let first = Row {
            number: 0,
            place: 1,
            cells: &headings,
            numbers: &[],
        };
        let mut notes = Notes::default();
        if !take(first)? {
            return Ok(notes);
        }
        let mark = self.mark();
        let (mut before, mut number) = (0, 1);
        let (mut cells, mut numbers) = (ByteRecord::new(), Vec::new());
        for (at, member) in self.members.iter().enumerate() {
            let (mut last, mut rows, mut is_over) = (0, 0, false);
            let written = member.rows.read(&mut |row: Row<'_>| {
                go_on(self.watch)?;
                last = row.place;
                let place = before + row.place;
                match member.found.layout.admits(&row) {
                    Ok(()) => {}
                    // The layout of the joint table reports rows without any value.
                    Err(Some(Oddity::Blank)) => {}
                    Err(oddity) => {
                        oddity.into_iter().for_each(|odd| notes.add(odd, place));
                        return Ok(true);
                    }
                }
                member.arrange(&row, mark, &mut cells, &mut numbers);
                let row = Row {
                    number,
                    place,
                    cells: &cells,
                    numbers: &numbers,
                };
                number += 1;
                rows += u64::from(!row.is_blank());
                let goes_on = take(row)?;
                is_over = !goes_on;
                Ok(goes_on)
            })?;
            // What may have cost rows is reported for the file, with its own lines.
            notes.extend(written.parted().1.moved(before));
            let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(span) = spans.get_mut(at) {
                *span = Span { before, rows };
            }
            if is_over {
                break;
            }
            before += last;
        }
        Ok(notes)
    }

    /// Where the rows of each file lie, and which columns it lacks.
    fn told(&self) -> Vec<String> {
        let spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        let members = self.members.iter().zip(spans.iter()).enumerate();
        let misread: Vec<(usize, String)> = self.otherwise().collect();
        let lines = members.map(|(at, (member, span))| {
            let rows = match span.rows {
                1 => "1 row".to_owned(),
                rows => format!("{rows} rows"),
            };
            let counted = match span.before {
                0 => String::new(),
                before => format!("; its {} 1 is row {}", member.counted, before + 1),
            };
            let columns = self.headings.iter().enumerate();
            let lacking = columns.filter(|(column, _)| self.has_not_yet(at, *column));
            let lacking = match listed(lacking.map(|(_, name)| name)).as_str() {
                "" => String::new(),
                some => format!("; without {some}, empty there"),
            };
            let line = format!("{}: {rows}{counted}{lacking}", member.name);
            let is_misread = misread.iter().any(|(file, _)| *file == at);
            let unsure = member
                .unsure(self.mark(), self.unit)
                .filter(|_| !is_misread);
            std::iter::once(line).chain(unsure)
        });
        lines.flatten().collect()
    }

    fn grave(&self) -> Vec<String> {
        let lines = self.members.iter().enumerate().flat_map(|(at, member)| {
            let (grave, _) = member.found.notes.clone().parted();
            let mut lines = grave.lines(member.counted, self.unit);
            lines.extend(self.cut(at));
            lines.extend(self.hardly_filled(at));
            let named = lines.into_iter();
            named.map(|line| format!("{}: {line}", member.name))
        });
        let doubts = self.doubts().into_iter();
        let doubts = doubts
            .filter(|doubt| !doubt.is_of_now)
            .map(|doubt| doubt.line);
        lines.chain(doubts).collect()
    }

    fn attention(&self) -> Vec<String> {
        let told = self.otherwise();
        let named = told
            .filter_map(|(file, words)| Some(format!("{}: {words}", self.members.get(file)?.name)));
        let doubts = self.doubts().into_iter();
        let doubts = doubts
            .filter(|doubt| doubt.is_of_now)
            .map(|doubt| doubt.line);
        let members = self.members.iter();
        let of_rows = members.flat_map(|member| member.rows.attention());
        let told = of_rows.chain(named).chain(self.turned());
        told.chain(doubts).collect()
    }

    fn lacking(&self) -> Vec<(u64, Vec<usize>)> {
        let files = self.members.iter().map(|member| {
            let places = member.places.iter().enumerate();
            let lacking = places.filter(|(_, place)| place.is_none());
            (member.first, lacking.map(|(column, _)| column).collect())
        });
        files.collect()
    }

    fn of_each(&self) -> Vec<u64> {
        let spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.iter().map(|span| span.rows).collect()
    }
}

impl Series<'_> {
    /// Which files, by their indices, have amounts or times written differently from those of the others, and how.
    fn otherwise(&self) -> impl Iterator<Item = (usize, String)> {
        let columns = self.headings.iter().enumerate();
        columns.flat_map(|(column, heading)| {
            let amounts = self.members.iter().map(|member| member.amounts.get(column));
            let times = self.members.iter().map(|member| member.times.get(column));
            let is_stored = self.of_numbers.contains(&column);
            let mut told = otherwise(heading, &amounts.collect::<Vec<_>>(), is_stored, self.unit);
            told.extend(unread(heading, &times.collect::<Vec<_>>(), self.unit));
            told
        })
    }

    /// Which files may have days and months in a different order from the others.
    fn turned(&self) -> impl Iterator<Item = String> {
        let columns = self.headings.iter().enumerate();
        columns.flat_map(|(column, heading)| {
            let dates = self
                .members
                .iter()
                .filter_map(|member| member.dates.get(column));
            let told = turned(heading, &dates.collect::<Vec<_>>(), self.unit).into_iter();
            let turned = told.filter_map(|(file, words)| {
                Some(format!("{}: {words}", self.members.get(file)?.name))
            });
            let half_turned = self.members.iter().filter_map(move |member| {
                let words = member.dates.get(column)?.half_turned?;
                Some(format!("{}: `{heading}` {words}", member.name))
            });
            turned.chain(half_turned)
        })
    }
}

impl Member<'_> {
    /// Whether it has later dates than another file in some column, and earlier ones in none. Dates that stay the same, such as birthdays, do not
    /// count.
    fn is_newer(&self, other: &Self) -> bool {
        let of_iso = self.newest.iter().zip(&other.newest);
        let of_iso = of_iso.filter_map(|(own, other)| Some((*own)?.cmp(&(*other)?)));
        let of_others = self.dates.iter().zip(&other.dates);
        let of_others = of_others.filter_map(|(own, other)| own.compared(other));
        let all: Vec<Ordering> = of_iso.chain(of_others).collect();
        all.contains(&Ordering::Greater) && !all.contains(&Ordering::Less)
    }

    /// The cells of a row in the order of the series, in UTF-8, with numbers written with the decimal mark `mark`.
    fn arrange(
        &self,
        row: &Row<'_>,
        mark: Option<Decimal>,
        cells: &mut ByteRecord,
        numbers: &mut Vec<bool>,
    ) {
        let headed = self.found.layout.written.len();
        arrange(
            (&self.places, headed),
            row,
            cells,
            numbers,
            |cell, place| {
                let text = letters(cell, self.found.encoding);
                let column = self.column(place).filter(|column| {
                    let own = column.decimal();
                    own.is_some() && own != mark && column.spelling.fits(text.trim())
                });
                match (column, mark) {
                    (None, _) => text,
                    (Some(column), Some(Decimal::Comma)) => {
                        column.written(text).replace('.', ",").into()
                    }
                    (Some(column), _) => column.written(text),
                }
            },
        );
    }

    /// The message that a column may be misread, as it is read by the decimal mark of the other files.
    fn unsure(&self, mark: Option<Decimal>, unit: Unit) -> Option<String> {
        let mark = match mark? {
            Decimal::Comma => "comma",
            Decimal::Point => "point",
        };
        let mut columns = self.found.columns.iter();
        let column = columns.find(|column| column.spelling == Spelling::Either)?;
        let remedy = match unit {
            Unit::File => "write another `table:` and `decimal:` for it",
            Unit::Sheet => "write them as numbers there",
        };
        Some(format!(
            "{}: nothing in it tells whether `{}` has decimals or thousands; it is read like the other {}, with a decimal {mark}: if that is wrong, \
             {remedy}",
            self.name,
            column.name,
            unit.several()
        ))
    }

    /// The column at an index. Columns are sorted by their indices.
    fn column(&self, place: usize) -> Option<&Column> {
        let columns = &self.found.columns;
        let at = columns.partition_point(|column| column.place < place);
        columns.get(at).filter(|column| column.place == place)
    }
}

fn listed<'n>(names: impl Iterator<Item = &'n String>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// The cells of a row in the order of a series, given the indices of the columns in the file and its number of headings. Cells after the last
/// heading come last. `written` returns a cell, by its index, in UTF-8.
fn arrange<'r>(
    (places, headed): (&[Option<usize>], usize),
    row: &'r Row<'_>,
    cells: &mut ByteRecord,
    numbers: &mut Vec<bool>,
    written: impl Fn(&'r [u8], usize) -> Cow<'r, str>,
) {
    cells.clear();
    numbers.clear();
    let further = headed..row.cells.len();
    for place in places.iter().copied().chain(further.map(Some)) {
        match place {
            Some(place) => {
                let cell = row.cells.get(place).unwrap_or_default();
                cells.push_field(written(cell, place).as_bytes());
                numbers.push(row.numbers.get(place).copied().unwrap_or(false));
            }
            None => {
                cells.push_field(&[]);
                numbers.push(false);
            }
        }
    }
}
