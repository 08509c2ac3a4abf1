//! File system access: bounded reads and atomic writes, never through what somebody else has put under a name.

mod fresh;
mod lock;
mod read;
mod special;

pub use fresh::{
    Access, Fresh, create_empty, folder_of, is_taken, refuse_read_only, refuse_special, rewrite,
    sweep, write, write_new,
};
pub use lock::alone;
pub use read::{Unreadable, line, open, read};
pub use special::{is_empty_file, no_database, no_file, too_many_open, without_database};
