//! A first `config.yaml` and rule file, guessed from a database's own tables.
//!
//! Guesses by names and by how full the tables are: a table of people, tables that point at it, times and
//! amounts. What it writes passes `check` and can be run and served as it is; a person edits it from there.

mod config;
mod guess;
mod rules;
mod segment;
mod text;

use std::collections::BTreeMap;

pub use segment::{NewSegment, appended};

use crate::catalog::Schema;

/// How many rows each table has, by its name.
pub type Rows = BTreeMap<String, u64>;

/// The files of a start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starter {
    /// The text of `config.yaml`.
    pub config: String,
    /// The text of `rules/segments.yaml`.
    pub rules: String,
    /// The text of `rules/rfm.yaml`: the ladder, where there is a table of what people paid.
    pub ladder: Option<String>,
}

/// Writes the files for a database; `database` is its path as config should name it.
///
/// # Errors
/// In words, where no table looks like a list of people with a key.
pub fn starter(database: &str, schema: &Schema, rows: &Rows) -> Result<Starter, String> {
    let guess = guess::guess(schema, rows)?;
    Ok(Starter {
        config: config::config(database, &guess),
        rules: rules::segments(&guess),
        ladder: rules::ladder(&guess),
    })
}
