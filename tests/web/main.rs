//! The page over a real port, as a browser asks for it.

#[path = "../support/mod.rs"]
mod support;

mod attacks;
mod browser;
mod clients;
mod deployed;
mod doors;
mod flood;
mod health;
mod mail;
mod proxy;
mod runs;
mod site;
mod states;
