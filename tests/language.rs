//! The condition language as text: what is read, what is refused and in which words.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "language/behind_dot.rs"]
mod behind_dot;
#[path = "language/checked.rs"]
mod checked;
#[path = "language/generated.rs"]
mod generated;
#[path = "language/mutate.rs"]
mod mutate;
#[path = "language/read.rs"]
mod read;
#[path = "language/slips.rs"]
mod slips;
#[allow(dead_code)]
#[path = "check/world.rs"]
mod world;
