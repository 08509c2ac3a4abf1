//! Which tables the files of a folder become.

use std::collections::BTreeSet;

use super::ImportError;
use super::files::{Found, Kind};
use super::meant::{By, disorder, put_in_order, tells_time, told_by};
use super::part::{Part, parts, tables_of};
use super::rows::is_empty;
use super::series::{are_alike, decisive};
use super::source::{Source, dated_names};
use crate::engine::Watch;

/// A unit of files that is opened as a whole: a workbook keeps its texts in memory while it is open.
pub(super) enum Work<'f> {
    /// One table made of one or several files, by its name in lower case.
    Table(String, Vec<&'f Found>),
    /// All sheets of a workbook that shares no table with other files, and the names of their tables in lower case.
    Workbook(&'f Found, Vec<String>),
}

/// Opened tables, and the messages about their files.
#[derive(Default)]
pub(super) struct Opened<'f> {
    pub(super) parts: Vec<Part<'f>>,
    /// The names of files that hold nothing, each with its table.
    pub(super) empty: Vec<(String, String)>,
    pub(super) apart: Vec<Apart>,
    /// Lines about what is not read because only the last file is.
    pub(super) left_out: Vec<String>,
    /// A message that nothing tells whether that file is the latest.
    pub(super) doubted: Option<String>,
}

/// A file or sheet whose columns differ from those of its table, and which stays a table of its own.
pub(super) struct Apart {
    pub(super) table: String,
    /// The message for people.
    pub(super) line: String,
    /// Whether its name tells that it does not belong with the others, so that keeping it separate is what was meant.
    pub(super) is_beside: bool,
}

/// What there is to import, in the order of the files. Files that config assigns to one table are joined.
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
            work.push(Work::Workbook(file, tables.clone()));
            continue;
        }
        for table in tables {
            let mut known = work.iter_mut().filter_map(|work| match work {
                Work::Table(name, files) if name == table => Some(files),
                Work::Table(..) | Work::Workbook(..) => None,
            });
            match known.next() {
                // Two sheets of the file are opened at once.
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
    /// The names of its tables, in lower case.
    pub(super) fn tables(&self) -> &[String] {
        match self {
            Self::Table(table, _) => std::slice::from_ref(table),
            Self::Workbook(_, tables) => tables,
        }
    }

    /// Opens it. `keys` are the keys that config names for tables, and `taken` the names that tables already have, in lower case.
    ///
    /// # Errors
    /// A file cannot be read, or two files would become one table without being meant to.
    pub(super) fn open(
        self,
        keys: &[(String, String)],
        taken: &mut BTreeSet<String>,
        watch: &'f dyn Watch,
    ) -> Result<Opened<'f>, ImportError> {
        match self {
            Self::Workbook(file, _) => Ok(Opened {
                parts: parts(file)?,
                ..Opened::default()
            }),
            Self::Table(table, files) => {
                let mut own = Vec::new();
                for file in files {
                    let of_table = parts(file)?.into_iter();
                    own.extend(of_table.filter(|part| part.table.to_lowercase() == table));
                }
                let left_out: Vec<String> = own
                    .iter_mut()
                    .filter_map(|part| part.left_out.take())
                    .collect();
                let mut keys = keys.iter();
                let key = keys.find(|(of, _)| of.to_lowercase() == table);
                let key = key.map(|(_, key)| key.as_str());
                let mut opened = Opened::of_table(own, key, taken, watch)?;
                opened.left_out.extend(left_out);
                Ok(opened)
            }
        }
    }
}

impl<'f> Opened<'f> {
    /// Joins the parts of one table, except those that do not belong to it.
    fn of_table(
        parts: Vec<Part<'f>>,
        key: Option<&str>,
        taken: &mut BTreeSet<String>,
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
        for part in &joined {
            if !is_several {
                lists.push((Vec::new(), true));
                continue;
            }
            lists.push((headings(part)?, part.source().is_some_and(Source::is_sure)));
        }
        let first = decisive(&lists).and_then(|at| {
            let (headings, _) = lists.get(at)?;
            Some((joined.get(at)?.source()?.clone(), headings.clone()))
        });
        let (mut own, mut apart) = (Vec::new(), Vec::new());
        for (part, (headings, is_sure)) in joined.into_iter().zip(lists) {
            let first = first.as_ref().filter(|_| !is_sure);
            let beside = first.zip(part.source());
            let is_beside = beside.is_some_and(|((first, _), own)| own.is_beside(first));
            match first {
                // A pattern may match a file that is none of these. Lost headings are reported where the file is read.
                Some((first, deciding))
                    if (is_beside || !headings.is_empty()) && !are_alike(deciding, &headings) =>
                {
                    apart.push((part, first.name(), is_beside));
                }
                _ => own.push(part),
            }
        }
        if own.iter().any(Part::is_last_alone) {
            opened.last_alone(&mut own)?;
        }
        match own.len() {
            0 | 1 => opened.parts = own,
            _ => opened.parts.push(Part::joined(own, key, watch)?),
        }
        for (part, first, is_beside) in apart {
            let part = part.apart(taken);
            let (name, table) = (part.name(), part.table.clone());
            opened.apart.push(Apart {
                line: format!(
                    "{name}: has different columns from {first}, and is the table `{table}`"
                ),
                table,
                is_beside,
            });
            opened.parts.push(part);
        }
        Ok(opened)
    }
}

impl Opened<'_> {
    /// Keeps only the last of several parts. Of sheets, it keeps the last one that has rows: sheets for later months may already exist.
    fn last_alone(&mut self, parts: &mut Vec<Part<'_>>) -> Result<(), ImportError> {
        while let Some(last) = parts.last().filter(|last| last.is_together())
            && !last.has_rows()?
            && parts.len() > 1
        {
            let line = format!("{}: not read, as it has no rows yet", last.name());
            self.left_out.push(line);
            parts.pop();
        }
        let sources = parts.iter().filter_map(Part::source).cloned();
        let sources: Vec<Source<'_>> = sources.collect();
        let Some((last, [first, more @ ..])) = sources.split_last() else {
            return Ok(());
        };
        let (first, unit) = (first.name(), last.unit().one());
        let others = match more {
            [] => first,
            more => format!("{first} and {} more", more.len()),
        };
        self.left_out.push(format!(
            "{others}: not read, as config takes only the last {unit}, {}",
            last.name()
        ));
        let names = dated_names(&sources);
        let is_without_time =
            |source: &Source<'_>| source.is_together() && !tells_time(source.last_name());
        let why = match sources.iter().any(is_without_time) {
            true => Some("some have neither a number nor a month in them".to_owned()),
            false => doubt(&names),
        };
        self.doubted = why.map(|why| {
            format!(
                "{}: is taken as the last {unit}, though the names do not tell: {why}",
                last.name()
            )
        });
        parts.drain(..parts.len() - 1);
        Ok(())
    }
}

/// Why these names do not tell whether the last file is the latest, and what to do about it. `None` if they do tell.
fn doubt(stems: &[String]) -> Option<String> {
    let (last, before) = stems.split_last()?;
    let is_told = |stem: &String| stem == last || told_by(stem, last) != By::Nothing;
    match disorder(stems) {
        Some(disorder) => Some(format!("{}; {}", disorder.why(), disorder.remedy())),
        None if before.iter().all(is_told) => None,
        None => Some(
            "they differ in words that are not months; write their dates into all names as numbers (`2026-05`)".to_owned(),
        ),
    }
}

/// The headings of a part. Where each sheet name is a table together with the same sheets of other workbooks, the headings of all sheets of the
/// file.
pub(super) fn headings(part: &Part<'_>) -> Result<Vec<String>, ImportError> {
    let Some(source) = part
        .source()
        .filter(|_| part.is_sheet() && !part.is_together())
    else {
        return Ok(part.layout()?.headings());
    };
    let mut found = Vec::new();
    for sheet in parts(source.file)? {
        found.extend(sheet.layout()?.headings());
    }
    Ok(found)
}
