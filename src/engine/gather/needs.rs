//! What of a row the nodes of a program are made of.

use std::collections::BTreeSet;

use crate::engine::{Column, Stale};
use crate::index::{Id, IndexVec};
use crate::ir::{InputId, NodeId, Op, Program};

/// The inputs of a row that nodes are made of, as their places among the columns that are read.
pub(super) fn inputs_of(program: &Program, nodes: Vec<NodeId>) -> BTreeSet<usize> {
    let mut inputs = BTreeSet::new();
    let mut open = nodes;
    while let Some(op) = open.pop().and_then(|node| program.nodes.get(node)) {
        if let Op::Input(input) = &op.op {
            inputs.insert(input.index());
        }
        open.extend(op.op.operands());
    }
    inputs
}

/// Why a node cannot be evaluated: a column that it needs, of the row or of the row's subject, cannot be
/// read.
pub(super) fn lacking(
    program: &Program,
    node: NodeId,
    rows: &[Option<Stale>],
    subjects: &IndexVec<InputId, Result<Column, Stale>>,
) -> Option<Stale> {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let op = &program.nodes.get(node)?.op;
        let lacking = match op {
            Op::Input(input) => rows.get(input.index()).cloned().flatten(),
            Op::OfSubject(input) => subjects.get(*input).and_then(|s| s.as_ref().err().cloned()),
            Op::Gone(reason) => Some(Stale {
                reason: reason.clone(),
            }),
            _ => None,
        };
        if lacking.is_some() {
            return lacking;
        }
        open.extend(op.operands());
    }
    None
}
