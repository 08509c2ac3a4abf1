//! Functions over groups of subjects. What costs time, grouping and sorting, is done once for each
//! expression and scope, however many functions and thresholds stand on it.

mod places;
mod ranks;
mod whole;

use std::collections::HashMap;
use std::rc::Rc;

use super::{Column, WideTop};
use crate::ir::{NodeId, Op, Program};
use crate::language::typed::PopulationFunction as Function;
use ranks::{Groups, Ranks};

/// One expression within one scope.
type Ranked = (Option<NodeId>, Option<NodeId>);

/// The groups and orders in use.
pub(super) struct Population {
    subjects: usize,
    groups: HashMap<Option<NodeId>, Rc<Groups>>,
    ranks: HashMap<Ranked, Rc<Ranks>>,
    /// The last node that needs an order; after it the memory is given back.
    last_use: HashMap<Ranked, NodeId>,
}

/// A function of the population as a node names it, with the columns it stands on.
pub(super) struct Asked<'a> {
    /// The node that asks.
    pub node: NodeId,
    /// Which function.
    pub function: Function,
    /// Of what.
    pub of: Option<(NodeId, &'a Column)>,
    /// In which groups; none for everyone.
    pub scope: Option<(NodeId, &'a Column)>,
}

impl Population {
    /// Nothing grouped yet.
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

    /// The function's value for every subject, and a remark where a top is far wider than it says.
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
