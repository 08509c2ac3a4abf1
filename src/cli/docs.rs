//! `muster docs`

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::print_part;
use super::say;
use crate::config::Locale;
use crate::diagnostic::{TerminalText, wrapped};
use crate::reference::{Page, index, near, pages};
use crate::view::{Block, blocks};

/// The width of prose if the width of the terminal is unknown.
const USUAL_WIDTH: usize = 100;
/// The indentation of the terms of a kind.
const INDENT: &str = "  ";

/// Shows what a function, a word of conditions, a key of a file or the code of a finding means.
#[derive(Args, Debug)]
pub(super) struct Docs {
    /// What to look up, such as `count`, `is missing`, `collections.at` or `unknown-name`; without it, all that can be
    #[arg(value_name = "TERM")]
    words: Vec<String>,
}

pub(super) fn docs(command: &Docs) -> Result<Exit, Failure> {
    let term = command.words.join(" ");
    if term.is_empty() {
        return contents();
    }
    let pages = pages(&term);
    if pages.is_empty() {
        let near = near(&term).map_or_else(
            || "; `muster docs` lists what there is".to_owned(),
            |near| format!("; did you mean `{near}`?"),
        );
        return Err(Failure::input(format!(
            "nothing is written about `{term}`{near}"
        )));
    }
    for (place, page) in pages.iter().enumerate() {
        if place > 0 {
            say::try_out(&TerminalText::line(""))?;
        }
        print(page)?;
    }
    Ok(Exit::Done)
}

/// Prints every term, grouped by kind.
fn contents() -> Result<Exit, Failure> {
    for (kind, terms) in index() {
        say::try_out(&TerminalText::line(&kind))?;
        // Some headings contain commas.
        match terms.iter().any(|term| term.contains(", ")) {
            true => terms.iter().try_for_each(|term| paragraph(term, INDENT))?,
            false => paragraph(&terms.join(", "), INDENT)?,
        }
        say::try_out(&TerminalText::line(""))?;
    }
    paragraph(
        "`muster docs TERM` shows what is written about one of them",
        "",
    )?;
    Ok(Exit::Done)
}

fn print(page: &Page) -> Result<(), Failure> {
    say::try_out(&TerminalText::line(&page.title))?;
    for block in blocks(&page.text) {
        say::try_out(&TerminalText::line(""))?;
        match block {
            Block::Prose(text) => paragraph(&text, "")?,
            Block::Code(lines) => {
                let lines = lines.iter().map(|line| format!("    {line}\n"));
                say::try_out(&TerminalText::lines(&lines.collect::<String>()))?;
            }
            Block::Table(table) => print_part(&table, Locale::EnUs)?,
        }
    }
    Ok(())
}

fn paragraph(text: &str, indent: &str) -> Result<(), Failure> {
    let width = say::out_width().unwrap_or(USUAL_WIDTH);
    let lines = wrapped(text, width.saturating_sub(indent.len())).into_iter();
    let lines = lines.map(|line| format!("{indent}{line}\n"));
    Ok(say::try_out(&TerminalText::lines(
        &lines.collect::<String>(),
    ))?)
}
