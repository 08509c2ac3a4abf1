//! What is odd about the quotes of a CSV file, which the CSV reader ignores: found by watching the bytes as they pass.

use std::collections::VecDeque;
use std::io::{Error, ErrorKind, Read, Result};

use super::LONGEST_ROW;
use super::notes::{Notes, Oddity};

/// Where in a row the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    CellBegins,
    Plain,
    /// Inside quotes, with the line of the opening quote.
    Quoted(u64),
    /// After a quote that ends the cell, unless another quote follows.
    Closed(u64),
}

/// Passes bytes through and takes notes. Fails if a row is too long to be one.
#[derive(Debug)]
pub(super) struct QuoteWatch<R> {
    inner: R,
    separator: u8,
    /// Whether a quote character quotes, and is not an ordinary character.
    has_quotes: bool,
    place: Place,
    line: u64,
    length: usize,
    /// How many bytes have passed, and the last of them.
    seen: u64,
    last: u8,
    /// The offsets at which a line ends in one character, in a file whose lines mostly end in two; `None` in other files.
    single: Option<VecDeque<u64>>,
    pub(super) notes: Notes,
}

impl<R> QuoteWatch<R> {
    pub(super) fn new(inner: R, separator: u8, has_quotes: bool, is_crlf: bool) -> Self {
        Self {
            inner,
            separator,
            has_quotes,
            place: Place::CellBegins,
            line: 1,
            length: 0,
            seen: 0,
            last: b'\n',
            single: is_crlf.then(VecDeque::new),
            notes: Notes::default(),
        }
    }

    /// The line of a quote that is open and not closed so far.
    pub(super) fn open(&self) -> Option<u64> {
        match self.place {
            Place::Quoted(line) => Some(line),
            Place::CellBegins | Place::Plain | Place::Closed(_) => None,
        }
    }

    /// Whether the last byte so far ends a line.
    pub(super) fn is_at_line_end(&self) -> bool {
        self.last == b'\n' || self.last == b'\r'
    }

    /// Whether `bytes` is all of the file so far, and its end is not the end of a line.
    fn ends_in_row(&self, bytes: u64) -> bool {
        bytes == self.seen && self.last != b'\n'
    }

    /// Whether a row that ends after `bytes` bytes includes its whole line ending: if that has two characters, the reader leaves the second to the
    /// next row. Call this for rows in their order.
    pub(super) fn ends_line(&mut self, bytes: u64) -> bool {
        if self.ends_in_row(bytes) {
            return false;
        }
        let Some(single) = &mut self.single else {
            return true;
        };
        while single.pop_front_if(|at| *at < bytes).is_some() {}
        single.front() == Some(&bytes)
    }

    /// Passes over bytes without quotes, outside a quoted cell, in which only line endings matter.
    fn pass(&mut self, bytes: &[u8]) {
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        self.length = match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(last) => bytes.len() - last - 1,
            None => self.length + bytes.len(),
        };
        self.line += lines as u64;
        if let Some(last) = bytes.last() {
            self.place = match ends_cell(*last, self.separator) {
                true => Place::CellBegins,
                false => Place::Plain,
            };
        }
    }

    fn see(&mut self, byte: u8) {
        self.length += 1;
        let ends = ends_cell(byte, self.separator);
        self.place = match (self.place, byte) {
            (Place::CellBegins, b'"') => Place::Quoted(self.line),
            (Place::Quoted(line), b'"') => Place::Closed(line),
            (Place::Closed(line), b'"') => Place::Quoted(line),
            (Place::Quoted(line), _) => Place::Quoted(line),
            _ if ends => Place::CellBegins,
            (Place::Closed(line), _) => {
                self.notes.add(Oddity::BehindQuote, line);
                Place::Plain
            }
            (Place::Plain, b'"') => {
                self.notes.add(Oddity::QuoteInside, self.line);
                Place::Plain
            }
            (Place::CellBegins | Place::Plain, _) => Place::Plain,
        };
        if byte == b'\n' {
            self.line += 1;
            if self.place == Place::CellBegins {
                self.length = 0;
            }
        }
    }
}

fn ends_cell(byte: u8, separator: u8) -> bool {
    byte == separator || byte == b'\n' || byte == b'\r'
}

impl<R: Read> Read for QuoteWatch<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.inner.read(buffer)?;
        if let Some(single) = &mut self.single {
            let mut before = self.last;
            for (at, byte) in (self.seen + 1..).zip(buffer.iter().take(count)) {
                if *byte == b'\n' && before != b'\r' {
                    single.push_back(at);
                }
                before = *byte;
            }
        }
        self.seen += count as u64;
        self.last = count
            .checked_sub(1)
            .and_then(|at| buffer.get(at))
            .copied()
            .unwrap_or(self.last);
        let read = buffer.get(..count).unwrap_or_default();
        let is_plain = matches!(self.place, Place::CellBegins | Place::Plain);
        let has_quote = self.has_quotes && read.contains(&b'"');
        match is_plain && !has_quote {
            true => self.pass(read),
            false => read.iter().for_each(|byte| self.see(*byte)),
        }
        if self.length > LONGEST_ROW {
            let line = self.open().unwrap_or(self.line);
            let why = match self.open() {
                Some(_) => format!(
                    "the cell whose quote is opened in line {line} is longer than {} MiB, or the quote is not closed",
                    LONGEST_ROW >> 20
                ),
                None => format!("line {line} is longer than {} MiB", LONGEST_ROW >> 20),
            };
            return Err(Error::new(ErrorKind::InvalidData, why));
        }
        Ok(count)
    }
}
