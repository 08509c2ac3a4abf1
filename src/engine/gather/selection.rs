//! Rows by window under one condition, and the measures over them.
//!
//! The bounds of all windows cut time into intervals. A row is in one interval, however many windows contain it.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::batch_view::{BatchView, Span};
use super::measuring::{Measured, Measuring, Wanted};
use super::pick::Pick;
use super::shards::{PER_THREAD, Shards};
use crate::engine::places::index;
use crate::engine::{Column, Stale};
use crate::index::Id;
use crate::ir::{AggregateId, CollectionScan, Ir, NodeId, Op, Program, Selection};
use crate::time::{Bounds, Clock};
use crate::value::{Truth, Type};

/// Rows picked from a batch.
#[derive(Debug, Clone, Default)]
pub(super) struct Picked {
    rows: Vec<Pick>,
    /// The interval of each row of the batch; a single one if all rows are in the same interval.
    intervals: Vec<Option<usize>>,
}

/// The selections of a collection that have the same condition, while rows are being added. All threads share them;
/// each shard of subjects belongs to one thread at a time.
pub(super) struct Selecting {
    /// The bounds of all windows, ascending: an interval reaches from each bound to just before the next.
    cuts: Vec<i64>,
    filter: Option<NodeId>,
    measuring: Vec<Measuring>,
    /// The number of subjects in all shards.
    subjects: usize,
    /// For each shard and measuring, the results of its pieces.
    shards: Vec<Mutex<Vec<Vec<Measured>>>>,
    /// Whether anything here needs more than the columns as they are read.
    pub(super) computes: bool,
    /// Aggregates that cannot be filled, and why.
    stale: Vec<(AggregateId, Stale)>,
}

/// How many pieces of time can be combined for one subject in the time that it takes to add one row.
const PIECES_A_ROW: u64 = 4;

impl Selecting {
    /// All selections of a collection. The time is at the given place among the columns read, and the table has about
    /// the given number of rows; `broken` tells why a node cannot be evaluated.
    pub(super) fn all(
        ir: &Ir,
        program: &Program,
        (collection, at): (&CollectionScan, Option<usize>),
        clock: &Clock,
        (shards, rows): (Shards, Option<u64>),
        broken: &dyn Fn(NodeId) -> Option<Stale>,
    ) -> Vec<Self> {
        let mut all: Vec<(Option<NodeId>, Vec<&Selection>)> = Vec::new();
        for selection in &collection.selections {
            match all
                .iter_mut()
                .find(|(filter, _)| *filter == selection.filter)
            {
                Some((_, alike)) => alike.push(selection),
                None => all.push((selection.filter, vec![selection])),
            }
        }
        let subjects = shards.sizes().sum::<usize>().max(1) as u64;
        let most = rows.unwrap_or(0) / subjects * PIECES_A_ROW;
        let is_time = |node: &NodeId| match program.nodes.get(*node).map(|node| &node.op) {
            Some(Op::Input(input)) => at == Some(input.index()),
            _ => false,
        };
        let time = program.nodes.ids().find(is_time);
        let all = all.into_iter().map(|(filter, selections)| {
            let conditions = (collection.admitted, filter);
            let how = (shards, most, time);
            Self::new(ir, program, &selections, conditions, clock, how, broken)
        });
        all.collect()
    }

    fn new(
        ir: &Ir,
        program: &Program,
        selections: &[&Selection],
        (admitted, filter): (Option<NodeId>, Option<NodeId>),
        clock: &Clock,
        (shards, most, time): (Shards, u64, Option<NodeId>),
        broken: &dyn Fn(NodeId) -> Option<Stale>,
    ) -> Self {
        let windows: Vec<Bounds> = selections
            .iter()
            .map(|selection| bounds(clock, selection))
            .collect();
        let mut cuts: Vec<i64> = windows.iter().flat_map(|b| [b.from, b.to]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut computes = filter.is_some() || admitted.is_some();
        let mut stale = Vec::new();
        let mut wanted = Vec::new();
        for (selection, bounds) in selections.iter().zip(windows) {
            for id in &selection.measures {
                let Some(aggregate) = ir.aggregates.get(*id) else {
                    continue;
                };
                let field = aggregate.measure.field();
                let mut needed = [field, filter, admitted].into_iter().flatten();
                if let Some(reason) = needed.find_map(broken) {
                    stale.push((*id, reason));
                    continue;
                }
                let node = field.and_then(|field| program.nodes.get(field));
                computes |= node.is_some_and(|node| !matches!(node.op, Op::Input(_)));
                wanted.push(Wanted {
                    aggregate: *id,
                    measure: aggregate.measure,
                    ty: node.map_or(Type::Missing, |node| node.ty),
                    window: intervals(&cuts, bounds),
                });
            }
        }
        let measuring = Measuring::all(wanted, most, time);
        let begin = |subjects| measuring.iter().map(|m| m.begin(subjects)).collect();
        Self {
            subjects: shards.sizes().sum(),
            shards: shards.sizes().map(begin).map(Mutex::new).collect(),
            cuts,
            filter,
            measuring,
            computes,
            stale,
        }
    }

    /// Whether a batch may have rows for this selection.
    pub(super) fn concerns(&self, span: Option<Span>) -> bool {
        let inside = |span: Span| {
            self.cuts.first().is_some_and(|from| span.latest >= *from)
                && self.cuts.last().is_some_and(|to| span.earliest < *to)
        };
        !self.measuring.is_empty() && span.is_none_or(inside)
    }

    /// Adds a batch's rows; each thread begins with a different shard. `picked` is scratch memory.
    pub(super) fn add(&self, view: &BatchView<'_>, thread: usize, picked: &mut Picked) {
        self.cut(view, &mut picked.intervals);
        let asked = view.admitted.or(self.filter).is_some();
        let shards = self.shards.iter().enumerate();
        let begin = thread * PER_THREAD;
        for (place, shard) in shards.clone().skip(begin).chain(shards.take(begin)) {
            let mut rows = view.rows.of(place);
            if asked || picked.intervals.len() != 1 {
                self.pick(view, rows, picked);
                rows = &picked.rows;
            }
            if rows.is_empty() {
                continue;
            }
            let mut measured = shard.lock().unwrap_or_else(PoisonError::into_inner);
            let mut take = |interval: Option<usize>, rows: &[Pick]| {
                if let Some(interval) = interval {
                    for (measuring, measured) in self.measuring.iter().zip(measured.iter_mut()) {
                        measuring.add(measured, view, interval, rows);
                    }
                }
            };
            match picked.intervals.as_slice() {
                [interval] => take(*interval, rows),
                intervals => {
                    let interval = |pick: &Pick| intervals.get(index(pick.row)).copied().flatten();
                    for rows in rows.chunk_by(|a, b| interval(a) == interval(b)) {
                        take(rows.first().and_then(interval), rows);
                    }
                }
            }
        }
    }

    /// Finds the interval of each row, or a single one for all rows.
    fn cut(&self, view: &BatchView<'_>, found: &mut Vec<Option<usize>>) {
        found.clear();
        let Some((times, span)) = view.at else {
            // Without a time there is only one window.
            found.push(Some(0));
            return;
        };
        let interval = |time: i64| {
            let place = self.cuts.partition_point(|cut| *cut <= time);
            place.checked_sub(1).filter(|_| place < self.cuts.len())
        };
        match interval(span.earliest) {
            Some(first) if span.complete && interval(span.latest) == Some(first) => {
                found.push(Some(first));
            }
            _ => found.extend(times.iter().map(|time| interval(*time))),
        }
    }

    /// Picks the rows that are in an interval and satisfy the condition, by interval.
    fn pick(&self, view: &BatchView<'_>, rows: &[Pick], picked: &mut Picked) {
        picked.rows.clear();
        picked.rows.extend_from_slice(rows);
        for node in [view.admitted, self.filter].into_iter().flatten() {
            match view.evaluator.column(node, view.inputs).truths() {
                [Truth::Yes] => {}
                [_] => picked.rows.clear(),
                answers => {
                    let holds = |p: &Pick| answers.get(index(p.row)) == Some(&Truth::Yes);
                    picked.rows.retain(holds);
                }
            }
        }
        if let [_] = picked.intervals.as_slice() {
            return;
        }
        let Picked { rows, intervals } = picked;
        let interval = |pick: &Pick| intervals.get(index(pick.row)).copied().flatten();
        rows.retain(|pick| interval(pick).is_some());
        rows.sort_by_key(interval);
    }

    /// The result of each aggregate.
    pub(super) fn finish(self) -> impl Iterator<Item = (AggregateId, Result<Column, Stale>)> {
        let shards = self.shards.into_iter();
        let mut shards =
            shards.map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner));
        let mut all = shards.next().unwrap_or_default();
        for shard in shards {
            for (measured, next) in all.iter_mut().flatten().zip(shard.into_iter().flatten()) {
                measured.append(next);
            }
        }
        let finished = self.measuring.into_iter().zip(all);
        let subjects = self.subjects;
        let finished = finished.flat_map(move |(measuring, all)| measuring.finish(&all, subjects));
        let stale = self.stale.into_iter();
        finished
            .map(|(aggregate, column)| (aggregate, Ok(column)))
            .chain(stale.map(|(aggregate, stale)| (aggregate, Err(stale))))
    }
}

/// The bounds of a selection's window.
fn bounds(clock: &Clock, selection: &Selection) -> Bounds {
    let Bounds { from, to } = clock.bounds(&selection.window);
    // A missing time is before all windows.
    let from = from.max(i64::MIN + 1);
    // A window that ends before it begins contains no rows.
    Bounds {
        from,
        to: to.max(from),
    }
}

/// The intervals that a window covers.
fn intervals(cuts: &[i64], bounds: Bounds) -> Range<usize> {
    let place = |bound: i64| cuts.partition_point(|cut| *cut < bound);
    place(bounds.from)..place(bounds.to)
}
