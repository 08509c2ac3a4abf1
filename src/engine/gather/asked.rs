//! What a database that aggregates by itself is asked, instead of lending a table's rows, and what it answers.

use super::keys::{ABSENT, EXCLUDED, KeyIndex, is_nothing};
use super::levels::OfSubjects;
use super::needs::lacking;
use crate::engine::{Cell, Column, Problem, RowEvaluator, Stale, Subjects};
use crate::ir::{AggregateId, Ir, NodeId, TableScan};
use crate::time::{Clock, Plausible};

/// What one scan has to find out, and what is known about the subjects beforehand.
pub struct Asked<'g> {
    /// The IR that the scan belongs to.
    pub ir: &'g Ir,
    /// The scan.
    pub table: &'g TableScan,
    /// The instant that the evaluation is as of.
    pub clock: &'g Clock,
    /// Which times are plausible.
    pub plausible: Plausible,
    /// Whether to report rows whose key occurs in another row too.
    pub tells_apart: bool,
    /// The subjects.
    pub subjects: &'g Subjects,
    pub(super) index: &'g KeyIndex,
    /// What is known about each subject.
    pub(super) known: &'g OfSubjects,
}

/// Who a row belongs to, by the key that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The subject at this place.
    Subject(u32),
    /// A row of the subject's table that is not a subject.
    Excluded,
    /// Nobody: no row has this key.
    Nobody,
    /// Nobody: the row holds no key.
    Nothing,
}

/// The result of a scan.
#[derive(Debug, Default)]
pub struct Answered {
    /// For each aggregate of the scan, one value per subject, or why it cannot be computed.
    pub aggregates: Vec<(AggregateId, Result<Column, Stale>)>,
    /// The problems found in the data.
    pub problems: Vec<Problem>,
    /// The number of rows in the table.
    pub rows: u64,
}

impl Asked<'_> {
    /// Who the rows with this key belong to.
    pub fn whose(&self, key: Cell<'_>) -> Whose {
        match self.index.find(key) {
            ABSENT if is_nothing(key) => Whose::Nothing,
            ABSENT => Whose::Nobody,
            EXCLUDED => Whose::Excluded,
            place => Whose::Subject(place),
        }
    }

    /// Whether a key that belongs to nobody would belong to somebody in another form.
    pub fn is_near(&self, key: Cell<'_>) -> bool {
        self.index.is_near(key)
    }

    /// Why a node of the scan's program cannot be evaluated, if the cause lies with the subjects.
    pub fn lacking(&self, node: NodeId) -> Option<Stale> {
        lacking(&self.table.program, node, &[], self.known)
    }

    /// The results of nodes of the scan's program that read only the row's subject: for each node, one value per
    /// subject (a length of 1 stands for the same value everywhere).
    pub fn of_subjects(&self, nodes: &[NodeId]) -> Vec<Column> {
        let mut evaluator = RowEvaluator::new(&self.table.program, self.clock);
        evaluator.evaluate(&[], &mut |op| match self.known.of(op) {
            Some(Ok(column)) => column.clone(),
            _ => Column::Truth(Vec::new()),
        });
        let nodes = nodes.iter();
        nodes
            .map(|node| evaluator.column(*node, &[]).clone())
            .collect()
    }
}
