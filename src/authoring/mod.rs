//! Edits rule files on behalf of people: adds a segment, or changes one of its keys, and preserves every other byte of
//! the file, including comments and order.
//!
//! Pure: texts go in, and a text comes out. The result is parsed before it is returned: if it means anything other than
//! what was wished, nothing is changed. Used by the page and by `muster new`.

mod add;
mod change;
mod entries;
mod same;
mod text;
mod wish;

#[cfg(test)]
mod tests;

pub use add::{added, written};
pub use change::changed;
pub use text::{key, scalar};
pub use wish::{Wish, id_of};

/// Why a text cannot be edited, as a message.
pub type Refused = String;
