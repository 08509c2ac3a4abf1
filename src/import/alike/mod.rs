//! Which files of a folder are one table: exports of the same form, one for each month or year.

mod agreement;
mod corrected;
mod groups;
mod keys;
mod naming;
mod sheets;
mod together;

use std::collections::{BTreeMap, BTreeSet};

use self::corrected::corrected;
use self::groups::{Group, Named, Single, firsts};
use self::keys::{Keys, key};
use self::naming::{meaning, table, timeless};
use self::together::{Together, together};
use super::ImportError;
use super::files::{Found, Kind, files};
use super::imported::Imported;
use super::meant::{disorder, is_meant};
use super::part::{Part, parts, tables_of};
use super::rows::is_empty;
use crate::config::{Copies, FileForm, FileSet, Sheets};
use crate::engine::Watch;

/// What words in names mean.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// Whether a word in a file's name stands for a time: a month, a week.
    pub is_period: fn(&str) -> bool,
    /// Whether a heading can be that of a table's key, given the heading, the table's name, and whether it is the first heading.
    pub is_key: fn(&str, &str, bool) -> bool,
    /// Whether a table of that name is a list of people.
    pub is_of_people: fn(&str) -> bool,
    /// What the rows below these headings are called, in lower case; `None` if the headings do not tell.
    pub rows_called: fn(&[String]) -> Option<String>,
}

/// A file, or a sheet of one, and its columns in lower case.
#[derive(Clone)]
struct Export<'f> {
    file: &'f Found,
    sheet: Option<String>,
    headings: Vec<String>,
    /// Whether it lists the rows of another export again, whose name it extends.
    is_more: bool,
}

/// Makes one table of files whose names differ only in their time and whose columns are the same but for a few, by a pattern if one matches exactly
/// these files; and does the same for sheets of workbooks. Where rows are listed again, also in a file whose name is that of another plus
/// something, the last row of each key counts: the key is a column whose name suggests one and that is one within each file. Also returns lines for
/// people about files and sheets that may have been meant to be one table but stay separate.
///
/// # Errors
/// A file cannot be read, or `watch` ended it.
pub fn alike(
    set: &FileSet,
    words: &Words,
    watch: &dyn Watch,
) -> Result<(FileSet, Vec<String>), ImportError> {
    let found = files(set)?.found;
    let mut by_name: BTreeMap<String, Vec<Single<'_>>> = BTreeMap::new();
    let (mut workbooks, mut of_sheets) = (Vec::new(), Vec::new());
    let mut told = Vec::new();
    // The names of other tables, in lower case.
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for file in &found {
        let tables = tables_of(file)?;
        let mut together = match tables.len() {
            0 | 1 => Together::default(),
            _ => together(file, words, watch)?,
        };
        told.append(&mut together.told);
        match <[String; 1]>::try_from(tables) {
            Ok([table]) if file.form.table.is_none() => {
                let name = timeless(&file.stem(), words.is_period);
                by_name.entry(name).or_default().push(Single {
                    file,
                    table,
                    sheets: Vec::new(),
                    is_more: false,
                });
            }
            Ok([table]) => {
                taken.insert(table.to_lowercase());
            }
            Err(tables) => {
                taken.extend(tables.iter().map(|table| table.to_lowercase()));
                match (together.sheets.is_empty(), together.name.is_empty()) {
                    (true, _) => workbooks.push(file),
                    (false, false) => of_sheets.push((file, together)),
                    (false, true) => by_name
                        .entry(timeless(&file.stem(), words.is_period))
                        .or_default()
                        .push(Single {
                            file,
                            table: file.stem(),
                            sheets: together.sheets,
                            is_more: false,
                        }),
                }
            }
        }
    }
    told.extend(corrected(&mut by_name, words, watch)?);
    let mut said = set.clone();
    workbooks.extend(of_sheets.iter().map(|(file, _)| *file));
    let by_sheet = sheets::alike(&workbooks, &found, words, watch)?;
    of_sheets.retain(|(file, together)| {
        let is_by_sheet = by_sheet
            .iter()
            .any(|(named, _)| is_meant(named, &file.name));
        told.extend(is_by_sheet.then(|| together.left_apart(file)));
        !is_by_sheet
    });
    said.forms.extend(by_sheet);
    let mut all: Vec<Named<'_>> = Vec::new();
    // Files whose names are only a time come last, so that their table does not take the name of another one.
    for (name, files) in by_name.into_iter().rev() {
        let named = Named::of(&name, files)?;
        let alone = named.alone.iter();
        taken.extend(alone.map(|(single, _)| single.table.to_lowercase()));
        if named.groups.is_empty() {
            taken.insert(name);
        }
        all.push(named);
    }
    let groups = all.iter().flat_map(|named| &named.groups);
    let begun: Vec<(&str, String)> = groups
        .map(|group| (group.name.as_str(), group.begin(words.is_period)))
        .collect();
    for named in &all {
        let past = named.groups.iter().filter(|group| group.is_past);
        let past: Vec<&str> = past.flat_map(Group::names).collect();
        let mut tables = Vec::new();
        for group in &named.groups {
            let of_one = group.only_file().filter(|_| !group.name.is_empty());
            let called = match of_one {
                Some(file) => Some(file.stem()),
                None => table(group, &begun, set, &taken, words),
            };
            taken.extend(called.iter().map(|called| called.to_lowercase()));
            if let Some(called) = &called {
                let form = FileForm {
                    table: Some(called.clone()).filter(|_| of_one.is_none()),
                    ..form(group, called, words, watch)?
                };
                let is_of_people = (words.is_of_people)(group.word(called));
                said.people.extend(is_of_people.then(|| called.clone()));
                let names = match (group.only_file(), group.is_past) {
                    (Some(file), _) => vec![file.name.clone()],
                    // No pattern: no further file belongs to these.
                    (None, true) => group.names().into_iter().map(str::to_owned).collect(),
                    (None, false) => {
                        let others = found.iter().filter(|file| !past.contains(&&*file.name));
                        meaning(&group.exports, others, words.is_period)
                    }
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
            tables.push(called);
        }
        told.extend(named.told(&tables));
    }
    for (file, together) in of_sheets {
        let stem = file.stem();
        let mut names = together.table.iter().chain([&stem]);
        let free = names.find(|name| !taken.contains(&name.to_lowercase()));
        let Some(called) = free.cloned() else {
            told.push(together.left_apart(file));
            continue;
        };
        taken.insert(called.to_lowercase());
        let group = Group {
            name: together.name,
            exports: together.sheets,
            is_past: false,
        };
        let form = FileForm {
            table: Some(called.clone()).filter(|called| *called != stem),
            ..form(&group, &called, words, watch)?
        };
        let is_of_people = (words.is_of_people)(group.word(&called));
        said.people.extend(is_of_people.then_some(called));
        said.forms.push((file.name.clone(), form));
    }
    Ok((said, told))
}

/// What config should say of the files of a table.
fn form(
    group: &Group<'_>,
    called: &str,
    words: &Words,
    watch: &dyn Watch,
) -> Result<FileForm, ImportError> {
    let name = group.word(called);
    let is_key = |heading: &str, is_first| (words.is_key)(heading, name, is_first);
    let key = key(&group.exports, &is_key, (words.is_of_people)(name), watch)?;
    let in_order = disorder(&dated(&group.exports)).is_none();
    let are_together = group.exports.iter().any(|export| export.sheet.is_some());
    Ok(FileForm {
        sheets: are_together.then_some(Sheets::Together),
        copies: (key.is_some() && !in_order).then_some(Copies::Once),
        key: key.filter(|_| in_order),
        ..FileForm::default()
    })
}

/// The set with a key for each file that lists rows twice, equal in all columns, and that has a column identifying the others; `None` if there is
/// no such file.
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
            is_more: false,
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
                    is_more: false,
                });
            }
        }
        Ok(sheets)
    }

    /// The name of its sheet; empty if it is a file.
    fn called(&self) -> &str {
        self.sheet.as_deref().unwrap_or_default()
    }

    /// Whether a table of its file belongs to it.
    fn is_of(&self, part: &Part<'_>) -> bool {
        let sheet = self.sheet.as_ref();
        sheet.is_none_or(|sheet| part.table == *sheet)
    }
}

/// The file, if all of these exports are sheets of one file.
fn only_file<'f>(exports: &[Export<'f>]) -> Option<&'f Found> {
    let (first, rest) = exports.split_first()?;
    let is_only = rest.iter().all(|other| other.file.name == first.file.name);
    is_only.then_some(first.file)
}

/// The names that tell the times of the exports.
fn dated(exports: &[Export<'_>]) -> Vec<String> {
    let is_of_one = only_file(exports).is_some();
    let names = firsts(exports).map(|export| match &export.sheet {
        Some(sheet) if is_of_one => sheet.clone(),
        Some(sheet) => format!("{} {sheet}", export.file.stem()),
        None => export.file.stem(),
    });
    names.collect()
}

fn headings_of(part: &Part<'_>) -> Result<Vec<String>, ImportError> {
    let named = part.layout()?.headings().into_iter();
    Ok(named.map(|heading| heading.to_lowercase()).collect())
}
