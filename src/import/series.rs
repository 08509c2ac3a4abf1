//! Files of one table, as exports by month are: their rows as those of one file, in the order of the names.
//!
//! Each file has its own letters, titles and order of columns. Columns are told apart by their headings; those that a file does not have are
//! empty in its rows. Rows are counted on from file to file.

use std::sync::{Mutex, PoisonError};

use csv::ByteRecord;

use super::ImportError;
use super::column::Column;
use super::encoding::letters;
use super::files::Found;
use super::limits::{Limits, go_on};
use super::notes::{Notes, Oddity};
use super::number::Spelling;
use super::rows::{Row, Rows, Take};
use super::survey::{Survey, survey};
use crate::config::{Copies, Decimal, Encoding, FileForm};
use crate::engine::Watch;

/// A file that is to be one of several.
pub(super) struct Input<'f> {
    pub(super) file: &'f Found,
    pub(super) rows: Box<dyn Rows + 'f>,
    /// What is known of its letters; none where their bytes have to tell.
    pub(super) said: Option<Encoding>,
}

/// One file of several.
struct Member<'f> {
    name: &'f str,
    rows: Box<dyn Rows + 'f>,
    found: Survey,
    /// For each column of the series its place in this file; none where it has none.
    places: Vec<Option<usize>>,
}

/// The rows of several files.
pub(super) struct Series<'f> {
    members: Vec<Member<'f>>,
    headings: Vec<String>,
    /// Before each file, what its lines are counted on from; and how many rows it has. Known once all have been read.
    spans: Mutex<Vec<Span>>,
    watch: &'f dyn Watch,
}

/// Where the rows of a file are in the series.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    before: u64,
    rows: u64,
}

impl<'f> Series<'f> {
    /// Of files, in their order.
    ///
    /// # Errors
    /// A file cannot be read, has no headings, or has other ones than the first.
    pub(super) fn of(inputs: Vec<Input<'f>>, watch: &'f dyn Watch) -> Result<Self, ImportError> {
        let mut members: Vec<Member<'f>> = Vec::new();
        let mut headings: Vec<String> = Vec::new();
        for Input { file, rows, said } in inputs {
            let limits = Limits::of(file, watch);
            // What is to be told of rows is told of the whole.
            let form = FileForm {
                key: None,
                copies: Some(Copies::All),
                ..file.form.clone()
            };
            let found = survey(&*rows, &file.name, (&form, None), said, &limits)?;
            let own = found.layout.headings();
            if own.is_empty() {
                let words = "it has no headings, by which its columns would be those of the other files with the same `table:`";
                return Err(ImportError::of(&file.name, words));
            }
            if let Some(first) = members.first() {
                admit(&own, &headings, (&file.name, first.name))?;
            }
            for name in &own {
                if place_in(&headings, name).is_none() {
                    headings.push(name.clone());
                }
            }
            members.push(Member {
                name: &file.name,
                rows,
                places: own.iter().map(|name| place_in(&headings, name)).collect(),
                found,
            });
        }
        for member in &mut members {
            let of_own = std::mem::take(&mut member.places);
            let place = |column| of_own.iter().position(|of| *of == Some(column));
            member.places = (0..headings.len()).map(place).collect();
        }
        Ok(Self {
            spans: Mutex::new(vec![Span::default(); members.len()]),
            members,
            headings,
            watch,
        })
    }

    /// What numbers have before their decimals: by the first file that tells.
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
                    // The table's own layout says so of a row without any value.
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
            // What may have cost rows is told of the file, with its own lines.
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

    /// Where the rows of each file are, and which columns it does not have.
    fn told(&self) -> Vec<String> {
        let spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        let members = self.members.iter().zip(spans.iter());
        let lines = members.map(|(member, span)| {
            let rows = match span.rows {
                1 => "1 row".to_owned(),
                rows => format!("{rows} rows"),
            };
            let counted = match span.before {
                0 => String::new(),
                before => format!("; its line 1 is row {}", before + 1),
            };
            let columns = self.headings.iter().zip(&member.places);
            let lacking: Vec<String> = columns
                .filter(|(_, place)| place.is_none())
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            let lacking = match lacking.as_slice() {
                [] => String::new(),
                some => format!("; without {}, empty there", some.join(", ")),
            };
            let line = format!("{}: {rows}{counted}{lacking}", member.name);
            std::iter::once(line).chain(member.unsure(self.mark()))
        });
        lines.flatten().collect()
    }

    fn grave(&self) -> Vec<String> {
        let lines = self.members.iter().flat_map(|member| {
            let lines = member.found.notes.clone().parted().0.lines("line");
            let named = lines.into_iter();
            named.map(|line| format!("{}: {line}", member.name))
        });
        lines.collect()
    }

    fn of_each(&self) -> Vec<u64> {
        let spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.iter().map(|span| span.rows).collect()
    }
}

impl Member<'_> {
    /// The cells of a row in the order of the series, in UTF-8, numbers with its `mark` before decimals; what stands behind the last heading
    /// comes last.
    fn arrange(
        &self,
        row: &Row<'_>,
        mark: Option<Decimal>,
        cells: &mut ByteRecord,
        numbers: &mut Vec<bool>,
    ) {
        cells.clear();
        numbers.clear();
        let further = self.found.layout.written.len()..row.cells.len();
        let places = self.places.iter().copied().chain(further.map(Some));
        for place in places {
            let cell = place.and_then(|place| row.cells.get(place));
            let text = letters(cell.unwrap_or_default(), self.found.encoding);
            let column = place.and_then(|place| self.column(place));
            let other = column.filter(|column| {
                let own = column.decimal();
                own.is_some() && own != mark && column.spelling.fits(text.trim())
            });
            match (other, mark) {
                (Some(column), Some(Decimal::Comma)) => {
                    cells.push_field(column.written(text).replace('.', ",").as_bytes());
                }
                (Some(column), _) => cells.push_field(column.written(text).as_bytes()),
                (None, _) => cells.push_field(text.as_bytes()),
            }
            let is_number = place.and_then(|place| row.numbers.get(place));
            numbers.push(is_number.copied().unwrap_or(false));
        }
    }

    /// That a column may be meant otherwise than it is read by the mark of the other files.
    fn unsure(&self, mark: Option<Decimal>) -> Option<String> {
        let mark = match mark? {
            Decimal::Comma => "comma",
            Decimal::Point => "point",
        };
        let mut columns = self.found.columns.iter();
        let column = columns.find(|column| column.spelling == Spelling::Either)?;
        Some(format!(
            "{}: nothing in it tells whether `{}` has decimals or thousands, and it is read as the other files are, with a decimal {mark}: if \
             that is wrong, write another `table:` and `decimal:` for it",
            self.name, column.name
        ))
    }

    fn column(&self, place: usize) -> Option<&Column> {
        let mut columns = self.found.columns.iter();
        columns.find(|column| column.place == place)
    }
}

/// Whether a file holds no row at all, not even headings.
pub(super) fn is_empty(rows: &dyn Rows) -> Result<bool, ImportError> {
    let mut is_empty = true;
    rows.read(&mut |_| {
        is_empty = false;
        Ok(false)
    })?;
    Ok(is_empty)
}

/// Where a column stands among headings, in letters of any case.
fn place_in(headings: &[String], name: &str) -> Option<usize> {
    let wanted = name.to_lowercase();
    headings
        .iter()
        .position(|known| known.to_lowercase() == wanted)
}

/// Whether two lists of headings are of one table: they share more than half.
pub(super) fn are_alike(one: &[String], other: &[String]) -> bool {
    let is_shared = |name: &&String| place_in(other, name).is_some();
    let shared = one.iter().filter(is_shared).count();
    shared * 2 > one.len().max(other.len())
}

/// # Errors
/// A file has hardly any column of the others.
fn admit(
    own: &[String],
    headings: &[String],
    (name, first): (&str, &str),
) -> Result<(), ImportError> {
    if are_alike(own, headings) {
        return Ok(());
    }
    let words = format_args!(
        "it would be rows of the same table as {first}, and has other columns ({own}; there {theirs}): give one of them another name with `table:`",
        own = listed(own),
        theirs = listed(headings),
    );
    Err(ImportError::of(name, words))
}

fn listed(headings: &[String]) -> String {
    let named: Vec<String> = headings
        .iter()
        .take(6)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = if headings.len() > named.len() {
        ", …"
    } else {
        ""
    };
    named.join(", ") + more
}
