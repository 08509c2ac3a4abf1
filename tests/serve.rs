//! The scheduler: real processes on real files, under a clock that the tests put forward and back.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "serve/clocks.rs"]
mod clocks;
#[path = "serve/connections.rs"]
mod connections;
#[path = "serve/edits.rs"]
mod edits;
#[path = "serve/lease.rs"]
mod lease;
#[path = "serve/mail.rs"]
mod mail;
#[path = "serve/owed.rs"]
mod owed;
#[path = "serve/service.rs"]
mod service;
#[path = "serve/soak.rs"]
mod soak;
#[path = "serve/studio.rs"]
mod studio;
#[path = "serve/world.rs"]
mod world;
