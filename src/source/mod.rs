//! Files as texts with positions: maps bytes of decoded YAML scalars to locations in the file.

mod file;
mod lines;
mod list;
mod node;
mod replace;
mod scalar;
mod strip;
mod walk;
mod wall;
mod yaml;

use std::path::{Path, PathBuf};

pub use file::{MAX_FILE_BYTES, ReadError, read, read_within};
pub use lines::{Replacement, column, line_end, line_start, line_stop, replaced, trimmed};
pub use list::{Commas, Entry, entries};
pub use node::{Node, NodeKind, YamlError, YamlFault};
pub use replace::{escaped, replacement};
pub use scalar::{Placed, Scalar, types_entry, yaml_quoted};
pub use strip::stripped;
use wall::lies_in;
pub use yaml::parse;

/// A file that was read, by index in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub usize);

/// A byte range in a file's raw text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Location {
    /// Whether another location starts in this one.
    pub fn touches(self, other: Self) -> bool {
        self.file == other.file && (self.start..=self.end).contains(&other.start)
    }

    /// Whether a cursor before a byte of a file is in this location, or directly after it.
    pub fn holds(self, file: FileId, byte: usize) -> bool {
        self.file == file && (self.start..=self.end).contains(&byte)
    }

    /// Whether two locations overlap.
    pub fn meets(self, other: Self) -> bool {
        self.file == other.file && self.start < other.end && other.start < self.end
    }
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SourceFile {
    /// The display path: relative to the working directory where possible.
    pub path: PathBuf,
    /// The raw text, including byte-order mark and line endings.
    pub text: String,
}

/// Every file that was read, so that findings can quote it.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    origin: Origin,
}

/// Where texts come from.
#[derive(Debug, Clone, Default)]
enum Origin {
    /// The disk.
    #[default]
    Disk,
    /// Only these files exist.
    Kept(Vec<SourceFile>),
    /// These files are open in an editor; all others are on disk.
    Editor {
        open: Vec<SourceFile>,
        /// Nothing outside this folder is read; `None` means no restriction.
        within: Option<PathBuf>,
    },
}

impl Sources {
    /// Sources without any file read, which never access the disk: only these files exist.
    pub fn in_memory(files: impl IntoIterator<Item = (PathBuf, String)>) -> Self {
        let files = files.into_iter();
        Self {
            files: Vec::new(),
            origin: Origin::Kept(
                files
                    .map(|(path, text)| SourceFile { path, text })
                    .collect(),
            ),
        }
    }

    /// Sources without any file read. Files open in an editor are read from there, everything else from disk, and only
    /// inside a folder if one is given.
    pub fn in_editor(open: Vec<SourceFile>, within: Option<PathBuf>) -> Self {
        Self {
            files: Vec::new(),
            origin: Origin::Editor { open, within },
        }
    }

    /// Sources without any file read, which return every file as it was read here, regardless of the disk.
    pub fn kept(&self) -> Self {
        Self {
            files: Vec::new(),
            origin: Origin::Kept(self.files.clone()),
        }
    }

    /// Sources without any file read, with these texts in place of those read before; other files come from where they
    /// came from.
    pub fn with(&self, files: Vec<SourceFile>) -> Self {
        let within = match &self.origin {
            Origin::Kept(_) => {
                let origin = Origin::Kept(files);
                return Self {
                    files: Vec::new(),
                    origin,
                };
            }
            Origin::Editor { within, .. } => within.clone(),
            Origin::Disk => None,
        };
        Self::in_editor(files, within)
    }

    /// These sources with the files of `others` already added: a location in those stays valid in the result.
    pub fn behind(self, others: &Self) -> Self {
        Self {
            files: others.files.clone(),
            ..self
        }
    }

    /// The kept files in the order read; `None` if files come from the disk.
    pub fn kept_paths(&self) -> Option<Vec<PathBuf>> {
        let Origin::Kept(kept) = &self.origin else {
            return None;
        };
        Some(kept.iter().map(|file| file.path.clone()).collect())
    }

    /// The files open in an editor, whether they exist on disk or not.
    pub fn open_paths(&self) -> impl Iterator<Item = &Path> {
        let open = match &self.origin {
            Origin::Editor { open, .. } => open.as_slice(),
            Origin::Disk | Origin::Kept(_) => &[],
        };
        open.iter().map(|file| file.path.as_path())
    }

    /// Reads a file, kept or from disk, without adding it.
    ///
    /// # Errors
    /// See [`read`]; a file that was not kept does not exist.
    pub fn read(&self, path: &Path) -> Result<String, ReadError> {
        self.read_within(path, MAX_FILE_BYTES)
    }

    /// Like [`Sources::read`], with a size limit.
    ///
    /// # Errors
    /// See [`read_within`]; a file that was not kept, or may not be read, does not exist.
    pub fn read_within(&self, path: &Path, most: u64) -> Result<String, ReadError> {
        let held = |files: &[SourceFile]| {
            let mut files = files.iter();
            let file = files.find(|file| file.path == path);
            file.map(|file| file.text.clone())
        };
        match &self.origin {
            Origin::Disk => read_within(path, most),
            Origin::Kept(kept) => {
                held(kept).ok_or_else(|| ReadError::Unreadable("it was not kept".into()))
            }
            Origin::Editor { open, within } => match (held(open), within) {
                (Some(text), _) if text.len() as u64 > most => Err(ReadError::TooLarge(most)),
                (Some(text), _) => Ok(text),
                (None, Some(folder)) if !lies_in(path, folder) => Err(ReadError::Unreadable(
                    format!("it lies outside `{}`", folder.display()),
                )),
                (None, _) => read_within(path, most),
            },
        }
    }

    /// Whether a path may be followed: always, or only inside the folder that reading is restricted to.
    pub fn may_follow(&self, path: &Path) -> bool {
        match &self.origin {
            Origin::Editor {
                within: Some(folder),
                ..
            } => lies_in(path, folder),
            Origin::Editor { within: None, .. } | Origin::Disk | Origin::Kept(_) => true,
        }
    }

    /// Adds a file's text and returns its handle.
    pub fn add(&mut self, path: &Path, text: String) -> FileId {
        self.files.push(SourceFile {
            path: path.to_path_buf(),
            text,
        });
        FileId(self.files.len() - 1)
    }

    /// The raw text of a location; empty if it is not in these sources.
    pub fn slice(&self, location: Location) -> &str {
        self.get(location.file)
            .and_then(|file| file.text.get(location.start..location.end))
            .unwrap_or("")
    }

    /// The file of a handle, if it is in these sources.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0)
    }

    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(i), f))
    }

    /// A location for display: `rules/a.yaml:12`.
    pub fn place(&self, location: Location) -> String {
        let path = self.get(location.file).map(|file| file.path.display());
        let (line, _) = self.line_column(location);
        path.map_or_else(String::new, |path| format!("{path}:{line}"))
    }

    /// Line and column (both from 1, columns in characters) of a location's start.
    pub fn line_column(&self, location: Location) -> (usize, usize) {
        let Some(file) = self.get(location.file) else {
            return (1, 1);
        };
        let before = file.text.get(..location.start).unwrap_or(&file.text);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or("")
            .trim_start_matches('\u{feff}')
            .chars()
            .count()
            + 1;
        (line, column)
    }
}
