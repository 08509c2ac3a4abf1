//! Past dates and coming ones: whether the health score predicts who leaves, how large segments would have been, when
//! somebody comes or goes.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod ahead;
mod edges;
mod gym;
mod leaks;
mod one_state;
mod past_dates;
mod picture;
mod segment;
mod statistics;
mod weights;

#[path = "../support/mod.rs"]
mod support;
