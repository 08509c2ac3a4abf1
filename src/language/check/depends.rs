//! Finds which metrics and segments a text names, before anything is typed.

use std::collections::HashMap;

use crate::catalog::{Catalog, CollectionId, Entity};
use crate::config::{Config, HEALTH};
use crate::language::ast::{Arg, Call, Expr, ExprKind, Name, Span, WindowKind};
use crate::language::functions::over_rows;
use crate::language::functions::rows::takes_share;
use crate::language::{Named, Symbol};
use crate::rules::{LadderId, MetricId, SegmentId};

/// A node that can depend on others.
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
    /// One of the score's factors, by its place in config.
    Factor(usize),
    /// An output requested besides the rules.
    Output(usize),
}

/// What names mean while dependencies are collected.
pub(super) struct Vocabulary<'a> {
    pub config: &'a Config,
    pub catalog: &'a Catalog,
    pub metrics: &'a HashMap<&'a str, MetricId>,
    /// The metrics that are a row, with the collection of that row.
    pub rows: &'a HashMap<MetricId, CollectionId>,
    pub segments: &'a HashMap<&'a str, SegmentId>,
}

/// What an expression depends on, and where. `row` is the collection whose row the expression is about, as inside
/// `where`. Names of the row's own columns are not dependencies.
pub(super) fn needs(
    expr: &Expr,
    row: Option<CollectionId>,
    words: &Vocabulary<'_>,
) -> Vec<(Node, Span)> {
    let mut found = Vec::new();
    each_name(expr, row, words, &mut |node, _, span| {
        found.extend(node.map(|node| (node, span)));
    });
    found
}

/// The names in an expression, as for [`needs`].
pub(super) fn names(expr: &Expr, row: Option<CollectionId>, words: &Vocabulary<'_>) -> Vec<Named> {
    let mut found = Vec::new();
    each_name(expr, row, words, &mut |_, named, _| found.extend(named));
    found
}

/// Calls `visit` with each name in an expression: the dependency, what the name stands for, and the place of the whole
/// that it is part of. Walks without recursion.
fn each_name(
    expr: &Expr,
    row: Option<CollectionId>,
    words: &Vocabulary<'_>,
    visit: &mut dyn FnMut(Option<Node>, Option<Named>, Span),
) {
    let named = |symbol: Symbol, name: &Name| {
        let span = name.span;
        Some(Named { symbol, span })
    };
    let mut rest: Vec<(&Expr, Option<CollectionId>)> = vec![(expr, row)];
    while let Some((expr, row)) = rest.pop() {
        match &expr.kind {
            ExprKind::Path(path) => {
                let Some((head, fields)) = path.split_first() else {
                    continue;
                };
                let own = row.filter(|row| is_of_row(words.catalog, *row, &head.text));
                let metric = words.metrics.get(head.text.as_str());
                match (own, metric) {
                    (None, Some(id)) => {
                        let symbol = Symbol::Metric(head.text.clone());
                        let node = Node::Metric(*id);
                        visit(Some(node), named(symbol, head), expr.span);
                        for (symbol, name) in words.of_row(words.rows.get(id).copied(), fields) {
                            visit(None, named(symbol, name), expr.span);
                        }
                    }
                    (None, None) if words.config.health.is_some() && head.text == HEALTH => {
                        visit(Some(Node::Health), None, expr.span);
                    }
                    (own, _) => {
                        for (symbol, name) in words.columns(own, path) {
                            visit(None, named(symbol, name), expr.span);
                        }
                    }
                }
            }
            ExprKind::InSegment(id) => {
                let segment = words.segments.get(id.text.as_str());
                let symbol = Symbol::Segment(id.text.clone());
                let node = segment.map(|id| Node::Segment(*id));
                visit(node, named(symbol, id), expr.span);
            }
            ExprKind::Listed(list) => {
                visit(
                    None,
                    named(Symbol::List(list.text.clone()), list),
                    expr.span,
                );
            }
            ExprKind::Call(call) => {
                for arg in call.args.iter().rev() {
                    let of = collection_of(&arg.expr, words.catalog);
                    let collection = collection_read(&arg.expr, words.catalog);
                    if let Some(filter) = &arg.filter {
                        rest.push((filter, collection.or(row)));
                    }
                    match (of, collection) {
                        (Some(_), _) => {
                            bounds(&arg.expr, None, &mut rest);
                            if let Some(path) = path_of(&arg.expr) {
                                for (symbol, name) in words.of_rows(path) {
                                    visit(None, named(symbol, name), arg.expr.span);
                                }
                            }
                        }
                        // A field of the row has its collection's name before it; other names are not fields.
                        (None, Some(_)) => rest.push((&arg.expr, None)),
                        (None, None) => rest.push((&arg.expr, row)),
                    }
                }
                if let Some(scope) = &call.within {
                    let symbol = Symbol::Scope(scope.text.clone());
                    visit(None, named(symbol, scope), scope.span);
                }
            }
            ExprKind::Top(top) => {
                rest.push((&top.by, row));
                if let Some(scope) = &top.within {
                    let symbol = Symbol::Scope(scope.text.clone());
                    visit(None, named(symbol, scope), scope.span);
                }
            }
            ExprKind::Field(x, fields) => {
                for (symbol, name) in words.of_row(row_of(x, words.catalog), fields) {
                    visit(None, named(symbol, name), expr.span);
                }
                rest.push((x, row));
            }
            ExprKind::Not(x) | ExprKind::Negate(x) | ExprKind::Paren(x) => rest.push((x, row)),
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
            | ExprKind::FromNow(_) => {}
        }
    }
}

impl Vocabulary<'_> {
    /// What the parts of a path stand for, if it is not a metric: columns of the row or the subject, or a collection.
    fn columns<'n>(&self, row: Option<CollectionId>, path: &'n [Name]) -> Vec<(Symbol, &'n Name)> {
        let catalog = self.catalog;
        let Some((head, fields)) = path.split_first() else {
            return Vec::new();
        };
        if head.text == catalog.subject_name {
            return columns_of(None, &catalog.subject, fields);
        }
        match row.and_then(|row| catalog.collections.get(row)) {
            Some(rows) if head.text == "at" && rows.at.is_none() => Vec::new(),
            Some(rows) => columns_of(Some(&rows.name), &rows.entity, path),
            None if is_of_entity(&catalog.subject, &head.text) => {
                columns_of(None, &catalog.subject, path)
            }
            None => self.of_rows(path),
        }
    }

    /// A collection and, after a point, a column of its rows.
    fn of_rows<'n>(&self, path: &'n [Name]) -> Vec<(Symbol, &'n Name)> {
        let Some((head, fields)) = path.split_first() else {
            return Vec::new();
        };
        let mut collections = self.catalog.collections.iter();
        let Some(rows) = collections.find(|rows| rows.name == head.text) else {
            return Vec::new();
        };
        let itself = (Symbol::Collection(head.text.clone()), head);
        let columns = columns_of(Some(&rows.name), &rows.entity, fields);
        std::iter::once(itself).chain(columns).collect()
    }

    /// What comes after the point of an expression that is a row of a collection.
    fn of_row<'n>(
        &self,
        rows: Option<CollectionId>,
        fields: &'n [Name],
    ) -> Vec<(Symbol, &'n Name)> {
        let rows = rows.and_then(|rows| self.catalog.collections.get(rows));
        rows.map_or_else(Vec::new, |rows| {
            columns_of(Some(&rows.name), &rows.entity, fields)
        })
    }
}

/// A column, or a lookup and a column of the row that it finds.
fn columns_of<'n>(of: Option<&str>, entity: &Entity, path: &'n [Name]) -> Vec<(Symbol, &'n Name)> {
    let column = |lookup: Option<&Name>, name: &'n Name| {
        let column = Symbol::Column {
            of: of.map(str::to_owned),
            lookup: lookup.map(|lookup| lookup.text.clone()),
            name: name.text.clone(),
        };
        (column, name)
    };
    let Some((first, rest)) = path.split_first() else {
        return Vec::new();
    };
    let looked_up = rest
        .first()
        .filter(|_| entity.lookups.contains_key(&first.text));
    let looked_up = looked_up.map(|name| column(Some(first), name));
    std::iter::once(column(None, first))
        .chain(looked_up)
        .collect()
}

/// The path that an argument consists of, with or without a window.
fn path_of(expr: &Expr) -> Option<&[Name]> {
    match &expr.kind {
        ExprKind::Path(path) => Some(path),
        ExprKind::InWindow(_, inner, _) | ExprKind::Paren(inner) => path_of(inner),
        _ => None,
    }
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

/// The collection that an expression takes a row from, judging by its form: `first(visits)`.
pub(super) fn row_of(expr: &Expr, catalog: &Catalog) -> Option<CollectionId> {
    match &expr.kind {
        ExprKind::Call(call) => rows_of_call(call, catalog),
        ExprKind::Paren(inner) => row_of(inner, catalog),
        _ => None,
    }
}

/// The collection whose rows a call is computed from: that of its first argument, or of the argument after a share.
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

/// The collection that an argument reads: the one it names, or the one whose field comes first in an expression over
/// each row, as in `items.price * items.quantity`. What another aggregate takes does not count as a field of these
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
    let collection = catalog.collections.get(row);
    name == catalog.subject_name
        || name == "at"
        || collection.is_some_and(|collection| is_of_entity(&collection.entity, name))
}

/// Whether a name is a column or a lookup of an entity.
fn is_of_entity(entity: &Entity, name: &str) -> bool {
    let mut columns = entity.columns.keys();
    entity.lookups.contains_key(name) || columns.any(|column| column.eq_ignore_ascii_case(name))
}
