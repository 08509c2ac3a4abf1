//! What a database that aggregates by itself is asked instead of lending a table's rows, and what it answers.

use super::keys::{ABSENT, EXCLUDED, KeyIndex, is_nothing};
use super::levels::OfSubjects;
use super::needs::lacking;
use crate::engine::{Cell, Column, Problem, RowEvaluator, Stale, Subjects};
use crate::ir::{AggregateId, Ir, NodeId, TableScan};
use crate::time::{Clock, Plausible};

/// What one scan is to find out, and what is known of the subjects before it.
pub struct Asked<'g> {
    /// What the scan belongs to.
    pub ir: &'g Ir,
    /// The scan.
    pub table: &'g TableScan,
    /// As of when.
    pub clock: &'g Clock,
    /// Which times can be meant.
    pub plausible: Plausible,
    /// Whether it is to be told which rows have the key of another one.
    pub tells_apart: bool,
    /// Who the subjects are.
    pub subjects: &'g Subjects,
    pub(super) index: &'g KeyIndex,
    /// What is known of each.
    pub(super) known: &'g OfSubjects,
}

/// Whose a row is, by the key that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// That of the subject at this place.
    Subject(u32),
    /// That of a row of the subject's table that is no subject.
    Excluded,
    /// The key is that of nobody.
    Nobody,
    /// It names nobody at all.
    Nothing,
}

/// What a scan found out.
#[derive(Debug, Default)]
pub struct Answered {
    /// For each aggregate of the scan, one value per subject; or why it cannot be told.
    pub aggregates: Vec<(AggregateId, Result<Column, Stale>)>,
    /// What was wrong in the data.
    pub problems: Vec<Problem>,
    /// How many rows the table has.
    pub rows: u64,
}

impl Asked<'_> {
    /// Whose the rows are that name this key.
    pub fn whose(&self, key: Cell<'_>) -> Whose {
        match self.index.find(key) {
            ABSENT if is_nothing(key) => Whose::Nothing,
            ABSENT => Whose::Nobody,
            EXCLUDED => Whose::Excluded,
            place => Whose::Subject(place),
        }
    }

    /// Whether a key that is nobody's would be somebody's in another form.
    pub fn is_near(&self, key: Cell<'_>) -> bool {
        self.index.is_near(key)
    }

    /// Why a node of the scan's program cannot be evaluated, as far as that is the subjects' fault.
    pub fn lacking(&self, node: NodeId) -> Option<Stale> {
        lacking(&self.table.program, node, &[], self.known)
    }

    /// What nodes of the scan's program that ask for nothing but the row's subject come to: for each, one value per subject (a
    /// length of 1 stands for the same everywhere).
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
