//! The page: what the commands know, for people who never open a terminal.
//!
//! [`router`] makes it of a [`Web`]; whoever listens serves it. [`routes`] lists every address with the role that it takes,
//! and one folder a page holds its handler and its template. Handlers decide nothing: a number on a page is the number of
//! the command and of the mail.

mod audit;
mod client;
mod clients;
mod desk;
mod edit;
mod export;
mod fields;
mod files;
mod frame;
mod health;
mod kept;
mod known;
mod list;
mod mail;
mod people;
mod refusal;
mod results;
mod routes;
mod runs;
mod segment;
mod segments;
mod state;
mod table;
mod who;
mod work;

pub use routes::router;
pub use state::{Order, Web};
pub use who::{User, Users};
