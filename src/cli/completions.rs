//! `muster completions`

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use super::Arguments;
use super::exit::{Exit, Failure};
use super::say;
use crate::diagnostic::TerminalText;

/// What a shell completes commands, options and their values by.
#[derive(Args, Debug)]
pub(super) struct Completions {
    /// The shell that reads them
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn completions(command: &Completions) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    generate(
        command.shell,
        &mut Arguments::command(),
        "muster",
        &mut text,
    );
    say::try_out(&TerminalText::lines(&String::from_utf8_lossy(&text)))?;
    Ok(Exit::Done)
}
