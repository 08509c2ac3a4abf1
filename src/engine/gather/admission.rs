//! Decides which rows of a sample a `where:` in config admits, without a scan.

use super::decode;
use crate::engine::rows::RowEvaluator;
use crate::engine::{Column, OwnedCell};
use crate::index::{Id, IndexVec};
use crate::ir::{InputColumn, InputId, NodeId, Op, Program};
use crate::time::{Clock, InstantReader};
use crate::value::Truth;

/// A lowered `where:` of config.
#[derive(Clone, Copy)]
pub struct Admission<'i> {
    program: &'i Program,
    node: NodeId,
    inputs: &'i IndexVec<InputId, InputColumn>,
}

impl<'i> Admission<'i> {
    /// The answer of a node of a row program over these inputs; `None` if it needs more than the row itself: a lookup,
    /// or the row's subject.
    pub fn of(
        program: &'i Program,
        node: NodeId,
        inputs: &'i IndexVec<InputId, InputColumn>,
    ) -> Option<Self> {
        let is_of_row = |op: &&Op| match op {
            Op::Input(input) => inputs.get(*input).is_some_and(|i| i.lookup.is_none()),
            Op::OfSubject(_) | Op::ValueOfSubject(_) => false,
            _ => true,
        };
        let behind = program.behind([node]);
        behind.iter().all(is_of_row).then_some(Self {
            program,
            node,
            inputs,
        })
    }

    /// The row's columns that the condition reads.
    pub fn columns(&self) -> Vec<&'i str> {
        let asked = self.asked().into_iter();
        asked.map(|(_, input)| input.column.as_str()).collect()
    }

    /// Whether each row counts, given its cells of [`Self::columns`].
    pub fn admits(&self, rows: &[&[OwnedCell]], clock: &Clock) -> Vec<bool> {
        let unasked = |input: &InputColumn| Column::missing(input.ty.value_type());
        let mut inputs: Vec<Column> = self.inputs.iter().map(unasked).collect();
        let mut times = InstantReader::new(clock.zone);
        for (place, (id, input)) in self.asked().into_iter().enumerate() {
            let mut column = decode::empty(input.ty);
            for row in rows {
                let cell = row.get(place).unwrap_or(&OwnedCell::Null);
                decode::push(&mut column, cell.lent(), input.ty, &mut times);
            }
            if let Some(slot) = inputs.get_mut(id.index()) {
                *slot = column;
            }
        }
        let mut evaluator = RowEvaluator::new(self.program, clock);
        let program = self.program;
        evaluator.evaluate(&inputs, &mut |op| {
            let node = program.nodes.iter().find(|node| node.op == *op);
            Column::missing(node.map_or(crate::value::Type::Unknown, |node| node.ty))
        });
        let answers = evaluator.column(self.node, &inputs).truths();
        let answer = |row: usize| answers.get(row).or(answers.first());
        (0..rows.len())
            .map(|row| answer(row) == Some(&Truth::Yes))
            .collect()
    }

    fn asked(&self) -> Vec<(InputId, &'i InputColumn)> {
        let behind = self.program.behind([self.node]);
        let asked = behind.into_iter().filter_map(|op| match op {
            Op::Input(id) => Some((*id, self.inputs.get(*id)?)),
            _ => None,
        });
        asked.collect()
    }
}
