//! A YAML scalar that knows the location of each of its characters in the file.

use std::ops::Range;

use super::walk::align;
use super::{FileId, Location, Sources};

/// A decoded YAML scalar and its raw bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scalar {
    pub value: String,
    /// The raw bytes in the file; for a block scalar, they start at the first content character, not at its `|`.
    pub location: Location,
}

impl Scalar {
    /// A scalar without a file, for texts from elsewhere (tests, the command line).
    pub fn detached(value: impl Into<String>) -> Self {
        let value = value.into();
        let end = value.len();
        Self {
            value,
            location: Location {
                file: FileId(usize::MAX),
                start: 0,
                end,
            },
        }
    }

    /// Whether its text appears in the file, directly or with quotes and escapes: not if it was generated, or contains
    /// an expanded variable.
    pub fn is_written(&self, sources: &Sources) -> bool {
        align(sources.slice(self.location), &self.value).is_some()
    }

    /// The location in the file of a byte range of the decoded text; the whole scalar if it cannot be determined.
    /// Anything after the last visible character is located directly after it, not on the next line.
    pub fn locate(&self, range: Range<usize>, sources: &Sources) -> Location {
        self.placed(sources).locate(range)
    }

    /// Prepares locating many ranges: the characters are aligned once.
    pub fn placed(&self, sources: &Sources) -> Placed<'_> {
        let raw = sources.slice(self.location);
        let characters = sources.get(self.location.file).map(|_| {
            let places = align(raw, &self.value);
            places.map(|places| {
                let characters = self.value.char_indices().zip(places);
                let characters = characters.map(|((at, c), place)| Character {
                    value: at..at + c.len_utf8(),
                    raw: place.start..place.end,
                });
                characters.collect()
            })
        });
        Placed {
            scalar: self,
            visible: self.value.trim_end().len(),
            characters,
        }
    }

    fn part(&self, range: Range<usize>) -> Location {
        Location {
            file: self.location.file,
            start: self.location.start + range.start,
            end: self.location.start + range.end,
        }
    }
}

/// The position of a character in a scalar's text and in its raw bytes.
#[derive(Debug)]
struct Character {
    value: Range<usize>,
    raw: Range<usize>,
}

/// A scalar with the location of each character.
#[derive(Debug)]
pub struct Placed<'s> {
    scalar: &'s Scalar,
    /// The end of the visible text.
    visible: usize,
    /// The outer `None` means that there is no file, the inner one that the locations cannot be determined.
    characters: Option<Option<Vec<Character>>>,
}

impl Placed<'_> {
    /// Whether the text appears in a file, directly or with quotes and escapes.
    pub fn is_written(&self) -> bool {
        matches!(self.characters, Some(Some(_)))
    }

    /// See [`Scalar::locate`].
    pub fn locate(&self, range: Range<usize>) -> Location {
        let Some(characters) = &self.characters else {
            return self.scalar.part(range);
        };
        let Some(characters) = characters else {
            return self.scalar.location;
        };
        let first = characters.partition_point(|c| c.value.start < range.start);
        let first = characters.get(first);
        let start = first.filter(|c| c.value.start < self.visible);
        let start = start.map(|c| c.raw.start);
        let to_end = range.is_empty() && start.is_none();
        let counted = characters.partition_point(|c| {
            c.value.end <= self.visible && (to_end || c.value.start < range.end)
        });
        let last = counted.checked_sub(1).and_then(|last| characters.get(last));
        let end = last.map_or(0, |c| c.raw.end);
        let start = start.unwrap_or(end);
        let end = if range.is_empty() {
            start
        } else {
            end.max(start)
        };
        self.scalar.part(start..end)
    }
}

/// A config entry for a column's type: `types: { joined: { date: "%d/%m/%Y" } }`.
pub fn types_entry(column: &str, ty: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || c == '_';
    match column.chars().all(is_plain) {
        true => format!("types: {{ {column}: {ty} }}"),
        false => format!("types: {{ {}: {ty} }}", yaml_quoted(column)),
    }
}

/// A one-line text in YAML quotes: double ones if it contains none itself.
pub fn yaml_quoted(text: &str) -> String {
    match text.contains(['"', '\\']) {
        true => format!("'{}'", text.replace('\'', "''")),
        false => format!("\"{text}\""),
    }
}
