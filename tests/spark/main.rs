//! Spark as the source of rows: PySail, one process that speaks Spark Connect.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[cfg(not(feature = "spark"))]
mod absent;
#[cfg(feature = "spark")]
mod capitals;
#[cfg(feature = "spark")]
mod cells;
#[cfg(feature = "spark")]
mod commands;
#[cfg(feature = "spark")]
mod equal;
#[cfg(feature = "spark")]
mod failures;
#[cfg(feature = "spark")]
mod proxied;
#[cfg(feature = "spark")]
mod publish;
#[cfg(feature = "spark")]
mod pushed;

mod config;

#[path = "../support/mod.rs"]
mod support;
