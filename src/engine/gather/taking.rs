//! Batches of rows into aggregates.

use super::account::{Account, Rows};
use super::batch::Batch;
use super::pick::Pick;
use super::selection::{Selecting, Span, View};
use super::strays::Strays;
use super::subjects::Population;
use crate::engine::places::at_places;
use crate::engine::{Column, RowEvaluator, Stale};
use crate::ir::{AggregateId, CollectionScan, InputId, Node, Op, TableScan};
use crate::time::{Clock, Plausible};

/// What each aggregate of a scan came to.
pub(super) type Answers = Vec<(AggregateId, Result<Column, Stale>)>;

/// A table's aggregates in the making.
pub(super) struct Taking<'p> {
    pub(super) collections: Vec<Reader<'p>>,
    /// For each column that names subjects.
    pub(super) strays: Vec<Strays>,
    evaluator: RowEvaluator<'p>,
    plausible: Plausible,
    /// Whether the program reads columns of the row's subject.
    of_subject: bool,
    picked: Vec<Pick>,
}

/// A collection of the table.
pub(super) struct Reader<'p> {
    pub(super) ir: &'p CollectionScan,
    /// Its place among the subject columns.
    pub(super) subject: usize,
    /// Its place among the columns read.
    pub(super) at: Option<usize>,
    /// Its place among the key columns.
    pub(super) key: Option<usize>,
    pub(super) selections: Vec<Selecting>,
    /// Of the columns that it reads, over the rows that belong to it.
    pub(super) accounts: Vec<Account>,
}

impl<'p> Taking<'p> {
    pub(super) fn new(table: &'p TableScan, clock: Clock, plausible: Plausible) -> Self {
        let of_subject = |node: &Node| matches!(node.op, Op::OfSubject(_));
        Self {
            collections: Vec::new(),
            strays: Vec::new(),
            evaluator: RowEvaluator::new(&table.program, &clock),
            plausible,
            of_subject: table.program.nodes.iter().any(of_subject),
            picked: Vec::new(),
        }
    }

    /// Gives the batch to all selections that it concerns.
    pub(super) fn take(&mut self, batch: &mut Batch, population: &Population) {
        for whose in &mut batch.whose {
            whose.find(&population.index);
        }
        let inputs = &batch.columns;
        let mut evaluated = false;
        for ((subject, whose), strays) in batch.whose.iter().enumerate().zip(&mut self.strays) {
            evaluated &= !self.of_subject;
            strays.begin(whose.places.len());
            for reader in &mut self.collections {
                if reader.subject != subject {
                    continue;
                }
                let mut evaluate = |evaluator: &mut RowEvaluator<'_>| {
                    if !std::mem::replace(&mut evaluated, true) {
                        let mut of_subject = |input: InputId| match population.inputs.get(input) {
                            Some(Ok(values)) => at_places(values, &whose.places),
                            _ => Column::Truth(Vec::new()),
                        };
                        evaluator.evaluate(inputs, &mut of_subject);
                    }
                };
                let admitted = reader.ir.admitted;
                if admitted.is_some() {
                    evaluate(&mut self.evaluator);
                }
                let belong = admitted.map(|node| self.evaluator.column(node, inputs).truths());
                strays.admit(belong);
                let rows = Rows {
                    fits: &batch.fits,
                    columns: inputs,
                    belong,
                    before: batch.rows_before,
                };
                for account in &mut reader.accounts {
                    account.take(&rows, &self.plausible);
                }
                let times = reader.at.and_then(|at| inputs.get(at));
                let at = times.map(|times| (times.instants(), Span::of(times.instants())));
                let span = at.map(|(_, span)| span);
                for selection in &mut reader.selections {
                    if !selection.concerns(span) {
                        continue;
                    }
                    if selection.computes {
                        evaluate(&mut self.evaluator);
                    }
                    let view = View {
                        places: &whose.places,
                        at,
                        keys: reader.key.and_then(|key| batch.keys.get(key)),
                        admitted,
                        evaluator: &self.evaluator,
                        inputs,
                    };
                    selection.add(&view, &mut self.picked);
                }
            }
            strays.take(whose, batch.rows_before);
        }
    }
}
