//! Decodes bytes as characters.

use std::borrow::Cow;
use std::io::{Error, ErrorKind, Read, Result};

use crate::config::Encoding;

/// The characters of Windows-1252 for 0x80 to 0x9F. A code that it leaves undefined is the control character of that number.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
    '\u{8f}', //
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The name of an encoding for people.
pub(super) fn name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "UTF-8",
        Encoding::Utf16 => "UTF-16",
        Encoding::Windows1252 => "Windows-1252",
    }
}

/// The characters of a cell. Rows of UTF-16 are UTF-8 already; bytes that are not valid UTF-8 become `�`.
pub(super) fn letters(cell: &[u8], encoding: Encoding) -> Cow<'_, str> {
    match (std::str::from_utf8(cell), encoding) {
        (Ok(text), Encoding::Utf8 | Encoding::Utf16) => Cow::Borrowed(text),
        (Ok(text), Encoding::Windows1252) if text.is_ascii() => Cow::Borrowed(text),
        (_, Encoding::Windows1252) => Cow::Owned(cell.iter().map(|byte| western(*byte)).collect()),
        (Err(_), _) => String::from_utf8_lossy(cell),
    }
}

fn western(byte: u8) -> char {
    let place = usize::from(byte).checked_sub(0x80);
    let upper = place.and_then(|place| UPPER.get(place));
    upper.copied().unwrap_or(char::from(byte))
}

/// The order of the two bytes of a UTF-16 unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// Reads UTF-16 as UTF-8.
pub(super) struct Utf16<R> {
    inner: R,
    order: Order,
    /// Bytes of UTF-8 that are not handed out yet.
    ready: Vec<u8>,
    given: usize,
    /// The first half of a surrogate pair.
    half: Option<u16>,
}

impl<R: Read> Utf16<R> {
    pub(super) fn new(inner: R, order: Order) -> Self {
        Self {
            inner,
            order,
            ready: Vec::new(),
            given: 0,
            half: None,
        }
    }

    /// Reads more units.
    fn fill(&mut self) -> Result<()> {
        let mut bytes = Vec::new();
        (&mut self.inner).take(64 * 1024).read_to_end(&mut bytes)?;
        self.ready.clear();
        self.given = 0;
        if bytes.is_empty() && self.half.take().is_none() {
            return Ok(());
        }
        if bytes.len() % 2 == 1 {
            return Err(Error::new(
                ErrorKind::InvalidData,
                "its UTF-16 ends in the middle of a character",
            ));
        }
        let pairs = bytes
            .chunks_exact(2)
            .filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
        let order = self.order;
        let units = pairs.map(|pair| match order {
            Order::Little => u16::from_le_bytes(pair),
            Order::Big => u16::from_be_bytes(pair),
        });
        let mut units: Vec<u16> = self.half.take().into_iter().chain(units).collect();
        // The second half comes with the next read.
        if units
            .last()
            .is_some_and(|unit| (0xD800..0xDC00).contains(unit))
        {
            self.half = units.pop();
        }
        let letters = char::decode_utf16(units);
        let text: String = letters.map(|letter| letter.unwrap_or('\u{fffd}')).collect();
        self.ready = text.into_bytes();
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.given == self.ready.len() {
            self.fill()?;
        }
        let mut left = self.ready.get(self.given..).unwrap_or_default();
        let count = left.read(buffer)?;
        self.given += count;
        Ok(count)
    }
}
