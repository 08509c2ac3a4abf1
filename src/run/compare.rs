//! What changed since the last published run, and why.

use std::collections::HashMap;

use super::by_rules::ByRules;
use super::{RemovedSegment, SegmentOutcome};
use crate::attribution::only_in;
use crate::engine::{Evaluation, Key, Stale, Subjects, values_of_count, values_over};
use crate::index::IndexVec;
use crate::ir::{Difference, Fingerprint, Ir};
use crate::rules::SegmentId;
use crate::store::{Cause, Direction, Movement, Previous, PreviousSegment};
use crate::value::SegmentValue;

/// A segment as it is defined now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Defined<'a> {
    id: &'a str,
    /// The fingerprint that its members are found by.
    fingerprint: &'a Fingerprint,
    /// Which subjects move because of the rules, if that is known for each member.
    by_rules: Option<&'a ByRules>,
}

impl Defined<'_> {
    /// What changed since its stored members were found; `None` if it never had any.
    fn since(&self, before: Option<&PreviousSegment>) -> Option<Difference> {
        let stored = before?.segment.fingerprint.as_ref()?;
        Some(self.fingerprint.since(stored))
    }

    /// Whether changed rules move a subject in that direction. If that is not known for each subject, they move
    /// everybody.
    fn moves(&self, key: &Key, direction: Direction) -> bool {
        let had = self.by_rules.and_then(|rules| rules.had(self.id, key));
        had.is_none_or(|had| had == (direction == Direction::Left))
    }
}

/// Every segment compared with the last published run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comparison {
    /// The outcome of each segment.
    pub segments: IndexVec<SegmentId, SegmentOutcome>,
    /// The fingerprint that each segment's members were found by; `None` if it never had any.
    pub fingerprints: IndexVec<SegmentId, Option<Fingerprint>>,
    /// Segments that are no longer defined.
    pub removed: Vec<RemovedSegment>,
}

impl Comparison {
    /// Computes the values of each segment from its members. A stale segment, whose members are from an earlier
    /// instant, has only their number; a value that lacks a column is missing.
    pub(super) fn fill_in_values(&mut self, ir: &Ir, evaluation: &Evaluation) {
        for segment in &mut self.segments {
            let members = &segment.members;
            let values = match segment.stale {
                Some(_) => values_of_count(ir, &evaluation.clock, members.len()),
                None => values_over(ir, evaluation, members),
            };
            segment.values = values
                .into_iter()
                .map(|value| value.unwrap_or(SegmentValue::MISSING))
                .collect();
        }
    }

    /// Discards the movements where a comparison is meaningless.
    pub(super) fn forget_movements(&mut self) {
        self.removed.clear();
        for segment in &mut self.segments {
            segment.movements.clear();
        }
    }
}

/// Compares an evaluation with the last published state. `by_rules` says who moves because of changed rules.
pub(super) fn compare(
    ir: &Ir,
    fingerprints: &IndexVec<SegmentId, Fingerprint>,
    evaluation: &Evaluation,
    previous: &Previous,
    by_rules: Option<&ByRules>,
) -> Comparison {
    let mut before: HashMap<&str, &PreviousSegment> = previous
        .segments
        .iter()
        .map(|stored| (stored.segment.id.as_str(), stored))
        .collect();
    let subjects = &evaluation.subjects;
    let first = previous.run.is_none();
    let found = ir.segments.iter_enumerated().filter_map(|(id, segment)| {
        let defined = Defined {
            id: &segment.id,
            fingerprint: fingerprints.get(id)?,
            by_rules,
        };
        Some((defined, evaluation.segments.get(id)?))
    });
    let (segments, fingerprints) = found
        .map(|(defined, found)| {
            let before = before.remove(defined.id);
            match found {
                Ok(members) => (
                    moved(&defined, members, before, first, evaluation),
                    Some(defined.fingerprint.clone()),
                ),
                Err(stale) => (
                    kept(stale, &defined, before, evaluation),
                    before.and_then(|stored| stored.segment.fingerprint.clone()),
                ),
            }
        })
        .unzip();
    let removed = previous
        .segments
        .iter()
        .filter(|stored| before.contains_key(stored.segment.id.as_str()));
    Comparison {
        segments,
        fingerprints,
        removed: removed.map(|stored| removal(stored, subjects)).collect(),
    }
}

/// The outcome of a segment that could be evaluated.
fn moved(
    defined: &Defined<'_>,
    members: &[u32],
    before: Option<&PreviousSegment>,
    first: bool,
    evaluation: &Evaluation,
) -> SegmentOutcome {
    let subjects = &evaluation.subjects;
    let change = match defined.since(before) {
        Some(Difference::Same) => Cause::Data,
        Some(Difference::Rule | Difference::Ground) => Cause::Rule,
        Some(Difference::Version) => Cause::Upgrade,
        None if first => Cause::FirstRun,
        None => Cause::SegmentNew,
    };
    let earlier = before.map_or(&[][..], |stored| &stored.members);
    let cause = |direction: Direction| {
        move |key: &Key| match change {
            Cause::Rule if !defined.moves(key, direction) => Cause::Data,
            change => change,
        }
    };
    let mut movements = no_longer_there(defined, before, evaluation);
    for (places, direction) in [
        (only_in(earlier, members), Direction::Left),
        (only_in(members, earlier), Direction::Entered),
    ] {
        movements.extend(movement(
            places.copied(),
            subjects,
            direction,
            cause(direction),
        ));
    }
    SegmentOutcome {
        members: members.to_vec(),
        stale: None,
        values: Vec::new(),
        movements,
    }
}

/// The outcome of a stale segment: its last good members that still exist.
fn kept(
    stale: &Stale,
    defined: &Defined<'_>,
    before: Option<&PreviousSegment>,
    evaluation: &Evaluation,
) -> SegmentOutcome {
    let had = before.is_some_and(|stored| stored.segment.fingerprint.is_some());
    let reason = match had {
        true => stale.reason.clone(),
        // An empty segment does not mean that nobody was found.
        false => format!("no result yet: {}", stale.reason),
    };
    SegmentOutcome {
        members: before.map_or_else(Vec::new, |stored| stored.members.clone()),
        stale: Some(Stale { reason }),
        values: Vec::new(),
        movements: no_longer_there(defined, before, evaluation),
    }
}

fn removal(stored: &PreviousSegment, subjects: &Subjects) -> RemovedSegment {
    let places = stored.members.iter().copied();
    let gone = stored.gone.iter().cloned().map(|subject| Movement {
        subject,
        direction: Direction::Left,
        cause: Cause::SegmentRemoved,
    });
    let cause = |_: &Key| Cause::SegmentRemoved;
    let left = movement(places, subjects, Direction::Left, cause);
    RemovedSegment {
        id: stored.segment.id.clone(),
        name: stored.segment.name.clone(),
        movements: gone.chain(left).collect(),
    }
}

/// Subjects that left all segments: they are inactive or not in the database, or config now defines differently who
/// takes part.
fn no_longer_there(
    defined: &Defined<'_>,
    before: Option<&PreviousSegment>,
    evaluation: &Evaluation,
) -> Vec<Movement> {
    let by_rule = defined.since(before) == Some(Difference::Ground);
    before
        .map_or(&[][..], |stored| &stored.gone)
        .iter()
        .map(|subject| Movement {
            subject: subject.clone(),
            direction: Direction::Left,
            cause: match evaluation.inactive.place(subject) {
                _ if by_rule && defined.moves(subject, Direction::Left) => Cause::Rule,
                Some(_) => Cause::Inactive,
                None => Cause::Gone,
            },
        })
        .collect()
}

fn movement(
    places: impl Iterator<Item = u32>,
    subjects: &Subjects,
    direction: Direction,
    cause: impl Fn(&Key) -> Cause,
) -> impl Iterator<Item = Movement> {
    places.filter_map(move |place| {
        let subject = subjects.key(place as usize)?;
        Some(Movement {
            cause: cause(&subject),
            subject,
            direction,
        })
    })
}
