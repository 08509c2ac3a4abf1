//! The number of movements by edit: as counted for each mover, or as far as single edits explain the movements in a
//! segment.

use std::collections::{BTreeMap, BTreeSet};

use super::meaning::Meaning;
use super::{Change, Edits};
use crate::store::Direction;

/// How many subjects entered and left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Moves {
    pub entered: u64,
    pub left: u64,
}

impl Moves {
    pub fn none(self) -> bool {
        self.entered + self.left == 0
    }

    /// Adds a number of movements.
    pub fn add(&mut self, direction: Direction, number: u64) {
        match direction {
            Direction::Entered => self.entered += number,
            Direction::Left => self.left += number,
        }
    }
}

/// The edits between two runs, and the movements they caused.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Edited {
    /// The earlier run.
    pub since: i64,
    pub edits: Vec<EditMoves>,
    /// Movements that take several edits, or that one of several edits caused without it being known which, by segment.
    pub together: BTreeMap<String, Moves>,
    /// The segments with another display name, which is not an edit.
    pub renamed: Vec<Renamed>,
}

/// A segment with another display name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Renamed {
    pub segment: String,
    pub before: String,
    pub after: String,
}

/// An edit and its movements.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EditMoves {
    pub name: String,
    pub changes: Vec<Change>,
    /// Whether its movements are reported as movements by data, and not here, because it only changes a list's entries.
    pub counts_as_data: bool,
    /// Whether it is unknown whom it moves alone, because there were too many edits to try each alone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub untried: bool,
    /// The movements that it causes alone, by segment. Segments whose meaning it changes may be listed without movers.
    pub segments: BTreeMap<String, Moves>,
}

impl EditMoves {
    /// The sum over all segments.
    pub fn moved(&self) -> Moves {
        sum(self.segments.values())
    }
}

impl Edited {
    /// Applies other ids to the segments.
    pub fn rename(&mut self, id: impl Fn(&str) -> String) {
        let all = self.edits.iter_mut().map(|edit| &mut edit.segments);
        for moves in all.chain([&mut self.together]) {
            let old = std::mem::take(moves).into_iter();
            *moves = old.map(|(segment, moved)| (id(&segment), moved)).collect();
        }
        for renamed in &mut self.renamed {
            renamed.segment = id(&renamed.segment);
        }
    }

    /// Counts a movement in a segment for the edit that causes it alone, given by its index; `None` if it takes
    /// several.
    pub fn count(&mut self, segment: &str, direction: Direction, edit: Option<usize>) {
        let only = || (self.edits.len() == 1).then_some(0);
        let edit = edit.or_else(only);
        let moves = match edit.and_then(|edit| self.edits.get_mut(edit)) {
            Some(edit) => &mut edit.segments,
            None => &mut self.together,
        };
        let moves = moves.entry(segment.to_owned()).or_default();
        moves.add(direction, 1);
    }

    /// Whether there is an edit of which it is unknown whom it moves alone.
    pub fn has_untried(&self) -> bool {
        self.edits.iter().any(|edit| edit.untried)
    }

    /// The movements by several edits, over all segments.
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
    /// The segments whose meaning each edit changes alone, by their present ids. Edits that do not compile without each
    /// other have none; if compiling each takes too long, these are the segments that the edit belongs to, or all that
    /// differ.
    fn reached(&self) -> Vec<BTreeSet<String>> {
        let before = Meaning::of(self.mix.old, &self.mix);
        let affordable = self.affordable().unwrap_or(usize::MAX);
        if self.all.len() > affordable.max(1) {
            let after = Meaning::of(self.mix.new, &self.mix);
            let any = before.segments_unlike(&after);
            let all = self.all.iter();
            return all
                .map(|edit| edit.own_segments().unwrap_or_else(|| any.clone()))
                .collect();
        }
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

    /// The edits since a run, with nobody counted yet.
    pub fn since(&self, run: i64) -> Edited {
        let edits = self.all.iter().map(|edit| EditMoves {
            name: edit.name(),
            changes: edit.changes.clone(),
            counts_as_data: edit.counts_as_data(),
            untried: false,
            segments: BTreeMap::new(),
        });
        Edited {
            since: run,
            edits: edits.collect(),
            together: BTreeMap::new(),
            renamed: self.renamed(),
        }
    }

    /// Divides the movements by changed rules in each segment since a run among the edits; `moved` uses the segments'
    /// present ids.
    pub fn explain(&self, since: i64, moved: &BTreeMap<String, Moves>) -> Edited {
        let reached = self.reached();
        let is_known = self.all.len() <= self.affordable().unwrap_or(usize::MAX).max(1);
        let by = |segment: &String| match is_known {
            true => reached.iter().filter(|one| one.contains(segment)).count(),
            // Other edits may affect the segment through what it refers to.
            false => usize::MAX,
        };
        let mut edited = self.since(since);
        for (edit, segments) in edited.edits.iter_mut().zip(&reached) {
            let moves = |segment: &String| match by(segment) {
                1 => moved.get(segment).copied().unwrap_or_default(),
                _ => Moves::default(),
            };
            let shared = |id: &&String| by(id) != 1 && moved.get(*id).is_some_and(|m| !m.none());
            edit.untried = segments.iter().any(|id| shared(&id));
            let segments = segments.iter();
            edit.segments = segments.map(|id| (id.clone(), moves(id))).collect();
        }
        let together = moved
            .iter()
            .filter(|(segment, moves)| !moves.none() && by(segment) != 1);
        edited.together = together.map(|(id, moves)| (id.clone(), *moves)).collect();
        edited
    }
}
