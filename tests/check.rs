//! Names and types: what every construct means, and what is said about what means nothing.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "check/cases.rs"]
mod cases;
#[path = "check/meaning.rs"]
mod meaning;
#[path = "check/pages.rs"]
mod pages;
#[path = "check/world.rs"]
mod world;
