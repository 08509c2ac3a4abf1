//! Functions over groups of subjects. The costly steps, grouping and sorting, run once per expression and scope,
//! however many functions and thresholds use them.

mod places;
mod ranks;
mod whole;

use std::collections::HashMap;
use std::rc::Rc;

use super::{Column, WideTop};
use crate::ir::{NodeId, Op, Program};
use crate::language::typed::PopulationFunction as Function;
use ranks::{Groups, Ranks};

/// An expression within a scope.
type Ranked = (Option<NodeId>, Option<NodeId>);

/// The groups and orders in use.
pub(super) struct Population {
    subjects: usize,
    groups: HashMap<Option<NodeId>, Rc<Groups>>,
    ranks: HashMap<Ranked, Rc<Ranks>>,
    /// The last node that needs each order. The memory is freed after it.
    last_use: HashMap<Ranked, NodeId>,
}

/// A population function as a node calls it, with the columns of its operands.
pub(super) struct Asked<'a> {
    /// The node that calls the function.
    pub node: NodeId,
    /// Which function.
    pub function: Function,
    /// The expression that it ranges over.
    pub of: Option<(NodeId, &'a Column)>,
    /// The groups that it ranges within; `None` for everyone.
    pub scope: Option<(NodeId, &'a Column)>,
}

impl Population {
    /// Starts with nothing grouped.
    pub(super) fn new(program: &Program, subjects: usize) -> Self {
        let mut last_use = HashMap::new();
        for (id, node) in program.nodes.iter_enumerated() {
            if let Op::Population { of, scope, .. } = &node.op {
                last_use.insert((*of, *scope), id);
            }
        }
        Self {
            subjects,
            groups: HashMap::new(),
            ranks: HashMap::new(),
            last_use,
        }
    }

    /// The function's value for every subject, and a remark if a `top` holds far more than it says.
    pub(super) fn evaluate(&mut self, asked: &Asked<'_>) -> (Column, Option<WideTop>) {
        let groups = self.groups(asked.scope);
        let Some((of, values)) = asked.of else {
            return (whole::size(&groups), None);
        };
        let found = match asked.function {
            Function::Size => (whole::size(&groups), None),
            Function::Avg => (whole::avg(values, &groups), None),
            Function::Sum => (whole::sum(values, &groups), None),
            Function::Min => (whole::min(values, &groups), None),
            Function::Max => (whole::max(values, &groups), None),
            Function::Quantile(share) => {
                let ranks = self.ranks(of, values, asked.scope, &groups);
                (whole::quantile(share, values, &groups, &ranks), None)
            }
            function => {
                let ranks = self.ranks(of, values, asked.scope, &groups);
                match places::limits(function, &ranks) {
                    Some(limits) => places::tops(asked.node, &limits, values, &groups, &ranks),
                    None => (places::number(function, &groups, &ranks), None),
                }
            }
        };
        let ranked = (Some(of), asked.scope.map(|(node, _)| node));
        if self.last_use.get(&ranked) == Some(&asked.node) {
            self.ranks.remove(&ranked);
        }
        found
    }

    fn groups(&mut self, scope: Option<(NodeId, &Column)>) -> Rc<Groups> {
        let subjects = self.subjects;
        let groups = self
            .groups
            .entry(scope.map(|(node, _)| node))
            .or_insert_with(|| {
                Rc::new(match scope {
                    Some((_, column)) => Groups::by(column, subjects),
                    None => Groups::everyone(subjects),
                })
            });
        Rc::clone(groups)
    }

    fn ranks(
        &mut self,
        of: NodeId,
        values: &Column,
        scope: Option<(NodeId, &Column)>,
        groups: &Groups,
    ) -> Rc<Ranks> {
        let ranked = (Some(of), scope.map(|(node, _)| node));
        let ranks = self
            .ranks
            .entry(ranked)
            .or_insert_with(|| Rc::new(Ranks::new(values, groups)));
        Rc::clone(ranks)
    }
}
