//! Mail goes out once: the outbox, and delivery to a server that nobody here wrote. What stands in it, is in `letters`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod crude;
mod desk;
mod faults;
mod folder;
mod kill;
mod letters {
    mod adding_up;
    mod extremes;
    mod hold;
    mod kept;
    mod lines;
    mod message;
    mod news;
    mod reader;
    mod states;
    mod studio;
}
mod office;
mod one_of_many;
mod outbox;
mod real;
mod replies;

#[path = "../support/mod.rs"]
mod support;
