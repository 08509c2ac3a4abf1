//! Bounded reading of files written by people: a pipe would block, and a device has no end.

use std::fs::File;
use std::io::{Error, Read};
use std::path::Path;

use super::special::{no_file, reason};

/// The maximum length of a one-line file, in bytes.
const LINE: u64 = 4 * 1024;

/// Why a file cannot be used, as a phrase to follow its name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The system refused to read it.
    #[error("cannot be read: {0}")]
    System(String),
    /// It exceeds this number of bytes.
    #[error("is larger than {} KiB", .0 / 1024)]
    TooLarge(u64),
    /// Its content is invalid.
    #[error("{0}")]
    Content(String),
}

impl Unreadable {
    fn system(error: &Error) -> Self {
        Self::System(reason(error))
    }

    fn content(words: impl Into<String>) -> Self {
        Self::Content(words.into())
    }
}

/// Opens a regular file.
///
/// # Errors
/// It does not exist, is a pipe, a device or a folder, or may not be read.
pub fn open(path: &Path) -> Result<File, Unreadable> {
    // Opening a pipe would wait for its other end.
    if let Some(kind) = no_file(path).map_err(|error| Unreadable::system(&error))? {
        return Err(Unreadable::System(format!("it is {kind}, not a file")));
    }
    let file = File::open(path).map_err(|error| Unreadable::system(&error))?;
    // It may have been replaced meanwhile.
    let meta = file.metadata();
    match meta.map_err(|error| Unreadable::system(&error))?.is_file() {
        true => Ok(file),
        false => Err(Unreadable::System("it is not a file".into())),
    }
}

/// Reads a file of at most `most` bytes.
///
/// # Errors
/// See [`open`]; or it is larger.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    let mut file = open(path)?.take(most.saturating_add(1));
    file.read_to_end(&mut bytes)
        .map_err(|error| Unreadable::system(&error))?;
    match bytes.len() as u64 > most {
        true => Err(Unreadable::TooLarge(most)),
        false => Ok(bytes),
    }
}

/// Reads a one-line file, without what editors add: a byte-order mark, and the line ending.
///
/// # Errors
/// See [`read`]; or it is empty, has more than one line, or is not plain text. The message contains nothing of it,
/// since it may be a secret.
pub fn line(path: &Path) -> Result<String, Unreadable> {
    let bytes = read(path, LINE)?;
    if matches!(bytes.as_slice(), [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..]) || bytes.contains(&0) {
        let words = "is not UTF-8 text, but perhaps UTF-16: save it as UTF-8";
        return Err(Unreadable::content(words));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Unreadable::content("is not UTF-8 text: save it as UTF-8"))?;
    let text = text
        .trim_start_matches('\u{feff}')
        .trim_end_matches(['\r', '\n']);
    if text.trim().is_empty() {
        return Err(Unreadable::content("is empty"));
    }
    if text.contains(['\r', '\n', '\u{85}', '\u{2028}', '\u{2029}']) {
        return Err(Unreadable::content("has more than one line"));
    }
    if let Some(sign) = text.chars().find(|c| c.is_control() || *c == '\u{feff}') {
        return Err(Unreadable::content(format!(
            "contains an invisible character (U+{:04X}): type the line anew",
            u32::from(sign)
        )));
    }
    Ok(text.to_owned())
}
