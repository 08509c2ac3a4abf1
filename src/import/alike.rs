//! Which files of a folder are one table: exports of one form, a month or a year each.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::ImportError;
use super::build::Imported;
use super::encoding::letters;
use super::files::{Found, Kind, files, is_meant};
use super::keyed::{Mark, mark_of, mark_of_all};
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

/// A column whose values are different in all rows of a file, but for rows that are the same in every column.
struct Key {
    heading: String,
    /// The same as it is written.
    written: String,
    /// Each value, with the row that has it.
    rows: HashMap<Mark, Mark>,
    /// Whether there are such rows.
    has_copies: bool,
}

/// The set with files that differ in the time of their names alone, and have the same columns but for a few, as one table each, by a pattern where
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
                table: Some(table(name, set, exports, words.is_period)),
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

/// The set with a key for each file that lists rows twice, all columns alike, and has a column by which the others are told apart; none
/// where there is no such file.
///
/// # Errors
/// A file cannot be read.
pub fn told_apart(
    set: &FileSet,
    imported: &Imported,
    words: &Words,
) -> Result<Option<FileSet>, ImportError> {
    let (found, _) = files(set)?;
    let mut forms = set.forms.clone();
    for table in &imported.tables {
        let ([name], true) = (table.files.as_slice(), table.copies > 0) else {
            continue;
        };
        let mut files = found.iter().filter(|file| file.kind == Kind::Text);
        let Some(file) = files.find(|file| file.name == *name) else {
            continue;
        };
        let export = Export::of(file, |heading, is_first| {
            (words.is_key)(heading, &table.table, is_first)
        })?;
        let Some(key) = export.keys.iter().find(|key| key.has_copies) else {
            continue;
        };
        forms.retain(|(named, _)| *named != file.named);
        let form = FileForm {
            key: Some(key.written.clone()),
            ..file.form.clone()
        };
        forms.push((file.named.clone(), form));
    }
    Ok((forms != set.forms).then(|| FileSet {
        forms,
        ..set.clone()
    }))
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

    /// Whether it has more than half of the columns of others: a later export may have one more.
    fn is_like(&self, others: &[Self]) -> bool {
        others.iter().any(|other| {
            let shared = self.headings.intersection(&other.headings).count();
            shared * 2 > self.headings.len().max(other.headings.len())
        })
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
                rows: HashMap::new(),
                has_copies: false,
            };
            (place, key)
        })
        .collect();
    rows.read(&mut |row: Row<'_>| {
        if layout.admits(&row).is_err() {
            return Ok(true);
        }
        if left.is_empty() {
            return Ok(false);
        }
        let whole = mark_of_all(&row);
        left.retain_mut(|(place, key)| {
            let cell = row.cells.get(*place).unwrap_or_default().trim_ascii();
            let before = key.rows.insert(mark_of(cell), whole);
            key.has_copies |= before.is_some();
            !cell.is_empty() && before.is_none_or(|before| before == whole)
        });
        Ok(!left.is_empty())
    })?;
    Ok(left.into_iter().map(|(_, key)| key).collect())
}

/// The heading of the first column that is a key within each file, where values of it occur again, in another one or in the same.
fn key(exports: &[Export<'_>]) -> Option<String> {
    let (first, rest) = exports.split_first()?;
    let in_all = |key: &&Key| {
        rest.iter().all(|export| {
            let mut keys = export.keys.iter();
            keys.any(|other| other.heading == key.heading)
        })
    };
    let key = first.keys.iter().find(in_all)?;
    let mut seen: HashSet<Mark> = HashSet::new();
    let keys = exports.iter().flat_map(|export| &export.keys);
    let mut keys = keys.filter(|other| other.heading == key.heading);
    keys.any(|key| key.has_copies || key.rows.keys().any(|value| !seen.insert(*value)))
        .then(|| key.written.clone())
}

/// What a table of files is called: what their names begin with, else the letters that are left of them, else the folder.
fn table(name: &str, set: &FileSet, exports: &[Export<'_>], is_period: fn(&str) -> bool) -> String {
    let begin = beginning(exports, is_period);
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
    let files = exports.iter().map(|export| export.file);
    let names: Vec<String> = files.clone().map(|file| file.name.clone()).collect();
    let endings: BTreeSet<String> = files
        .map(|file| file.path.extension().unwrap_or_default())
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .collect();
    let (begin, Some(ending)) = (beginning(exports, is_period), endings.first()) else {
        return names;
    };
    let pattern = format!("{begin}*.{ending}");
    let mut meant = all.iter().filter(|file| is_meant(&pattern, &file.name));
    let is_pattern =
        endings.len() == 1 && !begin.is_empty() && meant.all(|file| names.contains(&file.name));
    if is_pattern { vec![pattern] } else { names }
}

fn stem(file: &Found) -> String {
    let stem = file.path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// What the names of files begin with, in letters of any case, before the time that each is of: `ventas_` of `ventas_2026-05` and `ventas_2026-06`,
/// `visits-` of `visits-march` and `visits-may`.
fn beginning(exports: &[Export<'_>], is_period: fn(&str) -> bool) -> String {
    let stems: Vec<Vec<char>> = exports
        .iter()
        .map(|export| stem(export.file).chars().collect())
        .collect();
    let Some((first, rest)) = stems.split_first() else {
        return String::new();
    };
    let is_shared = |(at, c): &(usize, &char)| {
        let same = |other: &char| other.to_lowercase().eq(c.to_lowercase());
        rest.iter().all(|stem| stem.get(*at).is_some_and(same))
    };
    let shared = first.iter().enumerate().take_while(is_shared).count();
    let goes_on = |stem: &Vec<char>| stem.get(shared).is_some_and(|c| c.is_alphabetic());
    let begin: String = first.iter().take(shared).collect();
    let begin = match stems.iter().any(goes_on) {
        // Part of a word that differs.
        true => begin.trim_end_matches(char::is_alphabetic),
        false => &begin,
    };
    let mut letters = begin.trim_end_matches(|c: char| !c.is_alphabetic());
    // `q` of `sales q1` and `sales q2`.
    if let Some((before, word)) = letters.rsplit_once(|c: char| !c.is_alphabetic())
        && is_period(&word.to_lowercase())
    {
        letters = before.trim_end_matches(|c: char| !c.is_alphabetic());
    }
    // What stands between a name and its time is part of neither.
    let between = begin.get(letters.len()..).unwrap_or_default().chars();
    let between = between.take_while(|c| !c.is_numeric());
    letters.chars().chain(between.take(1)).collect()
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
