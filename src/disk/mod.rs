//! Files as the system has them: read within bounds, written whole, never through what somebody else put
//! under the name.

mod fresh;
mod read;

pub use fresh::{Access, Fresh, create_empty, is_taken, refuse_special, sweep, write};
pub use read::{Unreadable, line, open, read};
