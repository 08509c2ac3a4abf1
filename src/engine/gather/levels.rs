//! What is known about subjects before a level of scans, so that rows can be compared with it.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::nodes::{Given, Lacking, Nodes};
use crate::engine::places::at_places;
use crate::engine::{Column, Stale};
use crate::index::IndexVec;
use crate::ir::{AggregateId, InputId, Ir, NodeId, Op, TableScan};
use crate::time::Clock;

/// One value per subject for each operation that reads it.
#[derive(Default)]
pub(super) struct OfSubjects {
    /// For each of the IR's subject inputs, its column or why it cannot be read.
    pub(super) inputs: IndexVec<InputId, Result<Column, Stale>>,
    /// The columns of nodes of the subject program; one value may stand for all subjects.
    values: BTreeMap<NodeId, Result<Column, Stale>>,
    /// The number of subjects.
    count: usize,
}

impl OfSubjects {
    /// Starts with the columns of this many subjects only.
    pub(super) fn new(inputs: IndexVec<InputId, Result<Column, Stale>>, count: usize) -> Self {
        Self {
            inputs,
            values: BTreeMap::new(),
            count,
        }
    }

    /// What an operation of a row program takes from subjects; `None` for any other operation.
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

    /// Computes what the rows of a level's scans are compared with, and drops what no later level needs. `aggregates`
    /// are those filled so far.
    pub(super) fn know(
        &mut self,
        ir: &Ir,
        level: usize,
        aggregates: &mut IndexVec<AggregateId, Result<Column, Stale>>,
        clock: &Clock,
    ) {
        let later = compared_with(ir, |scan| scan.level >= level);
        self.values.retain(|node, _| later.contains(node));
        let mut wanted = compared_with(ir, |scan| scan.level == level);
        wanted.retain(|node| !self.values.contains_key(node));
        // A filled aggregate is given, and says itself why it is stale. Nothing behind it is computed again.
        let needed = ir.program.nodes_behind(wanted.iter().copied());
        let given = self.lend(ir, &needed, aggregates);
        let mut nodes = Nodes::new(ir, given, clock);
        for node in &needed {
            nodes.evaluate(*node, |_, _| {
                Err(Lacking::of("it asks for more than one subject"))
            });
        }
        for node in needed {
            let outside = match ir.program.nodes.get(node).map(|step| &step.op) {
                Some(Op::Input(id)) => self.inputs.get_mut(*id),
                Some(Op::Aggregate(id)) => aggregates.get_mut(*id),
                _ => None,
            };
            let Some(found) = nodes.take(node) else {
                continue;
            };
            let found = found.map_err(|lacking| Stale {
                reason: lacking.reason,
            });
            match (outside, wanted.contains(&node)) {
                (Some(outside), true) => {
                    self.values.insert(node, found.clone());
                    *outside = found;
                }
                (Some(outside), false) => *outside = found,
                (None, true) => {
                    self.values.insert(node, found);
                }
                (None, false) => {}
            }
        }
    }

    /// The columns from outside that these nodes read, moved out of where they are stored.
    fn lend(
        &mut self,
        ir: &Ir,
        nodes: &BTreeSet<NodeId>,
        aggregates: &mut IndexVec<AggregateId, Result<Column, Stale>>,
    ) -> Given {
        let mut given = Given {
            inputs: self.inputs.map(|_| not_read()),
            aggregates: aggregates.map(|_| not_read()),
        };
        let steps = nodes.iter().filter_map(|node| ir.program.nodes.get(*node));
        for step in steps {
            match &step.op {
                Op::Input(id) => swap(&mut given.inputs, &mut self.inputs, *id),
                Op::Aggregate(id) => swap(&mut given.aggregates, aggregates, *id),
                _ => {}
            }
        }
        given
    }
}

/// The nodes that the rows of some scans are compared with.
fn compared_with(ir: &Ir, which: impl Fn(&TableScan) -> bool) -> BTreeSet<NodeId> {
    let scans = ir.scans.iter().filter(|scan| which(scan));
    scans
        .flat_map(|scan| scan.program.compared_with())
        .collect()
}

fn not_read() -> Result<Column, Stale> {
    Err(Stale {
        reason: "a column was not read".to_owned(),
    })
}

fn swap<I: crate::index::Id>(
    one: &mut IndexVec<I, Result<Column, Stale>>,
    other: &mut IndexVec<I, Result<Column, Stale>>,
    id: I,
) {
    if let (Some(one), Some(other)) = (one.get_mut(id), other.get_mut(id)) {
        std::mem::swap(one, other);
    }
}
