//! Mail as `.eml` files in a folder. The same mail is the same file, so that writing it twice does no
//! harm.

use std::fs::{File, create_dir_all, rename};
use std::io::Write;
use std::path::Path;

use chrono::DateTime;

use crate::store::Delivery;

/// What is noted of such a mail, before the file's name.
const NOTED: &str = "written to ";

/// Writes a mail whole or not at all; gives the file's name.
///
/// # Errors
/// Why the folder cannot be written, in words.
pub(super) fn write(folder: &Path, mail: &Delivery, message: &[u8]) -> Result<String, String> {
    let name = name_of(mail);
    let aside = folder.join(format!(".{name}.part"));
    let written = create_dir_all(folder).and_then(|()| {
        let mut file = File::create(&aside)?;
        file.write_all(message)?;
        file.sync_all()?;
        rename(&aside, folder.join(&name))
    });
    match written {
        Ok(()) => Ok(name),
        Err(error) => {
            // What could not be written is not to lie about.
            let _ = std::fs::remove_file(&aside);
            Err(format!(
                "mail cannot be written to the folder `{}` (`mail: file:`): {error}",
                folder.display()
            ))
        }
    }
}

/// What is noted of a mail that lies in the folder.
pub(super) fn noted(name: &str) -> String {
    format!("{NOTED}{name}")
}

/// The file's name in what was noted; none where that says something else.
pub(super) fn written(noted: &str) -> Option<&str> {
    let name = noted.strip_prefix(NOTED)?;
    (name.ends_with(".eml") && !name.contains(['/', '\\'])).then_some(name)
}

/// `20261122T110000Z-managers-1f0c9a2b3c.eml`: the time it is for, the report, and a hash of the
/// recipient, who is not to be read off a list of files.
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
