//! Which files of a folder are one table: exports of one form, a month or a year each.

mod agreement;
mod keys;
mod naming;
mod sheets;

use std::collections::{BTreeMap, BTreeSet};

use self::keys::{Keys, key};
use self::naming::{meaning, stem, table, timeless};
use super::ImportError;
use super::files::{Found, Kind, files};
use super::imported::Imported;
use super::meant::{are_in_order, is_meant};
use super::part::{Part, parts, tables_of};
use super::rows::is_empty;
use super::series::are_alike;
use crate::config::{Copies, FileForm, FileSet, Sheets};
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
/// one means just these; and so the sheets of workbooks that are called by their time alone. Where rows are listed again, the last of each counts:
/// by a column that is called a key and is one within each file.
///
/// # Errors
/// A file cannot be read, or `watch` ended it.
pub fn alike(set: &FileSet, words: &Words, watch: &dyn Watch) -> Result<FileSet, ImportError> {
    let found = files(set)?.found;
    // Each file with those of its sheets that are one table.
    let mut by_name: BTreeMap<String, Vec<(&Found, Vec<Export<'_>>)>> = BTreeMap::new();
    let mut workbooks = Vec::new();
    // What tables are called: files and sheets by themselves, and files but for their time.
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for file in &found {
        let tables = tables_of(file)?;
        let name = timeless(&stem(file), words.is_period);
        let together = match tables.len() {
            0 | 1 => Vec::new(),
            _ => sheets::together(file, words)?,
        };
        let is_of_sheets = tables.len() > 1 && together.is_empty();
        if tables.len() > 1 || !name.is_empty() {
            taken.extend(tables.iter().map(|table| table.to_lowercase()));
        }
        if is_of_sheets {
            workbooks.push(file);
        } else if file.form.table.is_none() {
            taken.insert(name.clone());
            by_name.entry(name).or_default().push((file, together));
        }
    }
    let mut said = set.clone();
    said.forms
        .extend(sheets::alike(&workbooks, &found, words, watch)?);
    // Those that are called by nothing but their time come last: their table is not called as another one.
    for (name, files) in by_name.into_iter().rev() {
        let is_several = files.len() > 1 || files.iter().any(|(_, sheets)| !sheets.is_empty());
        if !is_several {
            continue;
        }
        let is_named = |group: &&Vec<Export<'_>>| {
            let mut headings = group.iter().map(|export| &export.headings);
            group.len() > 1 && headings.all(|headings| !headings.is_empty())
        };
        for group in groups(files)?.iter().filter(is_named) {
            let of_one = only_file(group).filter(|_| !name.is_empty());
            let called = match of_one {
                Some(file) => Some(stem(file)),
                None => table(&name, set, &taken, group, words),
            };
            let Some(called) = called else {
                continue;
            };
            taken.insert(called.to_lowercase());
            // Names that say nothing but a time leave it to the table's own.
            let name = if name.is_empty() { &called } else { &name };
            let is_key = |heading: &str, is_first| (words.is_key)(heading, name, is_first);
            let is_of_people = (words.is_of_people)(name);
            let key = key(group, &is_key, is_of_people, watch)?;
            let in_order = are_in_order(&dated(group));
            let are_together = group.iter().any(|export| export.sheet.is_some());
            let form = FileForm {
                table: Some(called.clone()).filter(|_| of_one.is_none()),
                sheets: are_together.then_some(Sheets::Together),
                copies: (key.is_some() && !in_order).then_some(Copies::Once),
                key: key.filter(|_| in_order),
                ..FileForm::default()
            };
            said.people.extend(Some(called).filter(|_| is_of_people));
            let names = match only_file(group) {
                Some(file) => vec![file.name.clone()],
                None => meaning(group, &found, words.is_period),
            };
            let is_text = |name: &String| {
                let mut files = found.iter().filter(|file| is_meant(name, &file.name));
                files.any(|file| file.kind == Kind::Text)
            };
            said.forms.extend(names.into_iter().map(|name| {
                let mut form = form.clone();
                form.sheets = form.sheets.filter(|_| !is_text(&name));
                (name, form)
            }));
        }
    }
    Ok(said)
}

/// Files, each with those of its sheets that are one table, by their columns: those that have the same ones but for a few are of one group.
fn groups<'f>(
    files: Vec<(&'f Found, Vec<Export<'f>>)>,
) -> Result<Vec<Vec<Export<'f>>>, ImportError> {
    let mut groups: Vec<Vec<Export<'f>>> = Vec::new();
    for (file, sheets) in files {
        let exports = match sheets.is_empty() {
            true => vec![Export::of(file)?],
            false => sheets,
        };
        let is_alike = |group: &&mut Vec<Export<'f>>| {
            let mut pairs = exports
                .iter()
                .flat_map(|own| group.iter().map(move |other| (own, other)));
            pairs.any(|(own, other)| are_alike(&own.headings, &other.headings))
        };
        match groups.iter_mut().find(is_alike) {
            Some(group) => group.extend(exports),
            None => groups.push(exports),
        }
    }
    Ok(groups)
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
        keys.read(parts(file)?.iter(), &export.headings, &is_key, watch)?;
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
            headings.extend(headings_of(&part)?);
        }
        Ok(Self {
            file,
            sheet: None,
            headings,
        })
    }

    /// Each sheet of a workbook that holds anything.
    fn of_sheets(file: &'f Found) -> Result<Vec<Self>, ImportError> {
        let mut sheets = Vec::new();
        for part in parts(file)? {
            if !is_empty(&*part.rows)? {
                sheets.push(Self {
                    file,
                    headings: headings_of(&part)?,
                    sheet: Some(part.table),
                });
            }
        }
        Ok(sheets)
    }

    /// Whether a table of its file is one of it.
    fn is_of(&self, part: &Part<'_>) -> bool {
        let sheet = self.sheet.as_ref();
        sheet.is_none_or(|sheet| part.table == *sheet)
    }
}

/// The file of exports that are the sheets of one.
fn only_file<'f>(exports: &[Export<'f>]) -> Option<&'f Found> {
    let (first, rest) = exports.split_first()?;
    let is_only = rest.iter().all(|other| other.file.name == first.file.name);
    is_only.then_some(first.file)
}

/// The names by which the times of exports are told.
fn dated(exports: &[Export<'_>]) -> Vec<String> {
    let is_of_one = only_file(exports).is_some();
    let names = exports.iter().map(|export| match &export.sheet {
        Some(sheet) if is_of_one => sheet.clone(),
        Some(sheet) => format!("{} {sheet}", stem(export.file)),
        None => stem(export.file),
    });
    names.collect()
}

fn headings_of(part: &Part<'_>) -> Result<Vec<String>, ImportError> {
    let named = part.layout()?.headings().into_iter();
    Ok(named.map(|heading| heading.to_lowercase()).collect())
}
