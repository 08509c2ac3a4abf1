//! `muster check --fix`: what a help says to write is written.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use super::Common;
use super::exit::Failure;
use super::rewrite::rewrite;
use crate::connector::connect;
use crate::diagnostic::{Finding, Fix, Fixer, Kind, Trial};
use crate::lint::Effort;
use crate::mail;
use crate::project::{LoadError, load_over};
use crate::source::{SourceFile, Sources, replaced};

/// What is wrong behind what was fixed is fixed as well, until nothing changes: a bound that nobody reaches.
const ROUNDS: usize = 1_000;

/// Fixes errors that are fixed in one way alone, as long as that takes them away, and writes the files. A warning is left to
/// people: what it is about means something today.
///
/// # Errors
/// A file cannot be written, or the database cannot be read.
pub(super) async fn fix(common: &Common) -> Result<(), Failure> {
    let (mut sources, mut errors) = errors(Vec::new(), common).await?;
    let before = sources.clone();
    let mut texts: Vec<SourceFile> = Vec::new();
    let mut made: Vec<String> = Vec::new();
    let mut seen: HashSet<Vec<SourceFile>> = HashSet::new();
    // Of the texts as they are: what did not help beside others, and what did not help alone.
    let (mut doubtful, mut useless): (Vec<Fix>, Vec<Fix>) = Default::default();
    for _ in 0..ROUNDS {
        let is_good = |fix: &Fix| !useless.contains(fix) && !doubtful.contains(fix);
        let mut chosen = chosen(&errors, &sources, is_good);
        if chosen.is_empty() {
            chosen = self::chosen(&errors, &sources, |fix| !useless.contains(fix));
            chosen.truncate(1);
        }
        if chosen.is_empty() {
            break;
        }
        let changed = changed(&sources, &chosen, &texts);
        let (sources_now, errors_now) = self::errors(changed.clone(), common).await?;
        let trial = Trial::new(
            (&sources, errors.as_slice()),
            (&sources_now, errors_now.as_slice()),
            chosen.iter().map(|(_, fix)| fix),
        );
        let vain = chosen.iter().filter(|(kind, fix)| trial.is_vain(kind, fix));
        let vain: Vec<Fix> = vain.map(|(_, fix)| fix.clone()).collect();
        // With one that does not help none of them is made: they are tried again without it.
        match (vain.is_empty(), chosen.len()) {
            (true, _) if !seen.insert(changed.clone()) => break,
            (true, _) => {
                made.extend(chosen.iter().map(|(_, fix)| in_words(fix, &sources)));
                (sources, errors, texts) = (sources_now, errors_now, changed);
                (doubtful, useless) = Default::default();
            }
            (false, 1) => useless.extend(vain),
            (false, _) => doubtful.extend(vain),
        }
    }
    for file in &texts {
        let old = before.iter().find(|(_, old)| old.path == file.path);
        let old = old.map(|(_, old)| old.text.as_str());
        rewrite(&file.path, old, &file.text, common)?;
    }
    for fix in &made {
        note!("fixed {fix}");
    }
    if made.is_empty() {
        note!("nothing can be fixed without a person");
    }
    Ok(())
}

/// What is wrong with config and rules, as if some files had other texts.
async fn errors(
    texts: Vec<SourceFile>,
    common: &Common,
) -> Result<(Sources, Vec<Finding>), Failure> {
    let (sources, mut found) = match load_over(texts, &common.config, connect).await {
        Ok(project) => {
            let found = mail::found_in_texts(&project, Effort::Check);
            (project.sources, found)
        }
        Err(LoadError::Refused(sources, found)) => (sources, found),
        Err(error) => return Err(error.into()),
    };
    found.retain(Finding::is_error);
    Ok((sources, found))
}

/// The only fixes of findings, as far as they are good, without those that meet another.
fn chosen(
    errors: &[Finding],
    sources: &Sources,
    is_good: impl Fn(&Fix) -> bool,
) -> Vec<(Kind, Fix)> {
    let mut fixer = Fixer::new(sources);
    let mut chosen: Vec<(Kind, Fix)> = Vec::new();
    for finding in errors {
        let mut fixes = fixer.fixes(finding).into_iter();
        let (Some(fix), None) = (fixes.next(), fixes.next()) else {
            continue;
        };
        if is_good(&fix) && !chosen.iter().any(|(_, other)| other.meets(&fix)) {
            chosen.push((finding.kind(), fix));
        }
    }
    chosen
}

/// The files with the fixes made, and those that were changed before.
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

/// Where a fix is made, and what it does. What stood there is not repeated: it may be a secret.
fn in_words(fix: &Fix, sources: &Sources) -> String {
    let place = fix.edits.first().map(|edit| sources.place(edit.location));
    format!("{}: {}", place.unwrap_or_default(), fix.title)
}
