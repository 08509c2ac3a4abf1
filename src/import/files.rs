//! Which files of a folder are read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::ImportError;
use super::meant::{First, is_meant, order_of, said_of};
use crate::config::{FileForm, FileSet};

/// The extensions of text files and of workbooks.
const TEXTS: [&str; 4] = ["csv", "tsv", "tab", "txt"];
const WORKBOOKS: [&str; 2] = ["xlsx", "xlsm"];

/// A file that is read.
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) form: FileForm,
    /// How config refers to it: by its name, or by a pattern.
    pub(super) named: String,
}

impl Found {
    /// Its name without the extension.
    pub(super) fn stem(&self) -> String {
        let stem = self.path.file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    }
}

/// The kind of a file, by its extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Workbook,
}

/// Something in a folder that is not read.
pub(super) struct LeftOut {
    name: String,
    why: &'static str,
    /// Whether its name is that of a file that would be read although it is not one: a link, a folder.
    pub(super) is_called_so: bool,
}

impl LeftOut {
    pub(super) fn line(&self) -> String {
        format!("{}: left out: {}", self.name, self.why)
    }
}

/// The files of a folder in the order of their names, with numbers in names compared by value; and what is not read.
pub(super) struct Folder {
    pub(super) found: Vec<Found>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Lists the folder.
///
/// # Errors
/// The folder cannot be read or holds nothing that can be, config names a file that does not exist, or two of its patterns match the same file.
pub(super) fn files(set: &FileSet) -> Result<Folder, ImportError> {
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
        // Hidden files, and those that spreadsheet programs create next to an open file.
        let is_hidden = name.starts_with('.') && !is_nameless(&name);
        if is_hidden || name.starts_with("~$") || !is_wanted(&name) {
            continue;
        }
        let kind = entry.file_type().map_err(unreadable)?;
        let read_as = kind_of(&name);
        let why = match read_as {
            _ if kind.is_symlink() => "it is a link",
            _ if !kind.is_file() => "it is not a file",
            _ if is_nameless(&name) => "it has no name before its extension",
            Err(why) => why,
            Ok(kind) => {
                let (form, named) = said_of(set, &name).map_err(ImportError::Files)?;
                let form = FileForm {
                    links: set.links.clone(),
                    times: set.times.clone(),
                    ..form
                };
                found.push(Found {
                    path: entry.path(),
                    name,
                    kind,
                    form,
                    named,
                });
                continue;
            }
        };
        left_out.push(LeftOut {
            why,
            is_called_so: read_as.is_ok(),
            name,
        });
    }
    found.sort_by_cached_key(|file| (order_of(&file.stem(), First::Day), file.name.clone()));
    left_out.sort_by(|one, other| one.name.cmp(&other.name));
    let named = set.forms.iter().map(|(name, _)| name);
    for name in named.chain(&set.only) {
        if !found.iter().any(|file| is_meant(name, &file.name)) {
            let place = set.place_of(name);
            let renamed = renamed(set, name, &found).map_or_else(String::new, |other| {
                format!(
                    ": was it renamed to `{other}`? Then write that there{}",
                    as_before(set, name)
                )
            });
            let words = format!(
                "config names `{name}`{place}, but `{}` has no readable file of that name{renamed}",
                folder.display()
            );
            return Err(ImportError::Files(words));
        }
    }
    if found.is_empty() {
        let words = format!(
            "`{}` holds no CSV or Excel file: those that end in {}",
            folder.display(),
            endings()
        );
        let lines = std::iter::once(words).chain(left_out.iter().map(LeftOut::line));
        return Err(ImportError::Files(lines.collect::<Vec<_>>().join("; ")));
    }
    Ok(Folder { found, left_out })
}

/// What else config has to say of a file under its new name, so that its table keeps its own name.
fn as_before(set: &FileSet, name: &str) -> String {
    let mut forms = set.forms.iter();
    let form = forms.find(|(named, _)| named == name).map(|(_, form)| form);
    let stem = Path::new(name).file_stem().unwrap_or_default();
    match form.is_some_and(|form| form.table.is_some()) || name.contains('*') {
        true => String::new(),
        false => format!(", with `table: {}`", stem.to_string_lossy()),
    }
}

/// The file that is most likely the missing one under a new name: it begins alike, and config says nothing of it.
fn renamed<'f>(set: &FileSet, gone: &str, found: &'f [Found]) -> Option<&'f str> {
    let is_unsaid = |file: &&Found| {
        let mut forms = set.forms.iter();
        !forms.any(|(named, _)| is_meant(named, &file.name))
    };
    let alike = |name: &str| {
        let pairs = gone.chars().zip(name.chars());
        let same = pairs.take_while(|(one, other)| one.to_lowercase().eq(other.to_lowercase()));
        same.count()
    };
    let stem = Path::new(gone).file_stem().unwrap_or_default();
    let least = stem
        .to_string_lossy()
        .chars()
        .count()
        .div_ceil(2)
        .clamp(2, 4);
    let unsaid = found
        .iter()
        .filter(is_unsaid)
        .map(|file| file.name.as_str());
    let likely = unsaid.filter(|name| alike(name) >= least);
    likely.max_by_key(|name| alike(name))
}

/// Whether a name consists only of the extension of a file that would be read: `.csv`.
fn is_nameless(name: &str) -> bool {
    let ending = name.strip_prefix('.');
    ending.is_some_and(|ending| kind_of(&format!("x.{ending}")).is_ok() && !ending.contains('.'))
}

/// Whether a file can be read, judging by its extension.
pub fn is_importable(path: &Path) -> bool {
    kind_of(&path.to_string_lossy()).is_ok()
}

/// The extensions of files that are read, in words.
fn endings() -> String {
    let all = TEXTS.iter().chain(&WORKBOOKS);
    let mut all: Vec<String> = all.map(|ending| format!(".{ending}")).collect();
    let last = all.pop().unwrap_or_default();
    format!("{} or {last}", all.join(", "))
}

fn kind_of(name: &str) -> Result<Kind, &'static str> {
    let ending = Path::new(name).extension().unwrap_or_default();
    match ending.to_string_lossy().to_lowercase().as_str() {
        ending if TEXTS.contains(&ending) => Ok(Kind::Text),
        ending if WORKBOOKS.contains(&ending) => Ok(Kind::Workbook),
        "xls" | "xlsb" | "ods" => Err("save it as .xlsx or .csv"),
        _ => Err("it is neither CSV nor Excel"),
    }
}

/// Opens a file, but neither a link nor a pipe.
pub(super) fn open(path: &Path, name: &str) -> Result<File, ImportError> {
    let world = |words: String| ImportError::World(format!("{name} {words}"));
    let meta = std::fs::symlink_metadata(path)
        .map_err(|error| world(format!("cannot be read: {error}")))?;
    if meta.is_symlink() {
        return Err(ImportError::of(name, "it is a link"));
    }
    crate::disk::open(path).map_err(|error| world(error.to_string()))
}

/// Raised when the same files become different tables, so that databases made by an older Muster are rebuilt.
const IMPORT_VERSION: u32 = 9;

/// A number that changes with the names, sizes and times of the files, with what config says of them, and with entries that are named as a file but
/// are none.
pub(super) fn state(folder: &Folder) -> i32 {
    let mut hash = blake3::Hasher::new();
    hash.update(&IMPORT_VERSION.to_le_bytes());
    for file in &folder.found {
        let meta = std::fs::metadata(&file.path).ok();
        let size = meta.as_ref().map_or(0, std::fs::Metadata::len);
        let time = meta.and_then(|meta| meta.modified().ok()?.duration_since(UNIX_EPOCH).ok());
        let time = time.unwrap_or_default().as_nanos();
        hash.update(format!("{}\n{size} {time} {:?}\n", file.name, file.form).as_bytes());
    }
    for left_out in folder.left_out.iter().filter(|left| left.is_called_so) {
        hash.update(left_out.line().as_bytes());
    }
    let [a, b, c, d, ..] = *hash.finalize().as_bytes();
    i32::from_le_bytes([a, b, c, d])
}

/// Whether a text file ends in a line ending, of one byte per character or of two.
pub(super) fn ends_line(file: &Found) -> bool {
    let last = || -> std::io::Result<[u8; 2]> {
        let mut open = File::open(&file.path)?;
        let mut last = [0; 2];
        open.seek(SeekFrom::End(-2))?;
        open.read_exact(&mut last)?;
        Ok(last)
    };
    match last() {
        Ok([end, 0] | [_, end]) => file.kind == Kind::Workbook || end == b'\n' || end == b'\r',
        // A file that cannot be read is not reported as ending in half a line.
        Err(_) => true,
    }
}

/// The message that files are empty.
pub(super) fn are_empty(files: &[String]) -> String {
    match files {
        [] => "no sheet holds anything".to_owned(),
        [file] => format!("{file} is empty"),
        files => format!("{} are empty", files.join(", ")),
    }
}
