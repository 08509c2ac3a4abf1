//! `muster fmt`

use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::print_table;
use super::rewrite::{Rewrite, rewrite_all};
use super::{Common, findings, results};
use crate::config::{Locale, marks};
use crate::diagnostic::Finding;
use crate::fmt::Why;
use crate::source::{Location, Sources, replaced};
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

/// A file that is not formatted yet.
struct Changed {
    path: PathBuf,
    before: String,
    after: String,
    /// The number of conditions that change.
    conditions: usize,
}

/// The result of checking a file.
struct Looked {
    /// `None` if it is formatted already.
    changed: Option<Changed>,
    /// The locations of conditions left unformatted, and why.
    left: Vec<(String, Why)>,
}

pub(super) fn fmt(command: &Fmt, common: &Common) -> Result<Exit, Failure> {
    let mut sources = Sources::default();
    let (files, mut unread) = match command.files.is_empty() {
        true => own_files(common)?,
        false => (command.files.clone(), Vec::new()),
    };
    let mut read = 0;
    let mut changed = Vec::new();
    let mut left = Vec::new();
    for path in &files {
        match look(path, &mut sources) {
            Ok(found) => {
                read += 1;
                changed.extend(found.changed);
                left.extend(found.left);
            }
            Err(finding) => unread.push(finding),
        }
    }
    findings::tell(&sources, &unread);
    for (place, why) in &left {
        note!("{place}: left as it is: {}", why.words());
    }
    if !command.check {
        let rewrites = changed.iter().map(|file| Rewrite {
            path: &file.path,
            before: Some(&file.before),
            text: &file.after,
        });
        rewrite_all(&rewrites.collect::<Vec<_>>(), common)?;
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
    let of = marks(Locale::EnUs).counted(read, "file");
    let readable = match unread.is_empty() {
        true => "",
        false => " that can be read",
    };
    match (changed.len(), command.check) {
        (0, _) if read == 0 => {}
        (0, _) if !left.is_empty() => note!("{of}{readable}: every other condition has its form"),
        (0, _) => note!("{of}{readable}: every condition has its form"),
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

/// Config and its rule files, and errors for patterns that match nothing.
fn own_files(common: &Common) -> Result<(Vec<PathBuf>, Vec<Finding>), Failure> {
    let config = results::config(common)?;
    let (rules, found) = crate::rules::rule_files(&config, &Sources::default());
    let unread = found.into_iter().filter(Finding::is_error);
    // Config was read separately: its locations do not refer to the files read here.
    let unread = unread.map(|finding| Finding {
        location: None,
        ..finding
    });
    let all = std::iter::once(common.config.clone()).chain(rules);
    Ok((all.collect(), unread.collect()))
}

/// Checks a file.
fn look(path: &Path, sources: &mut Sources) -> Result<Looked, Finding> {
    let file = crate::decode::open(path, sources)?.file;
    let before = sources.get(file).map_or("", |file| file.text.as_str());
    let form = crate::fmt::form(before).unwrap_or_default();
    let left = form.left.into_iter();
    let left = left.map(|left| {
        let location = Location {
            file,
            ..left.location
        };
        (sources.place(location), left.why)
    });
    let (before, edits) = (before.to_owned(), form.edits);
    Ok(Looked {
        left: left.collect(),
        changed: (!edits.is_empty()).then(|| Changed {
            path: path.to_path_buf(),
            conditions: edits.len(),
            after: replaced(&before, edits),
            before,
        }),
    })
}
