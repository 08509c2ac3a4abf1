//! Why a subject moves: the clause whose answer differs by the new rules.

use std::collections::BTreeSet;

use super::{Mover, PlannedSegment};
use crate::attribution::{Pair, new_rules, old_rules};
use crate::engine::Evaluation;
use crate::explain::{ExplainedSegment, Part, explain as taken_apart};
use crate::ir::{Ir, NodeId, Op};
use crate::project::Project;
use crate::rules::SegmentId;
use crate::store::Direction;
use crate::variants::{Change, Found, Variants};

/// Why a subject moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// A clause has a different answer.
    Clause {
        /// The clause with its values, as `explain` shows it.
        figures: String,
        /// Its answer; `None` if it is unknown.
        holds: Option<bool>,
        /// Whether it belongs to the old rules, because the new ones do not have it.
        dropped: bool,
    },
    /// Another rung of the ladder, given by the segment's id, takes the subject now.
    TakenBy(String),
    /// Another rung of the ladder, given by the segment's id, took the subject before and no longer does.
    LeftBy(String),
    /// The subject no longer takes part, or only does so now.
    TakesPart(bool),
    /// The new rules no longer have the segment.
    Removed,
    /// The segment is new: the rest of a ladder, for subjects that no rung above takes.
    Rest,
}

/// Keeps the values of all parts of the conditions that are new or have changed.
pub(super) fn keep(variants: &mut Variants, pairs: &[Pair], (old, new): (&Project, &Project)) {
    for pair in pairs {
        let (before, after) = match (pair.old, pair.new) {
            (Some(before), Some(after)) => (before, after),
            (None, Some(new_segment)) => {
                variants.keep(new_rules(), spoken(&new.ir, new_segment));
                continue;
            }
            _ => continue,
        };
        if variants.change((old_rules(), before), (new_rules(), after)) == Change::Own {
            variants.keep(old_rules(), spoken(&old.ir, before));
            variants.keep(new_rules(), spoken(&new.ir, after));
        }
    }
}

/// The nodes of a condition, without those behind the segments that it names.
fn spoken(ir: &Ir, segment: SegmentId) -> BTreeSet<NodeId> {
    let mut found = BTreeSet::new();
    let mut open: Vec<NodeId> = ir
        .segments
        .get(segment)
        .map(|s| s.node)
        .into_iter()
        .collect();
    while let Some(next) = open.pop() {
        let op = ir.program.nodes.get(next).map(|node| &node.op);
        if found.insert(next) && !matches!(op, Some(Op::Member(_))) {
            open.extend(ir.needs(next));
        }
    }
    found
}

/// Finds out why the first movers move.
pub(super) fn explain(
    found: &Found,
    (old, new): (&Project, &Project),
    segments: &[(Pair, PlannedSegment)],
    movers: &mut [Mover],
    most: usize,
) {
    if most == 0 || movers.is_empty() {
        return;
    }
    let before = found.evaluation(old_rules(), old);
    let after = found.evaluation(new_rules(), new);
    let (Some(before), Some(after)) = (before, after) else {
        return;
    };
    for mover in movers.iter_mut().take(most) {
        let is_through = mover.by.through().is_some();
        let Some((pair, _)) = segments.get(mover.segment).filter(|_| !is_through) else {
            continue;
        };
        // Private values are hidden, because a plan is shown to many.
        let is_private = |project: &Project, segment| {
            let node = project.ir.segments.get(segment).map(|segment| segment.node);
            project.reads_private(node)
        };
        mover.why = match (pair.old, pair.new) {
            (Some(own), Some(other)) => {
                let sides = [(old, &before, own), (new, &after, other)];
                let shows = !is_private(old, own) && !is_private(new, other);
                why(sides, mover, shows)
            }
            (None, Some(segment)) => {
                let shows = !is_private(new, segment);
                segment_of((new, &after, segment), mover, shows).map(|segment| in_new(&segment))
            }
            (Some(_), None) => Some(Why::Removed),
            (None, None) => None,
        };
    }
}

fn why(
    [old, new]: [(&Project, &Evaluation, SegmentId); 2],
    mover: &Mover,
    shows: bool,
) -> Option<Why> {
    let of = |side| segment_of(side, mover, shows);
    let (before, after) = match (of(old), of(new)) {
        (Some(before), Some(after)) => (before, after),
        (before, after) if before.is_some() != after.is_some() => {
            return Some(Why::TakesPart(after.is_some()));
        }
        _ => return None,
    };
    let clause = among(&before, &after).or_else(|| condition(&before, &after));
    clause.or_else(|| match mover.direction {
        Direction::Entered => before.taken_by.map(Why::LeftBy),
        Direction::Left => after.taken_by.map(Why::TakenBy),
    })
}

/// A segment explained for a mover, without values if they are not shown; `None` if the mover does not take part.
fn segment_of(
    (project, evaluation, segment): (&Project, &Evaluation, SegmentId),
    mover: &Mover,
    shows: bool,
) -> Option<ExplainedSegment> {
    let place = evaluation.subjects.place(&mover.subject)?;
    let id = &project.ir.segments.get(segment)?.id;
    let mut explanation = taken_apart(project, evaluation, place, Some(id));
    let mut segment = explanation.segments.pop()?;
    if !shows {
        let (among, condition) = (&mut segment.not_among, &mut segment.condition);
        among.iter_mut().chain(condition).for_each(leave_values_out);
    }
    Some(segment)
}

/// Why a subject is in a new segment: the most informative clause.
fn in_new(segment: &ExplainedSegment) -> Why {
    let deciding = segment.condition.iter().flat_map(Part::deciding_first);
    deciding
        .map(|part| clause(part, false))
        .next()
        .unwrap_or(Why::Rest)
}

fn leave_values_out(part: &mut Part) {
    part.figures.clear();
    part.parts.iter_mut().for_each(leave_values_out);
}

/// The clause of a ladder's `among:`.
fn among(before: &ExplainedSegment, after: &ExplainedSegment) -> Option<Why> {
    match (&before.not_among, &after.not_among) {
        (None, Some(part)) => Some(clause(innermost(part), false)),
        (Some(part), None) => Some(clause(innermost(part), true)),
        _ => None,
    }
}

fn condition(before: &ExplainedSegment, after: &ExplainedSegment) -> Option<Why> {
    let (before, after) = (before.condition.as_ref()?, after.condition.as_ref()?);
    differing(before, after)
}

/// The innermost clause whose answer differs between two states of a condition.
fn differing(before: &Part, after: &Part) -> Option<Why> {
    if before.holds == after.holds {
        return None;
    }
    if before.parts.len() == after.parts.len() {
        let mut pairs = before.parts.iter().zip(&after.parts);
        let inner = pairs.find_map(|(before, after)| differing(before, after));
        return inner.or_else(|| Some(clause(after, false)));
    }
    // A clause that only one of the two has, and whose answer is that of the whole.
    let fresh = |those: &[Part], holds: Option<bool>, part: &&Part| {
        let known = those.iter().any(|other| other.text == part.text);
        !known && part.holds == holds
    };
    let mut asked = after.parts.iter();
    let asked = asked.find(|part| fresh(&before.parts, after.holds, part));
    let mut dropped = before.parts.iter();
    let dropped = dropped.find(|part| fresh(&after.parts, before.holds, part));
    Some(match (asked, dropped) {
        (Some(part), _) => clause(innermost(part), false),
        (None, Some(part)) => clause(innermost(part), true),
        (None, None) => clause(after, false),
    })
}

/// The first of a part's parts that alone determines its answer, followed down to one without parts.
fn innermost(part: &Part) -> &Part {
    let mut parts = part.parts.iter();
    let inner = parts.find(|inner| inner.holds == part.holds);
    inner.map_or(part, innermost)
}

fn clause(part: &Part, dropped: bool) -> Why {
    let figures = match part.figures.is_empty() {
        true => &part.text,
        false => &part.figures,
    };
    Why::Clause {
        figures: figures.clone(),
        holds: part.holds,
        dropped,
    }
}
