//! The scheduler: real processes on real files, under a clock that the tests put forward and back.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod clocks;
mod connections;
mod edits;
mod guard;
mod importing;
mod lease;
mod mail;
mod owed;
mod service;
mod soak;
mod studio;
mod world;

#[path = "../support/mod.rs"]
mod support;
