//! Rule files as people write them, changed for them: a segment is added, or one of its keys gets another value, and every
//! other byte of the file stays, comments and order and all.
//!
//! Pure: texts go in, a text comes out, and it is parsed again before it is given: where it would say anything else than was
//! wished, nothing is changed. The page and `muster new` write with it.

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

/// Why a text cannot be changed, in words.
pub type Refused = String;
