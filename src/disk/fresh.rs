//! Writing a file anew. It is made under a name that nobody can know beforehand, by this process alone, and
//! takes the place of what stands under its own name once it is whole. So a link is replaced, never followed,
//! whatever it leads to keeps what it has, and a reader never finds half a file.

use std::fs::{File, OpenOptions, symlink_metadata};
use std::io::{Error, Result, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::{Builder, NamedTempFile};

use super::special::no_file;

/// The names of files that are not complete yet; random characters are between the two.
const ASIDE: (&str, &str) = (".muster-", ".part");

/// Nobody writes one file for so long: what is older was left behind by a process that was killed.
const ABANDONED: Duration = Duration::from_secs(3_600);

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Its owner alone: it names people.
    Owner,
    /// Who could read the file that it takes the place of; where there was none, whom the umask lets.
    Usual,
}

/// A file on its way to its name. Dropped before [`Fresh::keep`], it leaves nothing behind.
#[derive(Debug)]
pub struct Fresh {
    file: NamedTempFile,
    path: PathBuf,
}

impl Fresh {
    /// Begins a file that is to stand at `path`, in a folder that is there.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn beside(path: &Path, access: Access) -> Result<Self> {
        let mut builder = Builder::new();
        builder.prefix(ASIDE.0).suffix(ASIDE.1);
        if access == Access::Usual {
            permit(&mut builder, 0o666);
        }
        let folder = folder_of(path);
        std::fs::metadata(folder)?;
        // What went wrong, without the name that nobody asked for.
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

    /// Where the file is until then: for what writes by a name.
    pub fn aside(&self) -> &Path {
        self.file.path()
    }

    /// Puts the file where it belongs, in place of what stands there.
    ///
    /// # Errors
    /// The disk is full, or a folder stands there.
    pub fn keep(self) -> Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist(&self.path)?;
        Ok(())
    }

    /// The same where nothing may stand there.
    ///
    /// # Errors
    /// [`std::io::ErrorKind::AlreadyExists`] where something does, a link that leads nowhere included.
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

/// Writes a file anew, whole or not at all.
///
/// # Errors
/// See [`Fresh`].
pub fn write(path: &Path, content: &[u8], access: Access) -> Result<()> {
    let mut file = Fresh::beside(path, access)?;
    file.write_all(content)?;
    file.keep()
}

/// Writes a file where nothing may stand, and the folders that it is to lie in.
///
/// # Errors
/// [`std::io::ErrorKind::AlreadyExists`] where something does, or see [`Fresh`].
pub fn write_new(path: &Path, content: &[u8]) -> Result<()> {
    std::fs::create_dir_all(folder_of(path))?;
    let mut file = Fresh::beside(path, Access::Usual)?;
    file.write_all(content)?;
    file.keep_new()
}

/// Writes a file of people's own anew, whole or not at all: a link stays one and what it leads to is written, and its
/// permissions and, where the system lets us, its owner stay.
///
/// # Errors
/// Nobody may write it, or see [`Fresh`].
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
        // Only the superuser can give a file away: to others it becomes theirs, as in any editor.
        let _ = fchown(file.file.as_file(), Some(old.uid()), Some(old.gid()));
    }
    file.keep()
}

/// Refuses a file that nobody may write; a link is what it leads to.
///
/// # Errors
/// It is read-only.
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

/// True where anything stands under a name, be it a link that leads nowhere.
pub fn is_taken(path: &Path) -> bool {
    symlink_metadata(path).is_ok()
}

/// Refuses a name under which something other than a file stands: a person who names a pipe or a device wants something
/// to go into it, and it would be replaced.
///
/// # Errors
/// What stands there.
pub fn refuse_special(path: &Path) -> Result<()> {
    match no_file(path) {
        Ok(Some(kind)) => Err(Error::other(format!("it is {kind}, not a file"))),
        // What the system does not say, writing says.
        Ok(None) | Err(_) => Ok(()),
    }
}

/// Makes an empty file that its owner can write, its group can read and others cannot, where the umask allows
/// as much.
///
/// # Errors
/// [`std::io::ErrorKind::AlreadyExists`] where anything stands there, a link that leads nowhere included.
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

/// Deletes what processes that were killed left in a folder before it was whole.
pub fn sweep(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // Of a link it is the link's own age and kind.
        let old = entry.metadata().ok().filter(std::fs::Metadata::is_file);
        let age = old.and_then(|meta| meta.modified().ok()?.elapsed().ok());
        let ours = name.starts_with(ASIDE.0) && name.ends_with(ASIDE.1);
        if ours && age.is_some_and(|age| age > ABANDONED) {
            // Without permission to delete it, it is found again.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The folder that a path is in; `.` for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Sets what a file is made with; the umask takes its share.
#[cfg(unix)]
fn permit(builder: &mut Builder<'_, '_>, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(mode));
}

/// Sets what a file is made with: nothing that is known here.
#[cfg(not(unix))]
fn permit(_: &mut Builder<'_, '_>, _: u32) {}
