//! The condition language, from text to typed tree: what is read, what is found wrong and in which words, and that the
//! documents about it are true.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod behind_dot;
mod cases;
mod catalog;
mod checked;
mod compiling;
mod documents;
mod fixing;
mod formatted;
mod generated;
mod helps;
mod kept_place;
mod links;
mod meaning;
mod mutate;
mod pages;
mod read;
mod recipes;
mod reference;
mod robust;
mod segments_page;
mod slips;
mod stamps;

#[path = "../support/mod.rs"]
mod support;
