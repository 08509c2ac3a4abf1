//! Whether another condition would take the same subjects.

use super::proof::{Answers, Effort, Prover, by_itself};
use crate::ir::{Ir, NodeId};
use crate::rules::{RuleSet, SegmentId};

/// Whether it is certain that a segment takes the same subjects by either condition, given who reaches its rung and that the nodes in `given`
/// answer yes. Nodes are of the subject program.
pub fn takes_the_same(
    (ir, rules): (&Ir, &RuleSet),
    segment: SegmentId,
    (one, other): (NodeId, NodeId),
    given: &[NodeId],
) -> bool {
    let mut prover = Prover::new(ir, rules, Effort::Check);
    let mut ladders = rules.ladders.iter();
    let is_below = ladders.any(|ladder| ladder.rungs.iter().skip(1).any(|rung| *rung == segment));
    let node = ir.segments.get(segment).map(|segment| segment.node);
    let taken = node
        .filter(|_| is_below)
        .and_then(|node| by_itself(ir, node).1);
    [(one, other), (other, one)]
        .into_iter()
        .all(|(takes, leaves)| {
            let given = given.iter().map(|node| (*node, Answers::YES));
            let free = taken.map(|taken| (taken, Answers::NO));
            let differ = [(takes, Answers::YES), (leaves, Answers::NOT_YES)];
            let all = given.chain(free).chain(differ);
            let all: Vec<_> = all
                .map(|(node, answers)| prover.answers(node, answers))
                .collect();
            prover.are_impossible(&all)
        })
}
