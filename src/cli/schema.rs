//! `muster schema`

use clap::{Args, ValueEnum};

use super::exit::{Exit, Failure};
use super::{Common, results};
use crate::connector::connect;
use crate::diagnostic::TerminalText;

/// Which schema.
#[derive(Args, Debug)]
pub(super) struct Schema {
    /// What it is for
    #[arg(value_enum)]
    of: Of,
}

#[derive(ValueEnum, Debug, Clone, Copy)]
enum Of {
    /// config.yaml
    Config,
    /// rules/*.yaml
    Rules,
    /// rules/tests/*.yaml
    Tests,
    /// The database's tables and columns, as a test file takes them
    Tables,
}

pub(super) fn schema(command: &Schema, common: &Common) -> Result<Exit, Failure> {
    let text = match command.of {
        Of::Config => crate::config::schema(),
        Of::Rules => crate::rules::schema(),
        Of::Tests => crate::testing::schema(),
        Of::Tables => {
            let config = results::config(common)?;
            let schema = connect(&config).snapshot()?.schema()?;
            crate::testing::tables_file(&config, &schema)
        }
    };
    super::say::try_out(&TerminalText::lines(&text))?;
    Ok(Exit::Done)
}
