//! Which files of a folder are one table: exports of one form, a month or a year each.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::ImportError;
use super::encoding::letters;
use super::files::{Found, Kind, files, is_meant};
use super::layout::Layout;
use super::part::parts;
use super::rows::{Row, Rows};
use crate::config::{Encoding, FileForm, FileSet};

/// What words in names mean, which somebody else knows.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// Whether a word of a file's name is of a time: a month, a week.
    pub is_period: fn(&str) -> bool,
    /// Whether a heading is what the rows of a table are told apart by: the heading, the table's name, whether it is the first.
    pub is_key: fn(&str, &str, bool) -> bool,
}

/// A file, its columns in small letters, and what tells its rows apart.
struct Export<'f> {
    file: &'f Found,
    headings: BTreeSet<String>,
    keys: Vec<Key>,
}

/// A column whose values are different in all rows of a file.
struct Key {
    heading: String,
    /// The same as it is written.
    written: String,
    values: HashSet<[u8; 16]>,
}

/// The set with files that differ in the time of their names alone, and have the same columns, as one table each, by a pattern where
/// one means just these. Where rows occur in several of them, they are told apart by a column that is called a key and is one within each
/// file, so that the last of them counts.
///
/// # Errors
/// A file cannot be read.
pub fn alike(set: &FileSet, words: &Words) -> Result<FileSet, ImportError> {
    let (found, _) = files(set)?;
    let mut by_name: BTreeMap<String, Vec<&Found>> = BTreeMap::new();
    for file in &found {
        if file.kind == Kind::Text && file.form.table.is_none() {
            let name = timeless(&stem(file), words.is_period);
            by_name.entry(name).or_default().push(file);
        }
    }
    let mut said = set.clone();
    for (name, files) in by_name.iter().filter(|(_, files)| files.len() > 1) {
        let mut exports: Vec<Vec<Export<'_>>> = Vec::new();
        for file in files {
            let export = Export::of(file, |heading, is_first| {
                (words.is_key)(heading, name, is_first)
            })?;
            match exports.iter_mut().find(|others| export.is_like(others)) {
                Some(others) => others.push(export),
                None => exports.push(vec![export]),
            }
        }
        let several = exports.iter().filter(|exports| {
            exports.len() > 1 && exports.iter().all(|one| !one.headings.is_empty())
        });
        for exports in several {
            let form = FileForm {
                table: Some(table(name, set, exports)),
                key: key(exports),
                ..FileForm::default()
            };
            let names = meaning(exports, &found, words.is_period);
            said.forms
                .extend(names.into_iter().map(|name| (name, form.clone())));
        }
    }
    Ok(said)
}

impl<'f> Export<'f> {
    fn of(file: &'f Found, is_key: impl Fn(&str, bool) -> bool) -> Result<Self, ImportError> {
        let mut export = Self {
            file,
            headings: BTreeSet::new(),
            keys: Vec::new(),
        };
        for part in parts(file)? {
            let layout = Layout::of(&*part.rows, &file.name, &file.form)?;
            let said = part.encoding.unwrap_or(Encoding::Utf8);
            let names = layout.names(layout.written.len(), said);
            let headings: Vec<String> = layout
                .written
                .iter()
                .zip(names)
                .map(|(cell, (name, _))| match std::str::from_utf8(cell) {
                    Ok(_) => name,
                    Err(_) => letters(cell, Encoding::Windows1252).trim().to_owned(),
                })
                .collect();
            export.keys = keys(&*part.rows, &layout, &headings, &is_key)?;
            let headings = headings.iter().map(|heading| heading.to_lowercase());
            export.headings.extend(headings);
        }
        Ok(export)
    }

    fn is_like(&self, others: &[Self]) -> bool {
        others
            .first()
            .is_some_and(|other| other.headings == self.headings)
    }
}

/// The columns of a file that are called a key and are one.
fn keys(
    rows: &dyn Rows,
    layout: &Layout,
    headings: &[String],
    is_key: impl Fn(&str, bool) -> bool,
) -> Result<Vec<Key>, ImportError> {
    let mut left: Vec<(usize, Key)> = headings
        .iter()
        .enumerate()
        .filter(|(place, heading)| is_key(heading, *place == 0))
        .map(|(place, heading)| {
            let key = Key {
                heading: heading.to_lowercase(),
                written: heading.clone(),
                values: HashSet::new(),
            };
            (place, key)
        })
        .collect();
    rows.read(&mut |row: Row<'_>| {
        if layout.admits(&row).is_err() {
            return Ok(true);
        }
        left.retain_mut(|(place, key)| {
            let cell = row.cells.get(*place).unwrap_or_default().trim_ascii();
            let mark = blake3::hash(cell).as_bytes().first_chunk().copied();
            !cell.is_empty() && mark.is_some_and(|mark| key.values.insert(mark))
        });
        Ok(!left.is_empty())
    })?;
    Ok(left.into_iter().map(|(_, key)| key).collect())
}

/// The heading of the first column that is a key within each file, where values of it occur in several.
fn key(exports: &[Export<'_>]) -> Option<String> {
    let (first, rest) = exports.split_first()?;
    let in_all = |key: &&Key| {
        rest.iter().all(|export| {
            let mut keys = export.keys.iter();
            keys.any(|other| other.heading == key.heading)
        })
    };
    let key = first.keys.iter().find(in_all)?;
    let mut seen: HashSet<[u8; 16]> = HashSet::new();
    let values = exports.iter().flat_map(|export| &export.keys);
    let mut values = values
        .filter(|other| other.heading == key.heading)
        .flat_map(|key| &key.values);
    values
        .any(|value| !seen.insert(*value))
        .then(|| key.written.clone())
}

/// What a table of files is called: the letters that their names begin with, else those that are left of them, else the folder.
fn table(name: &str, set: &FileSet, exports: &[Export<'_>]) -> String {
    let stems: Vec<String> = exports.iter().map(|export| stem(export.file)).collect();
    let begin = common(&stems);
    let begin = begin.trim_matches(|c: char| !c.is_alphabetic());
    let folder = || {
        let absolute = std::path::absolute(&set.folder).unwrap_or_default();
        let name = absolute.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    match (begin, name) {
        ("", "") => folder(),
        ("", name) => name.replace(' ', "_"),
        (begin, _) => begin.to_owned(),
    }
}

/// A pattern that means these files and no others of the folder; else their names.
fn meaning(exports: &[Export<'_>], all: &[Found], is_period: fn(&str) -> bool) -> Vec<String> {
    let names: Vec<String> = exports
        .iter()
        .map(|export| export.file.name.clone())
        .collect();
    let begin = common(&names);
    let begin = without_period(&begin, is_period);
    let back: Vec<String> = names
        .iter()
        .map(|name| name.chars().rev().collect())
        .collect();
    let end: String = common(&back).chars().rev().collect();
    // What is left of the time at the end of a name, as the `05` of `1-05.csv` and `2-05.csv`.
    let end = end.find('.').map_or("", |dot| end.get(dot..).unwrap_or(""));
    let pattern = format!("{begin}*{end}");
    let is_one = |file: &&Found| names.contains(&file.name);
    let meant = all.iter().filter(|file| is_meant(&pattern, &file.name));
    match begin.is_empty() || meant.clone().all(|file| is_one(&file)) {
        true if meant.count() == names.len() => vec![pattern],
        _ => names,
    }
}

fn stem(file: &Found) -> String {
    let stem = file.path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// What several texts begin with.
fn common(texts: &[String]) -> String {
    let Some((first, rest)) = texts.split_first() else {
        return String::new();
    };
    let is_shared = |(at, c): &(usize, char)| {
        let same = |text: &String| text.get(*at..).is_some_and(|rest| rest.starts_with(*c));
        rest.iter().all(same)
    };
    let shared = first.char_indices().take_while(is_shared);
    shared.map(|(_, c)| c).collect()
}

/// The beginning of a name without what is left of a time at its end: `ventas_` of `ventas_2026-`, `ventas-` of `ventas-ma`.
fn without_period<'n>(begin: &'n str, is_period: fn(&str) -> bool) -> &'n str {
    let digits =
        begin.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | ' '));
    let begin = match digits.len() < begin.len() && digits.ends_with(|c: char| c.is_alphanumeric())
    {
        // The separator before the time belongs to the name.
        true => begin.get(..digits.len() + 1).unwrap_or(digits),
        false => digits,
    };
    let begin = begin.trim_end_matches(|c: char| c.is_ascii_digit());
    let word = begin.rfind(|c: char| !c.is_alphabetic());
    match word.and_then(|at| begin.split_at_checked(at + 1)) {
        // `ma` of `marzo` and `mayo`.
        Some((before, word)) if !word.is_empty() && is_period(word) => before,
        _ => begin,
    }
}

/// The words of a name but for times and numbers, in small letters.
fn timeless(stem: &str, is_period: fn(&str) -> bool) -> String {
    let lower = stem.to_lowercase();
    // `orders (1)` is the same download once more, which is no further month.
    if lower.ends_with(')') {
        return lower;
    }
    let words = lower.split(|c: char| !c.is_alphabetic());
    let words = words.filter(|word| !word.is_empty() && !is_period(word));
    words.collect::<Vec<_>>().join(" ")
}
