//! Which edit moved how many: as counted of each mover, or as far as one edit explains what moved in a segment.

use std::collections::{BTreeMap, BTreeSet};

use super::meaning::Meaning;
use super::{Change, Edits};
use crate::store::Direction;

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

    /// Counts so many more.
    pub fn add(&mut self, direction: Direction, number: u64) {
        match direction {
            Direction::Entered => self.entered += number,
            Direction::Left => self.left += number,
        }
    }
}

/// The edits between two runs, and what they moved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Edited {
    /// The earlier run.
    pub since: i64,
    pub edits: Vec<EditMoves>,
    /// What takes several edits, or was moved by one of several that nobody knows, by segment.
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
    /// Whether nobody knows whom it moves by itself: there were too many edits to ask each alone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub untried: bool,
    /// What it alone moved, by segment; segments that mean something else by it may be here without movers.
    pub segments: BTreeMap<String, Moves>,
}

impl EditMoves {
    /// Over all segments.
    pub fn moved(&self) -> Moves {
        sum(self.segments.values())
    }
}

impl Edited {
    /// Names segments by other ids.
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

    /// Counts somebody who moved in a segment by an edit alone, by its place; none where it takes several of them.
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

    /// Whether nobody knows of some edit whom it moves by itself.
    pub fn has_untried(&self) -> bool {
        self.edits.iter().any(|edit| edit.untried)
    }

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
    /// each other, none is known; where compiling each takes too long, those that an edit is of, or all that differ.
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

    /// The edits since a run, of which nobody is counted yet.
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

    /// Shares out what a changed rule moved in each segment since a run, by the segments' present ids.
    pub fn explain(&self, since: i64, moved: &BTreeMap<String, Moves>) -> Edited {
        let reached = self.reached();
        let is_known = self.all.len() <= self.affordable().unwrap_or(usize::MAX).max(1);
        let by = |segment: &String| match is_known {
            true => reached.iter().filter(|one| one.contains(segment)).count(),
            // Others may reach it through what it refers to.
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
