//! The language server: what editors show for config, rule and test files as the user types.
//!
//! It computes no findings of its own: they come from `check` and `test`, run over the open texts and the files on
//! disk. Each feature is a file here, a function of one state of the texts ([`world::World`]), and a line in
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

/// What the server needs from its process.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The path of the config, relative to the folder open in the editor.
    pub config: PathBuf,
    pub connect: Connect,
    /// The path of the `muster` executable, whose commands are run for the editor.
    pub program: PathBuf,
    /// Resolves `${NAME}`, once the folder is trusted.
    pub environment: fn(&str) -> Option<String>,
    pub clock: Arc<dyn WallClock>,
    pub runtime: Handle,
    /// Makes the editor's folder the base of relative paths.
    pub enter: fn(&Path),
}

/// Serves an editor until it shuts the server down or disconnects.
pub fn serve(connection: &Connection, around: &Surroundings) -> Ended {
    session::serve(connection, around)
}

/// Like [`serve`], over the standard streams of the process.
pub fn serve_process(around: &Surroundings) -> Ended {
    let (connection, writer) = wire::connect(BufReader::new(std::io::stdin()), std::io::stdout());
    let ended = serve(&connection, around);
    drop(connection);
    writer.finish();
    ended
}
