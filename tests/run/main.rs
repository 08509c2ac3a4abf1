//! Results on disk: what a run writes, what it leaves alone, and what happens when the world is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod active;
mod create;
mod earlier_rules;
mod edits;
mod erase;
mod faults;
mod guard;
mod health;
mod history;
mod keys;
mod kill;
mod meaning;
mod presets;
mod publish;
mod rename;
mod rfm;
mod runs;
mod stale;
mod studio;

#[path = "../support/mod.rs"]
mod support;
