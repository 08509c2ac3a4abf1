//! Checks `+ - * /` over numbers, money, and points in time shifted by a length of time.

use super::checker::{Checker, Meaning, unknown};
use super::coerce::as_type;
use super::expression::a;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{BinaryOp, Expr, ExprKind, Span};
use crate::language::typed::{Arithmetic, Kind, Typed};
use crate::time::{Direction, Duration, Moment, Unit};
use crate::value::Type;

impl Checker<'_> {
    /// Checks a chain of arithmetic, from the left. Walks down the left sides without recursion, so that a long sum
    /// uses no stack.
    pub fn arithmetic(&mut self, expr: &Expr) -> Typed {
        let mut steps = Vec::new();
        let mut base = expr;
        while let ExprKind::Binary(op, left, right) = &base.kind {
            let Some(op) = arithmetic_of(*op) else { break };
            steps.push((op, &**left, &**right, base.span));
            base = left;
        }
        let mut sum = self.meaning(base);
        for (op, left, right, span) in steps.into_iter().rev() {
            let right_meaning = self.meaning(right);
            sum = Meaning::Value(self.step(op, (sum, left), (right_meaning, right), span));
        }
        match sum {
            Meaning::Value(typed) => typed,
            _ => unknown(expr.span),
        }
    }

    fn step(
        &mut self,
        op: Arithmetic,
        (l, left): (Meaning, &Expr),
        (r, right): (Meaning, &Expr),
        span: Span,
    ) -> Typed {
        match (op, l, r) {
            (Arithmetic::Add, Meaning::Value(base), Meaning::Duration(d)) => {
                self.shift(base, left, d, Direction::Later, span)
            }
            (Arithmetic::Add, Meaning::Duration(d), Meaning::Value(base)) => {
                self.shift(base, right, d, Direction::Later, span)
            }
            (Arithmetic::Subtract, Meaning::Value(base), Meaning::Duration(d)) => {
                self.shift(base, left, d, Direction::Earlier, span)
            }
            (op, Meaning::Value(l), Meaning::Value(r)) => {
                self.compute(op, (l, left), (r, right), span)
            }
            (_, l, r) => {
                for (meaning, expr) in [(l, left), (r, right)] {
                    match meaning {
                        Meaning::Duration(_) => self.no_arithmetic_with_duration(expr),
                        Meaning::Value(_) => {}
                        _ => {
                            self.value(expr);
                        }
                    }
                }
                unknown(span)
            }
        }
    }

    fn no_arithmetic_with_duration(&mut self, duration: &Expr) {
        let text = self.quote(duration.span);
        self.tell(
            duration.span,
            Finding::new(
                Code::MisplacedDuration,
                format!("`{text}` is a length of time and cannot be calculated with"),
            )
            .help(format!(
                "add it to a date or a point in time, for example `today + {text}`"
            )),
        );
    }

    /// A date or instant shifted by a duration.
    fn shift(
        &mut self,
        base: Typed,
        expr: &Expr,
        by: Duration,
        direction: Direction,
        span: Span,
    ) -> Typed {
        match base.ty {
            Type::Unknown => base,
            Type::Date if matches!(by.unit, Unit::Hour | Unit::Minute) => {
                let text = self.quote(expr.span);
                let finding = Finding::new(
                    Code::UnitMismatch,
                    format!("`{text}` is a date, and a date has no hours"),
                )
                .help("move a date by days, weeks, months, quarters or years");
                self.refuse(span, finding)
            }
            Type::Date | Type::Instant => Typed {
                id: None,
                ty: base.ty,
                kind: match self.behind_metrics(&base.kind) {
                    Kind::Moment(moment) => {
                        Kind::Moment(Moment::Shifted(Box::new(moment.clone()), by, direction))
                    }
                    _ => Kind::Shift(Box::new(base), by, direction),
                },
                span,
            },
            ty => {
                let text = self.quote(expr.span);
                let sign = match direction {
                    Direction::Later => "added to",
                    Direction::Earlier => "taken from",
                };
                let finding = Finding::new(
                    Code::MisplacedDuration,
                    format!("a length of time cannot be {sign} {}", a(ty)),
                )
                .label(format!("`{text}` is {}", a(ty)))
                .help("only a date or a point in time can be moved by a length of time");
                self.refuse(expr.span, finding)
            }
        }
    }

    fn compute(
        &mut self,
        op: Arithmetic,
        (l, left): (Typed, &Expr),
        (r, right): (Typed, &Expr),
        span: Span,
    ) -> Typed {
        let build = |l: Typed, r: Typed, ty| {
            Typed::new(Kind::Arithmetic(op, Box::new(l), Box::new(r)), ty, span)
        };
        let sum = matches!(op, Arithmetic::Add | Arithmetic::Subtract);
        match (l.ty, r.ty) {
            (Type::Unknown, _) | (_, Type::Unknown) => build(l, r, Type::Unknown),
            (Type::Number, Type::Number) => build(l, r, Type::Number),
            (Type::Money, Type::Money) if sum => build(l, r, Type::Money),
            (Type::Money, Type::Money) if op == Arithmetic::Divide => build(l, r, Type::Number),
            (Type::Money, Type::Number) if !sum => build(l, r, Type::Money),
            (Type::Number, Type::Money) if op == Arithmetic::Multiply => build(l, r, Type::Money),
            (Type::Money, Type::Number) => match self.number_beside_money(r, right, left) {
                Some(r) => build(l, r, Type::Money),
                None => unknown(span),
            },
            (Type::Number, Type::Money) if sum => match self.number_beside_money(l, left, right) {
                Some(l) => build(l, r, Type::Money),
                None => unknown(span),
            },
            (Type::Missing, ty @ (Type::Number | Type::Money | Type::Missing))
            | (ty @ (Type::Number | Type::Money), Type::Missing) => {
                let ty = if ty == Type::Missing {
                    Type::Number
                } else {
                    ty
                };
                build(as_type(l, ty), as_type(r, ty), ty)
            }
            (Type::Money, Type::Money) => {
                let finding = Finding::new(Code::UnitMismatch, "money times money has no unit")
                    .help("multiply money by a number, or divide it by money to get a share");
                self.refuse(span, finding)
            }
            (Type::Number, Type::Money) => {
                let finding =
                    Finding::new(Code::UnitMismatch, "a number divided by money has no unit")
                        .help("money / number is money, and money / money is a number");
                self.refuse(span, finding)
            }
            _ => self.cannot_compute(op, (&l, left), (&r, right), span),
        }
    }

    fn cannot_compute(
        &mut self,
        op: Arithmetic,
        (l, left): (&Typed, &Expr),
        (r, right): (&Typed, &Expr),
        span: Span,
    ) -> Typed {
        let (lt, rt) = (self.quote(left.span), self.quote(right.span));
        let is_time = |t: &Typed| matches!(t.ty, Type::Date | Type::Instant);
        if is_time(l) && is_time(r) {
            let is_now = |t: &Typed| matches!(t.kind, Kind::Moment(Moment::Now | Moment::Today));
            let help = if op == Arithmetic::Subtract && is_now(l) {
                format!("write {}", quoted(&format!("days_since({rt})")))
            } else if op == Arithmetic::Subtract {
                let days = quoted(&format!("days_since({rt}) - days_since({lt})"));
                format!("write {days} for a number of days")
            } else {
                "`days_since(x)` gives a number to calculate with".to_owned()
            };
            let message = if op == Arithmetic::Subtract {
                "one point in time cannot be taken from another: in which unit would the answer be?"
            } else {
                "two points in time cannot be calculated with"
            };
            let finding = Finding::new(Code::InstantDifference, message).help(help);
            return self.refuse(span, finding);
        }
        if is_time(l) && r.ty == Type::Number {
            let finding = Finding::new(
                Code::UnitMismatch,
                format!("`{lt}` is {}, and `{rt}` has no unit", a(l.ty)),
            )
            .help(format!("write a unit, for example `{rt} days`"));
            return self.refuse(right.span, finding);
        }
        let (wrong, expr) = if matches!(l.ty, Type::Number | Type::Money) {
            (r, right)
        } else {
            (l, left)
        };
        let text = self.quote(expr.span);
        let finding = Finding::new(
            Code::WrongType,
            format!(
                "`{text}` is {}, and only numbers can be calculated with",
                a(wrong.ty)
            ),
        )
        .label(format!("this is {}", a(wrong.ty)));
        let finding = match wrong.ty {
            Type::Truth => finding.help(format!("to count it, write `if({text}, 1, 0)`")),
            Type::Text if l.ty == r.ty && op == Arithmetic::Add => {
                let joined = format!("concat({lt}, {rt})");
                return self.refuse(span, finding.help(format!("write {}", quoted(&joined))));
            }
            Type::Text => finding.help(
                "texts are compared, tested with `contains`, `starts with` and `ends with`, and joined with `concat`",
            ),
            _ => finding,
        };
        self.refuse(expr.span, finding)
    }
}

fn arithmetic_of(op: BinaryOp) -> Option<Arithmetic> {
    Some(match op {
        BinaryOp::Add => Arithmetic::Add,
        BinaryOp::Subtract => Arithmetic::Subtract,
        BinaryOp::Multiply => Arithmetic::Multiply,
        BinaryOp::Divide => Arithmetic::Divide,
        _ => return None,
    })
}
