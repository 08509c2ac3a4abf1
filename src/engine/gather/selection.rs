//! Rows by window and condition, and what is measured of them.

use std::sync::{Mutex, PoisonError};

use super::accumulate::Accumulator;
use super::best::{Best, Field, Order, Ties};
use super::pick::Pick;
use super::shards::{Grouped, PER_THREAD, Shards};
use super::slots::Slots;
use crate::engine::places::index;
use crate::engine::{Column, RowEvaluator, Stale};
use crate::ir::{AggregateId, Ir, IrMeasure, NodeId, Op, Program, Selection};
use crate::time::{Bounds, Clock};
use crate::value::{Truth, Type};

/// The earliest and latest time of a batch, and whether all its rows have one.
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
            if *time == crate::engine::column::MISSING_I64 {
                span.complete = false;
            } else {
                span.earliest = span.earliest.min(*time);
                span.latest = span.latest.max(*time);
            }
        }
        span
    }
}

/// One batch as a collection sees it.
pub(super) struct View<'b> {
    /// The rows that count for somebody.
    pub(super) rows: &'b Grouped,
    /// The position of the first row; the others follow one by one.
    pub(super) first: i64,
    /// Each row's time, where the collection has a time column.
    pub(super) at: Option<(&'b [i64], Span)>,
    pub(super) keys: Option<&'b Ties>,
    pub(super) admitted: Option<NodeId>,
    pub(super) evaluator: &'b RowEvaluator<'b>,
    pub(super) inputs: &'b [Column],
}

/// A selection in the making, shared by all threads: a shard of its subjects belongs to one of them at a time.
pub(super) struct Selecting {
    bounds: Bounds,
    filter: Option<NodeId>,
    shards: Vec<Mutex<Measured>>,
    /// Whether there is anything to measure.
    measures: bool,
    /// Whether anything here needs more than columns as they are read.
    pub(super) computes: bool,
    /// Aggregates that cannot be filled, and why.
    stale: Vec<(AggregateId, Stale)>,
}

/// What has been measured of some subjects.
#[derive(Default)]
struct Measured {
    accumulators: Vec<(AggregateId, Option<NodeId>, Accumulator)>,
    first: Option<Best>,
    last: Option<Best>,
}

impl Selecting {
    /// For a selection of a table's scan; `broken` tells why a node cannot be evaluated.
    pub(super) fn new(
        ir: &Ir,
        program: &Program,
        selection: &Selection,
        admitted: Option<NodeId>,
        clock: &Clock,
        shards: Shards,
        broken: &dyn Fn(NodeId) -> Option<Stale>,
    ) -> Self {
        let mut new = Self {
            bounds: clock.bounds(&selection.window),
            filter: selection.filter,
            shards: Vec::new(),
            measures: false,
            computes: selection.filter.is_some() || admitted.is_some(),
            stale: Vec::new(),
        };
        // A missing time is before all windows.
        new.bounds.from = new.bounds.from.max(i64::MIN + 1);
        let mut measured: Vec<Measured> = shards.sizes().map(|_| Measured::default()).collect();
        for id in &selection.measures {
            let Some(aggregate) = ir.aggregates.get(*id) else {
                continue;
            };
            let field = aggregate.measure.field();
            let needed = [field, selection.filter, admitted].into_iter().flatten();
            if let Some(stale) = needed.filter_map(broken).next() {
                new.stale.push((*id, stale));
                continue;
            }
            let node = field.and_then(|field| program.nodes.get(field));
            new.computes |= node.is_some_and(|node| !matches!(node.op, Op::Input(_)));
            let ty = node.map_or(Type::Missing, |node| node.ty);
            new.measures = true;
            for (shard, subjects) in measured.iter_mut().zip(shards.sizes()) {
                shard.measure(*id, aggregate.measure, ty, subjects);
            }
        }
        new.shards = measured.into_iter().map(Mutex::new).collect();
        new
    }

    /// Whether a batch may have rows for this.
    pub(super) fn concerns(&self, span: Option<Span>) -> bool {
        let inside = |span: Span| span.earliest < self.bounds.to && span.latest >= self.bounds.from;
        self.measures && span.is_none_or(inside)
    }

    /// Takes a batch's rows, beginning with a shard of its own for each thread; `picked` is memory to use.
    pub(super) fn add(&self, view: &View<'_>, thread: usize, picked: &mut Vec<Pick>) {
        let shards = self.shards.iter().enumerate();
        let begin = thread * PER_THREAD;
        for (place, shard) in shards.clone().skip(begin).chain(shards.take(begin)) {
            let rows = view.rows.of(place);
            let rows = match self.takes_all(view) {
                true => rows,
                false => {
                    self.pick(view, rows, picked);
                    picked.as_slice()
                }
            };
            if !rows.is_empty() {
                let mut measured = shard.lock().unwrap_or_else(PoisonError::into_inner);
                measured.add(view, rows);
            }
        }
    }

    /// Whether all rows are inside, and nothing else is asked of them.
    fn takes_all(&self, view: &View<'_>) -> bool {
        let Bounds { from, to } = self.bounds;
        let inside = |span: Span| span.complete && from <= span.earliest && span.latest < to;
        let asked = view.admitted.or(self.filter);
        asked.is_none() && view.at.is_none_or(|(_, span)| inside(span))
    }

    fn pick(&self, view: &View<'_>, rows: &[Pick], picked: &mut Vec<Pick>) {
        picked.clear();
        match view.at {
            Some((times, _)) => {
                let Bounds { from, to } = self.bounds;
                let inside = |time: &i64| from <= *time && *time < to;
                let is_inside = |pick: &&Pick| times.get(index(pick.row)).is_some_and(inside);
                picked.extend(rows.iter().filter(is_inside));
            }
            None => picked.extend_from_slice(rows),
        }
        for node in [view.admitted, self.filter].into_iter().flatten() {
            match view.evaluator.column(node, view.inputs).truths() {
                [Truth::Yes] => {}
                [_] => picked.clear(),
                answers => picked.retain(|p| answers.get(index(p.row)) == Some(&Truth::Yes)),
            }
        }
    }

    /// What each aggregate came to.
    pub(super) fn finish(self) -> impl Iterator<Item = (AggregateId, Result<Column, Stale>)> {
        let shards = self.shards.into_iter();
        let mut shards =
            shards.map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner));
        let mut all = shards.next().unwrap_or_default();
        shards.for_each(|shard| all.append(shard));
        let stale = self.stale.into_iter();
        all.finish()
            .chain(stale.map(|(aggregate, stale)| (aggregate, Err(stale))))
    }
}

impl Measured {
    fn measure(&mut self, aggregate: AggregateId, measure: IrMeasure, ty: Type, subjects: usize) {
        if let Some(accumulator) = Accumulator::new(measure, ty, subjects) {
            self.accumulators
                .push((aggregate, measure.field(), accumulator));
        }
        let (best, latest) = match measure {
            IrMeasure::First(_) => (&mut self.first, false),
            IrMeasure::Last(_) => (&mut self.last, true),
            _ => return,
        };
        if let Some(node) = measure.field() {
            let slots = Slots::new(ty, subjects);
            let field = Field {
                aggregate,
                node,
                slots,
            };
            best.get_or_insert_with(|| Best::new(latest, subjects))
                .want(field);
        }
    }

    fn add(&mut self, view: &View<'_>, rows: &[Pick]) {
        let column = |node: NodeId| view.evaluator.column(node, view.inputs);
        let nothing = Column::Truth(Vec::new());
        for (_, node, accumulator) in &mut self.accumulators {
            accumulator.add(rows, node.map_or(&nothing, column), view.first);
        }
        let order = Order {
            at: view.at.map_or(&[0], |(times, _)| times),
            keys: view.keys,
            first: view.first,
        };
        for best in [&mut self.first, &mut self.last].into_iter().flatten() {
            best.add(rows, &order, column);
        }
    }

    /// Appends the subjects of the next shard.
    fn append(&mut self, next: Self) {
        let accumulators = self.accumulators.iter_mut().zip(next.accumulators);
        for ((.., accumulator), (.., next)) in accumulators {
            accumulator.append(next);
        }
        let bests = [(&mut self.first, next.first), (&mut self.last, next.last)];
        for (best, next) in bests {
            if let (Some(best), Some(next)) = (best, next) {
                best.append(next);
            }
        }
    }

    fn finish(self) -> impl Iterator<Item = (AggregateId, Result<Column, Stale>)> {
        let made = self.accumulators.into_iter();
        let made = made.map(|(aggregate, _, accumulator)| (aggregate, Ok(accumulator.finish())));
        let fields = [self.first, self.last].into_iter().flatten();
        let fields = fields.flat_map(Best::into_fields);
        made.chain(fields.map(|field| (field.aggregate, Ok(field.slots.into_column()))))
    }
}
