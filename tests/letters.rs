//! Reports as mail: what changed for each reader, what stands in the message, and that it adds up.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "letters/adding_up.rs"]
mod adding_up;
#[path = "letters/reader.rs"]
mod decode;
#[path = "letters/hold.rs"]
mod hold;
#[path = "letters/kept.rs"]
mod kept;
#[path = "letters/lines.rs"]
mod lines;
#[path = "letters/message.rs"]
mod message;
#[path = "letters/news.rs"]
mod news;
#[path = "letters/states.rs"]
mod states;
#[path = "letters/studio.rs"]
mod studio;
