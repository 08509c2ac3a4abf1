//! The segments of old and new rules, each beside the other.

use crate::edits::Edits;
use crate::project::Project;
use crate::rules::SegmentId;

/// One segment in two states of the rules.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Among all pairs.
    pub(super) place: usize,
    /// Its id by the new rules; of one that goes, by the old.
    pub id: String,
    /// The id by the old rules, where it is another.
    was: Option<String>,
    /// The name people see.
    pub name: String,
    /// Where the old rules have it; none where it comes.
    pub old: Option<SegmentId>,
    /// Where the new rules have it; none where it goes.
    pub new: Option<SegmentId>,
}

impl Pair {
    /// Where rules between the old and the new ones have it.
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

/// Where a project has a segment.
fn segment_of(project: &Project, id: &str) -> Option<SegmentId> {
    project.ir.segments.position(|segment| segment.id == id)
}
