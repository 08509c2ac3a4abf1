//! One measure of a selection's rows, for all windows that want it.
//!
//! What overlapping windows share is measured once: the bounds of the windows cut time into pieces, and a window's
//! result is combined from its pieces. Only distinct values are counted separately for each window.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use super::accumulate::Accumulator;
use super::batch_view::BatchView;
use super::best::{Best, Field, Order};
use super::pick::Pick;
use super::slots::Slots;
use crate::engine::Column;
use crate::engine::operands::NOTHING;
use crate::ir::{AggregateId, IrMeasure, NodeId};
use crate::value::Type;

/// A requested aggregate.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) aggregate: AggregateId,
    pub(super) measure: IrMeasure,
    /// The type of the field; missing if the measure has none.
    pub(super) ty: Type,
    /// The intervals of the selection that the window covers.
    pub(super) window: Range<usize>,
}

/// A measure, several fields of the earliest or of the latest row, or several measures computed from the same values.
pub(super) struct Measuring {
    /// The aggregates that are measured together, in no particular order.
    wanted: Vec<Wanted>,
    /// The intervals of each piece of time: ascending, without overlap.
    pieces: Vec<Range<usize>>,
}

/// The result of the rows of one piece of time.
pub(super) enum Measured {
    Amount(Accumulator),
    Row(Best),
}

impl Wanted {
    /// The time of the earliest row is the smallest time, and that of the latest the largest, so no row has to be held.
    fn of_time(&mut self) {
        self.measure = match self.measure {
            IrMeasure::First(time) => IrMeasure::Min(time),
            IrMeasure::Last(time) => IrMeasure::Max(time),
            other => other,
        };
    }
}

impl Measuring {
    /// Measures everything that is wanted. `most` is how many pieces it is worth combining for each subject; `time` is
    /// the field that places rows in time.
    pub(super) fn all(wanted: Vec<Wanted>, most: u64, time: Option<NodeId>) -> Vec<Self> {
        let mut all: Vec<Vec<Wanted>> = Vec::new();
        for wanted in wanted {
            let is_alike = |known: &Wanted| are_together(known.measure, wanted.measure);
            match all.iter_mut().find(|known| known.iter().all(is_alike)) {
                Some(alike) => alike.push(wanted),
                None => all.push(vec![wanted]),
            }
        }
        let mut measuring = Vec::new();
        for mut alike in all {
            if time.is_some() && alike.iter().all(|one| one.measure.field() == time) {
                alike.iter_mut().for_each(Wanted::of_time);
            }
            let together = Self::new(alike);
            match together.merges() && together.work() <= most {
                true => measuring.push(together),
                false => measuring.extend(together.apart()),
            }
        }
        measuring
    }

    fn new(wanted: Vec<Wanted>) -> Self {
        let windows = || wanted.iter().map(|wanted| &wanted.window);
        let mut bounds: Vec<usize> = windows().flat_map(|w| [w.start, w.end]).collect();
        bounds.sort_unstable();
        bounds.dedup();
        let pieces = bounds.iter().zip(bounds.iter().skip(1));
        let pieces = pieces.map(|(start, end)| *start..*end);
        let is_wanted = |piece: &Range<usize>| windows().any(|window| holds(window, piece));
        let pieces = pieces.filter(is_wanted).collect();
        Self { wanted, pieces }
    }

    /// Whether the results of two pieces can be combined.
    fn merges(&self) -> bool {
        !self.wanted.iter().any(|wanted| {
            matches!(
                wanted.measure,
                IrMeasure::CountDistinct(_) | IrMeasure::Values(_)
            )
        })
    }

    /// How many pieces are combined for each subject: of windows that end together, only those of the longest count.
    fn work(&self) -> u64 {
        let mut longest: BTreeMap<usize, usize> = BTreeMap::new();
        for Wanted { window, .. } in &self.wanted {
            let start = longest.entry(window.end).or_insert(window.start);
            *start = window.start.min(*start);
        }
        let before = |bound: usize| self.pieces.partition_point(|piece| piece.start < bound);
        let pieces = longest
            .iter()
            .map(|(end, start)| before(*end) - before(*start));
        pieces.filter(|pieces| *pieces > 1).sum::<usize>() as u64
    }

    /// Measures each window separately.
    fn apart(self) -> impl Iterator<Item = Self> {
        let mut wanted = self.wanted;
        wanted.sort_by_key(|wanted| (wanted.window.start, wanted.window.end));
        let windows = wanted.chunk_by(|a, b| a.window == b.window);
        let windows: Vec<Self> = windows.map(|alike| Self::new(alike.to_vec())).collect();
        windows.into_iter()
    }

    /// An empty result for each piece, for this many subjects.
    pub(super) fn begin(&self, subjects: usize) -> Vec<Measured> {
        self.pieces.iter().map(|_| self.nothing(subjects)).collect()
    }

    fn nothing(&self, subjects: usize) -> Measured {
        let mut best = None;
        for Wanted { measure, ty, .. } in &self.wanted {
            if let Some(accumulator) = Accumulator::new(*measure, *ty, subjects) {
                return Measured::Amount(accumulator);
            }
            let latest = matches!(measure, IrMeasure::Last(_));
            let best = best.get_or_insert_with(|| Best::new(latest, subjects));
            if let Some(node) = measure.field().filter(|node| best.field(*node).is_none()) {
                let slots = Slots::new(*ty, subjects);
                best.want(Field { node, slots });
            }
        }
        Measured::Row(best.unwrap_or_else(|| Best::new(false, subjects)))
    }

    /// Adds rows of one interval.
    pub(super) fn add(
        &self,
        measured: &mut [Measured],
        view: &BatchView<'_>,
        interval: usize,
        rows: &[Pick],
    ) {
        let column = |node: NodeId| view.evaluator.column(node, view.inputs);
        let before = self.pieces.partition_point(|piece| piece.end <= interval);
        let piece = self.pieces.get(before).zip(measured.get_mut(before));
        if let Some((_, measured)) = piece.filter(|(piece, _)| piece.contains(&interval)) {
            match measured {
                Measured::Amount(accumulator) => {
                    let field = self
                        .wanted
                        .first()
                        .and_then(|wanted| wanted.measure.field());
                    accumulator.add(rows, field.map_or(&NOTHING, column), view.first);
                }
                Measured::Row(best) => {
                    let order = Order {
                        at: view.at.map_or(&[0], |(times, _)| times),
                        earliest: view.at.map_or(0, |(_, span)| span.earliest),
                        keys: view.keys,
                        first: view.first,
                    };
                    best.add(rows, &order, column);
                }
            }
        }
    }

    /// The result of each aggregate, for this many subjects.
    pub(super) fn finish(
        mut self,
        measured: &[Measured],
        subjects: usize,
    ) -> Vec<(AggregateId, Column)> {
        // Windows that end together, from the shortest to the longest: each adds to the result of the one before.
        self.wanted
            .sort_by_key(|wanted| (wanted.window.end, Reverse(wanted.window.start)));
        let mut answers = Vec::new();
        for ending in self.wanted.chunk_by(|a, b| a.window.end == b.window.end) {
            let mut sum = None;
            let mut begin = usize::MAX;
            for wanted in ending {
                let pieces = self.pieces.iter().zip(measured);
                let inside = pieces.filter(|(piece, _)| holds(&wanted.window, piece));
                let inside: Vec<_> = inside.collect();
                let column = match inside.as_slice() {
                    [(_, only)] => only.column(wanted.measure),
                    inside => {
                        let sum = sum.get_or_insert_with(|| self.nothing(subjects));
                        let more = inside.iter().filter(|(piece, _)| piece.start < begin);
                        more.rev()
                            .for_each(|(_, earlier)| sum.merge_earlier(earlier));
                        begin = wanted.window.start;
                        sum.column(wanted.measure)
                    }
                };
                answers.push((wanted.aggregate, column));
            }
        }
        answers
    }
}

impl Measured {
    /// Appends the subjects of the next shard.
    pub(super) fn append(&mut self, next: Self) {
        match (self, next) {
            (Self::Amount(amount), Self::Amount(next)) => amount.append(next),
            (Self::Row(row), Self::Row(next)) => row.append(next),
            // All shards have the same measure.
            _ => {}
        }
    }

    /// Adds the result of an earlier piece.
    fn merge_earlier(&mut self, earlier: &Self) {
        match (self, earlier) {
            (Self::Amount(amount), Self::Amount(earlier)) => amount.merge(earlier),
            (Self::Row(row), Self::Row(earlier)) => row.merge_earlier(earlier),
            // All pieces have the same measure.
            _ => {}
        }
    }

    /// One value per subject.
    fn column(&self, measure: IrMeasure) -> Column {
        match self {
            Self::Amount(amount) => amount.column(measure),
            Self::Row(row) => {
                let slots = measure.field().and_then(|node| row.field(node));
                slots.map_or_else(|| Column::missing(Type::Missing), Slots::column)
            }
        }
    }
}

/// Whether two measures are computed together: fields of the same row, or measures of the same values.
fn are_together(one: IrMeasure, other: IrMeasure) -> bool {
    use IrMeasure::{First, Last, Quantile, Stddev};
    match (one, other) {
        (First(_), First(_)) | (Last(_), Last(_)) => true,
        (Quantile(a, _) | Stddev(a), Quantile(b, _) | Stddev(b)) => a == b,
        _ => one == other,
    }
}

fn holds(window: &Range<usize>, piece: &Range<usize>) -> bool {
    window.start <= piece.start && piece.end <= window.end
}
