//! Which metrics and segments a text names, before anything is typed.

use std::collections::HashMap;

use crate::catalog::{Catalog, CollectionId};
use crate::config::{Config, HEALTH};
use crate::language::ast::{Arg, Call, Expr, ExprKind, Span, WindowKind};
use crate::language::functions::over_rows;
use crate::language::functions::rows::takes_share;
use crate::rules::{LadderId, MetricId, SegmentId};

/// Something that can need another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Node {
    /// A metric.
    Metric(MetricId),
    /// A ladder's `among:`.
    Among(LadderId),
    /// A field that segments are filtered by: its place in config.
    Field(usize),
    /// A segment, or a rung.
    Segment(SegmentId),
    /// The health score.
    Health,
    /// One of its factors: its place in config.
    Factor(usize),
    /// Something that is asked for beside the rules.
    Output(usize),
}

/// What names mean to this walk.
pub(super) struct Vocabulary<'a> {
    pub config: &'a Config,
    pub catalog: &'a Catalog,
    pub metrics: &'a HashMap<&'a str, MetricId>,
    pub segments: &'a HashMap<&'a str, SegmentId>,
}

/// What an expression needs, and where it says so; `row` is the collection whose row it speaks of,
/// as inside `where`. Names that are the row's own are no need. Walks without recursion.
pub(super) fn needs(
    expr: &Expr,
    row: Option<CollectionId>,
    words: &Vocabulary<'_>,
) -> Vec<(Node, Span)> {
    let mut found = Vec::new();
    let mut rest: Vec<(&Expr, Option<CollectionId>)> = vec![(expr, row)];
    while let Some((expr, row)) = rest.pop() {
        match &expr.kind {
            ExprKind::Path(path) => {
                if let Some(head) = path.first()
                    && !row.is_some_and(|row| is_of_row(words.catalog, row, &head.text))
                {
                    let metric = words.metrics.get(head.text.as_str());
                    let metric = metric.map(|id| Node::Metric(*id));
                    let health = words.config.health.is_some() && head.text == HEALTH;
                    let named = metric.or(health.then_some(Node::Health));
                    found.extend(named.map(|node| (node, expr.span)));
                }
            }
            ExprKind::InSegment(id) => {
                if let Some(segment) = words.segments.get(id.text.as_str()) {
                    found.push((Node::Segment(*segment), expr.span));
                }
            }
            ExprKind::Call(call) => {
                for arg in call.args.iter().rev() {
                    let named = collection_of(&arg.expr, words.catalog);
                    let collection = collection_read(&arg.expr, words.catalog);
                    if let Some(filter) = &arg.filter {
                        rest.push((filter, collection.or(row)));
                    }
                    match (named, collection) {
                        (Some(_), _) => bounds(&arg.expr, None, &mut rest),
                        // The row's fields have its collection's name before them: all else is no field.
                        (None, Some(_)) => rest.push((&arg.expr, None)),
                        (None, None) => rest.push((&arg.expr, row)),
                    }
                }
            }
            ExprKind::Top(top) => rest.push((&top.by, row)),
            ExprKind::Field(x, _) | ExprKind::Not(x) | ExprKind::Negate(x) | ExprKind::Paren(x) => {
                rest.push((x, row));
            }
            ExprKind::Is(_, _, x) => rest.push((x, row)),
            ExprKind::Binary(_, l, r) | ExprKind::TextTest(_, _, l, r) => {
                rest.extend([(&**r, row), (&**l, row)]);
            }
            ExprKind::Between(_, x, l, h) => {
                rest.extend([(&**h, row), (&**l, row), (&**x, row)]);
            }
            ExprKind::InList(_, x, items) | ExprKind::AnyText(_, _, x, items) => {
                rest.extend(items.iter().rev().map(|item| (item, row)));
                rest.push((x, row));
            }
            ExprKind::InWindow(_, x, _) => {
                bounds(expr, row, &mut rest);
                rest.push((x, row));
            }
            ExprKind::Number(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Truth(_)
            | ExprKind::Missing
            | ExprKind::Now
            | ExprKind::Today
            | ExprKind::Duration(_)
            | ExprKind::Ago(_)
            | ExprKind::FromNow(_)
            | ExprKind::Listed(_) => {}
        }
    }
    found
}

/// The bounds of a window, which may name metrics, without the collection before it.
fn bounds<'e>(
    expr: &'e Expr,
    row: Option<CollectionId>,
    rest: &mut Vec<(&'e Expr, Option<CollectionId>)>,
) {
    match &expr.kind {
        ExprKind::Paren(inner) => bounds(inner, row, rest),
        ExprKind::InWindow(_, _, window) => match &window.kind {
            WindowKind::FromTo(from, to) => rest.extend([(&**to, row), (&**from, row)]),
            WindowKind::Since(from) => rest.push((from, row)),
            _ => {}
        },
        _ => {}
    }
}

/// The collection whose rows a call is taken of: that of its first argument, or of the one behind a share.
pub(super) fn rows_of_call(call: &Call, catalog: &Catalog) -> Option<CollectionId> {
    let of = |arg: &Arg| collection_read(&arg.expr, catalog);
    let behind_share = call.args.get(1).filter(|_| takes_share(&call.name.text));
    let first = || call.args.first().and_then(of);
    behind_share.and_then(of).or_else(first)
}

/// The collection that an argument names.
pub(super) fn collection_of(expr: &Expr, catalog: &Catalog) -> Option<CollectionId> {
    match &expr.kind {
        ExprKind::Path(path) => {
            let name = &path.first()?.text;
            catalog.collections.position(|c| c.name == *name)
        }
        ExprKind::InWindow(_, inner, _) | ExprKind::Paren(inner) => collection_of(inner, catalog),
        _ => None,
    }
}

/// The collection that an argument reads: the one that it names, or the first of which a field stands anywhere in
/// what is taken of each row, as in `items.price * items.quantity`. What another aggregate takes is no field of these
/// rows.
pub(super) fn collection_read(expr: &Expr, catalog: &Catalog) -> Option<CollectionId> {
    if let Some(named) = collection_of(expr, catalog) {
        return Some(named);
    }
    let mut rest = vec![expr];
    while let Some(expr) = rest.pop() {
        match &expr.kind {
            ExprKind::Path(path) if path.len() > 1 => {
                if let Some(found) = collection_of(expr, catalog) {
                    return Some(found);
                }
            }
            ExprKind::Call(call) if over_rows(&call.name.text).is_none() => {
                rest.extend(call.args.iter().rev().map(|arg| &arg.expr));
            }
            ExprKind::Binary(_, left, right) | ExprKind::TextTest(_, _, left, right) => {
                rest.extend([&**right, &**left]);
            }
            ExprKind::Between(_, x, low, high) => rest.extend([&**high, &**low, &**x]),
            ExprKind::InList(_, x, items) | ExprKind::AnyText(_, _, x, items) => {
                rest.extend(items.iter().rev());
                rest.push(x);
            }
            ExprKind::InWindow(_, x, _)
            | ExprKind::Is(_, _, x)
            | ExprKind::Not(x)
            | ExprKind::Negate(x)
            | ExprKind::Field(x, _)
            | ExprKind::Paren(x) => rest.push(x),
            _ => {}
        }
    }
    None
}

fn is_of_row(catalog: &Catalog, row: CollectionId, name: &str) -> bool {
    name == catalog.subject_name
        || name == "at"
        || catalog.collections.get(row).is_some_and(|c| {
            c.entity.lookups.contains_key(name)
                || c.entity
                    .columns
                    .keys()
                    .any(|k| k.eq_ignore_ascii_case(name))
        })
}
