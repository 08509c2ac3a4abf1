//! Results on disk: what a run writes, what it leaves alone, and what happens when the world is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "store_run/active.rs"]
mod active;
#[path = "store_run/create.rs"]
mod create;
#[path = "store_run/erase.rs"]
mod erase;
#[path = "store_run/faults.rs"]
mod faults;
#[path = "store_run/health.rs"]
mod health;
#[path = "store_run/history.rs"]
mod history;
#[path = "store_run/keys.rs"]
mod keys;
#[path = "store_run/kill.rs"]
mod kill;
#[path = "store_run/meaning.rs"]
mod meaning;
#[path = "store_run/presets.rs"]
mod presets;
#[path = "store_run/publish.rs"]
mod publish;
#[path = "store_run/rename.rs"]
mod rename;
#[path = "store_run/rfm.rs"]
mod rfm;
#[path = "store_run/runs.rs"]
mod runs;
#[path = "store_run/stale.rs"]
mod stale;
#[path = "store_run/studio.rs"]
mod studio;
#[path = "store_run/tables.rs"]
mod tables;
