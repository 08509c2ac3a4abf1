//! How many threads read the data.

use schemars::json_schema;

use super::overrides::Override;
use super::value::text_value;
use crate::decode::{Read, Reader, Text, inline_schema};
use crate::source::Node;

text_value! {
    /// A number of threads.
    Threads(usize) = threads, { "type": ["integer", "string"], "minimum": 1, "maximum": 64 };
}

/// `MUSTER_THREADS` takes precedence over config.
pub(super) const THREADS: Override<usize> = Override {
    variable: "MUSTER_THREADS",
    key: "threads",
    read: number,
    expected: "a whole number from 1 to 64",
};

fn threads(text: Text, reader: &mut Reader<'_>) -> Option<usize> {
    let count = number(&text.scalar.value);
    reader.expect(count, text.scalar.location, THREADS.expected)
}

fn number(text: &str) -> Option<usize> {
    let count = text.parse().ok();
    count.filter(|count| (1..=64).contains(count))
}
