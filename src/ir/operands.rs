//! The operands of operations and measures, and the same operations over other nodes.

use super::{IrMeasure, NodeId, Op};

impl Op {
    /// The nodes that it takes its values from.
    pub fn operands(&self) -> Vec<NodeId> {
        match self {
            Self::Constant(_)
            | Self::Moment(_)
            | Self::Input(_)
            | Self::OfSubject(_)
            | Self::ValueOfSubject(_)
            | Self::Aggregate(_)
            | Self::Member(_)
            | Self::Gone(_) => Vec::new(),
            Self::Population { of, scope, .. } => of.iter().chain(scope).copied().collect(),
            Self::Not(x)
            | Self::Negate(x)
            | Self::Shift(x, ..)
            | Self::InWindow(x, _)
            | Self::Listed(x, _)
            | Self::IsMissing(x) => vec![*x],
            Self::And(all) | Self::Or(all) | Self::Call(_, all) => all.clone(),
            Self::Compare(_, a, b) | Self::Arithmetic(_, a, b) | Self::TextTest(_, a, b) => {
                vec![*a, *b]
            }
            Self::InList(x, items) => std::iter::once(x).chain(items).copied().collect(),
        }
    }

    /// Whether the two are the same apart from their operands.
    pub fn is_like(&self, other: &Self) -> bool {
        let bare = |op: &Self| op.with_operands(|_| NodeId(0));
        bare(self) == bare(other)
    }

    /// The same operation over other nodes.
    pub(super) fn with_operands(&self, of: impl Fn(NodeId) -> NodeId) -> Self {
        let each = |all: &[NodeId]| all.iter().map(|node| of(*node)).collect();
        match self {
            Self::Constant(_)
            | Self::Moment(_)
            | Self::Input(_)
            | Self::OfSubject(_)
            | Self::ValueOfSubject(_)
            | Self::Aggregate(_)
            | Self::Member(_)
            | Self::Gone(_) => self.clone(),
            Self::Population {
                function,
                of: inner,
                scope,
            } => Self::Population {
                function: *function,
                of: inner.map(&of),
                scope: scope.map(&of),
            },
            Self::Not(x) => Self::Not(of(*x)),
            Self::Negate(x) => Self::Negate(of(*x)),
            Self::Shift(x, by, direction) => Self::Shift(of(*x), *by, *direction),
            Self::InWindow(x, window) => Self::InWindow(of(*x), window.clone()),
            Self::Listed(x, list) => Self::Listed(of(*x), list.clone()),
            Self::IsMissing(x) => Self::IsMissing(of(*x)),
            Self::And(all) => Self::And(each(all)),
            Self::Or(any) => Self::Or(each(any)),
            Self::Call(function, args) => Self::Call(*function, each(args)),
            Self::Compare(comparison, a, b) => Self::Compare(*comparison, of(*a), of(*b)),
            Self::Arithmetic(operator, a, b) => Self::Arithmetic(*operator, of(*a), of(*b)),
            Self::TextTest(test, a, b) => Self::TextTest(*test, of(*a), of(*b)),
            Self::InList(x, items) => Self::InList(of(*x), each(items)),
        }
    }
}

impl IrMeasure {
    /// The same measure of another field.
    pub(super) fn over(self, of: impl FnOnce(NodeId) -> NodeId) -> Self {
        match self {
            Self::Count | Self::Exists => self,
            Self::CountDistinct(field) => Self::CountDistinct(of(field)),
            Self::Sum(field) => Self::Sum(of(field)),
            Self::Avg(field) => Self::Avg(of(field)),
            Self::Min(field) => Self::Min(of(field)),
            Self::Max(field) => Self::Max(of(field)),
            Self::Quantile(field, share) => Self::Quantile(of(field), share),
            Self::Stddev(field) => Self::Stddev(of(field)),
            Self::First(field) => Self::First(of(field)),
            Self::Last(field) => Self::Last(of(field)),
            Self::Values(field) => Self::Values(of(field)),
        }
    }
}
