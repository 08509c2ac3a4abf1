//! What cannot be read even with everything fixed that can be: half a correction is none.

use std::collections::HashSet;
use std::path::PathBuf;

use crate::diagnostic::{Code, Finding, Fix};
use crate::source::{Location, Sources, parse};

#[derive(Default)]
pub(super) struct Unread {
    /// Conditions by their files, and by how many scalars stand before them: no fix changes that.
    conditions: HashSet<(PathBuf, usize)>,
    /// Files that were no YAML, in which nobody knows what the conditions were.
    files: HashSet<PathBuf>,
}

impl Unread {
    /// Takes in what was changed and has errors of syntax all the same. False where there is nothing more.
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

    /// Whether a fix changes a part of it.
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

/// The scalar in which a place lies; none in a file that is no YAML.
fn condition(sources: &Sources, location: Location) -> Option<(PathBuf, usize)> {
    let file = sources.get(location.file)?;
    let tree = parse(location.file, &file.text).ok()?;
    let mut scalars = tree.scalars().into_iter();
    let place = scalars.position(|scalar| scalar.location.touches(location))?;
    Some((file.path.clone(), place))
}

/// What a scalar of a file says.
fn scalar(sources: &Sources, path: &PathBuf, place: usize) -> Option<String> {
    let (id, file) = sources.iter().find(|(_, file)| file.path == *path)?;
    let tree = parse(id, &file.text).ok()?;
    tree.scalars().get(place).map(|scalar| scalar.value.clone())
}
