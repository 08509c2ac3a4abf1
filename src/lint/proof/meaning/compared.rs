//! Translates that a comparison gives certain answers into statements about terms.

use std::cmp::Ordering;
use std::rc::Rc;

use super::Formulas;
use crate::ir::{NodeId, Op};
use crate::language::typed::{Comparison, Function};
use crate::lint::proof::cells::{Answers, Cells};
use crate::lint::proof::formula::{Formula, all, any, constant};
use crate::lint::proof::points::Point;

/// The steps that it costs to find a constant among those that a value is compared with.
const LOOK_UP: usize = 8;

impl Formulas<'_> {
    pub(super) fn compare(
        &mut self,
        (comparison, a, b): (Comparison, NodeId, NodeId),
        wanted: Answers,
        choices: u8,
    ) -> Rc<Formula> {
        if self.is_gone(a) || self.is_gone(b) || !self.steps.spend(LOOK_UP) {
            return all([]);
        }
        let program = &self.ir.program;
        let (left, right) = (Point::of(program, a), Point::of(program, b));
        match (left, right) {
            (Some(left), Some(right)) => match left.order(&right) {
                Some(order) => {
                    let holds = comparison.holds(order);
                    constant(wanted.has(if holds { Answers::YES } else { Answers::NO }))
                }
                None => self.against_each_other((comparison, a, b), wanted),
            },
            (None, Some(point)) => self.against((comparison, a, b), &point, wanted, choices),
            (Some(point), None) => {
                self.against((comparison.turned(), b, a), &point, wanted, choices)
            }
            (None, None) => self.against_each_other((comparison, a, b), wanted),
        }
    }

    /// Compares a value with a constant.
    fn against(
        &mut self,
        (comparison, x, constant_node): (Comparison, NodeId, NodeId),
        point: &Point,
        wanted: Answers,
        choices: u8,
    ) -> Rc<Formula> {
        let op = self.ir.program.nodes.get(x).map(|node| &node.op);
        if let (Some(Op::Call(Function::If, args)), Some(left)) = (op, choices.checked_sub(1)) {
            let (condition, one, other) = match args.as_slice() {
                [condition, one] => (*condition, *one, None),
                [condition, one, other] => (*condition, *one, Some(*other)),
                _ => return all([]),
            };
            let holds = self.answers(condition, Answers::YES);
            let one = self.compare((comparison, one, constant_node), wanted, left);
            let not = self.answers(condition, Answers::NOT_YES);
            let other = match other {
                Some(other) => self.compare((comparison, other, constant_node), wanted, left),
                None => constant(wanted.has(Answers::UNKNOWN)),
            };
            return any([all([holds, one]), all([not, other])]);
        }
        if let Some(Op::Constant(_)) = op {
            return constant(wanted.has(Answers::UNKNOWN));
        }
        let term = self.terms.value(x);
        let Some(yes) = self.terms.holds(term, comparison, point) else {
            return self.against_each_other((comparison, x, constant_node), wanted);
        };
        let no = self.terms.present(term).without(yes);
        self.is(term, wanted.cells(yes, no), &[x])
    }

    /// Compares two values of which only the order is known.
    fn against_each_other(
        &mut self,
        (comparison, a, b): (Comparison, NodeId, NodeId),
        wanted: Answers,
    ) -> Rc<Formula> {
        let (comparison, first, second) = match a <= b {
            true => (comparison, a, b),
            false => (comparison.turned(), b, a),
        };
        let term = self.terms.order(first, second);
        let cells = [
            (Ordering::Less, Cells::LESS),
            (Ordering::Equal, Cells::EQUAL),
            (Ordering::Greater, Cells::GREATER),
        ];
        let cells = cells.into_iter();
        let (yes, no) =
            cells.fold(
                (Cells::NONE, Cells::NONE),
                |(yes, no), (order, cell)| match comparison.holds(order) {
                    true => (yes.or(cell), no),
                    false => (yes, no.or(cell)),
                },
            );
        self.is(term, wanted.cells(yes, no), &[first, second])
    }
}
