//! Conditions that cannot be read even with everything fixed that can be: half a correction is none.

use std::collections::HashSet;
use std::path::PathBuf;

use crate::diagnostic::{Code, Finding, Fix};
use crate::source::{Location, Sources, parse};

/// Conditions by their files, and by how many scalars stand before them: no fix changes that.
#[derive(Default)]
pub(super) struct Unread(HashSet<(PathBuf, usize)>);

impl Unread {
    /// Takes in what was changed and has errors of syntax all the same. False where there is nothing more.
    pub(super) fn adds(&mut self, before: &Sources, now: &Sources, errors: &[Finding]) -> bool {
        let is_syntax = |code: Code| Code::Syntax <= code && code < Code::UnknownName;
        let wrong = errors.iter().filter(|finding| is_syntax(finding.code));
        let mut adds = false;
        for location in wrong.filter_map(|finding| finding.location) {
            let Some((path, place)) = condition(now, location) else {
                continue;
            };
            let of = |sources: &Sources| scalar(sources, &path, place);
            if of(before).is_some_and(|old| of(now) != Some(old)) {
                adds |= self.0.insert((path, place));
            }
        }
        adds
    }

    /// Whether a fix changes one of them.
    pub(super) fn holds(&self, sources: &Sources, fix: &Fix) -> bool {
        let mut places = fix.places().map(|(location, _)| location);
        !self.0.is_empty()
            && places.any(|location| {
                condition(sources, location).is_some_and(|place| self.0.contains(&place))
            })
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
