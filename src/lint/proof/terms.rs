//! What conditions are about, and the constants that these terms are compared with.

use std::collections::HashMap;

use super::cells::{Cells, TermId};
use super::points::{Point, Points};
use super::ranges::{Range, ranges};
use crate::index::IndexVec;
use crate::ir::{Ir, IrAggregate, IrMeasure, NodeId, Op};
use crate::language::typed::Comparison;
use crate::value::Type;

/// One term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Term {
    /// The value of a node.
    Value(NodeId),
    /// How two nodes compare.
    Order(NodeId, NodeId),
}

/// The terms of a program.
pub struct Terms {
    ranges: IndexVec<NodeId, Range>,
    types: IndexVec<NodeId, Type>,
    points: HashMap<NodeId, Points>,
    ids: HashMap<Term, TermId>,
    possible: IndexVec<TermId, Cells>,
    nodes: IndexVec<TermId, Option<NodeId>>,
    /// For each aggregate's node, the node that counts the same rows, or else tests whether there are any.
    rows: HashMap<NodeId, NodeId>,
    /// For nodes that test for rows, the node that counts these rows.
    counted: HashMap<NodeId, NodeId>,
}

impl Terms {
    pub fn new(ir: &Ir) -> Self {
        let (rows, counted) = rows(ir);
        Self {
            ranges: ranges(ir),
            types: ir.program.nodes.map(|node| node.ty),
            points: points(ir),
            ids: HashMap::new(),
            possible: IndexVec::new(),
            nodes: IndexVec::new(),
            rows,
            counted,
        }
    }

    /// The term of a node's value.
    pub fn value(&mut self, node: NodeId) -> TermId {
        if let Some(known) = self.ids.get(&Term::Value(node)) {
            return *known;
        }
        let range = self.ranges.get(node);
        let possible = match self.types.get(node) {
            Some(Type::Truth) | None => {
                let known = Cells::YES.or(Cells::NO);
                match range.is_some_and(|range| !range.missing) {
                    true => known,
                    false => known.or(Cells::MISSING),
                }
            }
            Some(_) => {
                let points = self.points.entry(node).or_default();
                match range {
                    Some(range) => points.possible(range),
                    None => points.present().or(Cells::MISSING),
                }
            }
        };
        self.term(Term::Value(node), Some(node), possible)
    }

    /// The term for how two nodes compare.
    pub fn order(&mut self, a: NodeId, b: NodeId) -> TermId {
        let known = match a == b {
            true => Cells::EQUAL,
            false => Cells::LESS.or(Cells::EQUAL).or(Cells::GREATER),
        };
        let missing = |node| self.ranges.get(node).is_none_or(|range| range.missing);
        let possible = match missing(a) || missing(b) {
            true => known.or(Cells::MISSING),
            false => known,
        };
        self.term(Term::Order(a, b), None, possible)
    }

    fn term(&mut self, term: Term, node: Option<NodeId>, possible: Cells) -> TermId {
        if let Some(known) = self.ids.get(&term) {
            return *known;
        }
        let id = self.possible.push(possible);
        self.nodes.push(node);
        self.ids.insert(term, id);
        id
    }

    /// The parts in which a term can lie.
    pub fn possible(&self, term: TermId) -> Cells {
        self.possible.get(term).copied().unwrap_or(Cells::NONE)
    }

    /// The parts in which it is not missing.
    pub fn present(&self, term: TermId) -> Cells {
        self.possible(term).without(Cells::MISSING)
    }

    /// The parts in which a comparison with a constant holds; `None` if the constant is not distinguished.
    pub fn holds(&self, term: TermId, comparison: Comparison, point: &Point) -> Option<Cells> {
        self.points_of(term)?.cells(comparison, point)
    }

    /// The constants that a value is compared with.
    pub fn points_of(&self, term: TermId) -> Option<&Points> {
        self.points.get(&self.node(term)?)
    }

    /// The node whose value a term is.
    pub fn node(&self, term: TermId) -> Option<NodeId> {
        self.nodes.get(term).copied().flatten()
    }

    /// The node that counts the rows from which an aggregate takes its value.
    pub fn rows_behind(&self, node: NodeId) -> Option<NodeId> {
        self.rows.get(&node).copied()
    }

    /// The node that counts the rows that a test asks for.
    pub fn count_behind(&self, test: NodeId) -> Option<NodeId> {
        self.counted.get(&test).copied()
    }
}

/// The constants that each node is compared with.
fn points(ir: &Ir) -> HashMap<NodeId, Points> {
    let mut found: HashMap<NodeId, Points> = HashMap::new();
    let program = &ir.program;
    let mut add = |x: NodeId, with: NodeId| {
        if let Some(point) = Point::of(program, with) {
            found.entry(x).or_default().add(point);
        }
    };
    for node in program.nodes.iter() {
        match &node.op {
            Op::Compare(_, a, b) => {
                add(*a, *b);
                add(*b, *a);
            }
            Op::InList(x, items) => items.iter().for_each(|item| add(*x, *item)),
            _ => {}
        }
    }
    for (node, aggregate) in aggregates(ir) {
        if aggregate.measure == IrMeasure::Count {
            found.entry(node).or_default().add(Point::Number(0.0));
        }
    }
    found
}

fn aggregates(ir: &Ir) -> impl Iterator<Item = (NodeId, &IrAggregate)> {
    let nodes = ir.program.nodes.iter_enumerated();
    nodes.filter_map(|(id, node)| match node.op {
        Op::Aggregate(aggregate) => Some((id, ir.aggregates.get(aggregate)?)),
        _ => None,
    })
}

type Rows = HashMap<NodeId, NodeId>;

/// For aggregates, the nodes that count the same rows; for tests for rows, the nodes that count them.
fn rows(ir: &Ir) -> (Rows, Rows) {
    let key = |aggregate: &IrAggregate| (aggregate.scan, aggregate.collection, aggregate.selection);
    let of = |measure: IrMeasure| {
        let found = aggregates(ir).filter(move |(_, aggregate)| aggregate.measure == measure);
        let found = found.map(|(node, aggregate)| (key(aggregate), node));
        found.collect::<HashMap<_, _>>()
    };
    let (counts, tests) = (of(IrMeasure::Count), of(IrMeasure::Exists));
    let mut rows = Rows::new();
    let mut counted = Rows::new();
    for (node, aggregate) in aggregates(ir) {
        let key = key(aggregate);
        let count = counts.get(&key);
        match aggregate.measure {
            IrMeasure::Exists => counted.extend(count.map(|count| (node, *count))),
            IrMeasure::Avg(_)
            | IrMeasure::Min(_)
            | IrMeasure::Max(_)
            | IrMeasure::Quantile(..)
            | IrMeasure::Stddev(_)
            | IrMeasure::First(_)
            | IrMeasure::Last(_) => {
                rows.extend(
                    count
                        .or_else(|| tests.get(&key))
                        .map(|count| (node, *count)),
                );
            }
            IrMeasure::Count
            | IrMeasure::CountDistinct(_)
            | IrMeasure::Sum(_)
            | IrMeasure::Values(_) => {}
        }
    }
    (rows, counted)
}
