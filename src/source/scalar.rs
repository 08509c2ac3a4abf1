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
        if sources.get(self.location.file).is_none() {
            return self.part(range);
        }
        let raw = sources.slice(self.location);
        let Some(places) = align(raw, &self.value) else {
            return self.location;
        };
        let visible = self.value.trim_end().len();
        let mut start = None;
        let mut end = 0;
        for ((at, c), place) in self.value.char_indices().zip(&places) {
            if at >= range.start && at < visible {
                start = start.or(Some(place.start));
            }
            let counts = at < range.end || (range.is_empty() && start.is_none());
            if counts && at + c.len_utf8() <= visible {
                end = place.end;
            }
        }
        let start = start.unwrap_or(end);
        self.part(
            start..if range.is_empty() {
                start
            } else {
                end.max(start)
            },
        )
    }

    fn part(&self, range: Range<usize>) -> Location {
        Location {
            file: self.location.file,
            start: self.location.start + range.start,
            end: self.location.start + range.end,
        }
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
