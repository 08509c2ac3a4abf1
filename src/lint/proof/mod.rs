//! What follows from the rules alone, whatever the data: whether conditions can give certain answers of one subject
//! together.
//!
//! A condition is turned into statements about terms: what a node of the program comes to, or how two of them compare. The
//! constants that a term is compared with cut what it can be into parts, of which missing is one. Of those only some
//! are possible: a count is whole and never below 0. A search over these parts then finds a way in which all
//! statements hold, or that there is none. What it does not know, such as that two columns always add up, it takes to
//! be possible, and it gives up after so many steps: whatever it says is impossible, is.

mod cells;
mod counts;
mod formula;
mod meaning;
mod moments;
mod points;
mod ranges;
mod search;
mod terms;

use std::collections::HashMap;
use std::rc::Rc;

use cells::TermId;

pub(super) use cells::Answers;
pub(super) use formula::Formula;

use crate::ir::{Ir, NodeId, Op};
use crate::rules::RuleSet;
use meaning::Formulas;
use search::Search;

/// So many statements one question may look at.
const STEPS: u64 = 20_000;
/// So many all questions together.
const STEPS_IN_ALL: u64 = 1_000_000;

/// Answers questions about the conditions of an IR.
pub(super) struct Prover<'a> {
    formulas: Formulas<'a>,
    /// Counts of which the first is never above the second.
    at_most: Vec<(TermId, TermId)>,
    /// What is true of everyone who is evaluated.
    always: Option<Rc<Formula>>,
    left: u64,
}

impl<'a> Prover<'a> {
    pub(super) fn new(ir: &'a Ir, rules: &RuleSet) -> Self {
        let mut formulas = Formulas::new(ir, taken(ir, rules));
        let always = ir
            .active
            .map(|active| formulas.answers(active, Answers::YES));
        Self {
            at_most: counts::at_most(ir, &mut formulas.terms),
            formulas,
            always,
            left: STEPS_IN_ALL,
        }
    }

    /// The statement that a condition gives one of these answers.
    pub(super) fn answers(&mut self, node: NodeId, answers: Answers) -> Rc<Formula> {
        self.formulas.answers(node, answers)
    }

    /// Whether it has no steps left, so that nothing more is proved.
    pub(super) fn is_exhausted(&self) -> bool {
        self.left == 0
    }

    /// Whether it is certain that statements never hold of one active subject together.
    pub(super) fn are_impossible(&mut self, statements: &[Rc<Formula>]) -> bool {
        let all: Vec<Rc<Formula>> = statements.iter().chain(&self.always).cloned().collect();
        let given = STEPS.min(self.left);
        let mut steps = given;
        let mut search = Search {
            terms: &self.formulas.terms,
            at_most: &self.at_most,
            steps: &mut steps,
        };
        let found = search.is_impossible(&all);
        self.left -= given - steps;
        found
    }
}

/// For each node that tells whether a rung above took the subject: what each of these rungs asks by itself.
fn taken(ir: &Ir, rules: &RuleSet) -> HashMap<NodeId, Vec<Vec<NodeId>>> {
    let mut found = HashMap::new();
    for ladder in rules.ladders.iter() {
        let mut above: Vec<Vec<NodeId>> = Vec::new();
        for rung in &ladder.rungs {
            let Some(node) = ir.segments.get(*rung).map(|rung| rung.node) else {
                break;
            };
            if above.is_empty() {
                above.push(vec![node]);
                continue;
            }
            let (asked, taken) = by_itself(ir, node);
            let Some(taken) = taken else {
                break;
            };
            found.insert(taken, above.clone());
            above.push(asked);
        }
    }
    found
}

/// A rung below the first in its parts: what it asks by itself, and the node that tells whether one above took the
/// subject.
pub(super) fn by_itself(ir: &Ir, rung: NodeId) -> (Vec<NodeId>, Option<NodeId>) {
    let op = |node: NodeId| ir.program.nodes.get(node).map(|node| &node.op);
    let (asked, last) = match op(rung) {
        Some(Op::And(parts)) => match parts.split_last() {
            Some((last, asked)) => (asked.to_vec(), *last),
            None => (Vec::new(), rung),
        },
        _ => (Vec::new(), rung),
    };
    match op(last) {
        Some(Op::Not(taken)) => (asked, Some(*taken)),
        _ => (vec![rung], None),
    }
}
