//! The segments of old and new rules in pairs.

use crate::edits::Edits;
use crate::project::Project;
use crate::rules::SegmentId;

/// One segment in two states of the rules.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Its index among all pairs.
    pub(super) place: usize,
    /// Its id by the new rules or, if it is removed, by the old rules.
    pub id: String,
    /// The id by the old rules, if it differs.
    was: Option<String>,
    /// The name people see.
    pub name: String,
    /// Its id in the old rules; `None` if it is added.
    pub old: Option<SegmentId>,
    /// Its id in the new rules; `None` if it is removed.
    pub new: Option<SegmentId>,
}

impl Pair {
    /// Its id in rules between the old and the new ones.
    pub(super) fn within(&self, project: &Project) -> Option<SegmentId> {
        let was = self.was.as_deref();
        segment_of(project, &self.id).or_else(|| segment_of(project, was?))
    }
}

/// All segments of both.
pub fn pairs(old: &Project, new: &Project, edits: &Edits<'_>) -> Vec<Pair> {
    let segments = edits.segments().iter().enumerate();
    let pairs = segments.map(|(place, &(id, before, after))| {
        let was = before.map(|segment| segment.id.value.as_str());
        Pair {
            place,
            id: id.to_owned(),
            was: was.filter(|was| *was != id).map(str::to_owned),
            name: after
                .or(before)
                .map_or_else(String::new, |segment| segment.name.clone()),
            old: was.and_then(|was| segment_of(old, was)),
            new: after.and_then(|segment| segment_of(new, &segment.id.value)),
        }
    });
    pairs.collect()
}

/// The id of a segment in a project.
fn segment_of(project: &Project, id: &str) -> Option<SegmentId> {
    project.ir.segments.position(|segment| segment.id == id)
}
