//! Walks expressions: finds what an expression means, and converts it where a value or a condition is needed.

use super::checker::{Checker, Meaning, Rows, unknown};
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{BinaryOp, Expr, ExprKind, Span};
use crate::language::typed::{Aggregate, Kind, Measure, Typed};
use crate::time::Moment;
use crate::value::{Truth, Type, Value};

impl Checker<'_> {
    /// The meaning of an expression.
    pub fn meaning(&mut self, expr: &Expr) -> Meaning {
        let mut meaning = self.meaning_of(expr);
        if let Meaning::Value(typed) = &mut meaning {
            typed.id = typed.id.or(expr.id);
        }
        meaning
    }

    fn meaning_of(&mut self, expr: &Expr) -> Meaning {
        let span = expr.span;
        if let Some(told) = self.of_many_rows(expr) {
            return Meaning::Value(told);
        }
        let typed = |kind, ty| Meaning::Value(Typed::new(kind, ty, span));
        match &expr.kind {
            ExprKind::Number(literal) => Meaning::Value(self.number(literal, span)),
            ExprKind::Text(text) => typed(Kind::Constant(Value::Text(text.clone())), Type::Text),
            ExprKind::Date(date) => typed(Kind::Moment(Moment::Date(*date)), Type::Date),
            ExprKind::Truth(answer) => {
                let truth = if *answer { Truth::Yes } else { Truth::No };
                typed(Kind::Constant(Value::Truth(truth)), Type::Truth)
            }
            ExprKind::Missing => typed(Kind::Constant(Value::Missing), Type::Missing),
            ExprKind::Now => typed(Kind::Moment(Moment::Now), Type::Instant),
            ExprKind::Today => typed(Kind::Moment(Moment::Today), Type::Date),
            ExprKind::Duration(duration) => Meaning::Duration(*duration),
            ExprKind::Ago(duration) => typed(Kind::Moment(Moment::Ago(*duration)), Type::Instant),
            ExprKind::FromNow(duration) => {
                typed(Kind::Moment(Moment::FromNow(*duration)), Type::Instant)
            }
            ExprKind::Path(path) => self.path(path, span),
            ExprKind::Field(base, fields) => Meaning::Value(self.field_of(base, fields, span)),
            ExprKind::Call(call) => self.call(call, span),
            ExprKind::Top(top) => Meaning::Value(self.top(top, span)),
            ExprKind::InSegment(id) => Meaning::Value(self.member(id, span)),
            ExprKind::Listed(name) => Meaning::Value(self.listed(name, span)),
            ExprKind::Not(inner) => {
                let inner = self.condition(inner);
                typed(Kind::Not(Box::new(inner)), Type::Truth)
            }
            ExprKind::Negate(inner) => Meaning::Value(self.negate(inner, span)),
            ExprKind::Binary(op, left, right) => match op {
                BinaryOp::Or | BinaryOp::And => Meaning::Value(self.logic(*op, expr)),
                BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide => {
                    Meaning::Value(self.arithmetic(expr))
                }
                _ => Meaning::Value(self.comparison(*op, left, right, span)),
            },
            ExprKind::TextTest(test, not, left, right) => {
                let tested = self.text_test(*test, left, right, span);
                Meaning::Value(negated(*not, tested))
            }
            ExprKind::AnyText(test, not, left, items) => {
                let tested = self.any_text(*test, left, items, span);
                Meaning::Value(negated(*not, tested))
            }
            ExprKind::Between(not, value, low, high) => {
                let between = self.between(value, low, high, span);
                Meaning::Value(negated(*not, between))
            }
            ExprKind::InList(not, value, items) => {
                let listed = self.in_list(value, items, span);
                Meaning::Value(negated(*not, listed))
            }
            ExprKind::InWindow(not, value, window) => self.in_window(*not, value, window, span),
            ExprKind::Is(not, missing, value) => {
                let is_missing = self.is_missing(value, *not != *missing, span);
                Meaning::Value(negated(*not == *missing, is_missing))
            }
            ExprKind::Paren(inner) => self.meaning(inner),
        }
    }

    /// An expression in a place that needs a value.
    pub fn value(&mut self, expr: &Expr) -> Typed {
        match self.meaning(expr) {
            Meaning::Value(typed) => typed,
            Meaning::Duration(_) => {
                let text = self.quote(expr.span);
                let finding = Finding::new(
                    Code::MisplacedDuration,
                    format!("`{text}` is a length of time, and a value is needed here"),
                )
                .help(format!(
                    "a point in time is written `{text} ago`; a length of time is used in windows \
                     (`in last {text}`) and after `+` or `-` with a date"
                ));
                self.refuse(expr.span, finding)
            }
            Meaning::Rows(rows) => self.rows_as_value(&rows, expr.span),
            Meaning::Row(row) => self.row_as_value(&row, expr.span),
        }
    }

    /// An expression in a place that needs yes or no.
    pub fn condition(&mut self, expr: &Expr) -> Typed {
        let text = self.quote(expr.span);
        if matches!(expr.kind, ExprKind::Path(_))
            && let Some(told) = self.rows_compared(&[expr], expr.span)
        {
            return told;
        }
        match self.meaning(expr) {
            Meaning::Rows(rows) if rows.window.is_some() => {
                let finding = Finding::new(
                    Code::RowAsValue,
                    format!("`{text}` is many rows, and yes or no is needed here"),
                )
                .help(format!("write `exists({text})`"));
                self.refuse(expr.span, finding)
            }
            Meaning::Rows(rows) => self.rows_as_value(&rows, expr.span),
            Meaning::Row(_) => {
                let finding = Finding::new(
                    Code::RowAsValue,
                    format!("`{text}` is a whole row, and yes or no is needed here"),
                )
                .help(format!(
                    "write `{text} is present`, or compare one of its fields"
                ));
                self.refuse(expr.span, finding)
            }
            Meaning::Duration(_) => self.value(expr),
            Meaning::Value(typed) => self.must_be_truth(typed, expr),
        }
    }

    fn must_be_truth(&mut self, typed: Typed, expr: &Expr) -> Typed {
        let span = expr.span;
        let text = self.quote(span);
        let help = match typed.ty {
            Type::Truth | Type::Unknown => return typed,
            Type::Missing => {
                return Typed::new(
                    Kind::Constant(Value::Truth(Truth::Unknown)),
                    Type::Truth,
                    span,
                );
            }
            Type::Number | Type::Money if matches!(typed.kind, Kind::Constant(_)) => format!(
                "say again what is compared, as in `x = {text}`; one of several values is `x in (1, {text})`"
            ),
            Type::Number | Type::Money => format!("compare it, for example `{text} > 0`"),
            Type::Text if matches!(typed.kind, Kind::Constant(_)) => {
                "compare something with it, for example `name = \"…\"`".to_owned()
            }
            Type::Text => format!("compare it, for example `{text} = \"…\"`"),
            Type::Date => format!("compare it, for example `{text} = today`"),
            Type::Instant => format!("compare it, for example `{text} < 30 days ago`"),
        };
        let finding = Finding::new(
            Code::NotACondition,
            format!(
                "a condition must answer yes or no, and `{text}` is {}",
                a(typed.ty)
            ),
        )
        .label(format!("this is {}", a(typed.ty)))
        .help(help);
        self.refuse(span, finding)
    }

    fn rows_as_value(&mut self, rows: &Rows, span: Span) -> Typed {
        let text = self.quote(span);
        let finding = Finding::new(
            Code::RowAsValue,
            format!("`{}` is a collection of rows, not a value", rows.name),
        )
        .help(format!(
            "say what to take of it: `count({text})`, `exists({text})` or `last({text}).…`"
        ));
        self.refuse(span, finding)
    }

    fn row_as_value(&mut self, row: &Aggregate, span: Span) -> Typed {
        let text = self.quote(span);
        let example = self
            .catalog
            .collections
            .get(row.collection)
            .and_then(|c| c.at.as_ref())
            .map_or("field", |_| "at");
        let finding = Finding::new(
            Code::RowAsValue,
            format!("`{text}` is a whole row, not a value"),
        )
        .help(format!(
            "name one of its fields, for example `{text}.{example}`, or ask `{text} is present`"
        ));
        self.refuse(span, finding)
    }

    /// `x is missing`, in which x may also be a row.
    fn is_missing(&mut self, value: &Expr, missing: bool, span: Span) -> Typed {
        if self.is_column_in_quotes(value) {
            return unknown(span);
        }
        let text = self.quote(value.span);
        match self.meaning(value) {
            Meaning::Row(row) => {
                let any = Aggregate {
                    measure: Measure::Exists,
                    ..*row
                };
                let any = Typed::new(Kind::Aggregate(Box::new(any)), Type::Truth, span);
                negated(true, any)
            }
            Meaning::Rows(rows) => {
                let finding = Finding::new(
                    Code::RowAsValue,
                    format!("`{}` is a collection of rows, not a value", rows.name),
                )
                .help(match missing {
                    true => format!("write `not exists({text})`"),
                    false => format!("write `exists({text})`"),
                });
                self.refuse(span, finding)
            }
            Meaning::Duration(_) => self.value(value),
            Meaning::Value(typed) => truth(Kind::IsMissing(Box::new(typed)), span),
        }
    }

    /// Reports rows that are tested like a single value: `gifts.Method = "DD"`, `visits > 3`.
    fn of_many_rows(&mut self, expr: &Expr) -> Option<Typed> {
        let is_field = |e: &Expr| matches!(&e.kind, ExprKind::Path(path) if path.len() > 1);
        let operands: Vec<&Expr> = match &expr.kind {
            ExprKind::Binary(op, left, right) if op.compares() => vec![left, right],
            ExprKind::TextTest(_, _, left, _) | ExprKind::AnyText(_, _, left, _) => vec![left],
            ExprKind::Between(_, value, ..) | ExprKind::InList(_, value, _) => vec![value],
            ExprKind::Is(_, _, value) | ExprKind::InWindow(_, value, _) if is_field(value) => {
                vec![value]
            }
            _ => return None,
        };
        self.rows_compared(&operands, expr.span)
    }

    /// An expression that must have a certain type; unknown after reporting that it does not.
    pub fn of_type(&mut self, expr: &Expr, wanted: Type, what: &str) -> Typed {
        let typed = self.value(expr);
        if typed.ty == wanted || matches!(typed.ty, Type::Unknown) {
            return typed;
        }
        if typed.ty == Type::Missing {
            return Typed {
                ty: wanted,
                ..typed
            };
        }
        let text = self.quote(expr.span);
        let finding = Finding::new(
            Code::WrongType,
            format!(
                "{what} needs {}, and `{text}` is {}",
                a(wanted),
                a(typed.ty)
            ),
        )
        .label(format!("this is {}", a(typed.ty)));
        self.refuse(expr.span, finding)
    }
}

/// `not x` if the flag is set. Unknown stays unknown, so that a mistake is reported only once.
pub(super) fn negated(not: bool, typed: Typed) -> Typed {
    let span = typed.span;
    match (not, typed) {
        (false, typed) => typed,
        (true, typed) if typed.ty == Type::Unknown && !matches!(typed.kind, Kind::Gone(_)) => {
            unknown(span)
        }
        (true, typed) => truth(Kind::Not(Box::new(typed)), span),
    }
}

/// An expression that is yes or no.
pub(super) fn truth(kind: Kind, span: Span) -> Typed {
    Typed::new(kind, Type::Truth, span)
}

/// A type with its article, for messages.
pub(super) fn a(ty: Type) -> &'static str {
    match ty {
        Type::Number => "a number",
        Type::Money => "an amount of money",
        Type::Text => "a text",
        Type::Truth => "a yes or no",
        Type::Date => "a date",
        Type::Instant => "a point in time",
        Type::Missing => "missing",
        Type::Unknown => "unknown",
    }
}
