//! Whether the health score predicts who leaves: the statistics, the past dates, the command.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod edges;
mod gym;
mod leaks;
mod one_state;
mod past_dates;
mod picture;
mod statistics;
mod weights;

#[path = "../support/mod.rs"]
mod support;
