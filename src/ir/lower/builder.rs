//! Programs in the making: no two nodes alike.

use std::collections::HashMap;

use crate::catalog::{ColumnState, Entity};
use crate::index::IndexVec;
use crate::ir::{InputColumn, InputId, Lookup, LookupId, Node, NodeId, Op, Program};
use crate::language::typed::ColumnRef;
use crate::value::{ColumnType, Type, Value};

/// A node as a key: equal to those alone that compute the same to the last bit, so that `0` is not `-0`.
#[derive(PartialEq, Hash)]
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
#[derive(Default)]
pub(super) struct Builder {
    program: Program,
    known: HashMap<Key, NodeId>,
}

impl Builder {
    /// The node that does this: the one there is, or a new one.
    pub(super) fn node(&mut self, op: Op, ty: Type) -> NodeId {
        let next = self.program.nodes.next_id();
        let node = Node { op, ty };
        let id = *self.known.entry(node.clone().into()).or_insert(next);
        if id == next {
            self.program.nodes.push(node);
        }
        id
    }

    /// What has been built so far.
    pub(super) fn so_far(&self) -> &Program {
        &self.program
    }

    /// What was built.
    pub(super) fn finish(self) -> Program {
        self.program
    }
}

/// Why a column cannot be read, or how it is.
pub(super) fn state(entity: &Entity, at: &ColumnRef) -> Result<ColumnType, String> {
    if let Some(reason) = &entity.gone {
        return Err(reason.clone());
    }
    let (table, columns) = match &at.lookup {
        None => (&entity.table, &entity.columns),
        Some(name) => {
            let Some(lookup) = entity.lookups.get(name) else {
                return Err(format!("there is no lookup `{name}`"));
            };
            if let Some(reason) = &lookup.gone {
                return Err(reason.clone());
            }
            if let Some(ColumnState::Gone(reason)) = entity.columns.get(&lookup.by) {
                return Err(reason.clone());
            }
            (&lookup.table, &lookup.columns)
        }
    };
    match columns.get(&at.column) {
        Some(ColumnState::Present(ty)) => Ok(*ty),
        Some(ColumnState::Gone(reason)) => Err(reason.clone()),
        Some(ColumnState::Untyped) => {
            Err(format!("column `{}` of `{table}` has no type", at.column))
        }
        None => Err(format!("table `{table}` has no column `{}`", at.column)),
    }
}

/// A column among inputs; joins them, and its lookup joins the lookups.
pub(super) fn input(
    inputs: &mut IndexVec<InputId, InputColumn>,
    lookups: &mut IndexVec<LookupId, Lookup>,
    entity: &Entity,
    (at, ty): (&ColumnRef, ColumnType),
) -> InputId {
    let through = at
        .lookup
        .as_ref()
        .and_then(|name| Some((name, entity.lookups.get(name)?)));
    let lookup = through.map(|(name, lookup)| {
        let lookup = Lookup {
            name: name.clone(),
            table: lookup.table.clone(),
            key: lookup.key.clone(),
            by: lookup.by.clone(),
        };
        lookups.intern(lookup)
    });
    let column = at.column.clone();
    inputs.intern(InputColumn { lookup, column, ty })
}
