//! Mail goes out once: the outbox, and delivery to a server that nobody here wrote.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

#[path = "mail/crude.rs"]
mod crude;
#[path = "mail/desk.rs"]
mod desk;
#[path = "mail/faults.rs"]
mod faults;
#[path = "mail/folder.rs"]
mod folder;
#[path = "mail/kill.rs"]
mod kill;
#[path = "mail/office.rs"]
mod office;
#[path = "mail/one_of_many.rs"]
mod one_of_many;
#[path = "mail/outbox.rs"]
mod outbox;
#[path = "mail/real.rs"]
mod real;
#[path = "mail/replies.rs"]
mod replies;
#[path = "mail/server.rs"]
mod server;
