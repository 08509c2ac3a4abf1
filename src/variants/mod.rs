//! Several rule sets over one state of the data at one instant: what they have in common is read and evaluated once.

mod differences;

pub use differences::Change;

use crate::connector::{Pinned, Snapshot};
use crate::engine::{self, EngineError, Evaluation, Keep, Key, Stale, Watch};
use crate::index::{Id, IndexVec, newtype_id};
use crate::ir::{Ir, NodeId, Part, Union};
use crate::project::Project;
use crate::rules::SegmentId;
use crate::time::Clock;

newtype_id! {
    /// One of several rule sets.
    pub struct VariantId;
    /// Rule sets with the same subjects and the same time zone, evaluated as one.
    struct GroupId;
}

/// Several rule sets before their evaluation, and how they differ.
pub struct Variants {
    groups: IndexVec<GroupId, Group>,
    places: IndexVec<VariantId, (GroupId, Part)>,
}

/// The rule sets that are evaluated together.
struct Group {
    zone: chrono_tz::Tz,
    union: Union,
}

/// The results of several rule sets.
pub struct Found {
    groups: IndexVec<GroupId, Evaluation>,
    places: IndexVec<VariantId, (GroupId, Part)>,
}

impl Variants {
    /// Joins rule sets as far as they have the same subjects and the same time zone.
    pub fn new<'p>(projects: impl IntoIterator<Item = &'p Project>) -> Self {
        let mut variants = Self {
            groups: IndexVec::new(),
            places: IndexVec::new(),
        };
        for project in projects {
            variants.add(project);
        }
        variants
    }

    fn add(&mut self, project: &Project) {
        let zone = project.config.timezone;
        let mut place = None;
        for id in self.groups.ids() {
            let group = self.groups.get_mut(id).filter(|group| group.zone == zone);
            if let Some(part) = group.and_then(|group| group.union.join(&project.ir)) {
                place = Some((id, part));
                break;
            }
        }
        let place = place.unwrap_or_else(|| {
            let (union, part) = Union::new(&project.ir);
            (self.groups.push(Group { zone, union }), part)
        });
        self.places.push(place);
    }

    /// How often the data is read: once for each time zone and each definition of who takes part.
    pub fn readings(&self) -> usize {
        self.groups.len()
    }

    /// Keeps the values of nodes of a rule set, to explain it.
    pub fn keep(&mut self, variant: VariantId, nodes: impl IntoIterator<Item = NodeId>) {
        if let Some((group, part)) = self.places.get(variant)
            && let Some(group) = self.groups.get_mut(*group)
        {
            let nodes = nodes.into_iter();
            group
                .union
                .keep(nodes.filter_map(|node| part.nodes.get(node).copied()));
        }
    }

    /// Evaluates all rule sets over a pinned state of the data at an instant, in microseconds.
    ///
    /// # Errors
    /// See [`Snapshot::gather`].
    pub fn evaluate_pinned(
        self,
        pinned: &mut Pinned<'_>,
        now: i64,
        watch: &dyn Watch,
    ) -> Result<Found, EngineError> {
        let mut groups = IndexVec::new();
        for group in self.groups {
            let (ir, clock) = group.finish(now);
            groups.push(pinned.evaluate(&ir, &clock, Keep::Outputs, watch)?);
        }
        Ok(Found {
            groups,
            places: self.places,
        })
    }

    /// The same over a snapshot, which is released once everything is read.
    ///
    /// # Errors
    /// See [`Snapshot::gather`].
    pub fn evaluate(
        self,
        snapshot: Box<dyn Snapshot>,
        now: i64,
        watch: &dyn Watch,
    ) -> Result<Found, EngineError> {
        let mut gathered = Vec::with_capacity(self.readings());
        for group in self.groups {
            let (ir, clock) = group.finish(now);
            let data = snapshot.gather(None, &ir, &clock, watch)?;
            gathered.push((ir, clock, data));
        }
        drop(snapshot);
        let gathered = gathered.into_iter();
        let groups = gathered
            .map(|(ir, clock, data)| engine::evaluate(&ir, data, &clock, Keep::Outputs))
            .collect();
        match watch.cancelled() {
            true => Err(EngineError::Cancelled),
            false => Ok(Found {
                groups,
                places: self.places,
            }),
        }
    }
}

impl Group {
    fn finish(self, now: i64) -> (Ir, Clock) {
        let clock = Clock {
            now,
            zone: self.zone,
        };
        (self.union.finish(), clock)
    }
}

impl Found {
    /// The evaluation that a rule set is part of: the subjects are those of the rule set, the rest belongs to the
    /// union.
    pub fn people(&self, variant: VariantId) -> Option<&Evaluation> {
        let (group, _) = self.places.get(variant)?;
        self.groups.get(*group)
    }

    /// The places of a segment's members among the rule set's subjects, in ascending order, or why it is stale.
    pub fn members(&self, variant: VariantId, segment: SegmentId) -> Result<&[u32], &Stale> {
        let found = self.places.get(variant).and_then(|(group, part)| {
            let evaluation = self.groups.get(*group)?;
            evaluation.segments.get(*part.segments.get(segment)?)
        });
        match found {
            Some(Ok(members)) => Ok(members),
            Some(Err(stale)) => Err(stale),
            None => Ok(&[]),
        }
    }

    /// Whether a subject is in a segment; `None` if the segment is stale.
    pub fn has(&self, variant: VariantId, segment: SegmentId, key: &Key) -> Option<bool> {
        let members = self.members(variant, segment).ok()?;
        let place = self.people(variant)?.subjects.place(key);
        let place = place.and_then(|place| u32::try_from(place).ok());
        Some(place.is_some_and(|place| members.binary_search(&place).is_ok()))
    }

    /// Whether two rule sets have the same subjects, in the same places.
    pub fn have_the_same_people(&self, one: VariantId, other: VariantId) -> bool {
        let group = |variant| self.places.get(variant).map(|(group, _)| *group);
        group(one) == group(other)
    }

    /// The values of a node that was kept or is an output.
    pub fn column(&self, variant: VariantId, node: NodeId) -> Option<&engine::Column> {
        let (group, part) = self.places.get(variant)?;
        let evaluation = self.groups.get(*group)?;
        let column = evaluation.kept.get(part.nodes.get(node)?)?;
        column.as_ref().ok()
    }

    /// The results of one rule set, as if it had been evaluated alone, as far as its nodes were kept.
    pub fn evaluation(&self, variant: VariantId, project: &Project) -> Option<Evaluation> {
        let (group, part) = self.places.get(variant)?;
        let all = self.groups.get(*group)?;
        let own = part.nodes.iter_enumerated();
        let kept = own.filter_map(|(id, node)| Some((id, all.kept.get(node)?.clone())));
        let segments = part.segments.iter();
        Some(Evaluation {
            clock: all.clock,
            subjects: all.subjects.clone(),
            inactive: all.inactive.clone(),
            segments: segments
                .filter_map(|id| all.segments.get(*id).cloned())
                .collect(),
            outputs: project.ir.outputs.clone(),
            kept: kept.collect(),
            problems: all.problems.clone(),
            wide_tops: Vec::new(),
            rows: all.rows.clone(),
            by_rows: all.by_rows.clone(),
            scan_time: all.scan_time,
            evaluation_time: all.evaluation_time,
        })
    }

    /// The evaluation of the first rule set, which is the same as without the others.
    pub fn into_first(self) -> Option<Evaluation> {
        let (group, part) = self.places.first()?;
        let (group, nodes, segments) = (group.index(), part.nodes.len(), part.segments.len());
        let all = self.groups.into_iter().nth(group)?;
        let segments = all.segments.into_iter().take(segments).collect();
        let wide_tops = all.wide_tops.into_iter();
        Some(Evaluation {
            segments,
            wide_tops: wide_tops.filter(|wide| wide.node.index() < nodes).collect(),
            ..all
        })
    }
}
