//! Which files of a folder are one table: exports of one form, a month or a year each.

mod agreement;
mod keys;
mod naming;
mod sheets;

use std::collections::{BTreeMap, BTreeSet};

use self::keys::{Keys, key};
use self::naming::{meaning, table, timeless};
use super::ImportError;
use super::files::{Found, Kind, files};
use super::imported::Imported;
use super::layout::Layout;
use super::meant::are_in_order;
use super::part::{Part, parts, tables_of};
use super::series::are_alike;
use crate::config::{Copies, FileForm, FileSet};
use crate::engine::Watch;

/// What words in names mean.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// Whether a word of a file's name is of a time: a month, a week.
    pub is_period: fn(&str) -> bool,
    /// Whether a heading is what the rows of a table are told apart by: the heading, the table's name, whether it is the first.
    pub is_key: fn(&str, &str, bool) -> bool,
    /// Whether a table of that name is a list of people.
    pub is_of_people: fn(&str) -> bool,
    /// What the rows below these headings are called, in small letters; none where the headings do not tell.
    pub rows_called: fn(&[String]) -> Option<String>,
}

/// A file, or a sheet of one, and its columns in small letters.
struct Export<'f> {
    file: &'f Found,
    sheet: Option<String>,
    headings: Vec<String>,
}

/// The set with files that differ in the time of their names alone, and have the same columns but for a few, as one table each, by a pattern where
/// one means just these. Where rows are listed again, the last of each counts: by a column that is called a key and is one within each file.
///
/// # Errors
/// A file cannot be read, or `watch` ended it.
pub fn alike(set: &FileSet, words: &Words, watch: &dyn Watch) -> Result<FileSet, ImportError> {
    let found = files(set)?.found;
    let mut by_name: BTreeMap<String, Vec<&Found>> = BTreeMap::new();
    let mut workbooks = Vec::new();
    // What tables are called: files and sheets by themselves, and files but for their time.
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for file in &found {
        let tables = tables_of(file)?;
        let is_of_sheets = tables.len() > 1;
        let name = timeless(&file.stem(), words.is_period);
        if is_of_sheets || !name.is_empty() {
            taken.extend(tables.iter().map(|table| table.to_lowercase()));
        }
        if is_of_sheets {
            workbooks.push(file);
        } else if file.form.table.is_none() {
            taken.insert(name.clone());
            by_name.entry(name).or_default().push(file);
        }
    }
    let mut said = set.clone();
    said.forms
        .extend(sheets::alike(&workbooks, &found, words, watch)?);
    // Those that are called by nothing but their time come last: their table is not called as another one.
    for (name, files) in by_name.iter().rev().filter(|(_, files)| files.len() > 1) {
        let mut groups: Vec<Vec<Export<'_>>> = Vec::new();
        for file in files {
            let export = Export::of(file)?;
            let mut known = groups.iter_mut();
            match known.find(|group| {
                group
                    .iter()
                    .any(|other| are_alike(&export.headings, &other.headings))
            }) {
                Some(group) => group.push(export),
                None => groups.push(vec![export]),
            }
        }
        let is_named = |group: &&Vec<Export<'_>>| {
            let mut headings = group.iter().map(|export| &export.headings);
            group.len() > 1 && headings.all(|headings| !headings.is_empty())
        };
        for group in groups.iter().filter(is_named) {
            let Some(called) = table(name, set, &taken, group, words) else {
                continue;
            };
            taken.insert(called.to_lowercase());
            // Names that say nothing but a time leave it to the table's own.
            let name = if name.is_empty() { &called } else { name };
            let is_key = |heading: &str, is_first| (words.is_key)(heading, name, is_first);
            let is_of_people = (words.is_of_people)(name);
            let key = key(group, &is_key, is_of_people, watch)?;
            let stems: Vec<String> = group.iter().map(|export| export.file.stem()).collect();
            let in_order = are_in_order(&stems);
            let form = FileForm {
                table: Some(called.clone()),
                copies: (key.is_some() && !in_order).then_some(Copies::Once),
                key: key.filter(|_| in_order),
                ..FileForm::default()
            };
            said.people
                .extend(form.table.clone().filter(|_| is_of_people));
            let names = meaning(group, &found, words.is_period);
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
/// A file cannot be read, or `watch` ended it.
pub fn told_apart(
    set: &FileSet,
    imported: &Imported,
    words: &Words,
    watch: &dyn Watch,
) -> Result<Option<FileSet>, ImportError> {
    let found = files(set)?.found;
    let mut forms = set.forms.clone();
    for table in &imported.tables {
        let ([name], true) = (table.files.as_slice(), table.copies > 0) else {
            continue;
        };
        let mut files = found.iter().filter(|file| file.kind == Kind::Text);
        let Some(file) = files.find(|file| file.name == name.name) else {
            continue;
        };
        let export = Export::of(file)?;
        let is_key = |heading: &str, is_first| (words.is_key)(heading, &table.table, is_first);
        let mut keys = Keys::new();
        keys.read(&export, &export.headings, &is_key, watch)?;
        let Some(key) = keys.of_last().iter().find(|key| key.has_copies) else {
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
    fn of(file: &'f Found) -> Result<Self, ImportError> {
        let mut headings = Vec::new();
        for part in parts(file)? {
            headings.extend(headings_of(&part, file)?);
        }
        Ok(Self {
            file,
            sheet: None,
            headings,
        })
    }

    /// Each sheet of a workbook.
    fn of_sheets(file: &'f Found) -> Result<Vec<Self>, ImportError> {
        let sheets = parts(file)?.into_iter().map(|part| {
            Ok(Self {
                file,
                headings: headings_of(&part, file)?,
                sheet: Some(part.table),
            })
        });
        sheets.collect()
    }

    /// Its tables.
    fn parts(&self) -> Result<Vec<Part<'f>>, ImportError> {
        let mut parts = parts(self.file)?;
        parts.retain(|part| self.sheet.as_ref().is_none_or(|sheet| part.table == *sheet));
        Ok(parts)
    }
}

fn headings_of(part: &Part<'_>, file: &Found) -> Result<Vec<String>, ImportError> {
    let layout = Layout::of(&*part.rows, &file.name, &file.form)?;
    let named = layout.headings().into_iter();
    Ok(named.map(|heading| heading.to_lowercase()).collect())
}
