//! Programs over columns.

use std::collections::HashMap;

use super::{Column, Stale, Subjects, WideTop};
use crate::plan::{NodeId, Plan, Program};
use crate::time::Clock;

/// Evaluates a row program over one batch of rows; one column per node.
///
/// `of_subject` gathers a subject's input column for the rows of the batch.
pub(crate) fn evaluate_rows(
    _program: &Program,
    _rows: usize,
    _inputs: &[Column],
    _of_subject: &dyn Fn(usize) -> Column,
    _clock: &Clock,
) -> Vec<Column> {
    todo!()
}

/// What the subject program came to.
pub(crate) struct Answers {
    /// For each segment of the plan, its members' places, ascending.
    pub segments: Vec<Result<Vec<u32>, Stale>>,
    /// The kept nodes.
    pub kept: HashMap<NodeId, Result<Column, Stale>>,
    /// Tops much wider than they say.
    pub wide_tops: Vec<WideTop>,
}

/// Evaluates the subject program: metrics, population functions and segments in order.
pub(crate) fn evaluate_subjects(
    _plan: &Plan,
    _subjects: &Subjects,
    _inputs: Vec<Result<Column, Stale>>,
    _aggregates: Vec<Result<Column, Stale>>,
    _keep: &[NodeId],
    _clock: &Clock,
) -> Answers {
    todo!()
}
