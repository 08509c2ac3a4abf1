//! Writes rule files atomically, under the same lock as lists, and always with an entry in the audit log.

use std::io::{Error, Result as Done};
use std::path::{Path, PathBuf};

use tokio::runtime::Handle;

use crate::disk;
use crate::web::Web;
use crate::web::refusal::Refusal;
use crate::web::who::Visitor;

/// Stands in for the digest of a missing file.
const NONE: &str = "none";

/// A change to a file, and its name in the audit log.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) path: PathBuf,
    /// The digest that the file must have: see [`digest_at`].
    pub(super) was: String,
    /// The new text; `None` deletes the file.
    pub(super) text: Option<String>,
    pub(super) what: &'static str,
    /// The segment id.
    pub(super) id: String,
}

/// Why a file was not changed.
#[derive(Debug)]
pub(super) enum Unchanged {
    /// Its digest differs from the expected one.
    Other,
    /// The system refused the write.
    Refused(Error),
    /// The file could not be locked, or the audit log could not be written.
    Failed(String),
}

/// Makes the change, if the file has the expected digest.
///
/// # Errors
/// See [`Unchanged`].
pub(super) async fn change(web: &Web, visitor: &Visitor, change: Change) -> Result<(), Unchanged> {
    let (lock, runtime) = (web.path().to_path_buf(), Handle::current());
    let (auditing, visitor) = (web.clone(), visitor.clone());
    let work = move || {
        let audit = || runtime.block_on(auditing.audit(&visitor, change.what, Some(&change.id)));
        // Without the lock, two concurrent saves would both start from the same old file.
        disk::alone(&lock, || change.make(audit))
    };
    let done = tokio::task::spawn_blocking(work).await;
    web.forget_files();
    let failed = |error: &dyn std::fmt::Display| Unchanged::Failed(error.to_string());
    done.map_err(|error| failed(&error))?
        .map_err(|error| failed(&format!("the rules cannot be locked: {error}")))?
}

impl Change {
    fn make(&self, audit: impl FnOnce() -> Result<(), Refusal>) -> Result<(), Unchanged> {
        let old = std::fs::read(&self.path).ok();
        if digest_of(old.as_deref()) != self.was {
            return Err(Unchanged::Other);
        }
        let new = self.text.as_ref().map(String::as_bytes);
        put(&self.path, new).map_err(Unchanged::Refused)?;
        audit().map_err(|refusal| match put(&self.path, old.as_deref()) {
            Ok(()) => Unchanged::Failed(refusal.reason),
            Err(error) => Unchanged::Refused(error),
        })
    }
}

/// A digest that shows whether a file has changed; a missing file has one, too.
pub(super) fn digest_at(path: &Path) -> String {
    digest_of(std::fs::read(path).ok().as_deref())
}

/// The digest of a file's content; `None` means the file is missing.
pub(super) fn digest_of(content: Option<&[u8]>) -> String {
    content.map_or_else(
        || NONE.to_owned(),
        |content| blake3::hash(content).to_hex().to_string(),
    )
}

/// Writes through a symbolic link instead of replacing it.
fn put(path: &Path, content: Option<&[u8]>) -> Done<()> {
    let Some(content) = content else {
        return std::fs::remove_file(path);
    };
    if !disk::is_taken(path) {
        std::fs::create_dir_all(disk::folder_of(path))?;
    }
    disk::rewrite(path, content)
}
