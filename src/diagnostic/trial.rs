//! Judges fixes by the findings before and after them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use super::{Code, Finding, Fix, Fixer};
use crate::source::{Location, Sources, parse};

/// A finding, regardless of its location.
pub type Kind = (Code, String);

impl Finding {
    /// The identity of a finding, regardless of its location.
    pub fn kind(&self) -> Kind {
        (self.code, self.message.clone())
    }
}

/// The findings for some texts, before and after some fixes.
#[derive(Debug)]
pub struct Trial<'t> {
    sources: &'t Sources,
    sources_now: &'t Sources,
    earlier: BTreeMap<Kind, usize>,
    now: BTreeMap<Kind, usize>,
    found: &'t [Finding],
    /// The findings that are new.
    new: Vec<&'t Finding>,
    /// The fixes applied.
    made: Vec<&'t Fix>,
}

impl<'t> Trial<'t> {
    pub fn new(
        (sources, earlier): (&'t Sources, &'t [Finding]),
        (sources_now, now): (&'t Sources, &'t [Finding]),
        made: impl IntoIterator<Item = &'t Fix>,
    ) -> Self {
        let (before, after) = (counted(earlier), counted(now));
        let new = now.iter().filter(|finding| {
            let kind = finding.kind();
            after.get(&kind) > before.get(&kind)
        });
        Self {
            sources,
            sources_now,
            found: now,
            new: new.collect(),
            earlier: before,
            now: after,
            made: made.into_iter().collect(),
        }
    }

    /// Whether a fix does not help: its finding stays, or the new text causes an error.
    pub fn is_vain(&self, kind: &Kind, fix: &Fix) -> bool {
        let stays = self.earlier.contains_key(kind) && self.now.get(kind) >= self.earlier.get(kind);
        let places = self.written(fix);
        let mut new = self.new.iter();
        stays
            || new.any(|new| self.spoils(kind.0, &places, new))
            || places.iter().any(|place| self.exchanges(kind.0, place))
            || (kind.0 == Code::Syntax && places.iter().any(|place| self.is_stuck(place)))
    }

    /// Whether the condition around the new text still cannot be parsed, without a suggestion what to write: then the
    /// cause was something else.
    fn is_stuck(&self, place: &(&Path, Range<usize>)) -> bool {
        let Some(around) = self.around(place) else {
            return false;
        };
        let mut fixer = Fixer::new(self.sources_now);
        self.found.iter().any(|finding| {
            let is_here = finding.location.is_some_and(|at| around.touches(at));
            let is_unread = (Code::Syntax..Code::UnknownName).contains(&finding.code);
            is_here && is_unread && fixer.fixes(finding).is_empty()
        })
    }

    /// Whether a value of another type, written at a location, only moves the error to what it is compared with.
    fn exchanges(&self, fixed: Code, place: &(&Path, Range<usize>)) -> bool {
        let of_types = Code::WrongType..=Code::MisplacedDuration;
        let is_same = |finding: &&&Finding| of_types.contains(&finding.code);
        let new = self
            .new
            .iter()
            .filter(is_same)
            .filter_map(|new| new.location);
        let new: Vec<Location> = new.collect();
        let around = Some(place).filter(|_| of_types.contains(&fixed) && !new.is_empty());
        let around = around.and_then(|place| self.around(place));
        around.is_some_and(|around| new.into_iter().any(|at| around.touches(at)))
    }

    /// The scalar around the new text at a location.
    fn around(&self, (path, place): &(&Path, Range<usize>)) -> Option<Location> {
        let mut files = self.sources_now.iter();
        let (id, file) = files.find(|(_, file)| file.path == **path)?;
        let tree = parse(id, &file.text).ok()?;
        let mut scalars = tree.scalars().into_iter().map(|scalar| scalar.location);
        scalars.find(|at| at.start <= place.start && place.start <= at.end)
    }

    /// The locations of a fix's new text after all fixes, by file name.
    fn written(&self, fix: &Fix) -> Vec<(&'t Path, Range<usize>)> {
        let all = || self.made.iter().flat_map(|fix| &fix.edits);
        let places = fix.edits.iter().filter_map(|edit| {
            let before = all().filter(|other| {
                let place = other.location;
                place.file == edit.location.file && place.end <= edit.location.start
            });
            let (mut longer, mut shorter) = (0, 0);
            for other in before.filter(|other| *other != edit) {
                longer += other.text.len();
                shorter += other.location.end - other.location.start;
            }
            let start = (edit.location.start + longer).saturating_sub(shorter);
            let file = self.sources.get(edit.location.file)?;
            Some((file.path.as_path(), start..start + edit.text.len()))
        });
        places.collect()
    }

    /// Whether a fix caused a new finding, as opposed to revealing it: the finding is about the new text, or the
    /// condition can no longer be parsed.
    fn spoils(&self, fixed: Code, places: &[(&Path, Range<usize>)], new: &Finding) -> bool {
        let Some(at) = new.location else {
            return false;
        };
        let file = self.sources_now.get(at.file);
        let file = file.map(|file| file.path.as_path());
        let is_unread = new.code < Code::UnknownName && fixed >= Code::UnknownName;
        let is_seen_now = fixed == Code::YamlSyntax || new.code == Code::MissingKey;
        places.iter().any(|(path, place)| {
            let touches = at.start < place.end && place.start < at.end;
            file == Some(*path) && (is_unread || (touches && !is_seen_now))
        })
    }
}

/// The number of findings of each kind.
fn counted(findings: &[Finding]) -> BTreeMap<Kind, usize> {
    let mut counted = BTreeMap::new();
    for finding in findings {
        *counted.entry(finding.kind()).or_default() += 1;
    }
    counted
}
