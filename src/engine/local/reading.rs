//! Everything that is read of the database, on one snapshot.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::failure::Failure;
use super::{scan, subjects};
use crate::catalog::Trust;
use crate::engine::{Column, EngineError, Problem, ProblemKind, Stale, Subjects, Watch};
use crate::ir::{Ir, NodeId, Op, Program};
use crate::time::{Clock, InstantReader, Plausible};

/// One reading of the database, and what was noticed on the way.
pub(super) struct Reading<'c> {
    pub(super) connection: &'c Connection,
    pub(super) clock: Clock,
    pub(super) times: InstantReader,
    pub(super) trust: Trust,
    pub(super) plausible: Plausible,
    pub(super) problems: Vec<Problem>,
    /// Event rows.
    pub(super) rows: u64,
    watch: &'c dyn Watch,
}

/// What was read: the subjects, and for each the inputs and aggregates of the IR.
pub(super) struct Gathered {
    pub(super) subjects: Subjects,
    pub(super) inputs: Vec<Result<Column, Stale>>,
    pub(super) aggregates: Vec<Result<Column, Stale>>,
    pub(super) problems: Vec<Problem>,
    pub(super) rows: u64,
}

impl<'c> Reading<'c> {
    pub(super) fn new(
        connection: &'c Connection,
        clock: Clock,
        trust: Trust,
        watch: &'c dyn Watch,
    ) -> Self {
        Self {
            connection,
            clock,
            times: InstantReader::new(clock.zone),
            trust,
            plausible: Plausible::at(clock.now.max(trust.present)),
            problems: Vec::new(),
            rows: 0,
            watch,
        }
    }

    /// Reads everything in one transaction, which is over when this returns.
    pub(super) fn all(self, ir: &Ir) -> Result<Gathered, Failure> {
        let transaction = self.connection.unchecked_transaction()?;
        let gathered = self.tables(ir);
        transaction.rollback()?;
        gathered
    }

    fn tables(mut self, ir: &Ir) -> Result<Gathered, Failure> {
        let population = subjects::load(&mut self, &ir.subject)?;
        let nobody = Stale {
            reason: "no table was read for this".to_owned(),
        };
        let mut aggregates = vec![Err(nobody); ir.aggregates.len()];
        for table in &ir.scans {
            let answers = match scan::scan(&mut self, ir, table, &population) {
                Ok(answers) => answers,
                Err(Failure::Table(reason)) => {
                    let reason = format!("`{}` cannot be read: {reason}", table.table);
                    let stale = Stale { reason };
                    let selections = table.collections.iter().flat_map(|c| &c.selections);
                    let lost = selections.flat_map(|selection| &selection.measures);
                    lost.map(|aggregate| (*aggregate, Err(stale.clone())))
                        .collect()
                }
                Err(failure) => return Err(failure),
            };
            for (aggregate, answer) in answers {
                if let Some(slot) = aggregates.get_mut(aggregate) {
                    *slot = answer;
                }
            }
        }
        let mut problems = self.problems;
        problems.sort_by(|a, b| told_by(a).cmp(&told_by(b)).then(b.count.cmp(&a.count)));
        // A table that is looked into by several is read by each; its troubles are told once.
        problems.dedup_by(|again, first| told_by(again) == told_by(first));
        Ok(Gathered {
            subjects: population.subjects,
            inputs: population.inputs,
            aggregates,
            problems,
            rows: self.rows,
        })
    }

    /// Tells how far a table has been read.
    pub(super) fn progress(&self, table: &str, rows: u64, of: Option<u64>) -> Result<(), Failure> {
        self.watch.progress(table, rows, of);
        match self.watch.cancelled() {
            true => Err(EngineError::Cancelled.into()),
            false => Ok(()),
        }
    }
}

/// What makes a problem another one.
fn told_by(problem: &Problem) -> (&str, &str, ProblemKind) {
    (&problem.table, &problem.column, problem.kind)
}

/// The inputs of a row that nodes are made of.
pub(super) fn inputs_of(program: &Program, nodes: Vec<NodeId>) -> BTreeSet<usize> {
    let mut inputs = BTreeSet::new();
    let mut open = nodes;
    while let Some(op) = open.pop().and_then(|node| program.nodes.get(node.0)) {
        if let Op::Input(input) = &op.op {
            inputs.insert(*input);
        }
        open.extend(op.op.operands());
    }
    inputs
}

/// Why a node cannot be evaluated: a column that it needs, of the row or of the row's subject, cannot be
/// read.
pub(super) fn lacking(
    program: &Program,
    node: NodeId,
    rows: &[Option<Stale>],
    subjects: &[Result<Column, Stale>],
) -> Option<Stale> {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let op = &program.nodes.get(node.0)?.op;
        let lacking = match op {
            Op::Input(input) => rows.get(*input).cloned().flatten(),
            Op::OfSubject(input) => subjects.get(*input).and_then(|s| s.as_ref().err().cloned()),
            Op::Gone(reason) => Some(Stale {
                reason: reason.clone(),
            }),
            _ => None,
        };
        if lacking.is_some() {
            return lacking;
        }
        open.extend(op.operands());
    }
    None
}
