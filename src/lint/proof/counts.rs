//! Which counts are never above which others, because their rows are among the others'.

use super::cells::TermId;
use super::terms::Terms;
use crate::ir::{Ir, IrAggregate, IrMeasure, Op, Selection};
use crate::time::{Duration, Unit, Window};

/// Pairs of counts of which the first is never above the second.
pub fn at_most(ir: &Ir, terms: &mut Terms) -> Vec<(TermId, TermId)> {
    let nodes = ir.program.nodes.iter_enumerated();
    let counts = nodes.filter_map(|(id, node)| match node.op {
        Op::Aggregate(aggregate) => {
            let aggregate = ir.aggregates.get(aggregate)?;
            let is_count = aggregate.measure == IrMeasure::Count;
            let selection = selection(ir, aggregate).filter(|_| is_count)?;
            Some((terms.value(id), aggregate, selection))
        }
        _ => None,
    });
    let counts: Vec<_> = counts.collect();
    let mut found = Vec::new();
    for (fewer, of_fewer, few) in &counts {
        for (more, of_more, many) in &counts {
            let same = of_fewer.scan == of_more.scan && of_fewer.collection == of_more.collection;
            if fewer != more && same && is_part(few, many) {
                found.push((*fewer, *more));
            }
        }
    }
    found
}

fn selection<'a>(ir: &'a Ir, aggregate: &IrAggregate) -> Option<&'a Selection> {
    let scan = ir.scans.get(aggregate.scan)?;
    let mut collections = scan.collections.iter();
    let collection = collections.find(|known| known.collection == aggregate.collection)?;
    collection.selections.get(aggregate.selection)
}

/// Whether all rows of one selection are rows of the other.
fn is_part(few: &Selection, many: &Selection) -> bool {
    let filters = many.filter.is_none() || many.filter == few.filter;
    filters && lies_in(&few.window, &many.window)
}

fn lies_in(inner: &Window, outer: &Window) -> bool {
    match (inner, outer) {
        (same, other) if same == other => true,
        (inner, Window::Past) => !inner.reaches_past_now(),
        (Window::Last(short), Window::Last(long)) => is_shorter(*short, *long, 1),
        (Window::Previous(short), Window::Last(long)) => is_shorter(*short, *long, 2),
        (Window::Next(short), Window::Next(long)) => is_shorter(*short, *long, 1),
        _ => false,
    }
}

/// Whether so many times one length end no later than another.
fn is_shorter(short: Duration, long: Duration, times: u64) -> bool {
    let length = |duration: Duration| {
        let (family, each) = match duration.unit {
            Unit::Minute => (0, 1),
            Unit::Hour => (0, 60),
            Unit::Day => (1, 1),
            Unit::Week => (1, 7),
            Unit::Month => (2, 1),
            Unit::Quarter => (2, 3),
            Unit::Year => (2, 12),
        };
        (family, u64::from(duration.count) * each)
    };
    let ((family, short), (other, long)) = (length(short), length(long));
    family == other && short * times <= long
}
