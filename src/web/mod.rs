//! The page: what the commands know, for people who never open a terminal.
//!
//! [`router`] builds it from a [`Web`]; the caller serves it. [`routes`] lists every address with the role that it
//! requires. Each page has a folder with its handler and its template. Handlers compute nothing of their own: a number
//! on a page equals the number in the command and in the mail.

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
