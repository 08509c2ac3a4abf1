//! Config and rule files: what is read, and what is said about what cannot be.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "files/agree.rs"]
mod agree;
#[path = "files/cases.rs"]
mod cases;
#[path = "files/cut.rs"]
mod cut;
#[path = "files/disk.rs"]
mod disk;
#[path = "files/locate.rs"]
mod locate;
#[path = "files/page.rs"]
mod page;
#[path = "files/reading.rs"]
mod reading;
#[path = "files/shipped.rs"]
mod shipped;
#[path = "files/spreadsheet.rs"]
mod spreadsheet;
#[path = "files/telling.rs"]
mod telling;
#[path = "files/unread.rs"]
mod unread;

use muster::diagnostic::{Finding, Paint};
use muster::source::Sources;

/// The findings as a terminal gets them.
fn render(findings: &[Finding], sources: &Sources, paint: Paint) -> String {
    muster::diagnostic::render(findings, sources, paint).to_string()
}
