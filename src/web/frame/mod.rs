//! The frame of every page: layout, style, headers, and errors in words.

mod around;
mod door;
mod layout;

pub(super) use around::{around, nothing, other_method};
pub(super) use door::{door, edit_script, enter, leave, newer, script, sign_in, style};
pub(super) use layout::templates;
