//! Hand-maintained lists: files beside config with one subject a line.

mod change;
mod edit;
mod file;

use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::{Path, PathBuf};

pub use change::{ChangeError, Changed, ListAction, change};
pub use edit::{Edit, EditError, add, remove};
pub use file::Entry;
use file::Unclosed;

use crate::config::{Config, NamedList};
use crate::diagnostic::{Code, Finding};
use crate::source::{Location, ReadError, Sources};
use crate::value::{KeyMatch, loose_key};

/// The maximum size of a list's file, in bytes.
pub const MAX_LIST_BYTES: u64 = 16 * 1024 * 1024;

/// The advice for a list that exceeds the limits.
const TO_A_TABLE: &str = "put so many into a table, and make a collection of it";

/// A list with the content of its file.
#[derive(Debug, Clone)]
pub struct List {
    /// The name used in conditions.
    pub name: String,
    /// When two texts are the same entry.
    pub matching: KeyMatch,
    /// The entries in file order; empty if the file cannot be read.
    pub entries: Vec<Entry>,
}

impl List {
    /// The identities of its entries, in order, without duplicates.
    pub fn identities(&self) -> Vec<String> {
        let entries = self.entries.iter();
        let entries: BTreeSet<String> = entries
            .map(|entry| identity(&entry.text, self.matching))
            .collect();
        entries.into_iter().collect()
    }
}

/// Reads the files of config's lists, and reports each that cannot be read.
pub fn load(config: &Config, sources: &mut Sources) -> (Vec<List>, Vec<Finding>) {
    let mut findings = Vec::new();
    let lists = config.lists.iter().map(|named| {
        read(named, config, sources).unwrap_or_else(|finding| {
            findings.push(finding);
            List {
                name: named.name.value.clone(),
                matching: matching(named, config),
                entries: Vec::new(),
            }
        })
    });
    (lists.collect(), findings)
}

/// The path of a list's file.
pub fn path(named: &NamedList, config: &Config) -> PathBuf {
    config.folder.join(&named.file.value)
}

/// The subject's column that the entries are values of; by default the key.
pub fn column<'c>(named: &'c NamedList, config: &'c Config) -> &'c str {
    let column = named.column.as_ref().unwrap_or(&config.subject.key);
    &column.value
}

/// Whether the entries are keys of the subject; column names are compared as a database would.
pub fn is_of_keys(named: &NamedList, config: &Config) -> bool {
    column(named, config).eq_ignore_ascii_case(&config.subject.key.value)
}

/// When an entry matches a value of the column: as config says for the list, or else keys like the subject's and other
/// values exactly.
pub fn matching(named: &NamedList, config: &Config) -> KeyMatch {
    let of_keys = || match is_of_keys(named, config) {
        true => config.subject.matching,
        false => KeyMatch::Exact,
    };
    named.matching.unwrap_or_else(of_keys)
}

/// The identity of an entry: e-mail addresses ignore case, whatever the matching.
pub fn identity(text: &str, matching: KeyMatch) -> String {
    let text = text.trim();
    match matching {
        KeyMatch::Loose => loose_key(text).into_owned(),
        KeyMatch::Exact if text.contains('@') => text.to_lowercase(),
        KeyMatch::Exact => text.to_owned(),
    }
}

/// Reads the file of one list.
///
/// # Errors
/// A finding: the file cannot be read.
pub fn read(named: &NamedList, config: &Config, sources: &mut Sources) -> Result<List, Finding> {
    let path = path(named, config);
    let text = sources.read_within(&path, MAX_LIST_BYTES);
    let text = text.map_err(|error| unreadable(named, config, &error))?;
    let file = sources.add(&path, text);
    let text = sources.get(file).map_or("", |file| file.text.as_str());
    let entries = file::entries(text, file, column(named, config));
    let entries = entries.map_err(|Unclosed { line, bytes }| {
        let error = EditError::Unclosed(line);
        let location = Location {
            file,
            start: bytes.start,
            end: bytes.end,
        };
        Finding::new(Code::MissingQuote, unusable(named, &path, &error))
            .at(location)
            .help(
                "close it on this line; only a cell with a separator or a quote in it needs quotes",
            )
    })?;
    Ok(List {
        name: named.name.value.clone(),
        matching: matching(named, config),
        entries,
    })
}

fn unusable(named: &NamedList, path: &Path, error: &impl Display) -> String {
    let (name, path) = (&named.name.value, path.display());
    format!("`{path}`, the list `{name}`, cannot be used: {error}")
}

fn unreadable(named: &NamedList, config: &Config, error: &ReadError) -> Finding {
    let (name, path) = (&named.name.value, path(named, config));
    let (code, help) = match error {
        ReadError::Unreadable(_) if !path.exists() => (
            Code::FileUnreadable,
            format!(
                "make it, with an entry on each line, or write `muster list {name} add` and the first entries"
            ),
        ),
        ReadError::Unreadable(_) => (
            Code::FileUnreadable,
            "name a file that Muster's user can read".to_owned(),
        ),
        ReadError::TooLarge(_) => (Code::TooLarge, TO_A_TABLE.to_owned()),
        ReadError::NotText(_) => (Code::FileUnreadable, "save it as UTF-8".to_owned()),
    };
    Finding::new(code, unusable(named, &path, error))
        .at(named.file.location)
        .help(help)
}
