//! What stands under a name and is no file: a pipe would be waited for, and a device has no end.

use std::fs::FileType;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// What to do about a database that is not there.
pub fn without_database(path: &Path) -> &'static str {
    match path.ends_with("demo/studio.db") {
        true => "see `database:` in the config, or make it with `muster demo`",
        false => "see `database:` in the config",
    }
}

/// Whether there is a file under a name that holds nothing at all.
pub fn is_empty_file(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.len() == 0)
}

/// What stands under a name in place of a file, in words; none where a file does, or nothing.
///
/// # Errors
/// The system does not say.
pub fn no_file(path: &Path) -> std::io::Result<Option<&'static str>> {
    match path.metadata() {
        Ok(meta) => Ok(kind(meta.file_type())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What stands in place of a database, or of a file that SQLite keeps beside one: its path, and what it is.
///
/// # Errors
/// The system does not say of the database; what it does not say of the others, SQLite finds.
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

/// Why a file that may be read cannot be opened all the same; none where it can.
pub fn too_many_open(path: &Path) -> Option<&'static str> {
    scarce(&std::fs::File::open(path).err()?)
}

/// In words, that no more files can be opened; none for any other error.
fn scarce(error: &Error) -> Option<&'static str> {
    // ENFILE and EMFILE: Linux, macOS and the BSDs number them so.
    match error.raw_os_error() {
        Some(23) => Some("the machine has too many files open"),
        Some(24) => Some("this process has too many files open; `ulimit -n` says how many it may"),
        _ => None,
    }
}

/// The system's words without the number that it puts behind them.
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
