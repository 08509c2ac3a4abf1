//! Movements that are not caused by the edits: what the old rules find now, compared with what was published with them.

use std::collections::{BTreeSet, HashMap};

use crate::attribution::{old_rules, only_in};
use crate::engine::{Key, Subjects};
use crate::project::Project;
use crate::store::Previous;
use crate::variants::Found;

/// What the old rules find now.
#[derive(Debug, Clone, Default)]
pub struct Standpoint {
    /// The subjects.
    pub subjects: Subjects,
    /// The places of each segment's members, in ascending order; stale segments are left out.
    members: Vec<(String, Vec<u32>)>,
}

/// The movements since a run that come from changed data or a later date.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drift {
    /// The number of movements, counted per segment.
    pub movements: usize,
    /// The number of distinct people.
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

    /// The members by segment, for comparison with the published ones.
    pub fn members(&self) -> HashMap<&str, &[u32]> {
        let members = self.members.iter();
        members
            .map(|(id, members)| (id.as_str(), members.as_slice()))
            .collect()
    }

    /// The movements since a published run, in segments that it knew.
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
