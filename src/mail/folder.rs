//! Mail as `.eml` files in a folder. The same mail is the same file, so writing it twice does no harm.

use std::path::Path;

use chrono::DateTime;

use crate::disk::{Access, sweep};
use crate::store::Delivery;

/// The note recorded for such a mail, before the file's name.
const NOTED: &str = "written to ";

/// Creates the folder if it does not exist, and removes what killed processes left in it.
///
/// # Errors
/// Why the folder cannot be created, in words.
pub(super) fn open(folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    sweep(folder);
    Ok(())
}

/// Writes a mail atomically, readable by its owner alone. Returns the file's name.
///
/// # Errors
/// Why the folder cannot be written, in words.
pub(super) fn write(folder: &Path, mail: &Delivery, message: &[u8]) -> Result<String, String> {
    let name = name_of(mail);
    let written = crate::disk::write(&folder.join(&name), message, Access::Owner);
    written.map_err(|error| unwritable(folder, &error))?;
    Ok(name)
}

fn unwritable(folder: &Path, error: &std::io::Error) -> String {
    format!(
        "mail cannot be written to the folder `{}` (`mail: file:`): {error}",
        folder.display()
    )
}

/// The note recorded for a mail in the folder.
pub(super) fn noted(name: &str) -> String {
    format!("{NOTED}{name}")
}

/// The file's name in such a note; `None` if the note says something else.
pub(super) fn written(noted: &str) -> Option<&str> {
    let name = noted.strip_prefix(NOTED)?;
    (name.ends_with(".eml") && !name.contains(['/', '\\'])).then_some(name)
}

/// `20261122T110000Z-managers-1f0c9a2b3c.eml`: the time it is for, the report, and a hash of the recipient, so that a
/// list of files does not reveal the recipient.
fn name_of(mail: &Delivery) -> String {
    let time = DateTime::from_timestamp_micros(mail.period).unwrap_or_default();
    let plain = |c: char| {
        if c.is_alphanumeric() || "-_".contains(c) {
            c
        } else {
            '-'
        }
    };
    let report: String = mail.report.chars().take(60).map(plain).collect();
    let mut hash = blake3::Hasher::new();
    hash.update(mail.report.as_bytes())
        .update(b"\0")
        .update(mail.recipient.as_bytes());
    let hash = hash.finalize().to_hex();
    let hash: String = hash.chars().take(10).collect();
    format!("{}-{report}-{hash}.eml", time.format("%Y%m%dT%H%M%SZ"))
}
