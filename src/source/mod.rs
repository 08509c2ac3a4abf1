//! Files as text with positions: where a byte of a decoded YAML scalar stands in the file.

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

/// A file that was read, by its place in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub usize);

/// A byte range of a file's raw text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Location {
    /// Whether another place begins in this one.
    pub fn touches(self, other: Self) -> bool {
        self.file == other.file && (self.start..=self.end).contains(&other.start)
    }

    /// Whether a cursor before a byte of a file stands in it, or right behind it.
    pub fn holds(self, file: FileId, byte: usize) -> bool {
        self.file == file && (self.start..=self.end).contains(&byte)
    }

    /// Whether two places have a byte in common.
    pub fn meets(self, other: Self) -> bool {
        self.file == other.file && self.start < other.end && other.start < self.end
    }
}

/// One file as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SourceFile {
    /// The path as it is shown: relative to the working directory where possible.
    pub path: PathBuf,
    /// The raw text, byte-order mark and line ends included.
    pub text: String,
}

/// Every file that was read, so that a finding can quote it.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    origin: Origin,
}

/// Where texts are read.
#[derive(Debug, Clone, Default)]
enum Origin {
    /// On the disk.
    #[default]
    Disk,
    /// These are all the files that there are.
    Kept(Vec<SourceFile>),
    /// These are open in an editor; all others are on the disk.
    Editor {
        open: Vec<SourceFile>,
        /// Nothing outside this folder is read; none where everything may be.
        within: Option<PathBuf>,
    },
}

impl Sources {
    /// No file yet, and the disk is never asked: these are all the files that there are.
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

    /// No file yet. What is open in an editor is read as it stands there, everything else from the disk: only inside a
    /// folder, where one is given.
    pub fn in_editor(open: Vec<SourceFile>, within: Option<PathBuf>) -> Self {
        Self {
            files: Vec::new(),
            origin: Origin::Editor { open, within },
        }
    }

    /// No file yet, and every file is as it was read here, whatever the disk has by now.
    pub fn kept(&self) -> Self {
        Self {
            files: Vec::new(),
            origin: Origin::Kept(self.files.clone()),
        }
    }

    /// No file yet, and these texts in the place of those that were read; what was not is where it was.
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

    /// The same files to read, behind those that others have taken in: a place in them stays a place in these.
    pub fn behind(self, others: &Self) -> Self {
        Self {
            files: others.files.clone(),
            ..self
        }
    }

    /// The kept files in the order read; none where the disk is read.
    pub fn kept_paths(&self) -> Option<Vec<PathBuf>> {
        let Origin::Kept(kept) = &self.origin else {
            return None;
        };
        Some(kept.iter().map(|file| file.path.clone()).collect())
    }

    /// The files that are open in an editor, whether they are on the disk or not.
    pub fn open_paths(&self) -> impl Iterator<Item = &Path> {
        let open = match &self.origin {
            Origin::Editor { open, .. } => open.as_slice(),
            Origin::Disk | Origin::Kept(_) => &[],
        };
        open.iter().map(|file| file.path.as_path())
    }

    /// Reads a file, kept or from the disk; does not take it in.
    ///
    /// # Errors
    /// See [`read`]; a file that was not kept is not there.
    pub fn read(&self, path: &Path) -> Result<String, ReadError> {
        self.read_within(path, MAX_FILE_BYTES)
    }

    /// As [`Sources::read`], of a file that may have so many bytes.
    ///
    /// # Errors
    /// See [`read_within`]; a file that was not kept, or that may not be read, is not there.
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

    /// Whether a path may be followed: wherever it leads, or no further than the folder outside of which nothing is read.
    pub fn may_follow(&self, path: &Path) -> bool {
        match &self.origin {
            Origin::Editor {
                within: Some(folder),
                ..
            } => lies_in(path, folder),
            Origin::Editor { within: None, .. } | Origin::Disk | Origin::Kept(_) => true,
        }
    }

    /// Takes a file's text in and returns its handle.
    pub fn add(&mut self, path: &Path, text: String) -> FileId {
        self.files.push(SourceFile {
            path: path.to_path_buf(),
            text,
        });
        FileId(self.files.len() - 1)
    }

    /// The raw bytes of a location; empty where it is none of ours.
    pub fn slice(&self, location: Location) -> &str {
        self.get(location.file)
            .and_then(|file| file.text.get(location.start..location.end))
            .unwrap_or("")
    }

    /// The file behind a handle, if it is one of ours.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0)
    }

    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(i), f))
    }

    /// A place as people write it: `rules/a.yaml:12`.
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
