//! What is known of subjects before a level of scans, for rows to be compared with.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::nodes::{Given, Lacking, Nodes};
use crate::engine::places::at_places;
use crate::engine::{Column, Stale};
use crate::index::IndexVec;
use crate::ir::{AggregateId, InputId, Ir, NodeId, Op, TableScan};
use crate::time::Clock;

/// One value per subject, each by what asks for it.
#[derive(Default)]
pub(super) struct OfSubjects {
    /// For each of the IR's subject inputs; or why it cannot be read.
    pub(super) inputs: IndexVec<InputId, Result<Column, Stale>>,
    /// Of nodes of the subject program; one value may stand for all.
    values: BTreeMap<NodeId, Result<Column, Stale>>,
    /// How many subjects there are.
    count: usize,
}

impl OfSubjects {
    /// Only columns of so many subjects.
    pub(super) fn new(inputs: IndexVec<InputId, Result<Column, Stale>>, count: usize) -> Self {
        Self {
            inputs,
            values: BTreeMap::new(),
            count,
        }
    }

    /// What a step of a row program takes of subjects; none for any other step.
    pub(super) fn of(&self, op: &Op) -> Option<&Result<Column, Stale>> {
        match op {
            Op::OfSubject(input) => self.inputs.get(*input),
            Op::ValueOfSubject(node) => self.values.get(node),
            _ => None,
        }
    }

    /// The same for the subjects at these places.
    pub(super) fn at(&self, op: &Op, places: &[u32]) -> Column {
        match self.of(op) {
            Some(Ok(one)) if one.len() == 1 && self.count != 1 => one.clone(),
            Some(Ok(values)) => at_places(values, places),
            _ => Column::Truth(Vec::new()),
        }
    }

    /// Works out what the rows of some scans are compared with. Aggregates are those filled so far.
    pub(super) fn know(
        &mut self,
        ir: &Ir,
        scans: &[&TableScan],
        aggregates: &IndexVec<AggregateId, Result<Column, Stale>>,
        clock: &Clock,
    ) {
        let steps = scans.iter().flat_map(|scan| &scan.program.nodes);
        let wanted: BTreeSet<NodeId> = steps
            .filter_map(|step| match step.op {
                Op::ValueOfSubject(node) => Some(node),
                _ => None,
            })
            .filter(|node| !self.values.contains_key(node))
            .collect();
        let needed: BTreeSet<NodeId> = wanted.iter().flat_map(|node| ir.behind(*node)).collect();
        if needed.is_empty() {
            return;
        }
        let mut nodes = Nodes::new(ir, self.given(ir, &needed, aggregates), clock);
        for node in needed {
            nodes.evaluate(node, |_, _| {
                Err(Lacking::of("it asks for more than one subject"))
            });
        }
        for node in wanted {
            if let Some(found) = nodes.take(node) {
                let found = found.map_err(|lacking| Stale {
                    reason: lacking.reason,
                });
                self.values.insert(node, found);
            }
        }
    }

    /// The columns from outside that nodes read; the others are left where they are.
    fn given(
        &self,
        ir: &Ir,
        nodes: &BTreeSet<NodeId>,
        aggregates: &IndexVec<AggregateId, Result<Column, Stale>>,
    ) -> Given {
        let mut given = Given {
            inputs: self.inputs.map(|_| not_read()),
            aggregates: aggregates.map(|_| not_read()),
        };
        let steps = nodes.iter().filter_map(|node| ir.program.nodes.get(*node));
        for step in steps {
            match &step.op {
                Op::Input(id) => put(&mut given.inputs, *id, self.inputs.get(*id)),
                Op::Aggregate(id) => put(&mut given.aggregates, *id, aggregates.get(*id)),
                _ => {}
            }
        }
        given
    }
}

fn not_read() -> Result<Column, Stale> {
    Err(Stale {
        reason: "a column was not read".to_owned(),
    })
}

fn put<I: crate::index::Id>(
    columns: &mut IndexVec<I, Result<Column, Stale>>,
    id: I,
    found: Option<&Result<Column, Stale>>,
) {
    if let (Some(slot), Some(found)) = (columns.get_mut(id), found) {
        *slot = found.clone();
    }
}
