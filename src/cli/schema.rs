//! `muster schema`

use clap::{Args, ValueEnum};

use super::exit::{Exit, Failure};
use crate::diagnostic::TerminalText;

/// Which schema.
#[derive(Args, Debug)]
pub(super) struct Schema {
    /// The file it is for
    #[arg(value_enum)]
    of: Of,
}

#[derive(ValueEnum, Debug, Clone, Copy)]
enum Of {
    /// config.yaml
    Config,
    /// rules/*.yaml
    Rules,
}

pub(super) fn schema(command: &Schema) -> Result<Exit, Failure> {
    let text = match command.of {
        Of::Config => crate::config::schema(),
        Of::Rules => crate::rules::schema(),
    };
    super::say::try_out(&TerminalText::lines(&text))?;
    Ok(Exit::Done)
}
