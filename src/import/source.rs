//! Where the rows of a table come from: files, or the sheets of workbooks.

use super::files::Found;
use super::meant::{First, order_of, tells_time};
use crate::config::Sheets;

/// A file, or one of the sheets of a workbook.
#[derive(Clone)]
pub(super) struct Source<'f> {
    pub(super) file: &'f Found,
    /// The sheet, if the workbook has several.
    pub(super) sheet: Option<String>,
}

/// What the sources of a table are called in messages about one of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    File,
    /// A sheet of a workbook whose sheets are one table together.
    Sheet,
}

impl Source<'_> {
    /// Its sheet, if config makes one table of the sheets of its workbook.
    fn together(&self) -> Option<&str> {
        let is_together = self.file.form.sheets == Some(Sheets::Together);
        self.sheet.as_deref().filter(|_| is_together)
    }

    pub(super) fn is_together(&self) -> bool {
        self.together().is_some()
    }

    /// Its name for people.
    pub(super) fn name(&self) -> String {
        match self.together() {
            Some(sheet) => format!("{} (sheet `{sheet}`)", self.file.name),
            None => self.file.name.clone(),
        }
    }

    /// The name of the sheet if its sheets are one table, else that of the file.
    pub(super) fn last_name(&self) -> &str {
        self.together().unwrap_or(&self.file.name)
    }

    /// The names of the file, without its extension, and of the sheet combined.
    pub(super) fn dated_name(&self) -> String {
        match self.together() {
            Some(sheet) => format!("{} {sheet}", self.file.stem()),
            None => self.file.stem(),
        }
    }

    /// The names for its table if it is kept apart, in order of preference: its own name, and for sheets of several workbooks both names.
    pub(super) fn names_apart(&self) -> Vec<String> {
        match self.together() {
            Some(sheet) => vec![
                sheet.trim().to_owned(),
                format!("{} {}", self.file.stem(), sheet.trim()),
            ],
            None => vec![self.file.stem()],
        }
    }

    /// Whether config names the file itself, rather than by a pattern or as one of the sheets of a workbook: then its rows certainly belong to its
    /// table.
    pub(super) fn is_sure(&self) -> bool {
        !self.is_together() && self.file.named == self.file.name
    }

    /// Whether it is an extra sheet, such as a summary or a list of clients, in a workbook where `other`, a sheet of the table, is named by a time
    /// or number.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        let both = self.together().zip(other.together());
        both.is_some_and(|(own, other)| tells_time(other) && !tells_time(own))
    }

    pub(super) fn unit(&self) -> Unit {
        match self.is_together() {
            true => Unit::Sheet,
            false => Unit::File,
        }
    }
}

impl Unit {
    /// The unit of several sources.
    pub(super) fn of<'s>(mut sources: impl Iterator<Item = &'s Source<'s>>) -> Self {
        match sources.all(Source::is_together) {
            true => Self::Sheet,
            false => Self::File,
        }
    }

    pub(super) fn one(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Sheet => "sheet",
        }
    }

    pub(super) fn several(self) -> &'static str {
        match self {
            Self::File => "files",
            Self::Sheet => "sheets",
        }
    }

    /// What to do about one that has lost its headings.
    pub(super) fn with_headings(self) -> &'static str {
        match self {
            Self::File => "export it with its headings, or write them above its rows",
            Self::Sheet => "write them above its rows",
        }
    }

    /// The phrase for what config says of one.
    pub(super) fn said_of(self) -> &'static str {
        match self {
            Self::File => "it",
            Self::Sheet => "its workbook",
        }
    }

    /// What to do about one that is written differently from the others.
    pub(super) fn like_the_others(self) -> &'static str {
        match self {
            Self::File => "export it like the others",
            Self::Sheet => "write it like the others",
        }
    }
}

/// Puts sheets in order: those named by times or numbers in the order that files have, the others after them.
pub(super) fn put_sheets_in_order<T>(sheets: &mut [T], name: impl Fn(&T) -> &str) {
    let first = First::among(sheets.iter().map(&name));
    sheets.sort_by_cached_key(|sheet| {
        let name = name(sheet);
        (!tells_time(name), order_of(name, first))
    });
}

/// The files of sources, each once. Sheets of one workbook follow each other.
pub(super) fn files_of<'f>(sources: &[Source<'f>]) -> Vec<&'f Found> {
    let mut files: Vec<&Found> = sources.iter().map(|source| source.file).collect();
    files.dedup_by(|one, other| one.name == other.name);
    files
}

/// The name for several sources together.
pub(super) fn name_of(sources: &[Source<'_>]) -> String {
    let sheets = match Unit::of(sources.iter()) {
        Unit::Sheet => format!(" ({} sheets)", sources.len()),
        Unit::File => String::new(),
    };
    match (sources, files_of(sources).as_slice()) {
        ([source], _) => source.name(),
        (_, [first, rest @ ..]) if !rest.is_empty() => {
            let files = if rest.len() == 1 { "file" } else { "files" };
            format!("{} and {} more {files}{sheets}", first.name, rest.len())
        }
        (_, files) => {
            files
                .iter()
                .map(|file| file.name.as_str())
                .collect::<String>()
                + &sheets
        }
    }
}

/// The names that tell the times of sources. For sheets of several workbooks the two names together tell the time, such as `2026` and `March`.
pub(super) fn dated_names(sources: &[Source<'_>]) -> Vec<String> {
    let is_of_several = files_of(sources).len() > 1;
    let names = sources.iter().map(|source| match source.together() {
        Some(sheet) if !is_of_several => sheet.to_owned(),
        _ => source.dated_name(),
    });
    names.collect()
}
