//! The segments of old and new rules, each beside the other.

use super::{Mover, PlannedSegment, segment_of};
use crate::edits::Edits;
use crate::project::Project;
use crate::rules::SegmentId;

/// One segment in two states of the rules.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    /// Among all pairs.
    pub(super) place: usize,
    /// By the new rules; of one that goes, by the old.
    pub(super) id: String,
    /// The id by the old rules, where it is another.
    was: Option<String>,
    pub(super) name: String,
    pub(super) old: Option<SegmentId>,
    pub(super) new: Option<SegmentId>,
}

impl Pair {
    /// Where rules between the old and the new ones have it.
    pub(super) fn within(&self, project: &Project) -> Option<SegmentId> {
        let was = self.was.as_deref();
        segment_of(project, &self.id).or_else(|| segment_of(project, was?))
    }
}

/// All segments of both.
pub(super) fn pairs(old: &Project, new: &Project, edits: &Edits<'_>) -> Vec<Pair> {
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

/// Leaves one segment and those who move in it.
pub(super) fn narrow(
    segments: &mut Vec<(Pair, PlannedSegment)>,
    movers: &mut Vec<Mover>,
    id: &str,
) {
    let place = segments.iter().position(|(_, segment)| segment.id == id);
    movers.retain(|mover| Some(mover.segment) == place);
    for mover in movers {
        mover.segment = 0;
    }
    segments.retain(|(_, segment)| segment.id == id);
}
