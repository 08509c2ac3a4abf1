//! Which edit moved how many, as far as one edit explains what moved in a segment.

use std::collections::{BTreeMap, BTreeSet};

use super::meaning::Meaning;
use super::{Change, Edits};

/// How many came in and went out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Moves {
    pub entered: u64,
    pub left: u64,
}

impl Moves {
    pub fn none(self) -> bool {
        self.entered + self.left == 0
    }
}

/// The edits between two runs, and what they moved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Edited {
    /// The earlier run.
    pub since: i64,
    pub edits: Vec<EditMoves>,
    /// What moved in segments that several edits reach, by segment.
    pub together: BTreeMap<String, Moves>,
    /// The segments that people see under another name: no edit.
    pub renamed: Vec<Renamed>,
}

/// A segment that has another name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Renamed {
    pub segment: String,
    pub before: String,
    pub after: String,
}

/// An edit and what it moved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EditMoves {
    pub name: String,
    pub changes: Vec<Change>,
    /// Whether what it moves is told as moved by data, and not here: it is of a list's entries.
    pub counts_as_data: bool,
    /// The segments that mean something else by it, and what moved in those that no other edit reaches.
    pub segments: BTreeMap<String, Moves>,
}

impl EditMoves {
    /// Over all segments.
    pub fn moved(&self) -> Moves {
        sum(self.segments.values())
    }
}

impl Edited {
    /// What several edits moved, over all segments.
    pub fn moved_together(&self) -> Moves {
        sum(self.together.values())
    }
}

fn sum<'m>(all: impl Iterator<Item = &'m Moves>) -> Moves {
    all.fold(Moves::default(), |sum, moves| Moves {
        entered: sum.entered + moves.entered,
        left: sum.left + moves.left,
    })
}

impl Edits<'_> {
    /// The segments that each edit alone gives another meaning, by their present ids. Where edits do not compile without
    /// each other, none is known.
    pub fn reached(&self) -> Vec<BTreeSet<String>> {
        let before = Meaning::of(self.mix.old, &self.mix);
        let places = 0..self.all.len();
        let reached = places.map(|place| {
            let project = self.compiled(&BTreeSet::from([place])).ok();
            let after = project.map(|project| Meaning::of(&project, &self.mix));
            after.map_or_else(BTreeSet::new, |after| before.segments_unlike(&after))
        });
        reached.collect()
    }

    fn renamed(&self) -> Vec<Renamed> {
        let both = self.mix.segments.iter();
        let both = both.filter_map(|(id, old, new)| Some((id, (*old)?, (*new)?)));
        let renamed = both.filter(|(_, old, new)| old.name != new.name);
        let renamed = renamed.map(|(id, old, new)| Renamed {
            segment: (*id).to_owned(),
            before: old.name.clone(),
            after: new.name.clone(),
        });
        renamed.collect()
    }

    /// Shares out what a changed rule moved in each segment since a run, by the segments' present ids.
    pub fn explain(&self, since: i64, moved: &BTreeMap<String, Moves>) -> Edited {
        let reached = self.reached();
        let by = |segment: &String| reached.iter().filter(|one| one.contains(segment)).count();
        let edits = self.all.iter().zip(&reached).map(|(edit, segments)| {
            let moves = |segment: &String| match by(segment) {
                1 => moved.get(segment).copied().unwrap_or_default(),
                _ => Moves::default(),
            };
            let segments = segments.iter();
            EditMoves {
                name: edit.name(),
                changes: edit.changes.clone(),
                counts_as_data: edit.counts_as_data(),
                segments: segments.map(|id| (id.clone(), moves(id))).collect(),
            }
        });
        let together = moved
            .iter()
            .filter(|(segment, moves)| !moves.none() && by(segment) != 1);
        Edited {
            since,
            edits: edits.collect(),
            together: together.map(|(id, moves)| (id.clone(), *moves)).collect(),
            renamed: self.renamed(),
        }
    }
}
