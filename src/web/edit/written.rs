//! Rule files are written whole or not at all, under the lock that lists are written under, and never without it being
//! known who did it.

use std::io::{Error, Result as Done};
use std::path::{Path, PathBuf};

use tokio::runtime::Handle;

use crate::disk;
use crate::web::Web;
use crate::web::refusal::Refusal;
use crate::web::who::Visitor;

/// What a file that is not there has in place of a digest.
const NONE: &str = "none";

/// What is to become of a file, and how that is called in the audit.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) path: PathBuf,
    /// What the file must be: see [`digest_at`].
    pub(super) was: String,
    /// What it is to be; none where it is to be gone.
    pub(super) text: Option<String>,
    pub(super) what: &'static str,
    /// The segment.
    pub(super) id: String,
}

/// Why a file is as it was.
#[derive(Debug)]
pub(super) enum Unchanged {
    /// It is no longer what it must be.
    Other,
    /// The system does not let it be written.
    Refused(Error),
    /// It cannot be locked, or nobody would know who did it.
    Failed(String),
}

/// Makes the change, if the file is what it must be.
///
/// # Errors
/// See [`Unchanged`].
pub(super) async fn change(web: &Web, visitor: &Visitor, change: Change) -> Result<(), Unchanged> {
    let (lock, runtime) = (web.path().to_path_buf(), Handle::current());
    let (auditing, visitor) = (web.clone(), visitor.clone());
    let work = move || {
        let audit = || runtime.block_on(auditing.audit(&visitor, change.what, Some(&change.id)));
        // Of two saves at once, each would be made of the file as it was before the other.
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

/// What tells whether a file has changed; of one that is not there, too.
pub(super) fn digest_at(path: &Path) -> String {
    digest_of(std::fs::read(path).ok().as_deref())
}

/// The same of what was read of a file; none where it is not there.
pub(super) fn digest_of(content: Option<&[u8]>) -> String {
    content.map_or_else(
        || NONE.to_owned(),
        |content| blake3::hash(content).to_hex().to_string(),
    )
}

/// A link stays one: what it leads to is written.
fn put(path: &Path, content: Option<&[u8]>) -> Done<()> {
    let Some(content) = content else {
        return std::fs::remove_file(path);
    };
    if !disk::is_taken(path) {
        std::fs::create_dir_all(disk::folder_of(path))?;
    }
    disk::rewrite(path, content)
}
