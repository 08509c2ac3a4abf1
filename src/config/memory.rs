//! How much of the data is kept in memory for further questions.

use schemars::json_schema;

use super::overrides::Override;
use super::quantity;
use super::value::text_value;
use crate::decode::{Read, Reader, Text, inline_schema};
use crate::source::Node;

text_value! {
    /// A number of bytes.
    Memory(u64) = memory, { "type": ["string", "integer"], "examples": ["512 MB", "2 GB"] };
}

/// The default, in bytes.
pub(super) const DEFAULT: u64 = 1_000_000_000;

/// `MUSTER_MEMORY` takes precedence over config.
pub(super) const MEMORY: Override<u64> = Override {
    variable: "MUSTER_MEMORY",
    key: "memory",
    read: bytes,
    expected: "a whole number of MB or GB such as `512 MB` or `2 GB`, from 1 MB to 1,000 GB",
};

fn memory(text: Text, reader: &mut Reader<'_>) -> Option<u64> {
    let bytes = bytes(&text.scalar.value);
    reader.expect(bytes, text.scalar.location, MEMORY.expected)
}

/// The number of bytes in a text such as `512 MB`; `None` if it is not an amount between 1 MB and 1,000 GB.
pub fn bytes(text: &str) -> Option<u64> {
    let bytes = quantity::bytes(text);
    bytes.filter(|bytes| (1_000_000..=1_000_000_000_000).contains(bytes))
}
