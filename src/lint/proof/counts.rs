//! Which counts never exceed which others, because the rows of the one are among those of the other.

use super::cells::TermId;
use super::steps::Steps;
use super::terms::Terms;
use crate::catalog::CollectionId;
use crate::ir::{Ir, IrMeasure, Op, ScanId, Selection};
use crate::time::{Duration, Unit, Window};

/// The rows that counts are taken over. Counts over different rows say nothing about each other.
pub type Rows = (ScanId, CollectionId);

/// The rows that a term counts, and which of them it selects.
pub fn counted<'a>(ir: &'a Ir, terms: &Terms, term: TermId) -> Option<(Rows, &'a Selection)> {
    let node = ir.program.nodes.get(terms.node(term)?)?;
    let Op::Aggregate(aggregate) = node.op else {
        return None;
    };
    let aggregate = ir.aggregates.get(aggregate)?;
    let is_count = aggregate.measure == IrMeasure::Count;
    let scan = ir.scans.get(aggregate.scan).filter(|_| is_count)?;
    let mut collections = scan.collections.iter();
    let collection = collections.find(|known| known.collection == aggregate.collection)?;
    let selection = collection.selections.get(aggregate.selection)?;
    Some(((aggregate.scan, aggregate.collection), selection))
}

/// Pairs of counts among some terms of which the first never exceeds the second.
pub fn at_most(
    ir: &Ir,
    terms: &Terms,
    among: impl IntoIterator<Item = TermId>,
    steps: &mut Steps,
) -> Vec<(TermId, TermId)> {
    let among = among.into_iter();
    let counts = among.filter_map(|term| {
        let (rows, selection) = counted(ir, terms, term)?;
        Some((term, rows, selection))
    });
    let counts: Vec<_> = counts.collect();
    let mut found = Vec::new();
    if !steps.spend(counts.len() * counts.len()) {
        return found;
    }
    for (fewer, of_fewer, few) in &counts {
        for (more, of_more, many) in &counts {
            if fewer != more && of_fewer == of_more && is_part(few, many) {
                found.push((*fewer, *more));
            }
        }
    }
    found
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

/// Whether `times` times one length ends no later than another length.
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
