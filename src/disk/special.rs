//! Paths that are not regular files: a pipe would block, and a device has no end.

use std::fs::FileType;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// What to do about a missing database.
pub fn without_database(path: &Path) -> &'static str {
    match path.ends_with("demo/studio.db") {
        true => "see `database:` in the config, or make it with `muster demo`",
        false => "see `database:` in the config",
    }
}

/// Whether a path is an empty file.
pub fn is_empty_file(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.len() == 0)
}

/// What a path is, in words, if not a regular file; `None` if it is one, or does not exist.
///
/// # Errors
/// The system does not tell.
pub fn no_file(path: &Path) -> std::io::Result<Option<&'static str>> {
    match path.metadata() {
        Ok(meta) => Ok(kind(meta.file_type())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The first path, of a database or of the files that SQLite keeps beside it, that is not a regular file, and what it
/// is.
///
/// # Errors
/// The system does not tell for the database; for the other files, SQLite will find out.
pub fn no_database(path: &Path) -> std::io::Result<Option<(PathBuf, &'static str)>> {
    if let Some(kind) = no_file(path)? {
        return Ok(Some((path.to_path_buf(), kind)));
    }
    let beside = ["-journal", "-wal", "-shm"].map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    });
    let mut special = beside.into_iter().filter_map(|path| {
        let kind = no_file(&path).ok()??;
        Some((path, kind))
    });
    Ok(special.next())
}

/// Why a readable file still cannot be opened; `None` if it can.
pub fn too_many_open(path: &Path) -> Option<&'static str> {
    scarce(&std::fs::File::open(path).err()?)
}

/// The message that no more files can be opened; `None` for any other error.
fn scarce(error: &Error) -> Option<&'static str> {
    // ENFILE and EMFILE: these are their numbers on Linux, macOS and the BSDs.
    match error.raw_os_error() {
        Some(23) => Some("the machine has too many files open"),
        Some(24) => Some("this process has too many files open; `ulimit -n` says how many it may"),
        _ => None,
    }
}

/// The system's message without the trailing error number.
pub(super) fn reason(error: &Error) -> String {
    if let Some(words) = scarce(error) {
        return words.into();
    }
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".into(),
        ErrorKind::PermissionDenied => "the permission to read it is missing".into(),
        _ => error.to_string(),
    }
}

fn kind(of: FileType) -> Option<&'static str> {
    if of.is_file() {
        return None;
    }
    if of.is_dir() {
        return Some("a folder");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if of.is_fifo() {
            return Some("a pipe");
        }
        if of.is_socket() {
            return Some("a socket");
        }
    }
    Some("a device")
}
