//! `muster fmt`

use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::print_table;
use super::rewrite::rewrite;
use super::{Common, findings, results};
use crate::config::{Locale, marks};
use crate::diagnostic::Finding;
use crate::source::{Sources, replaced};
use crate::view::{Heading, Table};

/// Gives the conditions of config and rule files one form: whatever else stands in them, comments included, stays as it
/// is, and every condition means what it meant.
#[derive(Args, Debug)]
pub(super) struct Fmt {
    /// Only tell which files would change, and exit with 1 if there are any
    #[arg(long)]
    check: bool,
    /// The files; without any, config and the rule files that it names
    files: Vec<PathBuf>,
}

/// A file that does not have its form yet.
struct Changed {
    path: PathBuf,
    before: String,
    after: String,
    /// How many of its conditions change.
    conditions: usize,
}

pub(super) fn fmt(command: &Fmt, common: &Common) -> Result<Exit, Failure> {
    let files = match command.files.is_empty() {
        true => own_files(common)?,
        false => command.files.clone(),
    };
    let mut sources = Sources::default();
    let mut unread = Vec::new();
    let mut changed = Vec::new();
    for path in &files {
        match look(path, &mut sources) {
            Ok(found) => changed.extend(found),
            Err(finding) => unread.push(finding),
        }
    }
    findings::tell(&sources, &unread);
    if !command.check {
        for file in &changed {
            rewrite(&file.path, Some(&file.before), &file.after, common)?;
        }
    }
    let table = Table::of(&changed)
        .column(Heading::left("file", "File"), |file| {
            file.path.display().to_string()
        })
        .column(Heading::right("conditions", "Conditions"), |file| {
            i64::try_from(file.conditions).unwrap_or(i64::MAX)
        })
        .done();
    print_table(&table, common.format, Locale::EnUs)?;
    let of = marks(Locale::EnUs).counted(files.len() - unread.len(), "file");
    match (changed.len(), command.check) {
        (0, _) => note!("{of}: every condition has its form"),
        (some, true) => note!("{some} of {of} would change; `muster fmt` writes them"),
        (some, false) => note!("{some} of {of} changed"),
    }
    Ok(
        match (unread.is_empty(), changed.is_empty() || !command.check) {
            (false, _) => Exit::Input,
            (true, false) => Exit::Attention,
            (true, true) => Exit::Done,
        },
    )
}

/// Config and the rule files that it names.
fn own_files(common: &Common) -> Result<Vec<PathBuf>, Failure> {
    let config = results::config(common)?;
    let mut sources = Sources::default();
    let (rules, _) = crate::rules::load(&config, &mut sources);
    let rules = rules.files.iter().filter_map(|file| sources.get(*file));
    let rules = rules.map(|file| file.path.clone());
    Ok(std::iter::once(common.config.clone())
        .chain(rules)
        .collect())
}

/// What would change in a file; none where it has its form.
fn look(path: &Path, sources: &mut Sources) -> Result<Option<Changed>, Finding> {
    let file = crate::decode::open(path, sources)?.file;
    let before = sources.get(file).map_or("", |file| file.text.as_str());
    let edits = crate::fmt::edits(before).unwrap_or_default();
    Ok((!edits.is_empty()).then(|| Changed {
        path: path.to_path_buf(),
        before: before.to_owned(),
        conditions: edits.len(),
        after: replaced(before, edits),
    }))
}
