//! Atomic replacement of files. The new file is written under an unpredictable name, by this process alone, and renamed
//! into place once it is complete. So a symbolic link is replaced, never followed, whatever it points to is preserved,
//! and a reader never finds half a file.

use std::fs::{File, OpenOptions, symlink_metadata};
use std::io::{Error, Result, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::{Builder, NamedTempFile};

use super::special::no_file;

/// The affixes of incomplete files; random characters are between the two.
const ASIDE: (&str, &str) = (".muster-", ".part");

/// No file takes this long to write: an older one was left behind by a process that was killed.
const ABANDONED: Duration = Duration::from_secs(3_600);

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Only its owner, because it names people.
    Owner,
    /// Whoever could read the replaced file; for a new file, as the umask allows.
    Usual,
}

/// A file not yet in place. Dropped before [`Fresh::keep`], it is removed.
#[derive(Debug)]
pub struct Fresh {
    file: NamedTempFile,
    path: PathBuf,
}

impl Fresh {
    /// Starts a file that will be placed at `path`, in an existing folder.
    ///
    /// # Errors
    /// The folder is not writable.
    pub fn beside(path: &Path, access: Access) -> Result<Self> {
        let mut builder = Builder::new();
        builder.prefix(ASIDE.0).suffix(ASIDE.1);
        if access == Access::Usual {
            permit(&mut builder, 0o666);
        }
        let folder = folder_of(path);
        std::fs::metadata(folder)?;
        // The error without the temporary name, which means nothing to the user.
        let file = builder
            .tempfile_in(folder)
            .map_err(|error| Error::from(error.kind()))?;
        if access == Access::Usual
            && let Some(old) = symlink_metadata(path).ok().filter(|old| old.is_file())
        {
            file.as_file().set_permissions(old.permissions())?;
        }
        let path = path.to_path_buf();
        Ok(Self { file, path })
    }

    /// The temporary path, for writers that need one.
    pub fn aside(&self) -> &Path {
        self.file.path()
    }

    /// Moves the file into place, replacing what is there.
    ///
    /// # Errors
    /// The disk is full, or the path is a folder.
    pub fn keep(self) -> Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist(&self.path)?;
        Ok(())
    }

    /// The same, if the path must not exist.
    ///
    /// # Errors
    /// [`std::io::ErrorKind::AlreadyExists`] if it does, even as a dangling link.
    pub fn keep_new(self) -> Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist_noclobber(&self.path)?;
        Ok(())
    }
}

impl Write for Fresh {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        self.file.flush()
    }
}

/// Writes a file atomically.
///
/// # Errors
/// See [`Fresh`].
pub fn write(path: &Path, content: &[u8], access: Access) -> Result<()> {
    let mut file = Fresh::beside(path, access)?;
    file.write_all(content)?;
    file.keep()
}

/// Writes a file that must not exist, and creates its folders.
///
/// # Errors
/// [`std::io::ErrorKind::AlreadyExists`] if it exists, or see [`Fresh`].
pub fn write_new(path: &Path, content: &[u8]) -> Result<()> {
    std::fs::create_dir_all(folder_of(path))?;
    let mut file = Fresh::beside(path, Access::Usual)?;
    file.write_all(content)?;
    file.keep_new()
}

/// Rewrites a file that people edit, atomically: a symbolic link is kept and its target is written; permissions and,
/// where the system allows it, the owner are preserved.
///
/// # Errors
/// The file is read-only, or see [`Fresh`].
pub fn rewrite(path: &Path, content: &[u8]) -> Result<()> {
    let path = match symlink_metadata(path) {
        Ok(link) if link.is_symlink() => path.canonicalize()?,
        _ => path.to_path_buf(),
    };
    refuse_read_only(&path)?;
    let old = std::fs::metadata(&path).ok();
    let mut file = Fresh::beside(&path, Access::Usual)?;
    file.write_all(content)?;
    #[cfg(unix)]
    if let Some(old) = old {
        use std::os::unix::fs::{MetadataExt, fchown};
        // Only the superuser can give a file away: for others it becomes their own, as in any editor.
        let _ = fchown(file.file.as_file(), Some(old.uid()), Some(old.gid()));
    }
    file.keep()
}

/// Rejects a read-only file; a link counts as its target.
///
/// # Errors
/// The file is read-only.
pub fn refuse_read_only(path: &Path) -> Result<()> {
    let file = std::fs::metadata(path);
    match file.is_ok_and(|file| file.permissions().readonly()) {
        true => {
            let words = "it is read-only";
            Err(Error::new(std::io::ErrorKind::PermissionDenied, words))
        }
        false => Ok(()),
    }
}

/// True if the path exists, even as a dangling link.
pub fn is_taken(path: &Path) -> bool {
    symlink_metadata(path).is_ok()
}

/// Rejects a path that is not a regular file: a user who names a pipe or a device wants it to be written to, but it
/// would be replaced.
///
/// # Errors
/// What the path is.
pub fn refuse_special(path: &Path) -> Result<()> {
    match no_file(path) {
        Ok(Some(kind)) => Err(Error::other(format!("it is {kind}, not a file"))),
        // If the system does not tell, writing will.
        Ok(None) | Err(_) => Ok(()),
    }
}

/// Creates an empty file that its owner can write, its group can read and others cannot access, as far as the umask
/// allows.
///
/// # Errors
/// [`std::io::ErrorKind::AlreadyExists`] if the path exists, even as a dangling link.
pub fn create_empty(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o640);
    }
    options.open(path)
}

/// Deletes incomplete files that killed processes left in a folder.
pub fn sweep(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // For a link, this is the age and kind of the link itself.
        let old = entry.metadata().ok().filter(std::fs::Metadata::is_file);
        let age = old.and_then(|meta| meta.modified().ok()?.elapsed().ok());
        let ours = name.starts_with(ASIDE.0) && name.ends_with(ASIDE.1);
        if ours && age.is_some_and(|age| age > ABANDONED) {
            // If deleting is not permitted, it will be found again.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The folder of a path; `.` for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Sets the mode of a new file; the umask applies.
#[cfg(unix)]
fn permit(builder: &mut Builder<'_, '_>, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(mode));
}

/// Sets nothing: modes are unknown on this platform.
#[cfg(not(unix))]
fn permit(_: &mut Builder<'_, '_>, _: u32) {}
