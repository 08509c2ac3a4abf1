//! `muster man`

use std::path::PathBuf;

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man as Page;

use super::exit::{Exit, Failure};
use super::{Arguments, say};
use crate::diagnostic::TerminalText;
use crate::disk::{Access, write};

/// The manual pages, in the form that `man` reads.
#[derive(Args, Debug)]
pub(super) struct Man {
    /// Write the page of `muster` and one for each command into this folder; left out: print that of `muster`
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

pub(super) fn man(command: &Man) -> Result<Exit, Failure> {
    // There are no pages for `help`, only for the commands themselves.
    let mut muster = Arguments::command().disable_help_subcommand(true);
    muster.build();
    let Some(folder) = &command.dir else {
        let text = rendered(muster)?;
        say::try_out(&TerminalText::lines(&String::from_utf8_lossy(&text)))?;
        return Ok(Exit::Done);
    };
    let commands = muster.get_subcommands().cloned().collect::<Vec<_>>();
    for command in std::iter::once(muster).chain(commands) {
        let path = folder.join(Page::new(command.clone()).get_filename());
        write(&path, &rendered(command)?, Access::Usual).map_err(|error| {
            Failure::world(format!("cannot write `{}`: {error}", path.display()))
        })?;
    }
    note!(
        "the pages are in `{}`: `man muster` finds them where that is in its path",
        folder.display()
    );
    Ok(Exit::Done)
}

fn rendered(command: Command) -> std::io::Result<Vec<u8>> {
    let synopsis = synopsis(&command);
    let mut text = Vec::new();
    Page::new(command.override_usage(synopsis)).render(&mut text)?;
    Ok(text)
}

/// The synopsis with all options and their values, which clap's own leaves out.
fn synopsis(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let shown = || command.get_arguments().filter(|arg| !arg.is_hide_set());
    let options = shown().filter(|arg| !arg.is_positional());
    let options = options.map(|arg| match arg.is_required_set() {
        true => arg.to_string(),
        false => format!("[{arg}]"),
    });
    let values = shown()
        .filter(|arg| arg.is_positional())
        .map(|arg| arg.to_string());
    let commands = command.has_subcommands().then(|| "<COMMAND>".to_owned());
    let parts = std::iter::once(name.to_owned()).chain(options);
    parts
        .chain(values)
        .chain(commands)
        .collect::<Vec<_>>()
        .join(" ")
}
