//! Excel files: one table for each sheet.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Read, copy, sink};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxError};
use csv::ByteRecord;

use super::notes::{Notes, Oddity};
use super::rows::{Row, Rows, Take};
use super::{ImportError, LONGEST_ROW, MOST_COLUMNS, references, shared_strings};

/// The most bytes that the sheets of a workbook may unpack to. They are read row by row.
const SHEETS: u64 = 1024 * 1024 * 1024;
/// The same for everything else, which is kept in memory.
const OTHERS: u64 = 256 * 1024 * 1024;
/// The folder of the sheets' parts.
const WORKSHEETS: &str = "xl/worksheets/";
/// The most visible sheets.
const MOST_SHEETS: usize = 1_000;
/// What to do with a workbook that contradicts itself.
const ANEW: &str = "open it in Excel and save it again";

/// A sheet of a workbook.
pub(super) struct Sheet {
    /// Opened once for all of its sheets: what they share is read each time a workbook is opened.
    book: Arc<Mutex<Book>>,
    file: String,
    pub(super) name: String,
    /// Whether cells of the workbook have a formula whose result is not stored.
    has_unstored: bool,
}

/// The sheets of a workbook.
pub(super) struct Sheets {
    /// The visible ones.
    pub(super) visible: Vec<Sheet>,
    /// The names of the hidden ones.
    pub(super) hidden: Vec<String>,
}

type Book = Xlsx<BufReader<File>>;

/// Opens the sheets of a workbook for reading.
///
/// # Errors
/// The file is not a workbook, unpacks to more than it may, or has too many sheets.
pub(super) fn sheets(path: &Path, name: &str) -> Result<Sheets, ImportError> {
    let has_unstored = bounded(path, name)?;
    let book = open(path, name)?;
    let metadata = book.sheets_metadata().iter();
    let (visible, hidden): (Vec<_>, Vec<_>) =
        metadata.partition(|sheet| sheet.visible == SheetVisible::Visible);
    let names = |sheets: Vec<&calamine::Sheet>| -> Vec<String> {
        sheets.iter().map(|sheet| sheet.name.clone()).collect()
    };
    let (visible, hidden) = (names(visible), names(hidden));
    few_enough(visible.len(), name)?;
    let book = Arc::new(Mutex::new(book));
    let visible = visible.into_iter().map(|sheet| Sheet {
        book: Arc::clone(&book),
        file: name.to_owned(),
        name: sheet,
        has_unstored,
    });
    Ok(Sheets {
        visible: visible.collect(),
        hidden,
    })
}

fn few_enough(sheets: usize, name: &str) -> Result<(), ImportError> {
    match sheets > MOST_SHEETS {
        true => Err(ImportError::of(
            name,
            format_args!(
                "it has {sheets} sheets, more than {MOST_SHEETS}: divide it into several files"
            ),
        )),
        false => Ok(()),
    }
}

/// Unpacks everything once without keeping it, as the sizes that the file states need not be true. Returns whether cells have a formula whose
/// result is not stored.
fn bounded(path: &Path, name: &str) -> Result<bool, ImportError> {
    let file = BufReader::new(super::files::open(path, name)?);
    let broken = |error: &dyn std::fmt::Display| {
        ImportError::of(
            name,
            format_args!("it is not an Excel file of type .xlsx ({error})"),
        )
    };
    let mut archive = zip::ZipArchive::new(file).map_err(|error| broken(&error))?;
    let parts = archive.file_names().filter_map(Result::ok);
    let are_sheets = parts.filter(|part| part.starts_with(WORKSHEETS) && part.ends_with(".xml"));
    few_enough(are_sheets.count(), name)?;
    let (mut sheets, mut others, mut has_unstored) = (SHEETS, OTHERS, false);
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|error| broken(&error))?;
        let named = part.name().map(|name| name.to_lowercase());
        let is = |which: &dyn Fn(&str) -> bool| named.as_deref().is_ok_and(which);
        let are_strings = is(&|name| name.ends_with("sharedstrings.xml"));
        let (left, most) = match is(&|name| name.starts_with(WORKSHEETS)) {
            true => (&mut sheets, SHEETS),
            false => (&mut others, OTHERS),
        };
        let mut part = part.take(*left + 1);
        let mut head = Vec::new();
        let unpacked = part
            .by_ref()
            .take(shared_strings::HEAD)
            .read_to_end(&mut head);
        unpacked.map_err(|error| broken(&error))?;
        let seen = references::look(head.as_slice().chain(part.by_ref()));
        has_unstored |= seen.has_unstored;
        copy(&mut part, &mut sink()).map_err(|error| broken(&error))?;
        let size = *left + 1 - part.limit();
        if let Some(words) = seen.trouble {
            return Err(ImportError::of(name, format_args!("{words}: {ANEW}")));
        }
        if are_strings && !shared_strings::is_sound(&head, size) {
            let words = format_args!("its shared strings are not what it says they are: {ANEW}");
            return Err(ImportError::of(name, words));
        }
        *left = left.checked_sub(size).ok_or_else(|| {
            ImportError::of(
                name,
                format_args!("it unpacks to more than {} MiB", most >> 20),
            )
        })?;
    }
    Ok(has_unstored)
}

fn open(path: &Path, name: &str) -> Result<Book, ImportError> {
    let file = BufReader::new(super::files::open(path, name)?);
    Xlsx::new(file).map_err(|error| broken(name, &error))
}

fn broken(name: &str, error: &XlsxError) -> ImportError {
    ImportError::of(
        name,
        format_args!("it cannot be read as an Excel file ({error})"),
    )
}

impl Rows for Sheet {
    fn read(&self, take: Take<'_>) -> Result<Notes, ImportError> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let broken = |error: XlsxError| broken(&self.file, &error);
        let mut cells = book.worksheet_cells_reader(&self.name).map_err(broken)?;
        let (mut notes, mut empty) = (Notes::default(), HashSet::new());
        let (mut row, mut numbers) = (ByteRecord::new(), Vec::new());
        let (mut number, mut place) = (0, 0);
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (at, column) = cell.get_position();
            let (at, column) = (u64::from(at) + 1, column as usize);
            if at < place || column < row.len() && at == place {
                return Err(ImportError::of(
                    &self.file,
                    format_args!("its rows are out of order at row {at}"),
                ));
            }
            if at > place {
                if place > 0 {
                    if !take(Row {
                        number,
                        place,
                        cells: &row,
                        numbers: &numbers,
                    })? {
                        return Ok(notes);
                    }
                    number += 1;
                }
                row.clear();
                numbers.clear();
                place = at;
            }
            let text = text(cell.get_value()).unwrap_or_else(|| {
                notes.add(Oddity::ErrorCell, at);
                String::new()
            });
            // Cells that only have formatting hold nothing.
            if text.is_empty() {
                if self.has_unstored && matches!(cell.get_value(), DataRef::Empty) {
                    empty.insert(cell.get_position());
                }
                continue;
            }
            if column >= MOST_COLUMNS || row.as_slice().len() + text.len() > LONGEST_ROW {
                let words = format_args!(
                    "row {at} has more than {MOST_COLUMNS} columns, or {} MiB",
                    LONGEST_ROW >> 20
                );
                return Err(ImportError::of(&self.file, words));
            }
            while row.len() < column {
                row.push_field(b"");
            }
            row.push_field(text.as_bytes());
            numbers.resize(column, false);
            numbers.push(is_number(cell.get_value()));
        }
        if place > 0 {
            take(Row {
                number,
                place,
                cells: &row,
                numbers: &numbers,
            })?;
        }
        drop(cells);
        if !empty.is_empty() {
            let mut cells = book.worksheet_cells_reader(&self.name).map_err(broken)?;
            while let Some(formula) = cells.next_formula().map_err(broken)? {
                let place = formula.get_position();
                if !formula.get_value().is_empty() && empty.contains(&place) {
                    notes.add(Oddity::NoResult, u64::from(place.0) + 1);
                }
            }
        }
        Ok(notes)
    }
}

fn is_number(value: &DataRef<'_>) -> bool {
    matches!(value, DataRef::Int(_) | DataRef::Float(_))
}

/// A cell as text, with dates and times in ISO form; `None` for an error.
fn text(value: &DataRef<'_>) -> Option<String> {
    Some(match value {
        DataRef::Empty => String::new(),
        DataRef::Error(_) => return None,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::Int(whole) => whole.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::DateTime(time) if time.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            let clock = format!("{hour:02}:{minute:02}:{second:02}");
            match (time.as_f64() < 1.0, time.as_f64().fract() == 0.0) {
                (true, _) => clock,
                (false, true) => date,
                (false, false) => format!("{date} {clock}"),
            }
        }
        DataRef::DateTime(length) => length.as_f64().to_string(),
    })
}
