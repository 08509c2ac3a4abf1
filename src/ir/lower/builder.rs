//! Builds programs in which no two nodes are equal.

use std::collections::HashMap;

use crate::catalog::{ColumnRef, Entity};
use crate::index::IndexVec;
use crate::ir::{InputColumn, InputId, Lookup, LookupId, Node, NodeId, Op, Program};
use crate::value::{ColumnType, Type, Value};

/// A node as a hash key. Two are equal only if they compute the same to the last bit, so `0` differs from `-0`.
#[derive(Clone, PartialEq, Hash)]
struct Key {
    node: Node,
    /// The bits of the number in the node, if it has one.
    bits: Option<u64>,
}

// The numbers in conditions are finite, so equality is total.
impl Eq for Key {}

impl From<Node> for Key {
    fn from(node: Node) -> Self {
        let number = match &node.op {
            Op::Constant(Value::Number(number)) => Some(*number),
            Op::Population { function, .. } => function.number(),
            _ => None,
        };
        Self {
            node,
            bits: number.map(f64::to_bits),
        }
    }
}

/// A program to which nodes are added.
#[derive(Clone, Default)]
pub(in crate::ir) struct Builder {
    program: Program,
    known: HashMap<Key, NodeId>,
}

impl Builder {
    /// Starts with the nodes of a program.
    pub(in crate::ir) fn of(program: &Program) -> Self {
        let nodes = program.nodes.iter_enumerated();
        Self {
            known: nodes.map(|(id, node)| (node.clone().into(), id)).collect(),
            program: program.clone(),
        }
    }

    /// The node with this operation: an existing one, or a new one.
    pub(in crate::ir) fn node(&mut self, op: Op, ty: Type) -> NodeId {
        let next = self.program.nodes.next_id();
        let node = Node { op, ty };
        let id = *self.known.entry(node.clone().into()).or_insert(next);
        if id == next {
            self.program.nodes.push(node);
        }
        id
    }

    /// The program built so far.
    pub(in crate::ir) fn so_far(&self) -> &Program {
        &self.program
    }

    /// The finished program.
    pub(in crate::ir) fn finish(self) -> Program {
        self.program
    }
}

/// The input for a column. Adds the column to the inputs, and its lookup to the lookups, if they are not there yet.
pub(super) fn input(
    inputs: &mut IndexVec<InputId, InputColumn>,
    lookups: &mut IndexVec<LookupId, Lookup>,
    entity: &Entity,
    (at, ty): (&ColumnRef, ColumnType),
) -> InputId {
    let lookup = lookup_of(lookups, entity, at);
    let column = at.column.clone();
    inputs.intern(InputColumn { lookup, column, ty })
}

/// The lookup that a column is read through, if there is one. Adds it to the lookups if it is not there yet.
pub(super) fn lookup_of(
    lookups: &mut IndexVec<LookupId, Lookup>,
    entity: &Entity,
    at: &ColumnRef,
) -> Option<LookupId> {
    let name = at.lookup.as_ref()?;
    let lookup = entity.lookups.get(name)?;
    Some(lookups.intern(Lookup {
        name: name.clone(),
        table: lookup.table.clone(),
        key: lookup.key.clone(),
        by: lookup.by.clone(),
        matching: lookup.matching,
    }))
}
