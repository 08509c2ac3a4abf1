//! The page over a real port, as a browser asks for it.

#[path = "../support/mod.rs"]
mod support;

mod browser;
mod clients;
mod deployed;
mod guesses;
mod health;
mod mail;
mod runs;
mod sessions;
mod site;
mod states;
