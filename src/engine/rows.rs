//! Evaluates row programs over batches of rows.

use super::Column;
use super::apply::apply;
use super::operands::NOTHING;
use crate::index::{Id, IndexVec};
use crate::ir::{NodeId, Op, Program};
use crate::time::Clock;

/// Evaluates one row program, batch after batch.
#[derive(Clone)]
pub struct RowEvaluator<'p> {
    program: &'p Program,
    clock: Clock,
    /// Which nodes are the same in every batch and are evaluated once.
    constant: IndexVec<NodeId, bool>,
    columns: IndexVec<NodeId, Column>,
}

impl<'p> RowEvaluator<'p> {
    /// Evaluates the nodes that do not depend on rows.
    pub fn new(program: &'p Program, clock: &Clock) -> Self {
        let mut new = Self {
            program,
            clock: *clock,
            constant: IndexVec::new(),
            columns: IndexVec::new(),
        };
        for node in &program.nodes {
            let from_row = matches!(
                node.op,
                Op::Input(_) | Op::OfSubject(_) | Op::ValueOfSubject(_)
            );
            let operands = node.op.operands();
            let constant = !from_row
                && operands
                    .iter()
                    .all(|operand| new.constant.get(*operand) == Some(&true));
            let column = if constant {
                apply(node, &|id| new.column(id, &[]), &new.clock)
            } else {
                Column::missing(node.ty)
            };
            new.constant.push(constant);
            new.columns.push(column);
        }
        new
    }

    /// Evaluates a batch. `inputs` are the program's input columns, all as long as the batch. `of_subject` returns the
    /// values that an operation takes from the subjects of the rows.
    pub fn evaluate(&mut self, inputs: &[Column], of_subject: &mut dyn FnMut(&Op) -> Column) {
        for (id, node) in self.program.nodes.iter_enumerated() {
            if self.constant.get(id) == Some(&true) {
                continue;
            }
            let column = match &node.op {
                Op::Input(_) => continue,
                op @ (Op::OfSubject(_) | Op::ValueOfSubject(_)) => of_subject(op),
                _ => apply(node, &|id| self.column(id, inputs), &self.clock),
            };
            if let Some(slot) = self.columns.get_mut(id) {
                *slot = column;
            }
        }
    }

    /// The column of a node after [`Self::evaluate`] with these inputs: one value per row, or a single value that
    /// stands for all rows.
    pub fn column<'a>(&'a self, node: NodeId, inputs: &'a [Column]) -> &'a Column {
        match self.program.nodes.get(node).map(|node| &node.op) {
            Some(Op::Input(input)) => inputs.get(input.index()),
            _ => self.columns.get(node),
        }
        .unwrap_or(&NOTHING)
    }
}
