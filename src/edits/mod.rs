//! The differences in meaning between two states of config and rules, and every state in between.
//!
//! A definition that is only reworded, moved or renamed is not an edit: whether a difference counts is decided by
//! compiling the old rules with it and comparing digests. Differences that change no memberships (a renamed metric, a
//! collection that only one side has) are included in every intermediate state.

mod candidates;
mod change;
mod config;
mod difference;
mod meaning;
mod mix;
mod moves;
mod part;
mod sift;
mod yaml;

use std::collections::{BTreeSet, HashMap};

pub use change::{Change, ChangeKind};
use mix::Mix;
pub use moves::{EditMoves, Edited, Moves, Renamed};
use part::{Part, Setting};

use crate::project::{Project, Refused, Written};
use crate::rules::Segment;

/// How many segments are compiled to find edits in bounded time, over all intermediate states: about a tenth of a
/// second.
const COMPILED: usize = 1500;

/// Beyond this many differences, sifting is always bounded: no more edits than this are tried in any case.
const MANY: usize = 64;
/// How many segments are compiled for them: about a quarter of a second.
const COMPILED_FOR_MANY: usize = 3_000;

/// A change of meaning that can be applied by itself: one definition, or several that do not compile without each
/// other.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// The changed definitions; at least one.
    pub changes: Vec<Change>,
    parts: BTreeSet<Part>,
}

impl Edit {
    /// Its name: `high_attend.when`, or all the definitions if several belong together.
    pub fn name(&self) -> String {
        let names = self.changes.iter().map(|change| change.name.as_str());
        names.collect::<Vec<_>>().join(" with ")
    }

    /// The segments that it edits; `None` if it edits something that segments refer to.
    fn own_segments(&self) -> Option<BTreeSet<String>> {
        let own = |part: &Part| match part {
            Part::Segment(id) | Part::Id(id) | Part::When(id) => Some(id.clone()),
            Part::Filter(id) | Part::Weight(id) => Some(id.clone()),
            _ => None,
        };
        self.parts.iter().map(own).collect()
    }

    /// Whether it only changes entries of lists: a run counts the resulting movements as movements by data.
    pub fn counts_as_data(&self) -> bool {
        let is_list = |part: &Part| matches!(part, Part::Setting(Setting::List(_)));
        self.parts.iter().all(is_list)
    }
}

/// The edits that lead from an old project to a new one.
pub struct Edits<'p> {
    /// In the order in which their definitions are listed: rules by file, then config.
    pub all: Vec<Edit>,
    mix: Mix<'p>,
    /// The differences that change no memberships.
    background: BTreeSet<Part>,
}

/// Finds the edits between two projects. The old project must have been compiled beside the new one
/// ([`crate::project::load_beside`]), so that its sources can quote both. Very many differences are handled in bounded
/// time.
pub fn between<'p>(old: &'p Project, new: &'p Project) -> Edits<'p> {
    edits(Mix::new(old, new))
}

/// The same in bounded time. Beyond the bound, a difference counts as an edit unless the digest of its segment shows
/// that only the text differs, and movements by several edits are not divided among them.
pub fn between_bounded<'p>(old: &'p Project, new: &'p Project) -> Edits<'p> {
    let mix = Mix::new(old, new);
    let segments = mix.segments.len().max(1);
    mix.left.set(Some(COMPILED / segments));
    let edits = edits(mix);
    // Finding the edits may have used up the budget; trying each edit alone gets a new one.
    edits.mix.left.set(Some(COMPILED_FOR_MANY / segments));
    edits
}

fn edits(mut mix: Mix<'_>) -> Edits<'_> {
    let (old, new) = (mix.old, mix.new);
    mix.whole = candidates::candidates(&mix);
    if mix.left.get().is_none() && mix.whole.len() > MANY {
        let left = COMPILED_FOR_MANY / mix.segments.len().max(1);
        mix.left.set(Some(left));
    }
    let found = match meaning::Meaning::of(old, &mix) == meaning::Meaning::of(new, &mix) {
        true => sift::Sifted::none(&mix),
        false => sift::sift(&mix),
    };
    let edits = found.edits.into_iter().map(|parts| Edit {
        changes: parts.iter().map(|part| mix.change(part)).collect(),
        parts,
    });
    Edits {
        all: edits.collect(),
        background: found.background,
        mix,
    }
}

impl Edits<'_> {
    /// The old rules with only the chosen edits applied, given by their indices in `all`. Without outputs of reports
    /// and exports.
    pub fn applied(&self, chosen: &BTreeSet<usize>) -> Written {
        self.mix.written(&self.parts(chosen))
    }

    /// The same, compiled against the same columns as the two projects.
    ///
    /// # Errors
    /// Some subsets do not compile, because an edit needs another one in a way that grouping did not find.
    pub fn compiled(&self, chosen: &BTreeSet<usize>) -> Result<Project, Box<Refused>> {
        self.mix.compiled(&self.parts(chosen))
    }

    /// The segments of both sides by their present ids, before and after: the new ones in their order, then the removed
    /// ones.
    pub fn segments(&self) -> &[(&str, Option<&Segment>, Option<&Segment>)] {
        &self.mix.segments
    }

    /// How many states may still be compiled; `None` for no limit.
    pub fn affordable(&self) -> Option<usize> {
        self.mix.left.get()
    }

    /// The present ids of segments, by their old ids.
    pub fn renamed_ids(&self) -> &HashMap<String, String> {
        &self.mix.renamed
    }

    fn parts(&self, chosen: &BTreeSet<usize>) -> BTreeSet<Part> {
        let chosen = chosen.iter().filter_map(|place| self.all.get(*place));
        let mut parts: BTreeSet<Part> = chosen.flat_map(|edit| edit.parts.clone()).collect();
        // Without any edit the old rules stay as they were written.
        if !parts.is_empty() {
            parts.extend(self.background.iter().cloned());
        }
        parts
    }
}
