//! The language server: what editors show of config, rule and test files while somebody types.
//!
//! It decides nothing by itself: findings are those of `check` and `test`, over the texts that are open and the files on
//! the disk. Each feature is a file here, a function of one state of the texts ([`world::World`]), and a line in
//! `features.rs`.

mod after;
mod clauses;
mod client;
mod commands;
mod compiler;
mod completion;
mod cursor;
mod database;
mod diagnostics;
mod docs;
mod edits;
mod features;
mod fixes;
mod folder;
mod formatting;
mod hints;
mod hover;
mod kept;
mod lenses;
mod looking;
mod moved;
mod navigation;
mod occurrences;
mod pages;
mod people;
mod position;
mod proofs;
mod rename;
mod roles;
mod session;
mod symbols;
mod texts;
mod tokens;
mod trust;
mod view;
mod wire;
mod world;

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use lsp_server::Connection;
use tokio::runtime::Handle;

use crate::connector::Connect;
use crate::serve::WallClock;
pub use session::Ended;

/// What the server needs of the process that it runs in.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The config's file, seen from the folder that the editor has open.
    pub config: PathBuf,
    pub connect: Connect,
    /// `muster` itself, whose commands are run for the editor.
    pub program: PathBuf,
    /// Answers `${NAME}`, once the folder is trusted.
    pub environment: fn(&str) -> Option<String>,
    pub clock: Arc<dyn WallClock>,
    pub runtime: Handle,
    /// Makes a folder the one that relative paths count from: the editor's.
    pub enter: fn(&Path),
}

/// Serves an editor until it says that this is the end, or is gone.
pub fn serve(connection: &Connection, around: &Surroundings) -> Ended {
    session::serve(connection, around)
}

/// As [`serve`], over the standard streams of the process.
pub fn serve_process(around: &Surroundings) -> Ended {
    let (connection, writer) = wire::connect(BufReader::new(std::io::stdin()), std::io::stdout());
    let ended = serve(&connection, around);
    drop(connection);
    writer.finish();
    ended
}
