//! Names and types: what every construct means, and what is said about what means nothing.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "check/cases.rs"]
mod cases;
#[path = "check/catalog.rs"]
mod catalog;
#[path = "check/compiling.rs"]
mod compiling;
#[path = "check/documents.rs"]
mod documents;
#[path = "check/helps.rs"]
mod helps;
#[path = "check/meaning.rs"]
mod meaning;
#[path = "check/pages.rs"]
mod pages;
#[path = "check/robust.rs"]
mod robust;
#[path = "check/segments_page.rs"]
mod segments_page;
#[path = "check/stamps.rs"]
mod stamps;
#[path = "check/world.rs"]
mod world;
