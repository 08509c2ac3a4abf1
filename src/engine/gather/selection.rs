//! Rows by window and condition, and what is measured of them.

use super::accumulate::Accumulator;
use super::best::{Best, Field, Ties};
use super::pick::Pick;
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
    /// Each row's subject.
    pub(super) places: &'b [u32],
    /// Each row's time, where the collection has a time column.
    pub(super) at: Option<(&'b [i64], Span)>,
    pub(super) keys: Option<&'b Ties>,
    pub(super) admitted: Option<NodeId>,
    pub(super) evaluator: &'b RowEvaluator<'b>,
    pub(super) inputs: &'b [Column],
}

/// A selection in the making.
pub(super) struct Selecting {
    bounds: Bounds,
    filter: Option<NodeId>,
    accumulators: Vec<(AggregateId, Option<NodeId>, Accumulator)>,
    first: Option<Best>,
    last: Option<Best>,
    /// Whether anything here needs more than columns as they are read.
    pub(super) computes: bool,
    /// Aggregates that cannot be filled, and why.
    stale: Vec<(AggregateId, Stale)>,
}

impl Selecting {
    /// For a selection of a table's scan; `broken` tells why a node cannot be evaluated.
    pub(super) fn new(
        ir: &Ir,
        program: &Program,
        selection: &Selection,
        admitted: Option<NodeId>,
        clock: &Clock,
        subjects: usize,
        broken: &dyn Fn(NodeId) -> Option<Stale>,
    ) -> Self {
        let mut new = Self {
            bounds: clock.bounds(&selection.window),
            filter: selection.filter,
            accumulators: Vec::new(),
            first: None,
            last: None,
            computes: selection.filter.is_some() || admitted.is_some(),
            stale: Vec::new(),
        };
        // A missing time is before all windows.
        new.bounds.from = new.bounds.from.max(i64::MIN + 1);
        for id in &selection.measures {
            let Some(aggregate) = ir.aggregates.get(*id) else {
                continue;
            };
            let field = field(aggregate.measure);
            let needed = [field, selection.filter, admitted].into_iter().flatten();
            if let Some(stale) = needed.filter_map(broken).next() {
                new.stale.push((*id, stale));
                continue;
            }
            let node = field.and_then(|field| program.nodes.get(field));
            new.computes |= node.is_some_and(|node| !matches!(node.op, Op::Input(_)));
            new.measure(
                *id,
                aggregate.measure,
                node.map_or(Type::Missing, |n| n.ty),
                subjects,
            );
        }
        new
    }

    fn measure(&mut self, aggregate: AggregateId, measure: IrMeasure, ty: Type, subjects: usize) {
        if let Some(accumulator) = Accumulator::new(measure, ty, subjects) {
            self.accumulators
                .push((aggregate, field(measure), accumulator));
        }
        let (best, latest) = match measure {
            IrMeasure::First(_) => (&mut self.first, false),
            IrMeasure::Last(_) => (&mut self.last, true),
            _ => return,
        };
        if let Some(node) = field(measure) {
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

    /// Whether a batch may have rows for this.
    pub(super) fn concerns(&self, span: Option<Span>) -> bool {
        let empty = self.accumulators.is_empty() && self.first.is_none() && self.last.is_none();
        let inside = |span: Span| span.earliest < self.bounds.to && span.latest >= self.bounds.from;
        !empty && span.is_none_or(inside)
    }

    /// Takes a batch's rows; `picked` is memory to use.
    pub(super) fn add(&mut self, view: &View<'_>, picked: &mut Vec<Pick>) {
        self.pick(view, picked);
        if picked.is_empty() {
            return;
        }
        let column = |node: NodeId| view.evaluator.column(node, view.inputs);
        let nothing = Column::Truth(Vec::new());
        for (_, node, accumulator) in &mut self.accumulators {
            accumulator.add(picked, node.map_or(&nothing, column));
        }
        let at = view.at.map(|(times, _)| times);
        for best in [&mut self.first, &mut self.last].into_iter().flatten() {
            best.add(picked, at, view.keys, column);
        }
    }

    fn pick(&self, view: &View<'_>, picked: &mut Vec<Pick>) {
        picked.clear();
        let Bounds { from, to } = self.bounds;
        let rows = (0u32..).zip(view.places);
        let rows = rows.map(|(row, place)| Pick { row, place: *place });
        match view.at {
            Some((times, span))
                if !(span.complete && from <= span.earliest && span.latest < to) =>
            {
                let inside = |time: &i64| from <= *time && *time < to;
                let timed = rows.zip(times).filter(|(_, time)| inside(time));
                picked.extend(timed.map(|(pick, _)| pick).filter(Pick::counts));
            }
            _ => picked.extend(rows.filter(Pick::counts)),
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
        let made = self.accumulators.into_iter();
        let made = made.map(|(aggregate, _, accumulator)| (aggregate, Ok(accumulator.finish())));
        let fields = [self.first, self.last].into_iter().flatten();
        let fields = fields
            .flat_map(Best::into_fields)
            .map(|field| (field.aggregate, Ok(field.slots.into_column())));
        let stale = self.stale.into_iter();
        made.chain(fields)
            .chain(stale.map(|(aggregate, stale)| (aggregate, Err(stale))))
    }
}

/// The node of the field that a measure takes.
fn field(measure: IrMeasure) -> Option<NodeId> {
    match measure {
        IrMeasure::Count | IrMeasure::Exists => None,
        IrMeasure::CountDistinct(node)
        | IrMeasure::Sum(node)
        | IrMeasure::Avg(node)
        | IrMeasure::Min(node)
        | IrMeasure::Max(node)
        | IrMeasure::First(node)
        | IrMeasure::Last(node)
        | IrMeasure::Values(node) => Some(node),
    }
}
