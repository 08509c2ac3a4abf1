//! `muster lsp`

use std::path::Path;

use clap::Args;
use tokio::runtime::Handle;

use super::Common;
use super::Format;
use super::clock::clock;
use super::exit::{Exit, Failure};
use crate::connector::connect;
use crate::lsp::{Ended, Surroundings, serve_process};

/// Serve an editor over stdin and stdout, by the Language Server Protocol.
#[derive(Args, Debug)]
pub(super) struct Lsp {
    /// What editors say to every server; nothing else is spoken
    #[arg(long, hide = true)]
    stdio: bool,
    /// Nothing is printed, and editors speak in messages
    #[arg(long, hide = true, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn lsp(_: &Lsp, common: &Common) -> Result<Exit, Failure> {
    let around = Surroundings {
        config: common.config.clone(),
        connect,
        program: std::env::current_exe().unwrap_or_else(|_| "muster".into()),
        environment: |name| std::env::var(name).ok(),
        clock: clock(),
        runtime: Handle::current(),
        enter,
    };
    match crate::project::blocking(|| serve_process(&around)) {
        Ended::Asked => Ok(Exit::Done),
        // The exit code that the protocol requires.
        Ended::Unasked => Ok(Exit::Attention),
        Ended::Left => Err(Failure::world("the editor left without saying so")),
    }
}

/// Changes to the editor's folder, so that relative paths count from there. If it does not exist, neither does anything
/// in it.
fn enter(folder: &Path) {
    let _ = std::env::set_current_dir(folder);
}
