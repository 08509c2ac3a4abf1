//! The timetable: cron expressions, due times, and what the clocks do to them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod clocks;
mod desk;
mod monitor;
mod proof;
mod standing;
mod texts;

#[path = "../support/mod.rs"]
mod support;
