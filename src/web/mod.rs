//! The page: what the commands know, for people who never open a terminal.
//!
//! [`router`] makes it of a [`Web`]; whoever listens serves it. [`routes`] lists every address with the role that it takes,
//! and one folder a page holds its handler and its template. Handlers decide nothing: a number on a page is the number of
//! the command and of the mail.

mod fields;
mod frame;
mod refusal;
mod results;
mod routes;
mod segments;
mod state;
mod who;

pub use routes::router;
pub use state::{Order, Web};
pub use who::{User, Users};
