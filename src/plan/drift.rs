//! What has moved apart from the edits: what the old rules find now, held against what was published by them.

use std::collections::{BTreeSet, HashMap};

use crate::attribution::{old_rules, only_in};
use crate::engine::{Key, Subjects};
use crate::project::Project;
use crate::store::Previous;
use crate::variants::Found;

/// What the old rules find now.
#[derive(Debug, Clone, Default)]
pub struct Standpoint {
    /// Who takes part.
    pub subjects: Subjects,
    /// The places of each segment's members, ascending; those that are stale are left out.
    members: Vec<(String, Vec<u32>)>,
}

/// Who has moved since a run because the data or the day is another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drift {
    /// The movements by segment: how many.
    pub movements: usize,
    /// How many different people.
    pub people: usize,
}

impl Standpoint {
    pub(super) fn new(found: &Found, old: &Project) -> Self {
        let segments = old.ir.segments.iter_enumerated();
        let members = segments.filter_map(|(id, segment)| {
            let members = found.members(old_rules(), id).ok()?;
            Some((segment.id.clone(), members.to_vec()))
        });
        let people = found.people(old_rules());
        Self {
            members: members.collect(),
            subjects: people.map_or_else(Subjects::default, |people| people.subjects.clone()),
        }
    }

    /// The members by segment, to be held against what was published.
    pub fn members(&self) -> HashMap<&str, &[u32]> {
        let members = self.members.iter();
        members
            .map(|(id, members)| (id.as_str(), members.as_slice()))
            .collect()
    }

    /// Who has moved since a published run, in segments that it knew.
    pub fn drift(&self, previous: &Previous) -> Drift {
        let members = self.members();
        let mut drift = Drift::default();
        let (mut places, mut gone): (BTreeSet<u32>, BTreeSet<&Key>) = Default::default();
        for stored in &previous.segments {
            let Some(now) = members.get(stored.segment.id.as_str()) else {
                continue;
            };
            let left = only_in(&stored.members, now);
            let moved: Vec<u32> = left.chain(only_in(now, &stored.members)).copied().collect();
            drift.movements += moved.len() + stored.gone.len();
            places.extend(moved);
            gone.extend(&stored.gone);
        }
        drift.people = places.len() + gone.len();
        drift
    }
}
