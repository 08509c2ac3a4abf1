//! Translates that a node gives certain answers into statements about terms.

mod compared;

use std::collections::HashMap;
use std::rc::Rc;

use super::cells::{Answers, Cells, TermId};
use super::formula::{Formula, all, any, constant};
use super::points::Point;
use super::steps::Steps;
use super::terms::Terms;
use crate::index::IndexVec;
use crate::ir::{Ir, NodeId, Op};
use crate::language::typed::{Comparison, Function};
use crate::value::{Truth, Type, Value};

/// How many nested choices are followed in a comparison.
const CHOICES: u8 = 8;

/// A node with more levels below it than this is not taken apart, as the work here is recursive.
const TALLEST: usize = 200;

/// Makes formulas, and reuses equal ones.
pub struct Formulas<'a> {
    ir: &'a Ir,
    pub terms: Terms,
    /// When the steps run out, everything asked is taken to be possible.
    pub steps: Steps,
    /// For a node that tells whether an earlier rung took the subject: what each of these rungs asks by itself.
    taken: HashMap<NodeId, Vec<Vec<NodeId>>>,
    /// How many levels there are below each node.
    heights: IndexVec<NodeId, usize>,
    known: HashMap<(NodeId, Answers), Rc<Formula>>,
}

/// A part of a condition that is not a condition of its own in the program: a value is one of a list.
#[derive(Clone, Copy)]
enum Part {
    Node(NodeId),
    Equal(NodeId, NodeId),
}

impl<'a> Formulas<'a> {
    pub fn new(ir: &'a Ir, taken: HashMap<NodeId, Vec<Vec<NodeId>>>, steps: Steps) -> Self {
        Self {
            ir,
            terms: Terms::new(ir),
            steps,
            taken,
            heights: heights(ir),
            known: HashMap::new(),
        }
    }

    /// The statement that a condition gives one of these answers.
    pub fn answers(&mut self, node: NodeId, wanted: Answers) -> Rc<Formula> {
        if wanted == Answers::ANY || !self.steps.spend(1) {
            return all([]);
        }
        if let Some(known) = self.known.get(&(node, wanted)) {
            return known.clone();
        }
        let formula = self.of_node(node, wanted);
        if let Formula::All(parts) | Formula::Any(parts) = &*formula {
            self.steps.spend(parts.len());
        }
        self.known.insert((node, wanted), formula.clone());
        formula
    }

    fn of_node(&mut self, node: NodeId, wanted: Answers) -> Rc<Formula> {
        let ir = self.ir;
        if self.is_gone(node) {
            return all([]);
        }
        if self.is_tall(node) {
            return self.value(node, wanted);
        }
        if let Some(rungs) = self.taken.get(&node).cloned() {
            return self.taken(&rungs, wanted);
        }
        match ir.program.nodes.get(node).map(|node| &node.op) {
            Some(Op::Constant(value)) => constant(wanted.has(match value {
                Value::Truth(Truth::Yes) => Answers::YES,
                Value::Truth(Truth::No) => Answers::NO,
                _ => Answers::UNKNOWN,
            })),
            Some(Op::Not(x)) => self.answers(*x, wanted.turned()),
            Some(Op::And(parts)) => self.and(&nodes(parts), wanted, false),
            Some(Op::Or(parts)) => self.and(&nodes(parts), wanted.turned(), true),
            Some(Op::InList(x, items)) => {
                let items = items.iter().map(|item| Part::Equal(*x, *item));
                self.and(&items.collect::<Vec<_>>(), wanted.turned(), true)
            }
            Some(Op::Member(segment)) => {
                let deciding = ir.segments.get(*segment).map(|segment| segment.node);
                match deciding {
                    Some(deciding) => {
                        self.certain(wanted, &mut |this, answers| this.answers(deciding, answers))
                    }
                    None => self.value(node, wanted),
                }
            }
            Some(Op::IsMissing(x)) => {
                let x = *x;
                self.yes_or_no(wanted, &mut |this| this.missing(x, true), &mut |this| {
                    this.missing(x, false)
                })
            }
            Some(Op::Compare(comparison, a, b)) => {
                self.compare((*comparison, *a, *b), wanted, CHOICES)
            }
            Some(Op::Call(Function::If, args)) => self.choice(args, wanted),
            Some(Op::Call(Function::Default, args)) => match args.as_slice() {
                [x, y] => {
                    let x_itself = self.answers(*x, wanted.and(Answers::KNOWN));
                    let unknown = self.answers(*x, Answers::UNKNOWN);
                    let y = self.answers(*y, wanted);
                    any([x_itself, all([unknown, y])])
                }
                _ => self.value(node, wanted),
            },
            Some(Op::Aggregate(_)) => match self.terms.count_behind(node) {
                Some(count) => {
                    self.yes_or_no(wanted, &mut |this| this.rows(count, true), &mut |this| {
                        this.rows(count, false)
                    })
                }
                None => self.value(node, wanted),
            },
            _ => self.value(node, wanted),
        }
    }

    /// `if(condition, one, other)` used as a condition.
    fn choice(&mut self, args: &[NodeId], wanted: Answers) -> Rc<Formula> {
        let (condition, one, other) = match args {
            [condition, one] => (*condition, *one, None),
            [condition, one, other] => (*condition, *one, Some(*other)),
            _ => return all([]),
        };
        let holds = self.answers(condition, Answers::YES);
        let one = self.answers(one, wanted);
        let not = self.answers(condition, Answers::NOT_YES);
        let other = match other {
            Some(other) => self.answers(other, wanted),
            None => constant(wanted.has(Answers::UNKNOWN)),
        };
        any([all([holds, one]), all([not, other])])
    }

    /// A test that is yes if its condition certainly holds, and no otherwise.
    fn certain(
        &mut self,
        wanted: Answers,
        condition: &mut dyn FnMut(&mut Self, Answers) -> Rc<Formula>,
    ) -> Rc<Formula> {
        match (wanted.has(Answers::YES), wanted.has(Answers::NO)) {
            (true, true) => all([]),
            (true, false) => condition(self, Answers::YES),
            (false, true) => condition(self, Answers::NOT_YES),
            (false, false) => any([]),
        }
    }

    /// A test that is never unknown.
    fn yes_or_no(
        &mut self,
        wanted: Answers,
        yes: &mut dyn FnMut(&mut Self) -> Rc<Formula>,
        no: &mut dyn FnMut(&mut Self) -> Rc<Formula>,
    ) -> Rc<Formula> {
        match (wanted.has(Answers::YES), wanted.has(Answers::NO)) {
            (true, true) => all([]),
            (true, false) => yes(self),
            (false, true) => no(self),
            (false, false) => any([]),
        }
    }

    /// Whether one of the earlier rungs took the subject. It is enough that the subject meets what one of them asks by itself, since a rung that is
    /// not reached has one above it that took the subject.
    fn taken(&mut self, rungs: &[Vec<NodeId>], wanted: Answers) -> Rc<Formula> {
        self.certain(wanted, &mut |this, answers| {
            let each = rungs
                .iter()
                .map(|rung| this.and(&nodes(rung), answers, false));
            let each: Vec<_> = each.collect();
            match answers == Answers::YES {
                true => any(each),
                false => all(each),
            }
        })
    }

    /// The least of the parts' answers, or of their negations' answers if `negated`.
    fn and(&mut self, parts: &[Part], wanted: Answers, negated: bool) -> Rc<Formula> {
        let mut each = |answers: Answers| -> Vec<Rc<Formula>> {
            let answers = if negated { answers.turned() } else { answers };
            let parts = parts.iter();
            parts.map(|part| self.part(*part, answers)).collect()
        };
        let has = |answer| wanted.has(answer);
        let known = match (has(Answers::YES), has(Answers::UNKNOWN), has(Answers::NO)) {
            (true, true, true) => return all([]),
            (false, false, false) => return any([]),
            (true, false, false) => return all(each(Answers::YES)),
            (true, true, false) => return all(each(Answers::YES.or(Answers::UNKNOWN))),
            (false, true, true) => return any(each(Answers::NOT_YES)),
            (false, false, true) => return any(each(Answers::NO)),
            (false, true, false) => [
                all(each(Answers::YES.or(Answers::UNKNOWN))),
                any(each(Answers::UNKNOWN)),
            ],
            (true, false, true) => {
                return any([all(each(Answers::YES)), any(each(Answers::NO))]);
            }
        };
        all(known)
    }

    fn part(&mut self, part: Part, answers: Answers) -> Rc<Formula> {
        match part {
            Part::Node(node) => self.answers(node, answers),
            Part::Equal(a, b) => self.compare((Comparison::Equal, a, b), answers, CHOICES),
        }
    }

    /// A yes or no about which only its answer is known.
    fn value(&mut self, node: NodeId, wanted: Answers) -> Rc<Formula> {
        if !self.is_of(node, |ty| ty == Type::Truth) {
            return all([]);
        }
        let term = self.terms.value(node);
        self.is(term, wanted.cells(Cells::YES, Cells::NO), &[node])
    }

    /// The statement that a term lies in some parts. If these exclude that it is missing, what it is made of is not missing either.
    fn is(&mut self, term: TermId, cells: Cells, of: &[NodeId]) -> Rc<Formula> {
        if !self.steps.spend(1) {
            return all([]);
        }
        let cells = cells.and(self.terms.possible(term));
        if cells.is_empty() {
            return any([]);
        }
        let mut parts = vec![Rc::new(Formula::Is(term, cells))];
        if cells.and(Cells::MISSING).is_empty() {
            for node in of {
                self.needs(*node, &mut parts);
            }
        }
        all(parts)
    }

    /// Whether a node has too many levels below it to be taken apart.
    fn is_tall(&self, node: NodeId) -> bool {
        let height = self.heights.get(node).copied();
        height.is_none_or(|height| height > TALLEST)
    }

    /// What has to exist if a value does: rows for an aggregate, and the operands of a computation.
    fn needs(&mut self, node: NodeId, parts: &mut Vec<Rc<Formula>>) {
        let known = self.ir.program.nodes.get(node);
        let Some(known) = known.filter(|_| !self.is_tall(node) && self.steps.spend(1)) else {
            return;
        };
        match &known.op {
            Op::Aggregate(_) => {
                self.there(node, parts);
                if let Some(count) = self.terms.rows_behind(node) {
                    parts.push(self.rows(count, true));
                }
            }
            Op::Input(_) => self.there(node, parts),
            Op::Arithmetic(..)
            | Op::Negate(_)
            | Op::Shift(..)
            | Op::InWindow(..)
            | Op::TextTest(..) => {
                for operand in known.op.operands() {
                    self.needs(operand, parts);
                }
            }
            Op::Call(function, operands)
                if !matches!(function, Function::If | Function::Default) =>
            {
                for operand in operands {
                    self.needs(*operand, parts);
                }
            }
            _ => {}
        }
    }

    fn there(&mut self, node: NodeId, parts: &mut Vec<Rc<Formula>>) {
        let term = self.terms.value(node);
        let possible = self.terms.possible(term);
        if !possible.and(Cells::MISSING).is_empty() {
            parts.push(Rc::new(Formula::Is(term, possible.without(Cells::MISSING))));
        }
    }

    /// Whether a node's type is one of some types.
    fn is_of(&self, node: NodeId, types: impl Fn(Type) -> bool) -> bool {
        let node = self.ir.program.nodes.get(node);
        node.is_some_and(|node| types(node.ty))
    }

    /// Whether nothing can be said of a value, because a table or column is missing.
    fn is_gone(&self, node: NodeId) -> bool {
        self.is_of(node, |ty| matches!(ty, Type::Unknown | Type::Missing))
            || matches!(self.ir.program.nodes.get(node), Some(node) if matches!(node.op, Op::Gone(_)))
    }

    /// Whether a value is missing.
    fn missing(&mut self, x: NodeId, wanted: bool) -> Rc<Formula> {
        if self.is_gone(x) {
            return all([]);
        }
        if self.is_of(x, |ty| ty == Type::Truth) {
            let answers = match wanted {
                true => Answers::UNKNOWN,
                false => Answers::KNOWN,
            };
            return self.answers(x, answers);
        }
        let term = self.terms.value(x);
        let cells = match wanted {
            true => Cells::MISSING,
            false => self.terms.present(term),
        };
        self.is(term, cells, &[x])
    }

    /// Whether a count, or a test for rows, finds any rows.
    fn rows(&mut self, node: NodeId, wanted: bool) -> Rc<Formula> {
        let term = self.terms.value(node);
        let any_row = self
            .terms
            .holds(term, Comparison::Greater, &Point::Number(0.0));
        let yes = any_row.unwrap_or(Cells::YES);
        let cells = match wanted {
            true => yes,
            false => self.terms.possible(term).without(yes),
        };
        self.is(term, cells, &[])
    }
}

fn heights(ir: &Ir) -> IndexVec<NodeId, usize> {
    let mut heights: IndexVec<NodeId, usize> = IndexVec::new();
    for node in ir.program.nodes.iter() {
        let deciding = match node.op {
            Op::Member(segment) => ir.segments.get(segment).map(|segment| segment.node),
            _ => None,
        };
        let behind = node.op.operands().into_iter().chain(deciding);
        let tallest = behind.filter_map(|node| heights.get(node)).max();
        let height = tallest.map_or(0, |height| height + 1);
        heights.push(height);
    }
    heights
}

fn nodes(parts: &[NodeId]) -> Vec<Part> {
    parts.iter().map(|part| Part::Node(*part)).collect()
}
