//! pest: the only file that names it.
