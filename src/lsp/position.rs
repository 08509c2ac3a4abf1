//! Positions in a text: bytes here, lines and code units in the protocol.

use gen_lsp_types::{Position, PositionEncodingKind, Range};

use crate::source::trimmed;

/// The unit of character offsets, as negotiated with the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, which every editor supports.
    #[default]
    Utf16,
}

impl Encoding {
    /// The first encoding offered by the editor that we support.
    pub fn of(offered: &[PositionEncodingKind]) -> Self {
        let known = offered.iter().find_map(|kind| match kind {
            PositionEncodingKind::UTF8 => Some(Self::Utf8),
            PositionEncodingKind::UTF16 => Some(Self::Utf16),
            _ => None,
        });
        known.unwrap_or_default()
    }

    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn units(self, letter: char) -> usize {
        match self {
            Self::Utf8 => letter.len_utf8(),
            Self::Utf16 => letter.len_utf16(),
        }
    }
}

/// A text with an index of its lines.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    encoding: Encoding,
    /// The offset of each line; at least one.
    starts: Vec<usize>,
    /// The number of units before each block of [`STRETCH`] bytes: a line may have thousands.
    units: Vec<usize>,
}

/// The block size, in bytes, which bounds the scan for a position.
const STRETCH: usize = 256;

impl<'t> Lines<'t> {
    /// Indexes a text: lines end in LF, CRLF or CR, as in the protocol.
    pub fn new(text: &'t str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1));
        let mut units = Vec::new();
        let mut so_far = 0;
        for (at, letter) in text.char_indices() {
            // A character that crosses into the next block counts where it starts.
            while units.len() * STRETCH <= at {
                units.push(so_far);
            }
            so_far += encoding.units(letter);
        }
        Self {
            units,
            text,
            encoding,
            starts: starts.collect(),
        }
    }

    /// The byte at a position. A position past the end of a line is clamped to that end, one inside a character to its
    /// start, and one past the last line to the end of the text.
    pub fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else {
            return self.text.len();
        };
        let mut units = 0;
        let wanted = position.character as usize;
        for (at, letter) in self.line(line).char_indices() {
            units += self.encoding.units(letter);
            if units > wanted {
                return start + at;
            }
        }
        start + self.line(line).len()
    }

    /// The position of a byte; inside a character, that of the character.
    pub fn position(&self, byte: usize) -> Position {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= byte) - 1;
        let start = self.starts.get(line).copied().unwrap_or(0);
        let character = self.before(byte).saturating_sub(self.before(start));
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            character: u32::try_from(character).unwrap_or(u32::MAX),
        }
    }

    /// The number of units before a byte, which must start a character.
    fn before(&self, byte: usize) -> usize {
        let stretch = (byte / STRETCH).min(self.units.len().saturating_sub(1));
        let known = self.units.get(stretch).copied().unwrap_or_default();
        let mut start = stretch * STRETCH;
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        let rest = self.text.get(start..byte).unwrap_or_default();
        known
            + rest
                .chars()
                .map(|letter| self.encoding.units(letter))
                .sum::<usize>()
    }

    /// The positions of some bytes.
    pub fn range(&self, bytes: std::ops::Range<usize>) -> Range {
        Range {
            start: self.position(bytes.start),
            end: self.position(bytes.end),
        }
    }

    /// The range of an element with everything that belongs to it. Its bytes may reach to the start of the next
    /// element: the text below a `|` ends with its last line.
    pub fn extent(&self, bytes: std::ops::Range<usize>) -> Range {
        self.range(trimmed(self.text, bytes))
    }

    /// The bytes between two positions; `None` if the second is before the first.
    pub fn bytes(&self, range: Range) -> Option<std::ops::Range<usize>> {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        (start <= end).then_some(start..end)
    }

    /// A line without its line ending.
    pub fn line(&self, line: usize) -> &'t str {
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        let end = self.starts.get(line + 1).copied();
        let line = self.text.get(start..end.unwrap_or(self.text.len()));
        line.unwrap_or_default().trim_end_matches(['\r', '\n'])
    }
}
