//! Adds batches of rows to aggregates.

use super::account::{Account, Rows};
use super::batch::{Batch, Places, SubjectColumn};
use super::batch_view::{BatchView, Span};
use super::beside::{Beside, LetIn};
use super::repeats::Repeats;
use super::selection::{Picked, Selecting};
use super::shards::Shards;
use super::strays::{Strays, Timeless};
use super::subjects::Population;
use super::unfound::{Looked, Unfound};
use crate::engine::RowEvaluator;
use crate::ir::{Node, NodeId, Op, TableScan};
use crate::time::{Clock, Plausible};

/// How one thread processes what it reads. Counts by subject are shared with all other threads; the rest is its own.
#[derive(Clone)]
pub(super) struct Taking<'p> {
    pub(super) collections: Vec<Reader<'p>>,
    /// For each column of amounts that may have currencies beside them.
    pub(super) beside: Vec<Beside>,
    /// For each column that names subjects.
    pub(super) strays: Vec<Strays>,
    /// For each of these columns, and each lookup that collections read through.
    pub(super) unfound: Vec<Unfound>,
    evaluator: RowEvaluator<'p>,
    plausible: Plausible,
    pub(super) shards: Shards,
    /// The thread's number. Each thread begins with a different shard.
    pub(super) thread: usize,
    /// Whether the program reads anything of the row's subject.
    pub(super) of_subject: bool,
    picked: Picked,
}

/// A collection of the table.
#[derive(Clone)]
pub(super) struct Reader<'p> {
    /// The node that decides which rows belong to the collection; `None` if all do.
    pub(super) admitted: Option<NodeId>,
    pub(super) places: Places,
    pub(super) selections: &'p [Selecting],
    /// The collection's rows whose time is looked up in another table without success.
    pub(super) timeless: Timeless,
    /// The lookups that it reads through.
    pub(super) looked: Vec<Looked>,
    /// Its rows by the keys that tell them apart.
    pub(super) repeats: Repeats,
    /// Accounts of the columns that it reads, over the rows that belong to it.
    pub(super) accounts: Vec<Account>,
    /// How it includes rows of columns of amounts.
    pub(super) let_in: Vec<LetIn>,
}

impl<'p> Taking<'p> {
    pub(super) fn new(
        table: &'p TableScan,
        (collections, beside, unfound): (Vec<Reader<'p>>, Vec<Beside>, Vec<Unfound>),
        (clock, plausible): (Clock, Plausible),
        shards: Shards,
        subject_columns: usize,
    ) -> Self {
        let of_subject = |node: &Node| matches!(node.op, Op::OfSubject(_) | Op::ValueOfSubject(_));
        Self {
            collections,
            beside,
            strays: vec![Strays::default(); subject_columns],
            unfound,
            evaluator: RowEvaluator::new(&table.program, &clock),
            plausible,
            shards,
            thread: 0,
            of_subject: table.program.nodes.iter().any(of_subject),
            picked: Picked::default(),
        }
    }

    /// Passes the batch to all selections that it concerns. `first` is the position of its first row; the others follow
    /// one by one.
    pub(super) fn take(&mut self, batch: &mut Batch, population: &Population, first: i64) {
        batch.look_up(&population.index, self.shards, first);
        let inputs = &batch.intake.columns;
        for beside in &mut self.beside {
            beside.begin(&batch.intake);
        }
        let mut evaluated = false;
        let subjects = batch.subjects.iter().enumerate();
        for ((subject, column), strays) in subjects.zip(&mut self.strays) {
            let SubjectColumn { whose, through, .. } = column;
            evaluated &= !self.of_subject;
            strays.begin(batch.intake.rows);
            let of_subject = |unfound: &&mut Unfound| unfound.of.0 == subject;
            for unfound in self.unfound.iter_mut().filter(of_subject) {
                unfound.begin(batch.intake.rows);
            }
            for reader in &mut self.collections {
                if reader.places.subject != subject {
                    continue;
                }
                let mut evaluate = |evaluator: &mut RowEvaluator<'_>| {
                    if !std::mem::replace(&mut evaluated, true) {
                        let mut of_subject = |op: &Op| population.known.at(op, &whose.places);
                        evaluator.evaluate(inputs, &mut of_subject);
                    }
                };
                let admitted = reader.admitted;
                let is_asked = |by: &&LetIn| {
                    let beside = self.beside.get(by.place);
                    beside.is_some_and(Beside::is_asked)
                };
                let asked = reader.let_in.iter().filter(is_asked);
                let mut conditions = asked.flat_map(|by| &by.conditions);
                if admitted.is_some() || conditions.any(|condition| condition.is_some()) {
                    evaluate(&mut self.evaluator);
                }
                let belong = admitted.map(|node| self.evaluator.column(node, inputs).truths());
                strays.admit(belong);
                for looked in &reader.looked {
                    if let Some(unfound) = self.unfound.get_mut(looked.place) {
                        unfound.admit(belong, looked.decides);
                    }
                }
                if let Some(join) = reader.places.at_through
                    && through.is_none_or(|through| through.join != join)
                {
                    let found = (batch.intake.found(join), batch.intake.near(join));
                    reader.timeless.take(found, belong, first);
                }
                let marks = reader.places.identity;
                if let Some((_, marks)) = marks.and_then(|place| batch.identities(place)) {
                    reader.repeats.take(marks, belong, first);
                }
                let times = reader.places.at.and_then(|at| inputs.get(at));
                let at = times.map(|times| (times.instants(), Span::of(times.instants())));
                let span = at.map(|(_, span)| span);
                let rows = Rows {
                    fits: &batch.intake.fits,
                    columns: inputs,
                    belong,
                    at: reader.places.at.zip(span),
                    first,
                };
                for account in &mut reader.accounts {
                    account.take(&rows, &self.plausible);
                }
                for by in &reader.let_in {
                    let beside = self.beside.get_mut(by.place);
                    let Some(beside) = beside.filter(|beside| beside.is_asked()) else {
                        continue;
                    };
                    let passed = by.conditions.iter().map(|condition| {
                        Some(self.evaluator.column((*condition)?, inputs).truths())
                    });
                    beside.let_in(by, belong, &passed.collect::<Vec<_>>());
                }
                for selection in reader.selections {
                    if !selection.concerns(span) {
                        continue;
                    }
                    if selection.computes {
                        evaluate(&mut self.evaluator);
                    }
                    let view = BatchView {
                        rows: &whose.grouped,
                        first,
                        at,
                        keys: batch.ties(reader.places.key),
                        admitted,
                        evaluator: &self.evaluator,
                        inputs,
                    };
                    selection.add(&view, self.thread, &mut self.picked);
                }
            }
            let (found, near) = match through {
                Some(through) => (
                    Some(batch.intake.found(through.join)),
                    batch.intake.near(through.join),
                ),
                None => (None, whose.near.as_slice()),
            };
            strays.take(whose, (found, near), first);
            for unfound in self.unfound.iter_mut().filter(of_subject) {
                unfound.take(&batch.intake, first);
            }
        }
        for beside in &mut self.beside {
            beside.end(&batch.intake, first);
        }
    }

    /// Adds what another thread counted of the table itself.
    pub(super) fn absorb(&mut self, other: Self) {
        for (beside, more) in self.beside.iter_mut().zip(other.beside) {
            beside.absorb(more);
        }
        for (strays, more) in self.strays.iter_mut().zip(other.strays) {
            strays.absorb(more);
        }
        for (unfound, more) in self.unfound.iter_mut().zip(other.unfound) {
            unfound.absorb(more);
        }
        for (reader, more) in self.collections.iter_mut().zip(other.collections) {
            reader.timeless.absorb(more.timeless);
            reader.repeats.absorb(more.repeats);
            for (account, more) in reader.accounts.iter_mut().zip(more.accounts) {
                account.absorb(more);
            }
        }
    }
}
