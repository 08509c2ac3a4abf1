//! Conditions that stay unreadable even after all possible fixes: they are not half-corrected.

use std::collections::HashSet;
use std::path::PathBuf;

use crate::diagnostic::{Code, Finding, Fix};
use crate::source::{Location, Sources, parse};

#[derive(Default)]
pub(super) struct Unread {
    /// Conditions by file and by the number of preceding scalars, which no fix changes.
    conditions: HashSet<(PathBuf, usize)>,
    /// Files that were not YAML, whose conditions are unknown.
    files: HashSet<PathBuf>,
}

impl Unread {
    /// Adds what was changed but still has syntax errors; `false` if there is nothing new.
    pub(super) fn adds(&mut self, before: &Sources, now: &Sources, errors: &[Finding]) -> bool {
        let is_syntax = |code: Code| {
            code == Code::YamlSyntax || (Code::Syntax <= code && code < Code::UnknownName)
        };
        let wrong = errors.iter().filter(|finding| is_syntax(finding.code));
        let mut adds = false;
        for location in wrong.filter_map(|finding| finding.location) {
            let file = now.get(location.file);
            let mut known = before.iter();
            let old = file.and_then(|file| known.find(|(_, old)| old.path == file.path));
            let old = old.filter(|(id, old)| parse(*id, &old.text).is_err());
            if let Some(((_, old), file)) = old.zip(file) {
                adds |= old.text != file.text && self.files.insert(file.path.clone());
                continue;
            }
            let Some((path, place)) = condition(now, location) else {
                continue;
            };
            let of = |sources: &Sources| scalar(sources, &path, place);
            if of(before).is_some_and(|old| of(now) != Some(old)) {
                adds |= self.conditions.insert((path, place));
            }
        }
        adds
    }

    /// Whether a fix changes part of it.
    pub(super) fn holds(&self, sources: &Sources, fix: &Fix) -> bool {
        let places = || fix.places().map(|(location, _)| location);
        let is_of_file = |location: Location| {
            let file = sources.get(location.file);
            file.is_some_and(|file| self.files.contains(&file.path))
        };
        let is_of_condition = |location: Location| {
            condition(sources, location).is_some_and(|place| self.conditions.contains(&place))
        };
        (!self.files.is_empty() && places().any(is_of_file))
            || (!self.conditions.is_empty() && places().any(is_of_condition))
    }
}

/// The scalar at a location; `None` in a file that is not YAML.
fn condition(sources: &Sources, location: Location) -> Option<(PathBuf, usize)> {
    let file = sources.get(location.file)?;
    let tree = parse(location.file, &file.text).ok()?;
    let mut scalars = tree.scalars().into_iter();
    let place = scalars.position(|scalar| scalar.location.touches(location))?;
    Some((file.path.clone(), place))
}

/// The content of a scalar in a file.
fn scalar(sources: &Sources, path: &PathBuf, place: usize) -> Option<String> {
    let (id, file) = sources.iter().find(|(_, file)| file.path == *path)?;
    let tree = parse(id, &file.text).ok()?;
    tree.scalars().get(place).map(|scalar| scalar.value.clone())
}
