//! Which tables the files of a folder make.

use super::ImportError;
use super::files::{Found, Kind};
use super::layout::Layout;
use super::part::{Part, parts};
use super::series::is_empty;
use crate::engine::Watch;

/// Tables that are imported one after the other.
pub(super) enum Work<'f> {
    /// One table, of one file or of several.
    Table(Part<'f>),
    /// All sheets of a workbook, which shares no table with others: it is opened when its turn comes, as it may be large.
    Workbook(&'f Found),
}

/// What there is to import, and what has to be said of it.
#[derive(Default)]
pub(super) struct Plan<'f> {
    pub(super) work: Vec<Work<'f>>,
    /// The names of files that hold nothing, where others hold rows of the same table.
    pub(super) empty: Vec<String>,
    /// What is left a table of its own, in lines.
    pub(super) apart: Vec<String>,
}

/// The tables of files in their order: those of one table, which config says they are, are joined.
///
/// # Errors
/// A file cannot be read, or two would be one table and are not meant so.
pub(super) fn plan<'f>(files: &'f [Found], watch: &'f dyn Watch) -> Result<Plan<'f>, ImportError> {
    let mut plan = Plan::default();
    let mut names: Vec<Vec<String>> = Vec::new();
    // What a text file holds is not open yet; a workbook's texts are in memory.
    let mut looked: Vec<Vec<Part<'f>>> = Vec::new();
    for file in files {
        let parts = parts(file)?;
        let tables = parts.iter().map(|part| part.table.to_lowercase());
        names.push(tables.collect());
        looked.push(match file.kind {
            Kind::Text => parts,
            Kind::Workbook => Vec::new(),
        });
    }
    let is_shared = |table: &String| {
        let all = names.iter().flatten();
        all.filter(|other| *other == table).nth(1).is_some()
    };
    let mut order: Vec<Result<usize, &'f Found>> = Vec::new();
    let mut tables: Vec<(&String, Vec<Part<'f>>)> = Vec::new();
    for ((file, own), mut found) in files.iter().zip(&names).zip(looked) {
        if file.kind == Kind::Workbook {
            if !own.iter().any(is_shared) {
                order.push(Err(file));
                continue;
            }
            found = parts(file)?;
        }
        for (table, part) in own.iter().zip(found) {
            match tables.iter_mut().find(|(known, _)| *known == table) {
                Some((_, known)) => known.push(part),
                None => {
                    order.push(Ok(tables.len()));
                    tables.push((table, vec![part]));
                }
            }
        }
    }
    for place in order {
        match place {
            Err(file) => plan.work.push(Work::Workbook(file)),
            Ok(place) => {
                let parts = tables
                    .get_mut(place)
                    .map(|(_, parts)| std::mem::take(parts));
                plan.add(parts.unwrap_or_default(), watch)?;
            }
        }
    }
    Ok(plan)
}

impl<'f> Plan<'f> {
    /// The parts of one table.
    fn add(&mut self, parts: Vec<Part<'f>>, watch: &'f dyn Watch) -> Result<(), ImportError> {
        let is_several = parts.len() > 1;
        let mut joined = Vec::new();
        for part in parts {
            if is_several && is_empty(&*part.rows)? {
                self.empty.push(part.name());
                continue;
            }
            joined.push(part);
        }
        let first = joined.first().and_then(Part::file);
        let (mut own, mut apart) = (Vec::new(), Vec::new());
        for part in joined {
            match first.zip(part.file()) {
                // A pattern may name what is none of these.
                Some((first, file)) if is_several && file.named != file.name => {
                    match is_like(first, file)? {
                        true => own.push(part),
                        false => apart.push((part, &first.name)),
                    }
                }
                _ => own.push(part),
            }
        }
        match own.len() {
            0 | 1 => self.work.extend(own.into_iter().map(Work::Table)),
            _ => self.work.push(Work::Table(Part::joined(own, watch)?)),
        }
        for (part, first) in apart {
            let part = part.apart();
            self.apart.push(format!(
                "{}: has other columns than {first}, and is the table `{}`",
                part.name(),
                part.table
            ));
            self.work.push(Work::Table(part));
        }
        Ok(())
    }
}

/// Whether a file has most of the columns of another one.
fn is_like(one: &Found, other: &Found) -> Result<bool, ImportError> {
    let headings = |file: &Found| -> Result<Vec<String>, ImportError> {
        let mut found = Vec::new();
        for part in parts(file)? {
            let layout = Layout::of(&*part.rows, &file.name, &file.form)?;
            found.extend(layout.headings());
        }
        Ok(found)
    };
    Ok(super::series::are_alike(&headings(one)?, &headings(other)?))
}
