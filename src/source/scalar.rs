//! A YAML scalar that knows where each of its characters stands in the file.

use std::ops::Range;

use super::walk::align;
use super::{FileId, Location, Sources};

/// A decoded YAML scalar and the raw bytes it was decoded from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scalar {
    pub value: String,
    /// The raw bytes in the file: the first content character of a block scalar, not its `|`.
    pub location: Location,
}

impl Scalar {
    /// A scalar without a file, for texts that come from elsewhere (tests, the command line).
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

    /// Whether its text stands in the file, as it is or in quotes and escapes: not where it was made of something else, or a
    /// variable was filled in.
    pub fn is_written(&self, sources: &Sources) -> bool {
        align(sources.slice(self.location), &self.value).is_some()
    }

    /// Where a byte range of the decoded text stands in the file; the whole scalar where that cannot
    /// be told. What lies behind the last visible character is placed directly behind it, not on the
    /// next line.
    pub fn locate(&self, range: Range<usize>, sources: &Sources) -> Location {
        self.placed(sources).locate(range)
    }

    /// The same for many ranges: the characters are looked for once.
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

/// Where a character stands in a scalar's text, and in its raw bytes.
#[derive(Debug)]
struct Character {
    value: Range<usize>,
    raw: Range<usize>,
}

/// A scalar with the place of each character.
#[derive(Debug)]
pub struct Placed<'s> {
    scalar: &'s Scalar,
    /// Where the visible text ends.
    visible: usize,
    /// None without a file; and none in it where the places cannot be told.
    characters: Option<Option<Vec<Character>>>,
}

impl Placed<'_> {
    /// Whether the text stands in a file, as it is or in quotes and escapes.
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

/// What config says of a column's type: `types: { joined: { date: "%d/%m/%Y" } }`.
pub fn types_entry(column: &str, ty: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || c == '_';
    match column.chars().all(is_plain) {
        true => format!("types: {{ {column}: {ty} }}"),
        false => format!("types: {{ {}: {ty} }}", yaml_quoted(column)),
    }
}

/// A text of one line as YAML takes it in quotes: in double ones where it has none itself.
pub fn yaml_quoted(text: &str) -> String {
    match text.contains(['"', '\\']) {
        true => format!("'{}'", text.replace('\'', "''")),
        false => format!("\"{text}\""),
    }
}
