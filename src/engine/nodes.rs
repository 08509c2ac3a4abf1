//! The columns of the subject program's nodes for as long as they are needed, and why a node has none.

use super::apply::apply;
use super::operands::NOTHING;
use super::{Column, Stale};
use crate::index::{Id, IndexVec};
use crate::ir::{AggregateId, InputId, Ir, NodeId, Op};
use crate::rules::SegmentId;
use crate::time::Clock;

/// Why a node has no column: the reason, and the segment where the problem started.
#[derive(Clone)]
pub(super) struct Lacking {
    pub(super) reason: String,
    pub(super) segment: Option<SegmentId>,
}

impl Lacking {
    pub(super) fn of(reason: &str) -> Self {
        Self {
            reason: reason.to_owned(),
            segment: None,
        }
    }
}

/// The columns that come from outside: those of subjects and those of aggregates.
pub(super) struct Given {
    pub(super) inputs: IndexVec<InputId, Result<Column, Stale>>,
    pub(super) aggregates: IndexVec<AggregateId, Result<Column, Stale>>,
}

/// The nodes evaluated so far.
pub(super) struct Nodes<'p> {
    pub(super) ir: &'p Ir,
    clock: &'p Clock,
    inputs: Outside<InputId>,
    aggregates: Outside<AggregateId>,
    columns: IndexVec<NodeId, Option<Result<Column, Lacking>>>,
}

/// Columns that come from outside. Each is taken by the one node that names it.
type Outside<I> = IndexVec<I, Option<Result<Column, Stale>>>;

impl<'p> Nodes<'p> {
    /// Starts with nothing evaluated.
    pub(super) fn new(ir: &'p Ir, given: Given, clock: &'p Clock) -> Self {
        Self {
            ir,
            clock,
            inputs: given.inputs.into_iter().map(Some).collect(),
            aggregates: given.aggregates.into_iter().map(Some).collect(),
            columns: ir.program.nodes.map(|_| None),
        }
    }

    /// Evaluates a node whose operands are already evaluated. `others` evaluates operations over many subjects.
    pub(super) fn evaluate(
        &mut self,
        id: NodeId,
        others: impl FnOnce(&Self, &Op) -> Result<Column, Lacking>,
    ) {
        let found = self.found(id, others);
        if let Some(slot) = self.columns.get_mut(id) {
            *slot = Some(found);
        }
    }

    fn found(
        &mut self,
        id: NodeId,
        others: impl FnOnce(&Self, &Op) -> Result<Column, Lacking>,
    ) -> Result<Column, Lacking> {
        let Some(node) = self.ir.program.nodes.get(id) else {
            return Ok(Column::Truth(Vec::new()));
        };
        for needed in self.ir.needs(id) {
            if let Some(Err(lacking)) = self.get(needed) {
                return Err(match node.op {
                    Op::Member(segment) => Lacking {
                        segment: lacking.segment.or(Some(segment)),
                        reason: lacking.reason.clone(),
                    },
                    _ => lacking.clone(),
                });
            }
        }
        match &node.op {
            Op::Gone(reason) => Err(Lacking {
                reason: reason.clone(),
                segment: None,
            }),
            Op::Input(input) => take(&mut self.inputs, *input),
            Op::Aggregate(aggregate) => take(&mut self.aggregates, *aggregate),
            op @ (Op::Member(_) | Op::Population { .. }) => others(self, op),
            _ => Ok(apply(node, &|id| self.column(id), self.clock)),
        }
    }

    /// The result of a node; `None` if it has not been evaluated, or was dropped.
    pub(super) fn get(&self, node: NodeId) -> Option<&Result<Column, Lacking>> {
        self.columns.get(node)?.as_ref()
    }

    /// The column of a node that has one.
    pub(super) fn column(&self, node: NodeId) -> &Column {
        match self.get(node) {
            Some(Ok(column)) => column,
            _ => &NOTHING,
        }
    }

    /// Takes a node's column out, as nothing here needs it any more.
    pub(super) fn take(&mut self, node: NodeId) -> Option<Result<Column, Lacking>> {
        self.columns.get_mut(node)?.take()
    }

    /// Replaces every column, including those from outside.
    pub(super) fn replace(&mut self, other: impl Fn(&Column) -> Column) {
        let evaluated = self.columns.iter_mut().flatten().flatten();
        let outside = self.inputs.iter_mut().chain(&mut self.aggregates);
        for column in evaluated.chain(outside.flatten().flatten()) {
            *column = other(column);
        }
    }
}

fn take<I: Id>(from: &mut Outside<I>, id: I) -> Result<Column, Lacking> {
    let reason = match from.get_mut(id).and_then(Option::take) {
        Some(Ok(column)) => return Ok(column),
        Some(Err(stale)) => stale.reason,
        None => "a column was not read".to_owned(),
    };
    Err(Lacking {
        reason,
        segment: None,
    })
}
