//! `muster man`

use std::path::PathBuf;

use clap::{Args, CommandFactory};
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
    // There are no pages of `help`, which explains what they do.
    let mut muster = Arguments::command().disable_help_subcommand(true);
    muster.build();
    let Some(folder) = &command.dir else {
        let text = rendered(&Page::new(muster))?;
        say::try_out(&TerminalText::lines(&String::from_utf8_lossy(&text)))?;
        return Ok(Exit::Done);
    };
    let commands = muster.get_subcommands().cloned().collect::<Vec<_>>();
    for command in std::iter::once(muster).chain(commands) {
        let page = Page::new(command);
        let path = folder.join(page.get_filename());
        write(&path, &rendered(&page)?, Access::Usual).map_err(|error| {
            Failure::world(format!("cannot write `{}`: {error}", path.display()))
        })?;
    }
    note!(
        "the pages are in `{}`: `man muster` finds them where that is in its path",
        folder.display()
    );
    Ok(Exit::Done)
}

fn rendered(page: &Page) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    page.render(&mut text)?;
    Ok(text)
}
