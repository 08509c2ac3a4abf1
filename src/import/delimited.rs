//! Text files: one row per line, with cells divided by one character.

use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use csv::ByteRecord;

use super::ImportError;
use super::encoding::{Order, Utf16};
use super::notes::{Notes, Oddity};
use super::quotes::QuoteWatch;
use super::rows::{Row, Rows, Take};
use super::separator::{self, ALL, byte, merit, reader, separator};
use super::swallowed::Swallowed;
use crate::config::{Encoding, FileForm, Quotes, Separator};

/// How many bytes are examined to find the separator.
const SAMPLE: u64 = 64 * 1024;
/// A text file.
pub(super) struct Delimited {
    path: PathBuf,
    name: String,
    /// The length of the byte order mark, in bytes.
    mark: u64,
    order: Option<Order>,
    /// The encoding that the byte order mark or config names; `None` if the bytes have to tell.
    pub(super) encoding: Option<Encoding>,
    pub(super) separator: Separator,
    quotes: Quotes,
    /// How many cells most rows have; 1 if that is unclear.
    width: usize,
    /// Whether lines end in two characters, as on Windows.
    is_crlf: bool,
    /// Whether lines end in a carriage return alone, as on an old Mac.
    is_cr: bool,
    /// The separator that config names and the one that the file uses, if the former leaves everything in one column.
    expected: Option<(Separator, Separator)>,
}

/// Converts the line endings of an old Mac.
struct OfOldMac<R>(R);

impl<R: Read> Read for OfOldMac<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.read(buffer)?;
        let read = buffer.iter_mut().take(count);
        read.filter(|byte| **byte == b'\r')
            .for_each(|byte| *byte = b'\n');
        Ok(count)
    }
}

impl Delimited {
    /// Examines the beginning of a file.
    ///
    /// # Errors
    /// It cannot be read, or is not text.
    pub(super) fn look(path: &Path, name: &str, form: &FileForm) -> Result<Self, ImportError> {
        let mut begin = Vec::new();
        let read = super::files::open(path, name)?
            .take(4)
            .read_to_end(&mut begin);
        read.map_err(|error| ImportError::World(format!("{name}: {error}")))?;
        let (mark, order, told) = match begin.as_slice() {
            [0xFF, 0xFE, 0, 0] | [0, 0, 0xFE, 0xFF] => {
                let words = "it is UTF-32, which is not read: save it as UTF-8";
                return Err(ImportError::of(name, words));
            }
            [0xEF, 0xBB, 0xBF, ..] => (3, None, Some(Encoding::Utf8)),
            [0xFF, 0xFE, ..] => (2, Some(Order::Little), Some(Encoding::Utf16)),
            [0xFE, 0xFF, ..] => (2, Some(Order::Big), Some(Encoding::Utf16)),
            _ => (0, None, None),
        };
        let order = match (form.encoding, order) {
            (Some(Encoding::Utf16), None) => Some(unmarked_order(path, name)?),
            (Some(Encoding::Utf16), order) | (None, order) => order,
            (Some(_), _) => None,
        };
        let mut found = Self {
            path: path.to_path_buf(),
            name: name.to_owned(),
            mark,
            order,
            encoding: form.encoding.or(told),
            separator: Separator::Comma,
            quotes: form.quotes.unwrap_or(Quotes::Checked),
            width: 1,
            is_crlf: false,
            is_cr: false,
            expected: None,
        };
        let mut sample = Vec::new();
        let read = found.bytes()?.take(SAMPLE).read_to_end(&mut sample);
        read.map_err(|error| found.unreadable(&error))?;
        if found.order.is_none()
            && sample.iter().filter(|byte| **byte == 0).count() * 4 > sample.len()
        {
            let words = "every second byte is zero, as in UTF-16: save it as UTF-8, or write `encoding: utf-16` for it in `import:` of a config";
            return Err(ImportError::of(name, words));
        }
        found.expected = found.unlike(&sample, form.separator);
        found.is_cr = sample.contains(&b'\r') && !sample.contains(&b'\n');
        found.is_crlf = sample.windows(2).any(|pair| pair == b"\r\n");
        found.separator = form
            .separator
            .unwrap_or_else(|| separator(&sample, found.has_quotes()));
        found.width = merit(&sample, byte(found.separator), found.has_quotes())
            .1
            .max(1);
        Ok(found)
    }

    /// The separator that config names, if it leaves all rows as one cell, and the one that divides all of them into equally many cells. A comma
    /// before a blank divides no cells: `Lee, Ann`.
    fn unlike(&self, sample: &[u8], said: Option<Separator>) -> Option<(Separator, Separator)> {
        let said = said?;
        let merit = |separator| merit(sample, byte(separator), self.has_quotes());
        let other = separator(sample, self.has_quotes());
        let divides = other != Separator::Comma || !sample.array_windows().any(|two| two == b", ");
        let (share, _) = merit(other);
        (divides && share == ALL && merit(said) == (0, 0)).then_some((said, other))
    }

    /// Whether a quote character quotes, and is not an ordinary character.
    fn has_quotes(&self) -> bool {
        self.quotes != Quotes::None
    }

    /// The file after its byte order mark: UTF-16 converted to UTF-8, anything else unchanged.
    fn bytes(&self) -> Result<Box<dyn Read>, ImportError> {
        let mut file = super::files::open(&self.path, &self.name)?;
        file.seek(SeekFrom::Start(self.mark))
            .map_err(|error| self.unreadable(&error))?;
        Ok(match (self.order, self.is_cr) {
            (Some(order), true) => Box::new(OfOldMac(Utf16::new(file, order))),
            (Some(order), false) => Box::new(Utf16::new(file, order)),
            (None, true) => Box::new(OfOldMac(file)),
            (None, false) => Box::new(file),
        })
    }

    fn unreadable(&self, error: &std::io::Error) -> ImportError {
        match error.kind() {
            std::io::ErrorKind::InvalidData => ImportError::of(&self.name, error),
            _ => ImportError::World(format!("{}: {error}", self.name)),
        }
    }
}

impl Rows for Delimited {
    fn read(&self, take: Take<'_>) -> Result<Notes, ImportError> {
        let separator = byte(self.separator);
        let watched = QuoteWatch::new(self.bytes()?, separator, self.has_quotes(), self.is_crlf);
        let mut reader = reader(watched, separator, self.has_quotes());
        let mut cells = ByteRecord::new();
        let mut number = 0;
        let (mut swallowed, mut last) = (Swallowed::new(separator, self.width), None);
        loop {
            let more = reader.read_byte_record(&mut cells);
            if !more.map_err(|error| self.broken(error))? {
                break;
            }
            let end = reader.position().clone();
            let inside = lines_inside(&cells);
            let place = line(inside, &end, reader.get_mut());
            // A line that only tells spreadsheets how to read the others.
            if place == 1 && cells.get(0) == Some(b"sep=") {
                continue;
            }
            let row = Row {
                number,
                place,
                cells: &cells,
                numbers: &[],
            };
            if !take(row)? {
                return Ok(Notes::default());
            }
            number += 1;
            if inside > 0 && self.quotes == Quotes::Checked {
                swallowed.see(&cells, place);
            }
            last = Some((place, cells.len()));
        }
        let mut watched = reader.into_inner();
        if let Some((place, width)) = last
            && width < self.width
            && !watched.is_at_line_end()
        {
            watched.notes.add(Oddity::CutOff, place);
        }
        match watched.open() {
            Some(line) => Err(ImportError::of(
                &self.name,
                format_args!(
                    "the quote opened in line {line} is not closed: close it, or double it if it is part of the text; if quotes are ordinary \
                     characters in this file, write `quotes: none` for it in `import:` of config"
                ),
            )),
            None => {
                swallowed.check(&self.name, number)?;
                watched.notes.extend(swallowed.notes);
                Ok(watched.notes)
            }
        }
    }

    fn attention(&self) -> Vec<String> {
        let told = self.expected.map(|(said, other)| {
            format!(
                "{}: it was read as one column: {} separate its cells, but config expects {} (`separator:`)",
                self.name,
                separator::name(other),
                separator::name(said)
            )
        });
        told.into_iter().collect()
    }
}

/// The byte order of UTF-16 without a byte order mark: in most characters one byte is zero, and it is either the first or the last.
///
/// # Errors
/// No byte is zero, so there is neither a line ending nor a separator: the file is not UTF-16.
fn unmarked_order(path: &Path, name: &str) -> Result<Order, ImportError> {
    let mut sample = Vec::new();
    let read = super::files::open(path, name)?
        .take(SAMPLE)
        .read_to_end(&mut sample);
    read.map_err(|error| ImportError::World(format!("{name}: {error}")))?;
    let zeros = |half: usize| {
        let bytes = sample.iter().skip(half).step_by(2);
        bytes.filter(|byte| **byte == 0).count()
    };
    match (zeros(0), zeros(1)) {
        (0, 0) if !sample.is_empty() => Err(ImportError::of(
            name,
            "config says it is UTF-16, but it has one byte per character: read as UTF-16, all of it would be one heading; take `encoding:` out of \
             config",
        )),
        (first, second) if first > second => Ok(Order::Big),
        _ => Ok(Order::Little),
    }
}

impl Delimited {
    fn broken(&self, error: csv::Error) -> ImportError {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => self.unreadable(&error),
            other => ImportError::of(&self.name, format_args!("{other:?}")),
        }
    }
}

/// How many line endings lie inside the cells of a row.
fn lines_inside(cells: &ByteRecord) -> u64 {
    let bytes = cells.as_slice().iter();
    bytes.filter(|byte| **byte == b'\n').count() as u64
}

/// The line on which the row just read begins.
fn line<R>(inside: u64, end: &csv::Position, watched: &mut QuoteWatch<R>) -> u64 {
    let is_next = watched.ends_line(end.byte());
    end.line().saturating_sub(inside + u64::from(is_next))
}
