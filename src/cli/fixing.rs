//! `muster check --fix`: applies the fixes suggested by findings.

mod unread;

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use super::Common;
use super::exit::Failure;
use super::rewrite::{Rewrite, rewrite_all};
use crate::connector::connect;
use crate::diagnostic::{Code, Finding, Fix, Fixer, Kind, Trial};
use crate::lint::Effort;
use crate::mail;
use crate::project::{LoadError, load_over};
use crate::source::{SourceFile, Sources, replaced};
use unread::Unread;

/// Fixing repeats until nothing changes, since one error may hide another; this is a safety limit that is never reached
/// in practice.
const ROUNDS: usize = 1_000;

/// Applies the fixes of errors that have exactly one, if it removes the error, and writes the files. Warnings are left
/// to people, because the code in question has a meaning today.
///
/// # Errors
/// A file cannot be written, or the database cannot be read.
pub(super) async fn fix(common: &Common) -> Result<(), Failure> {
    let before = seen(Vec::new(), common).await?;
    let mut unread = Unread::default();
    let fixed = loop {
        let fixed = fixed(&before, &unread, common).await?;
        // A condition that still cannot be parsed is restored, and the rest is redone without it.
        if !unread.adds(&before.sources, &fixed.seen.sources, &fixed.seen.errors) {
            break fixed;
        }
    };
    let rewrites = fixed.texts.iter().map(|file| {
        let mut known = before.sources.iter();
        let old = known.find(|(_, old)| old.path == file.path);
        Rewrite {
            path: &file.path,
            before: old.map(|(_, old)| old.text.as_str()),
            text: &file.text,
        }
    });
    rewrite_all(&rewrites.collect::<Vec<_>>(), common)?;
    for fix in &fixed.made {
        note!("fixed {fix}");
    }
    match (fixed.made.is_empty(), fixed.seen.errors.is_empty()) {
        (true, true) => note!("there is no error to fix"),
        (true, false) => note!("nothing can be fixed automatically"),
        (false, _) => {}
    }
    if leaves_names(&fixed.seen, &unread) {
        note!("names are left as they are until everything else is fixed: it may refer to them");
    }
    Ok(())
}

/// Some texts with their errors.
#[derive(Clone)]
struct Seen {
    sources: Sources,
    errors: Vec<Finding>,
    /// Whether part of the files could not be read: unknown names may be defined there.
    is_partial: bool,
}

/// The result of fixing.
struct Fixed {
    /// The state after fixing.
    seen: Seen,
    /// The changed files.
    texts: Vec<SourceFile>,
    /// The fixes made, in words.
    made: Vec<String>,
}

/// Fixes what can be fixed outside of conditions that stay unreadable.
async fn fixed(before: &Seen, unread: &Unread, common: &Common) -> Result<Fixed, Failure> {
    let mut seen = before.clone();
    let mut texts: Vec<SourceFile> = Vec::new();
    let mut made: Vec<String> = Vec::new();
    let mut known: HashSet<Vec<SourceFile>> = HashSet::new();
    // For the current texts: fixes that did not help together with others, and fixes that did not help alone.
    let (mut doubtful, mut useless): (Vec<Fix>, Vec<Fix>) = Default::default();
    for _ in 0..ROUNDS {
        let is_good = |fix: &Fix| !useless.contains(fix) && !doubtful.contains(fix);
        let mut chosen = chosen(&seen, unread, is_good);
        if chosen.is_empty() {
            chosen = self::chosen(&seen, unread, |fix| !useless.contains(fix));
            chosen.truncate(1);
        }
        if chosen.is_empty() {
            break;
        }
        let changed = changed(&seen.sources, &chosen, &texts);
        let now = self::seen(changed.clone(), common).await?;
        let trial = Trial::new(
            (&seen.sources, seen.errors.as_slice()),
            (&now.sources, now.errors.as_slice()),
            chosen.iter().map(|(_, fix)| fix),
        );
        let vain = chosen.iter().filter(|(kind, fix)| trial.is_vain(kind, fix));
        let vain: Vec<Fix> = vain.map(|(_, fix)| fix.clone()).collect();
        // If one fix of a group does not help, none is applied, and the group is retried without it.
        match (vain.is_empty(), chosen.len()) {
            (true, _) if !known.insert(changed.clone()) => break,
            (true, _) => {
                made.extend(chosen.iter().map(|(_, fix)| in_words(fix, &seen.sources)));
                (seen, texts) = (now, changed);
                (doubtful, useless) = Default::default();
            }
            (false, 1) => useless.extend(vain),
            (false, _) => doubtful.extend(vain),
        }
    }
    Ok(Fixed { seen, texts, made })
}

/// The errors in config and rules, with some files replaced.
async fn seen(texts: Vec<SourceFile>, common: &Common) -> Result<Seen, Failure> {
    let (sources, mut errors) = match load_over(texts, &common.config, connect).await {
        Ok(project) => {
            let found = mail::found_in_texts(&project, Effort::Check);
            (project.sources, found)
        }
        Err(LoadError::Refused(sources, found)) => (sources, found),
        Err(error) => return Err(error.into()),
    };
    let is_partial = errors.iter().any(|finding| finding.code.leaves_unread());
    errors.retain(Finding::is_error);
    Ok(Seen {
        sources,
        errors,
        is_partial,
    })
}

/// Whether a fix of a name is skipped because part of the files is unread.
fn leaves_names(seen: &Seen, unread: &Unread) -> bool {
    let whole = Seen {
        is_partial: false,
        ..seen.clone()
    };
    let is_name = |((code, _), _): &(Kind, Fix)| *code >= Code::UnknownName;
    seen.is_partial && chosen(&whole, unread, |_| true).iter().any(is_name)
}

/// The fixes of findings that have only one, filtered by `is_good` and without overlaps.
fn chosen(seen: &Seen, unread: &Unread, is_good: impl Fn(&Fix) -> bool) -> Vec<(Kind, Fix)> {
    let mut fixer = Fixer::new(&seen.sources);
    let mut chosen: Vec<(Kind, Fix)> = Vec::new();
    for finding in &seen.errors {
        if seen.is_partial && finding.code >= Code::UnknownName {
            continue;
        }
        let mut fixes = fixer.fixes(finding).into_iter();
        let (Some(fix), None) = (fixes.next(), fixes.next()) else {
            continue;
        };
        let is_free = !chosen.iter().any(|(_, other)| other.meets(&fix));
        if fix.is_sure && is_free && is_good(&fix) && !unread.holds(&seen.sources, &fix) {
            chosen.push((finding.kind(), fix));
        }
    }
    chosen
}

/// The files with the fixes applied, and those changed before.
fn changed(sources: &Sources, fixes: &[(Kind, Fix)], texts: &[SourceFile]) -> Vec<SourceFile> {
    let mut changed: BTreeMap<PathBuf, String> = BTreeMap::new();
    for file in texts {
        changed.insert(file.path.clone(), file.text.clone());
    }
    for (id, file) in sources.iter() {
        let edits = fixes.iter().flat_map(|(_, fix)| &fix.edits);
        let edits = edits.filter(|edit| edit.location.file == id);
        let edits = edits.map(|edit| (edit.location.start..edit.location.end, edit.text.clone()));
        let edits: Vec<_> = edits.collect();
        if !edits.is_empty() {
            changed.insert(file.path.clone(), replaced(&file.text, edits));
        }
    }
    let files = changed.into_iter();
    files
        .map(|(path, text)| SourceFile { path, text })
        .collect()
}

/// The location of a fix and what it does. The old text is not repeated, since it may be a secret.
fn in_words(fix: &Fix, sources: &Sources) -> String {
    let place = fix.edits.first().map(|edit| sources.place(edit.location));
    format!("{}: {}", place.unwrap_or_default(), fix.title)
}
