//! Config and rule files: what is read, and what is said about what cannot be.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod agree;
mod cases;
mod cut;
mod disk;
mod locate;
mod page;
mod reading;
mod shipped;
mod spreadsheet;
mod telling;
mod unread;

#[path = "../support/mod.rs"]
mod support;

use muster::diagnostic::{Finding, Paint};
use muster::source::Sources;

/// The findings as a terminal gets them.
fn render(findings: &[Finding], sources: &Sources, paint: Paint) -> String {
    muster::diagnostic::render(findings, sources, paint, None).to_string()
}
