//! Which tables the files of a folder make.

use super::ImportError;
use super::files::{Found, Kind};
use super::layout::Layout;
use super::meant::{By, are_in_order, put_in_order, told_by};
use super::part::{Part, parts, tables_of};
use super::rows::is_empty;
use super::series::{are_alike, decisive};
use crate::engine::Watch;

/// What is opened at once: a workbook keeps its texts in memory while it is open.
pub(super) enum Work<'f> {
    /// One table of one file or of several, by its name in small letters.
    Table(String, Vec<&'f Found>),
    /// All sheets of a workbook that shares no table with other files.
    Workbook(&'f Found),
}

/// Tables that are opened, and what has to be said of their files.
#[derive(Default)]
pub(super) struct Opened<'f> {
    pub(super) parts: Vec<Part<'f>>,
    /// The names of files that hold nothing, each with its table.
    pub(super) empty: Vec<(String, String)>,
    /// What is left a table of its own: the table, and a line for people.
    pub(super) apart: Vec<(String, String)>,
    /// Which files are not read, as the last one alone is.
    pub(super) superseded: Option<String>,
    /// That nothing tells whether that is the latest.
    pub(super) doubted: Option<String>,
}

/// What there is to import, in the order of the files: those of one table, which config says they are, are joined.
///
/// # Errors
/// A file cannot be read.
pub(super) fn plan(files: &[Found]) -> Result<Vec<Work<'_>>, ImportError> {
    let named = files.iter().map(|file| {
        let tables = tables_of(file)?.into_iter();
        Ok(tables.map(|table| table.to_lowercase()).collect())
    });
    let named: Vec<Vec<String>> = named.collect::<Result<_, ImportError>>()?;
    let is_shared = |table: &String| {
        let all = named.iter().flatten();
        all.filter(|other| *other == table).nth(1).is_some()
    };
    let mut work: Vec<Work<'_>> = Vec::new();
    for (file, tables) in files.iter().zip(&named) {
        if file.kind == Kind::Workbook && !tables.iter().any(is_shared) {
            work.push(Work::Workbook(file));
            continue;
        }
        for table in tables {
            let mut known = work.iter_mut().filter_map(|work| match work {
                Work::Table(name, files) if name == table => Some(files),
                Work::Table(..) | Work::Workbook(_) => None,
            });
            match known.next() {
                // Two sheets of it are opened at once.
                Some(files) if files.last().is_some_and(|last| std::ptr::eq(*last, file)) => {}
                Some(files) => files.push(file),
                None => work.push(Work::Table(table.clone(), vec![file])),
            }
        }
    }
    for work in &mut work {
        if let Work::Table(_, files) = work {
            put_in_order(files, |file| file.stem());
        }
    }
    Ok(work)
}

impl<'f> Work<'f> {
    /// Opens it; `keys` are what config names as keys of tables.
    ///
    /// # Errors
    /// A file cannot be read, or two would be one table and are not meant so.
    pub(super) fn open(
        self,
        keys: &[(String, String)],
        watch: &'f dyn Watch,
    ) -> Result<Opened<'f>, ImportError> {
        match self {
            Self::Workbook(file) => Ok(Opened {
                parts: parts(file)?,
                ..Opened::default()
            }),
            Self::Table(table, files) => {
                let mut own = Vec::new();
                for file in files {
                    let of_table = parts(file)?.into_iter();
                    own.extend(of_table.filter(|part| part.table.to_lowercase() == table));
                }
                let mut keys = keys.iter();
                let key = keys.find(|(of, _)| of.to_lowercase() == table);
                Opened::of_table(own, key.map(|(_, key)| key.as_str()), watch)
            }
        }
    }
}

impl<'f> Opened<'f> {
    /// The parts of one table as one, but for those that are none of it.
    fn of_table(
        parts: Vec<Part<'f>>,
        key: Option<&str>,
        watch: &'f dyn Watch,
    ) -> Result<Self, ImportError> {
        let mut opened = Self::default();
        let is_several = parts.len() > 1;
        let mut joined = Vec::new();
        for part in parts {
            if is_several && is_empty(&*part.rows)? {
                opened.empty.push((part.name(), part.table));
                continue;
            }
            joined.push(part);
        }
        let mut lists = Vec::new();
        for part in joined.iter().filter(|_| is_several) {
            lists.push(match part.file() {
                Some(file) => (headings(file)?, file.named == file.name),
                None => (Vec::new(), true),
            });
        }
        let deciding = decisive(&lists);
        let first = deciding.and_then(|at| Some((joined.get(at)?.file()?, &lists.get(at)?.0)));
        let (mut own, mut apart) = (Vec::new(), Vec::new());
        for (at, part) in joined.into_iter().enumerate() {
            match first.zip(lists.get(at)) {
                // A pattern may name what is none of these; that headings are lost is told where the file is read.
                Some(((first, deciding), (headings, is_named)))
                    if !is_named && !headings.is_empty() && !are_alike(deciding, headings) =>
                {
                    apart.push((part, &first.name));
                }
                _ => own.push(part),
            }
        }
        if own.iter().any(Part::is_last_alone) {
            opened.last_alone(&mut own);
        }
        match own.len() {
            0 | 1 => opened.parts = own,
            _ => opened.parts.push(Part::joined(own, key, watch)?),
        }
        for (part, first) in apart {
            let part = part.apart();
            let line = format!(
                "{}: has other columns than {first}, and is the table `{}`",
                part.name(),
                part.table
            );
            opened.apart.push((part.table.clone(), line));
            opened.parts.push(part);
        }
        Ok(opened)
    }
}

impl<'f> Opened<'f> {
    /// Leaves the last of several parts alone.
    fn last_alone(&mut self, parts: &mut Vec<Part<'f>>) {
        let names: Vec<String> = parts.iter().map(Part::name).collect();
        let (Some((last, before)), Some(part)) = (names.split_last(), parts.pop()) else {
            return;
        };
        if let Some((first, more)) = before.split_first() {
            let others = match more {
                [] => first.clone(),
                more => format!("{first} and {} more", more.len()),
            };
            self.superseded = Some(format!(
                "{others}: not read, as config takes the last file alone, {last}"
            ));
            let stems = parts.iter().chain([&part]).filter_map(Part::file);
            self.doubted = doubt(&stems.map(Found::stem).collect::<Vec<_>>()).map(|why| {
                format!("{last}: is taken for the last file, which the names do not tell: {why}")
            });
        }
        *parts = vec![part];
    }
}

/// Why these names do not tell whether the last file is the latest, and what to do; none where they do.
fn doubt(stems: &[String]) -> Option<&'static str> {
    let (last, before) = stems.split_last()?;
    let is_told = |stem: &String| stem == last || told_by(stem, last) != By::Nothing;
    match are_in_order(stems) {
        false => Some(
            "months without their years, or with years in some names alone; write the years into all names",
        ),
        true if before.iter().all(is_told) => None,
        true => Some(
            "they differ in words that are no months; write their dates into all names as numbers (`2026-05`)",
        ),
    }
}

/// The headings of a file, of all its sheets.
pub(super) fn headings(file: &Found) -> Result<Vec<String>, ImportError> {
    let mut found = Vec::new();
    for part in parts(file)? {
        found.extend(Layout::of(&*part.rows, &file.name, &file.form)?.headings());
    }
    Ok(found)
}
