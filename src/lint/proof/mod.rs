//! What follows from the rules alone, whatever the data: whether conditions can give certain answers for one subject together.
//!
//! A condition is translated into statements about terms: the value of a node of the program, or how two nodes compare. The constants that a term
//! is compared with divide its possible values into parts; missing is one of them. Only some parts are possible: a count is whole and never below
//! 0. A search over these parts then finds a way in which all statements hold, or shows that there is none. Whatever it does not know, such as that
//! two columns always add up, it takes to be possible, and it gives up when its [`Steps`] run out: so whatever it reports as impossible is
//! impossible.

mod cells;
mod counts;
mod formula;
mod meaning;
mod moments;
mod points;
mod ranges;
mod search;
mod steps;
mod terms;

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use cells::TermId;

pub(super) use cells::Answers;
pub(super) use formula::Formula;
pub use steps::Effort;

use crate::ir::{Ir, NodeId, Op};
use crate::rules::RuleSet;
use meaning::Formulas;
use search::Search;
use steps::Steps;

/// Answers questions about the conditions of an IR.
pub(super) struct Prover<'a> {
    ir: &'a Ir,
    formulas: Formulas<'a>,
    /// What is true of every subject that is evaluated.
    always: Option<Rc<Formula>>,
}

/// What a statement is about. Statements without a common topic say nothing about each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    Rows(counts::Rows),
    Term(TermId),
}

impl<'a> Prover<'a> {
    pub(super) fn new(ir: &'a Ir, rules: &RuleSet, effort: Effort) -> Self {
        let mut formulas = Formulas::new(ir, taken(ir, rules), Steps::of(effort));
        let always = ir
            .active
            .map(|active| formulas.answers(active, Answers::YES));
        Self {
            ir,
            formulas,
            always,
        }
    }

    /// The statement that a condition gives one of these answers.
    pub(super) fn answers(&mut self, node: NodeId, answers: Answers) -> Rc<Formula> {
        self.formulas.answers(node, answers)
    }

    /// Whether it has no steps left, so that nothing more can be proved.
    pub(super) fn is_exhausted(&self) -> bool {
        self.formulas.steps.are_spent()
    }

    /// Pays for work around the proofs; false if not enough steps are left.
    pub(super) fn spend(&mut self, steps: usize) -> bool {
        self.formulas.steps.spend(steps)
    }

    /// The topics of a statement, with those of what is true of every subject.
    pub(super) fn topics_with_always(&mut self, statement: &Rc<Formula>) -> BTreeSet<Topic> {
        let all: Vec<_> = [statement]
            .into_iter()
            .chain(&self.always)
            .cloned()
            .collect();
        self.topics(&all)
    }

    /// The topics of each way in which a statement can hold.
    pub(super) fn topics_of_ways(&mut self, statement: &Rc<Formula>) -> Vec<BTreeSet<Topic>> {
        let ways = match &**statement {
            Formula::Any(ways) => ways.as_slice(),
            _ => std::slice::from_ref(statement),
        };
        let ways = ways.iter();
        ways.map(|way| self.topics(std::slice::from_ref(way)))
            .collect()
    }

    fn topics(&mut self, statements: &[Rc<Formula>]) -> BTreeSet<Topic> {
        let found = formula::terms(statements, &mut self.formulas.steps).into_iter();
        let topic = |term| match counts::counted(self.ir, &self.formulas.terms, term) {
            Some((rows, _)) => Topic::Rows(rows),
            None => Topic::Term(term),
        };
        found.map(topic).collect()
    }

    /// Whether it is certain that statements never hold together for one active subject.
    pub(super) fn are_impossible(&mut self, statements: &[Rc<Formula>]) -> bool {
        let all: Vec<Rc<Formula>> = statements.iter().chain(&self.always).cloned().collect();
        let mut steps = self.formulas.steps.for_a_question();
        let terms = &self.formulas.terms;
        let about = formula::terms(&all, &mut steps);
        let mut search = Search {
            terms,
            at_most: &counts::at_most(self.ir, terms, about, &mut steps),
            steps,
        };
        let found = search.is_impossible(&all);
        self.formulas.steps.put_back(search.steps);
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

/// Splits a rung below the first into what it asks by itself, and the node that tells whether a rung above took the subject.
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
