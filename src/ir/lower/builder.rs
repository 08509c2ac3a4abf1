//! Programs in the making: no two nodes alike.

use std::collections::HashMap;

use crate::catalog::{ColumnRef, Entity};
use crate::index::IndexVec;
use crate::ir::{InputColumn, InputId, Lookup, LookupId, Node, NodeId, Op, Program};
use crate::value::{ColumnType, Type, Value};

/// A node as a key: equal to those alone that compute the same to the last bit, so that `0` is not `-0`.
#[derive(Clone, PartialEq, Hash)]
struct Key {
    node: Node,
    /// Of the number in the node, where it has one.
    bits: Option<u64>,
}

// The numbers of conditions are finite.
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
    /// Goes on with a program.
    pub(in crate::ir) fn of(program: &Program) -> Self {
        let nodes = program.nodes.iter_enumerated();
        Self {
            known: nodes.map(|(id, node)| (node.clone().into(), id)).collect(),
            program: program.clone(),
        }
    }

    /// The node that does this: the one there is, or a new one.
    pub(in crate::ir) fn node(&mut self, op: Op, ty: Type) -> NodeId {
        let next = self.program.nodes.next_id();
        let node = Node { op, ty };
        let id = *self.known.entry(node.clone().into()).or_insert(next);
        if id == next {
            self.program.nodes.push(node);
        }
        id
    }

    /// What has been built so far.
    pub(in crate::ir) fn so_far(&self) -> &Program {
        &self.program
    }

    /// What was built.
    pub(in crate::ir) fn finish(self) -> Program {
        self.program
    }
}

/// A column among inputs; joins them, and its lookup joins the lookups.
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

/// The lookup that a column is read through, where there is one; joins the lookups.
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
