//! A first `config.yaml` and rule files, guessed from a database's own tables.
//!
//! Names, declared types and values all have a say: which table holds the people, by which key, called by
//! which name; which tables point at them, when their rows happened, and what was paid. What is written
//! passes `check`, and can be run and served as it is; a person edits it from there.

mod amount;
mod config;
mod data;
mod guess;
mod key;
mod label;
mod names;
mod people;
mod rules;
mod segment;
mod tables;
mod text;
mod time;
mod words;

pub use data::Data;
pub use segment::{NewSegment, appended};

/// The files of a start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starter {
    /// The text of `config.yaml`.
    pub config: String,
    /// The text of `rules/segments.yaml`.
    pub rules: String,
    /// The text of `rules/rfm.yaml`: the ladder, where there is a table of what people paid.
    pub ladder: Option<String>,
    /// What was guessed, and what else could have been, in lines for people.
    pub told: Vec<String>,
}

/// What a person knows better.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    pub table: Option<String>,
    pub key: Option<String>,
    /// The column that people are called by.
    pub label: Option<String>,
}

/// No table looks like one of people: each with the reason why it is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub Vec<(String, String)>);

/// Writes the files for a database; `database` is its path as config should name it, `now` in microseconds.
///
/// # Errors
/// No table looks like a list of people with a key.
pub fn starter(database: &str, data: &Data, wishes: &Wishes, now: i64) -> Result<Starter, Refused> {
    let guess = guess::guess(data, wishes, now)?;
    Ok(Starter {
        config: config::config(database, &guess),
        rules: rules::segments(&guess),
        ladder: rules::ladder(&guess),
        told: guess.told(),
    })
}
