//! `muster completions`

use clap::{Args, Command, CommandFactory, ValueHint};
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
        &mut paths_alone(Arguments::command()),
        "muster",
        &mut text,
    );
    say::try_out(&TerminalText::lines(&String::from_utf8_lossy(&text)))?;
    Ok(Exit::Done)
}

/// Limits completion of file names to arguments that are paths, as opposed to ids, names and times.
fn paths_alone(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        let is_path = arg.get_value_hint() != ValueHint::Unknown;
        match is_path || !arg.get_action().takes_values() {
            true => arg,
            false => arg.value_hint(ValueHint::Other),
        }
    });
    command.mut_subcommands(paths_alone)
}
