//! How the segments of two rule sets differ, before anything is evaluated.

use std::collections::BTreeSet;

use super::{VariantId, Variants};
use crate::ir::{NodeId, Op, Union};
use crate::rules::SegmentId;

/// How a segment of one rule set differs from one of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Both have the same condition over the same subjects.
    None,
    /// Its condition, or the set of subjects, differs.
    Own,
    /// Only these segments that it names differ: their ids, in order.
    Through(BTreeSet<String>),
}

impl Change {
    /// The segments that alone cause the change, in order.
    pub fn through(&self) -> impl Iterator<Item = String> {
        let through = match self {
            Self::Through(segments) => Some(segments),
            Self::None | Self::Own => None,
        };
        through.into_iter().flatten().cloned()
    }
}

impl Variants {
    /// How a segment differs between two rule sets.
    pub fn change(
        &self,
        (one, segment): (VariantId, SegmentId),
        (other, same): (VariantId, SegmentId),
    ) -> Change {
        let (Some((group, part)), Some((other_group, other_part))) =
            (self.places.get(one), self.places.get(other))
        else {
            return Change::Own;
        };
        let union = self.groups.get(*group).filter(|_| group == other_group);
        let ids = (part.segments.get(segment), other_part.segments.get(same));
        let (Some(group), (Some(own), Some(other))) = (union, ids) else {
            return Change::Own;
        };
        if own == other {
            return Change::None;
        }
        let node = |id: &SegmentId| group.union.segment(*id).map(|segment| segment.node);
        let (Some(own), Some(other)) = (node(own), node(other)) else {
            return Change::Own;
        };
        let mut through = BTreeSet::new();
        match differ_through(&group.union, own, other, &mut through) {
            true => Change::Through(through),
            false => Change::Own,
        }
    }
}

/// Whether two nodes differ only in the segments that they name, which are collected.
fn differ_through(
    union: &Union,
    one: NodeId,
    other: NodeId,
    through: &mut BTreeSet<String>,
) -> bool {
    if one == other {
        return true;
    }
    let (Some(op), Some(other_op)) = (union.node(one), union.node(other)) else {
        return false;
    };
    if let (Op::Member(own), Op::Member(other)) = (op, other_op) {
        let (own, other) = (union.segment(*own), union.segment(*other));
        let id = own.zip(other).filter(|(own, other)| own.id == other.id);
        through.extend(id.map(|(own, _)| own.id.clone()));
        return id.is_some();
    }
    let (operands, others) = (op.operands(), other_op.operands());
    op.is_like(other_op)
        && operands.len() == others.len()
        && operands
            .iter()
            .zip(&others)
            .all(|(own, other)| differ_through(union, *own, *other, through))
}
