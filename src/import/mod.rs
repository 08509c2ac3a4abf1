//! Imports folders of CSV and Excel files as one SQLite file, completely or not at all.
//!
//! Each file is read twice, also if several files or several sheets are one table ([`series`]). The first reading ([`survey`]) finds what the file
//! holds: its encoding, its headings, and which columns are numbers in one spelling. The second writes the rows. Whatever else a cell holds stays
//! text as it is written. Both read ahead on a separate thread ([`ahead`]), and while a table is written, the next one is surveyed ([`surveys`]).
//! The results are reported in one line for each table, followed by what did not fit, with its rows.

mod ahead;
mod alike;
mod build;
mod by_table;
mod carried;
mod column;
mod contested;
mod copies;
mod currencies;
mod dates;
mod delimited;
mod download;
mod encoding;
mod files;
mod first_line;
mod gone;
mod imported;
mod keyed;
mod lacking;
mod last_rows;
mod layout;
mod letters_seen;
mod limits;
mod meant;
mod months;
mod notes;
mod number;
mod outlook;
mod part;
mod quotes;
mod reading;
mod references;
mod repeats;
mod rows;
mod separator;
mod series;
mod shared_strings;
mod signs;
mod source;
mod survey;
mod surveys;
mod swallowed;
mod tally;
mod workbook;

pub use alike::{Words, alike, told_apart};
pub use build::{Built, build, import, refresh};
pub use files::is_importable;
pub use imported::Imported;
pub use lacking::{Lacking, lacking};
pub use months::is_month;
pub use outlook::{Outlook, outlook};

/// The most columns that a table may have.
const MOST_COLUMNS: usize = 1_000;
/// The longest row, in bytes.
const LONGEST_ROW: usize = 16 * 1024 * 1024;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The files cannot be interpreted as config says, or the database must not be replaced. Says why, and what to do.
    #[error("{0}")]
    Files(String),
    /// Something cannot be read or written.
    #[error("{0}")]
    World(String),
    /// The import was stopped by the [`Watch`](crate::engine::Watch).
    #[error("the import was stopped; nothing was imported")]
    Cancelled,
}

impl ImportError {
    /// An error about one file.
    fn of(name: &str, words: impl std::fmt::Display) -> Self {
        Self::Files(format!("{name}: {words}; nothing was imported"))
    }
}
