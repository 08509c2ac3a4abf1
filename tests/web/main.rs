//! The page over a real port, as a browser asks for it.

#[path = "../support/mod.rs"]
mod support;

mod browser;
mod clients;
mod health;
mod mail;
mod proxy;
mod runs;
