//! The language server as an editor meets it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod completion;
mod editor;
mod findings;
mod fixing;
mod fuzz;
mod navigation;
mod people;
mod protocol;
mod random;
mod renaming;

#[path = "../support/mod.rs"]
mod support;
