//! Builds expression trees that nobody wrote.

use super::ast::{Arg, BinaryOp, Call, Expr, ExprKind, Name, NumberLiteral, Span};

pub(super) fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    Expr::made(ExprKind::Binary(op, Box::new(left), Box::new(right)))
}

pub(super) fn paren(inner: Expr) -> Expr {
    Expr {
        span: inner.span,
        ..Expr::made(ExprKind::Paren(Box::new(inner)))
    }
}

pub(super) fn name(text: &str) -> Name {
    Name {
        text: text.to_owned(),
        span: Span::default(),
    }
}

pub(super) fn path<'n>(names: impl IntoIterator<Item = &'n str>) -> Expr {
    Expr::made(ExprKind::Path(names.into_iter().map(name).collect()))
}

pub(super) fn number(digits: impl ToString) -> Expr {
    Expr::made(ExprKind::Number(NumberLiteral {
        digits: digits.to_string(),
        percent: false,
    }))
}

/// A call of a function with these arguments.
pub(super) fn call(function: &str, of: impl IntoIterator<Item = Expr>) -> Expr {
    let args = of.into_iter().map(|expr| Arg {
        distinct: false,
        expr,
        filter: None,
    });
    call_of(function, args.collect())
}

/// A call over rows or their column, with a condition.
pub(super) fn call_where(function: &str, of: Expr, filter: Option<Expr>) -> Expr {
    let arg = Arg {
        distinct: false,
        expr: of,
        filter,
    };
    call_of(function, vec![arg])
}

pub(super) fn call_of(function: &str, args: Vec<Arg>) -> Expr {
    Expr::made(ExprKind::Call(Call {
        name: name(function),
        args,
        within: None,
    }))
}
