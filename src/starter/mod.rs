//! A first `config.yaml` and rule file, guessed from a database's own tables.
//!
//! Guesses by name only: a table of people, tables that point at it, times and amounts. What it writes
//! passes `check`, and a person edits it from there.

mod guess;
mod segment;
mod write;

pub use segment::{NewSegment, appended};

use crate::catalog::Schema;

/// The two files of a start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starter {
    /// The text of `config.yaml`.
    pub config: String,
    /// The text of `rules/segments.yaml`.
    pub rules: String,
}

/// Writes both files for a database; `database` is its path as config should name it.
///
/// # Errors
/// In words, where no table looks like a list of people with a key.
pub fn starter(database: &str, schema: &Schema) -> Result<Starter, String> {
    let guess = guess::guess(schema)?;
    Ok(Starter {
        config: write::config(database, &guess),
        rules: write::rules(&guess),
    })
}
