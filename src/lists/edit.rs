//! Adds and removes entries in the text of a list's file, preserving everything else.

use std::collections::HashSet;

use super::file::{Form, Unclosed, lines};
use super::{MAX_LIST_BYTES, TO_A_TABLE, identity};
use crate::value::KeyMatch;

/// An edited file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The complete text.
    pub text: String,
    /// The entries added or removed.
    pub done: Vec<String>,
    /// The entries that were already present, or not present to be removed.
    pub left: Vec<String>,
}

/// Why a file cannot be edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// A quote is not closed on its line; lines count from 1.
    #[error("line {0} opens a quote that is not closed on it")]
    Unclosed(usize),
    /// The edited file would exceed the size limit.
    #[error("it would be larger than {} MiB, the most that is read of a list; {TO_A_TABLE}", MAX_LIST_BYTES >> 20)]
    TooLarge,
    /// The edited file would be read with other entries than intended.
    #[error("it would be read differently from what is meant; change it in an editor")]
    Misread,
}

impl From<Unclosed> for EditError {
    fn from(unclosed: Unclosed) -> Self {
        Self::Unclosed(unclosed.line)
    }
}

/// Appends entries. `column` is the heading, which a new file gets; `matching` decides which texts are the same entry.
///
/// # Errors
/// The text has an unclosed quote, or the result is too large or would be read with other entries.
pub fn add(
    text: &str,
    (column, matching): (&str, KeyMatch),
    entries: &[String],
) -> Result<Edit, EditError> {
    let identity = |text: &str| identity(text, matching);
    let (form, lines) = lines(text, column)?;
    let mut all: Vec<String> = lines.iter().map(|line| identity(&line.entry)).collect();
    let mut known: HashSet<String> = all.iter().cloned().collect();
    let mut edit = Edit {
        text: text.to_owned(),
        done: Vec::new(),
        left: Vec::new(),
    };
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        edit.text += &quoted(column, form.delimiter);
    }
    if !edit.text.ends_with('\n') {
        edit.text += end;
    }
    for entry in entries {
        let entry = entry.trim();
        if !known.insert(identity(entry)) {
            edit.left.push(entry.to_owned());
            continue;
        }
        edit.text += &line(entry, &form);
        edit.text += end;
        edit.done.push(entry.to_owned());
        all.push(identity(entry));
    }
    edit.read_back((column, matching), &all)
}

/// Removes entries with their lines, including duplicates.
///
/// # Errors
/// See [`add`].
pub fn remove(
    text: &str,
    (column, matching): (&str, KeyMatch),
    entries: &[String],
) -> Result<Edit, EditError> {
    let identity = |text: &str| identity(text, matching);
    let (_, lines) = lines(text, column)?;
    let unwanted: HashSet<String> = entries.iter().map(|entry| identity(entry)).collect();
    let mut kept = String::with_capacity(text.len());
    let (mut found, mut others) = (HashSet::new(), Vec::new());
    let mut at = 0;
    for line in lines {
        let entry = identity(&line.entry);
        if !unwanted.contains(&entry) {
            others.push(entry);
            continue;
        }
        found.insert(entry);
        kept += text.get(at..line.bytes.start).unwrap_or_default();
        let behind = text.get(line.bytes.end..).unwrap_or_default();
        let end = match behind {
            _ if behind.starts_with("\r\n") => 2,
            _ if behind.starts_with(['\n', '\r']) => 1,
            _ => 0,
        };
        at = line.bytes.end + end;
    }
    kept += text.get(at..).unwrap_or_default();
    let entries = entries.iter().map(|entry| entry.trim().to_owned());
    let (done, left) = entries.partition(|entry| found.contains(&identity(entry)));
    let edit = Edit {
        text: kept,
        done,
        left,
    };
    edit.read_back((column, matching), &others)
}

impl Edit {
    /// Checks that the text can be read, and contains exactly these entries.
    fn read_back(
        self,
        (column, matching): (&str, KeyMatch),
        entries: &[String],
    ) -> Result<Self, EditError> {
        if self.text.len() as u64 > MAX_LIST_BYTES {
            return Err(EditError::TooLarge);
        }
        let (_, lines) = lines(&self.text, column)?;
        let read = lines.iter().map(|line| identity(&line.entry, matching));
        match read.eq(entries.iter().cloned()) {
            true => Ok(self),
            false => Err(EditError::Misread),
        }
    }
}

/// A line with an entry in its column.
fn line(entry: &str, form: &Form) -> String {
    let between = char::from(form.delimiter).to_string();
    let behind = form.heading.unwrap_or(1).saturating_sub(form.column + 1);
    format!(
        "{}{}{}",
        between.repeat(form.column),
        quoted(entry, form.delimiter),
        between.repeat(behind)
    )
}

/// A cell, quoted as CSV if necessary.
fn quoted(cell: &str, delimiter: u8) -> String {
    match cell.contains(['"', '\n', '\r', ',', ';', '\t', char::from(delimiter)]) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    }
}
