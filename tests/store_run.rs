//! Results on disk: what a run writes, what it leaves alone, and what happens when the world is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "store_run/create.rs"]
mod create;
#[path = "store_run/publish.rs"]
mod publish;
#[path = "store_run/tables.rs"]
mod tables;
