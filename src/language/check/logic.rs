//! `and`, `or` and `not`.

use super::checker::Checker;
use super::expression::truth;
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{BinaryOp, Expr, ExprKind};
use crate::language::typed::{Kind, Typed};

impl Checker<'_> {
    /// `a and b and …`, `a or b or …`: one list of operands however long the chain is.
    pub fn logic(&mut self, op: BinaryOp, expr: &Expr) -> Typed {
        let span = expr.span;
        let operands = spine(op, expr);
        let mut parts = Vec::with_capacity(operands.len());
        let mut before: Option<&Expr> = None;
        for operand in operands {
            let bare = matches!(operand.kind, ExprKind::Text(_) | ExprKind::Number(_));
            match before.filter(|_| bare).and_then(compared_name) {
                Some((name, first)) => {
                    let (name, first) = (self.quote(name.span), self.quote(first.span));
                    let second = self.quote(operand.span);
                    let finding = Finding::new(
                        Code::NotACondition,
                        format!("`{second}` stands alone here and is compared with nothing"),
                    )
                    .help(format!("write `{name} in ({first}, {second})`"));
                    parts.push(self.refuse(operand.span, finding));
                }
                None => {
                    parts.push(self.condition(operand));
                    before = Some(operand);
                }
            }
        }
        if op == BinaryOp::Or {
            truth(Kind::Or(parts), span)
        } else {
            truth(Kind::And(parts), span)
        }
    }
}

/// The operands of a chain of one operator, from the left. Walks down without recursion, so that a
/// long chain costs no stack; parentheses end it, as written.
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

/// `x` and `"a"` of `x = "a"`, for the slip `x = "a" or "b"`.
fn compared_name(expr: &Expr) -> Option<(&Expr, &Expr)> {
    match &expr.kind {
        ExprKind::Binary(BinaryOp::Equal, left, right) => Some((left, right)),
        _ => None,
    }
}
