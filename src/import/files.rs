//! Which files of a folder are read.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::ImportError;
use crate::config::{FileForm, FileSet};

/// A file that is read.
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) form: FileForm,
    /// By what config names it: its name, or a pattern.
    pub(super) named: String,
}

/// What a file is by its ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Workbook,
}

/// The files in the order of their names, numbers in them by their value, and in lines what was left out.
///
/// # Errors
/// The folder cannot be read, nothing in it can be, or config names a file that is not there.
pub(super) fn files(set: &FileSet) -> Result<(Vec<Found>, Vec<String>), ImportError> {
    let folder = &set.folder;
    let unreadable = |error: std::io::Error| {
        ImportError::World(format!(
            "the folder `{}` cannot be read: {error}",
            folder.display()
        ))
    };
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    let is_wanted = |name: &String| {
        let mut only = set.only.iter();
        set.only.is_empty() || only.any(|named| is_meant(named, name))
    };
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // What is hidden, and what spreadsheets put beside a file that is open.
        if name.starts_with('.') || name.starts_with("~$") || !is_wanted(&name) {
            continue;
        }
        let kind = entry.file_type().map_err(unreadable)?;
        match kind_of(&name) {
            _ if kind.is_symlink() => left_out.push(format!("{name}: left out: it is a link")),
            _ if !kind.is_file() => left_out.push(format!("{name}: left out: it is no file")),
            Err(why) => left_out.push(format!("{name}: left out: {why}")),
            Ok(kind) => {
                let said = said_of(set, &name);
                let mut form = said.map(|(_, form)| form.clone()).unwrap_or_default();
                if form.table.is_none() {
                    // What is said of the file alone does not take it out of the table of its pattern.
                    let mut patterns = set.forms.iter().filter(|(named, _)| *named != name);
                    let pattern = patterns.find(|(named, _)| is_meant(named, &name));
                    form.table = pattern.and_then(|(_, form)| form.table.clone());
                }
                found.push(Found {
                    path: entry.path(),
                    kind,
                    form,
                    named: said.map_or_else(|| name.clone(), |(named, _)| named.clone()),
                    name,
                });
            }
        }
    }
    found.sort_by_cached_key(|file| (order_of(&file.name), file.name.clone()));
    left_out.sort();
    let named = set.forms.iter().map(|(name, _)| name);
    for name in named.chain(&set.only) {
        if !found.iter().any(|file| is_meant(name, &file.name)) {
            let words = format!(
                "the file `{name}` is named, which is not among those of `{}` that can be read",
                folder.display()
            );
            return Err(ImportError::Files(words));
        }
    }
    if found.is_empty() {
        let words = format!(
            "`{}` holds no CSV or Excel file: those that end in .csv, .tsv, .txt, .xlsx or .xlsm",
            folder.display()
        );
        let lines = std::iter::once(words).chain(left_out);
        return Err(ImportError::Files(lines.collect::<Vec<_>>().join("; ")));
    }
    Ok((found, left_out))
}

/// By what names are in order: letters in whatever case, numbers by their value, so that `_9` comes before `_10`.
fn order_of(name: &str) -> Vec<(String, u128)> {
    let lower = name.to_lowercase();
    let mut pieces = Vec::new();
    let mut rest = lower.as_str();
    while !rest.is_empty() {
        let letters = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (text, behind) = rest.split_at(letters);
        let digits = behind
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(behind.len());
        let (number, behind) = behind.split_at(digits);
        pieces.push((text.to_owned(), number.parse().unwrap_or(u128::MAX)));
        rest = behind;
    }
    pieces
}

/// What config says of a file: by its name, or else by the first pattern that it is meant by.
fn said_of<'s>(set: &'s FileSet, name: &str) -> Option<&'s (String, FileForm)> {
    let exact = set.forms.iter().find(|(named, _)| named == name);
    exact.or_else(|| set.forms.iter().find(|(named, _)| is_meant(named, name)))
}

/// Whether config means a file by a name, in which a `*` stands for any letters, in capitals or not.
pub(super) fn is_meant(named: &str, name: &str) -> bool {
    let Some((begin, rest)) = named.split_once('*') else {
        return named == name;
    };
    // `orders_05 (1).csv`, as a browser calls a second download, is meant by its name alone.
    let is_download = Path::new(name).file_stem().is_some_and(|stem| {
        let stem = stem.to_string_lossy();
        let number = stem
            .strip_suffix(')')
            .and_then(|stem| stem.rsplit_once('('));
        number.is_some_and(|(_, number)| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    });
    if is_download {
        return false;
    }
    let (begin, rest, name) = (
        begin.to_lowercase(),
        rest.to_lowercase(),
        name.to_lowercase(),
    );
    let Some(mut left) = name.strip_prefix(&begin) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(at) = left.find(piece) else {
            return false;
        };
        left = left.get(at + piece.len()..).unwrap_or_default();
    }
    left.ends_with(end)
}

/// Whether a file can be read, by its ending.
pub fn is_importable(path: &Path) -> bool {
    kind_of(&path.to_string_lossy()).is_ok()
}

fn kind_of(name: &str) -> Result<Kind, &'static str> {
    let ending = Path::new(name).extension().unwrap_or_default();
    match ending.to_string_lossy().to_lowercase().as_str() {
        "csv" | "tsv" | "tab" | "txt" => Ok(Kind::Text),
        "xlsx" | "xlsm" => Ok(Kind::Workbook),
        "xls" | "xlsb" | "ods" => Err("save it as .xlsx or .csv"),
        _ => Err("it is neither CSV nor Excel"),
    }
}

/// Opens a file, and neither a link nor a pipe.
pub(super) fn open(path: &Path, name: &str) -> Result<File, ImportError> {
    let world = |words: String| ImportError::World(format!("{name} {words}"));
    let meta = std::fs::symlink_metadata(path)
        .map_err(|error| world(format!("cannot be read: {error}")))?;
    if meta.is_symlink() {
        return Err(ImportError::of(name, "it is a link"));
    }
    crate::disk::open(path).map_err(|error| world(error.to_string()))
}

/// Raised where the same files become other tables: what an older Muster made of them is made anew.
const IMPORT_VERSION: u32 = 4;

/// A number that changes with the names, sizes and times of the files, and with what config says of them.
pub(super) fn state(files: &[Found]) -> i32 {
    let mut hash = blake3::Hasher::new();
    hash.update(&IMPORT_VERSION.to_le_bytes());
    for file in files {
        let meta = std::fs::metadata(&file.path).ok();
        let size = meta.as_ref().map_or(0, std::fs::Metadata::len);
        let time = meta.and_then(|meta| meta.modified().ok()?.duration_since(UNIX_EPOCH).ok());
        let time = time.unwrap_or_default().as_nanos();
        hash.update(format!("{}\n{size} {time} {:?}\n", file.name, file.form).as_bytes());
    }
    let [a, b, c, d, ..] = *hash.finalize().as_bytes();
    i32::from_le_bytes([a, b, c, d])
}

/// That files are empty, in words.
pub(super) fn are_empty(files: &[String]) -> String {
    match files {
        [] => "no sheet holds anything".to_owned(),
        [file] => format!("{file} is empty"),
        files => format!("{} are empty", files.join(", ")),
    }
}
