//! What edits would do: `plan` against each set of edits by itself, and against the next run.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod agreement;
mod model;
mod random;

#[path = "../support/mod.rs"]
mod support;
