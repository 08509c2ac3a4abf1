//! The embedded engine over real SQLite files: what is read, what is counted, what is stale.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "scan/aggregates.rs"]
mod aggregates;
#[path = "scan/harness.rs"]
mod harness;
