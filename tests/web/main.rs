//! The page over a real port, as a browser asks for it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "../support/mod.rs"]
mod support;

mod attacks;
mod browser;
mod clients;
mod deployed;
mod doors;
mod editing;
mod exports;
mod guesses;
mod health;
mod lists;
mod mail;
mod publication;
mod runs;
mod segments;
mod sessions;
mod states;
