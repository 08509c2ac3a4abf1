//! Why somebody moves: the clause whose answer is another by the new rules.

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

/// Why somebody moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// A clause has another answer.
    Clause {
        /// The clause with its values, as `explain` shows it.
        figures: String,
        /// Its answer; none where it is unknown.
        holds: Option<bool>,
        /// Whether it is of the old rules, because the new ones do not ask it.
        dropped: bool,
    },
    /// Another rung of the ladder, by the segment's id, takes it now.
    TakenBy(String),
    /// Another rung of the ladder, by the segment's id, took it before and no longer does.
    LeftBy(String),
    /// It takes part no longer, or only now.
    TakesPart(bool),
    /// The new rules no longer have the segment.
    Removed,
    /// The segment is new: the rest of a ladder, whom no rung above takes.
    Rest,
}

/// Keeps the values of whatever the conditions are made of that are new or asked otherwise.
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

/// What a condition is made of, without what is behind the segments that it names.
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

/// Finds out of the first movers why they move.
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
        // A plan is shown to many.
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

/// A segment taken apart for a mover, without values where they are not shown; none where the mover takes no part.
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

/// Why somebody is in a segment that is new: the clause that tells most.
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

/// The innermost clause with another answer, in one state of a condition and the next.
fn differing(before: &Part, after: &Part) -> Option<Why> {
    if before.holds == after.holds {
        return None;
    }
    if before.parts.len() == after.parts.len() {
        let mut pairs = before.parts.iter().zip(&after.parts);
        let inner = pairs.find_map(|(before, after)| differing(before, after));
        return inner.or_else(|| Some(clause(after, false)));
    }
    // One that only one of the two asks, and that answers as the whole does.
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

/// The first of a part's parts that alone gives it its answer, down to one that has none.
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
