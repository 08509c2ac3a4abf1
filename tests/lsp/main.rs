//! The language server as an editor meets it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod beside;
mod completion;
mod docs;
mod editor;
mod findings;
mod fixing;
mod foreign;
mod fuzz;
mod lenses;
mod navigation;
mod people;
mod process;
mod protocol;
mod random;
mod refusing;
mod renaming;
mod server;
mod staying;
mod trust;
mod waiting;
mod writing;

#[path = "../support/mod.rs"]
mod support;
