//! What the nodes of a program need from a row.

use std::collections::BTreeSet;

use super::levels::OfSubjects;
use crate::engine::Stale;
use crate::index::Id;
use crate::ir::{NodeId, Op, Program};

/// The inputs of a row that the nodes depend on, by their places among the columns that are read.
pub(super) fn inputs_of(program: &Program, nodes: Vec<NodeId>) -> BTreeSet<usize> {
    let behind = program.behind(nodes).into_iter();
    let inputs = behind.filter_map(|op| match op {
        Op::Input(input) => Some(input.index()),
        _ => None,
    });
    inputs.collect()
}

/// Why a node cannot be evaluated: something that it needs from the row, or from the row's subject, cannot be read.
pub(super) fn lacking(
    program: &Program,
    node: NodeId,
    rows: &[Option<Stale>],
    subjects: &OfSubjects,
) -> Option<Stale> {
    let behind = program.behind([node]).into_iter();
    let mut lacking = behind.filter_map(|op| match op {
        Op::Input(input) => rows.get(input.index()).cloned().flatten(),
        Op::OfSubject(_) | Op::ValueOfSubject(_) => subjects.of(op)?.as_ref().err().cloned(),
        Op::Gone(reason) => Some(Stale {
            reason: reason.clone(),
        }),
        _ => None,
    });
    lacking.next()
}
