//! Helpers for the grammar's nodes: their places, their words, and expressions made from them.

use std::ops::Range;

use crate::language::ast::{Expr, ExprKind, Span};
use crate::language::grammar::{Node, Nodes, Rule};

/// The bytes of a node, without the spaces that may follow its last terminal.
pub(super) fn range(node: &Node) -> Range<usize> {
    let start = node.as_span().start();
    let mut last = node.clone();
    while let Some(inner) = last.clone().into_inner().next_back() {
        last = inner;
    }
    start..last.as_span().end()
}

pub(super) fn span(range: Range<usize>) -> Span {
    Span {
        text: None,
        start: range.start,
        end: range.end,
    }
}

pub(super) fn expr(kind: ExprKind, range: Range<usize>) -> Box<Expr> {
    Box::new(Expr {
        span: span(range),
        ..Expr::made(kind)
    })
}

/// The next node, if it is of this rule.
pub(super) fn take<'t>(nodes: &mut Nodes<'t>, rule: Rule) -> Option<Node<'t>> {
    nodes.peek().filter(|n| n.as_rule() == rule)?;
    nodes.next()
}

/// The words from one byte to another, on one line.
pub(super) fn words(text: &str, from: usize, to: usize) -> String {
    let part = text.get(from..to).unwrap_or("");
    part.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a node, on one line.
pub(super) fn of(text: &str, node: &Node) -> String {
    let range = range(node);
    words(text, range.start, range.end)
}
