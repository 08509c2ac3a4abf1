//! Checks `and`, `or` and `not`.

use super::checker::Checker;
use super::expression::truth;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{BinaryOp, Expr, ExprKind, Span};
use crate::language::typed::{Kind, Typed};

impl Checker<'_> {
    /// `a and b and …`, `a or b or …`: one list of operands, however long the chain is.
    pub fn logic(&mut self, op: BinaryOp, expr: &Expr) -> Typed {
        let span = expr.span;
        let operands = spine(op, expr);
        let mut parts = Vec::with_capacity(operands.len());
        let mut operands = operands.into_iter().peekable();
        while let Some(operand) = operands.next() {
            let compared = compared_name(operand, op);
            let Some(name) = compared.filter(|_| operands.peek().is_some_and(|e| is_bare(e)))
            else {
                parts.push(self.condition(operand));
                continue;
            };
            // `x = "a" or "b" or "c"`
            let mut values = vec![compared_value(operand)];
            let mut end = operand.span.end;
            while let Some(value) = operands.next_if(|e| is_bare(e)) {
                end = value.span.end;
                values.push(value.span);
            }
            let second = values
                .get(1)
                .map(|span| self.quote(*span))
                .unwrap_or_default();
            let values: Vec<String> = values.iter().map(|span| self.quote(*span)).collect();
            let not = match operand.kind {
                ExprKind::Binary(BinaryOp::NotEqual, ..) => "not ",
                _ => "",
            };
            let finding = Finding::new(
                Code::NotACondition,
                format!("`{second}` is on its own here and is not compared with anything"),
            )
            .help(format!(
                "write {}{}",
                quoted(&format!(
                    "{} {not}in ({})",
                    self.quote(name.span),
                    values.join(", ")
                )),
                // Everything is not one or not another, so this would always be true.
                match op == BinaryOp::Or && !not.is_empty() {
                    true => " if it is to be none of them",
                    false => "",
                }
            ));
            let whole = Span {
                end,
                ..operand.span
            };
            parts.push(self.refuse(whole, finding));
        }
        if op == BinaryOp::Or {
            truth(Kind::Or(parts), span)
        } else {
            truth(Kind::And(parts), span)
        }
    }
}

/// The operands of a chain of one operator, from the left. Walks down without recursion, so that a long chain uses no
/// stack; parentheses end the chain.
pub(super) fn spine(op: BinaryOp, expr: &Expr) -> Vec<&Expr> {
    let mut operands = Vec::new();
    let mut rest = vec![expr];
    while let Some(next) = rest.pop() {
        match &next.kind {
            ExprKind::Binary(o, left, right) if *o == op => {
                rest.push(right);
                rest.push(left);
            }
            _ => operands.push(next),
        }
    }
    operands
}

/// The `x` in `x = "a"`, for the slip `x = "a" or "b"`; in `x != "a"`, whatever operator joins them.
fn compared_name(expr: &Expr, op: BinaryOp) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Binary(BinaryOp::Equal, left, _) if op == BinaryOp::Or => Some(left),
        ExprKind::Binary(BinaryOp::NotEqual, left, _) => Some(left),
        _ => None,
    }
}

/// The place of `"a"` in `x = "a"`.
fn compared_value(expr: &Expr) -> Span {
    match &expr.kind {
        ExprKind::Binary(_, _, right) => right.span,
        _ => expr.span,
    }
}

fn is_bare(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Text(_) | ExprKind::Number(_) | ExprKind::Date(_)
    )
}
