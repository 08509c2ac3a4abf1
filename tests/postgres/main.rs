//! PostgreSQL as the source of rows: a real server, read by a role that may only read.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod altered;
mod capitals;
mod cells;
mod commands;
mod equal;
mod exact;
mod failures;
mod forms;
mod hidden;
mod languages;
mod locked;
mod logins;
mod moved;
mod private;
mod publish;
mod refusals;
mod rights;
mod sent;
mod stopped;
mod whose;

#[path = "../support/mod.rs"]
mod support;
