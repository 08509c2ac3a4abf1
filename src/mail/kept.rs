//! Files that are too large for a mail and are kept beside config, and how they and mail in a folder are removed again.
//! Only files that were written here and not changed since are removed.

use std::fs::symlink_metadata;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::files::File;
use crate::config::{Config, MailTransport};
use crate::disk::{Access, open, sweep};
use crate::store::{ReportFile, Store, StoreError};
use crate::time::Direction;

/// The headers of a mail end before this many bytes.
const HEAD: u64 = 64 * 1024;

/// The folder in which the files of a report are kept.
pub(super) fn folder(config: &Path, report: &str) -> PathBuf {
    config.join("reports").join(report)
}

/// Writes files of a report, each atomically and readable by its owner alone: members are personal data.
///
/// # Errors
/// In words.
pub(super) fn keep(files: &[File], config: &Path, report: &str) -> Result<Vec<ReportFile>, String> {
    let folder = folder(config, report);
    let wrong = |error: &dyn std::fmt::Display| {
        format!(
            "the files cannot be written to `{}`: {error}",
            folder.display()
        )
    };
    std::fs::create_dir_all(&folder).map_err(|error| wrong(&error))?;
    sweep(&folder);
    let mut kept = Vec::new();
    for file in files {
        let written = crate::disk::write(&folder.join(&file.name), &file.content, Access::Owner);
        written.map_err(|error| wrong(&error))?;
        kept.push(ReportFile {
            report: report.to_owned(),
            name: file.name.clone(),
            digest: digest(&file.content),
        });
    }
    Ok(kept)
}

/// The result of a removal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cleared {
    /// How many files were deleted.
    pub deleted: u64,
    /// How many have been changed since they were written: these belong to whoever changed them.
    pub changed: u64,
    /// The files that could not be deleted, and why.
    pub failed: Vec<(PathBuf, String)>,
}

/// Deletes files of reports that are older than the retained history, as of `now` in microseconds UTC, and those that
/// contain a client who was forgotten.
///
/// # Errors
/// The results cannot be read or written.
pub async fn clear_report_files(
    config: &Config,
    store: &mut Store,
    now: i64,
) -> Result<Cleared, StoreError> {
    let mut cleared = Cleared::default();
    for file in store.old_report_files(before(config, now)).await? {
        let path = folder(&config.folder, &file.report).join(&file.name);
        let ours = |content: &mut dyn Read| {
            let mut hash = blake3::Hasher::new();
            std::io::copy(content, &mut hash)?;
            Ok(hash.finalize().to_hex().as_str() == file.digest)
        };
        if cleared.delete(&path, ours) {
            store.report_file_gone(&file).await?;
        }
    }
    Ok(cleared)
}

/// Deletes the reports that were written into config's folder, as `.eml` files.
///
/// # Errors
/// The results cannot be read.
pub async fn clear_folder(config: &Config, store: &mut Store) -> Result<Cleared, StoreError> {
    let mut cleared = Cleared::default();
    let transport = config.mail.as_ref().map(|mail| &mail.transport);
    let Some(MailTransport::File(folder)) = transport else {
        return Ok(cleared);
    };
    for (response, id) in store.reports_in_folders().await? {
        let Some(name) = super::folder::written(&response) else {
            continue;
        };
        let ours = |content: &mut dyn Read| {
            let mut head = Vec::new();
            content.take(HEAD).read_to_end(&mut head)?;
            // A long id stands on a line of its own, after its header's name.
            let mut parts = head.windows(id.len().max(1));
            Ok(parts.any(|part| part.eq_ignore_ascii_case(id.as_bytes())))
        };
        cleared.delete(&folder.join(name), ours);
    }
    Ok(cleared)
}

/// The instant since which files are kept; `None` if they are kept forever.
pub(super) fn before(config: &Config, now: i64) -> Option<i64> {
    let zone = config.timezone;
    let clock = crate::time::Clock { now, zone };
    let keep = config.keep?;
    Some(clock.shift_instant(now, keep, Direction::Earlier))
}

impl Cleared {
    /// Deletes a file if it is ours. True if nothing more has to be done about it.
    fn delete(
        &mut self,
        path: &Path,
        ours: impl Fn(&mut dyn Read) -> std::io::Result<bool>,
    ) -> bool {
        match symlink_metadata(path) {
            Ok(meta) if meta.is_file() => {}
            // What was written here is a file, so a link, a pipe or a folder was put in its place.
            Ok(_) => {
                self.changed += 1;
                return true;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return true,
            Err(error) => return self.fails(path, &error),
        }
        let mut file = match open(path) {
            Ok(file) => file,
            Err(error) => return self.fails(path, &error),
        };
        match ours(&mut file) {
            Ok(true) => {}
            Ok(false) => {
                self.changed += 1;
                return true;
            }
            Err(error) => return self.fails(path, &error),
        }
        match std::fs::remove_file(path) {
            Ok(()) => {
                self.deleted += 1;
                true
            }
            Err(error) => self.fails(path, &error),
        }
    }

    fn fails(&mut self, path: &Path, error: &dyn std::fmt::Display) -> bool {
        self.failed.push((path.to_path_buf(), error.to_string()));
        false
    }
}

fn digest(content: &[u8]) -> String {
    blake3::hash(content).to_hex().to_string()
}
