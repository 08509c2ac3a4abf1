//! Writes a first `config.yaml` and rule files, guessed from a database's tables.
//!
//! Names, declared types and values are all considered. They show which table holds the people, with which key and
//! which names, and which tables refer to them, when their rows happened, and what was paid. The files pass `check`,
//! and can be run and served unchanged; a person edits them from there.

mod amount;
mod collection;
mod config;
mod counted;
mod currency;
mod data;
mod exclude;
mod field;
mod figures;
mod guess;
mod import;
mod key;
mod label;
mod lexicon;
mod locale;
mod lookup;
mod more_people;
mod names;
mod part;
mod people;
mod private;
mod reached;
mod rules;
mod tables;
mod text;
mod time;
mod totals;
mod types;
mod undecided;
mod wished;
mod words;

pub use amount::is_named_amount as is_called_amount;
pub use currency::{are_currencies, is_called_currency};
pub use data::Data;
pub use import::FromFiles;
pub use rules::usual_ladder;
pub use undecided::Undecided;

use crate::value::ColumnType;

/// Whether a word names a period, as in file names: a month, a quarter.
pub fn is_period(word: &str) -> bool {
    crate::import::is_month(word) || lexicon::times::PERIODS.has(word)
}

/// Whether a table or a column is named like people.
pub fn names_people(name: &str) -> bool {
    let words = words::words(name);
    let mut people = lexicon::people::PEOPLE.iter();
    people.any(|(_, terms)| words.iter().any(|word| terms.name(word)))
}

/// Whether a column may identify the rows of a table: `id`, `order_no` in orders, or the first column, unless it is
/// named like people and the table is not.
pub fn tells_rows_apart(heading: &str, table: &str, is_first: bool) -> bool {
    let is_own = || names_people(table) || !names_people(heading);
    key::is_called_key(heading, table) || is_first && is_own()
}

/// A name for the rows below headings, from the key in the first column: `orders` for `order_no`. People are
/// recognized by the names of their tables.
pub fn rows_called(headings: &[String]) -> Option<String> {
    let first = headings.first()?;
    let (stem, is_key) = key::stem(&words::words(first));
    let is_telling = is_key && stem.chars().count() > 2 && !names_people(first);
    is_telling.then(|| crate::config::several_called(&stem))
}

/// The files to start with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starter {
    /// The text of `config.yaml`.
    pub config: String,
    /// The text of `rules/segments.yaml`.
    pub rules: String,
    /// The text of `rules/rfm.yaml`: the ladder, where there is a table of payments.
    pub ladder: Option<String>,
    /// What was guessed, and the alternatives, as lines for people.
    pub told: Vec<String>,
    /// Columns that the data leaves undecided, where somebody can choose a reading.
    pub undecided: Vec<Undecided>,
    /// Settings that the data does not reveal, for which config contains a placeholder: `time zone`, `currency`.
    pub to_set: Vec<&'static str>,
}

/// What a person knows better than the guess.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    pub table: Option<String>,
    pub key: Option<String>,
    /// The columns for people's labels, in display order; empty to guess.
    pub label: Vec<String>,
    /// The time columns: pairs of table and column.
    pub at: Vec<(String, String)>,
    /// How columns are to be read: table, column and type.
    pub types: Vec<(String, String, ColumnType)>,
}

impl Wishes {
    fn ty(&self, table: &str, column: &str) -> Option<ColumnType> {
        let mut types = self.types.iter();
        let (.., ty) = types.find(|(of, name, _)| of == table && name == column)?;
        Some(*ty)
    }

    fn at(&self, table: &str) -> Option<&str> {
        let (_, column) = self.at.iter().find(|(of, _)| of == table)?;
        Some(column)
    }
}

/// Why no files can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// No table looks like one of people: each table with the reason.
    NoPeople(Vec<(String, String)>),
    /// A wish cannot be met: which, and why.
    Wish(String),
}

/// A database, as config should write it.
#[derive(Debug)]
pub enum Named {
    /// The path of a SQLite file.
    File(String),
    /// The keys that identify a server, in order: `postgres` and any others that it needs.
    Server(Vec<(&'static str, String)>),
}

/// Where the data comes from.
#[derive(Debug)]
pub struct Origin<'i> {
    /// The database, as config should write it.
    pub database: Named,
    /// The files from which it was made.
    pub import: Option<FromFiles<'i>>,
}

/// Writes the files for a database; `now` is in microseconds.
///
/// # Errors
/// No table looks like a list of people with a key, or a wish for a time column cannot be met.
pub fn starter(
    origin: &Origin<'_>,
    data: &Data,
    wishes: &Wishes,
    now: i64,
) -> Result<Starter, Refused> {
    let is_of_server = matches!(origin.database, Named::Server(_));
    let guess = guess::guess(data, wishes, is_of_server, now)?;
    Ok(Starter {
        config: config::config(origin, &guess),
        rules: rules::segments(&guess),
        ladder: rules::ladder(&guess),
        told: guess.told(),
        to_set: figures::to_set(origin, &guess),
        undecided: guess
            .undecided()
            .filter(|of| !of.readings.is_empty())
            .cloned()
            .collect(),
    })
}
