//! A batch as a collection sees it.

use super::best::Ties;
use super::shards::Grouped;
use crate::engine::column::MISSING_I64;
use crate::engine::{Column, RowEvaluator};
use crate::ir::NodeId;

/// The earliest and latest time of a batch, and whether all its rows have a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) earliest: i64,
    pub(super) latest: i64,
    pub(super) complete: bool,
}

impl Span {
    pub(super) fn of(times: &[i64]) -> Self {
        let mut span = Self {
            earliest: i64::MAX,
            latest: i64::MIN,
            complete: true,
        };
        for time in times {
            if *time == MISSING_I64 {
                span.complete = false;
            } else {
                span.earliest = span.earliest.min(*time);
                span.latest = span.latest.max(*time);
            }
        }
        span
    }

    /// True if no row has a time.
    pub(super) fn is_empty(self) -> bool {
        self.earliest > self.latest
    }
}

/// One batch, as a collection sees it.
pub(super) struct BatchView<'b> {
    /// The rows that count for a subject.
    pub(super) rows: &'b Grouped,
    /// The position of the first row; the others follow one by one.
    pub(super) first: i64,
    /// Each row's time, if the collection has a time column.
    pub(super) at: Option<(&'b [i64], Span)>,
    pub(super) keys: Option<&'b Ties>,
    pub(super) admitted: Option<NodeId>,
    pub(super) evaluator: &'b RowEvaluator<'b>,
    pub(super) inputs: &'b [Column],
}
