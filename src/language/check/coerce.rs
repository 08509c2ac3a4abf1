//! Gives values that are used together one type: literals beside money become money, instants beside dates become
//! dates, and any other mismatch is reported.

use super::checker::{Checker, unknown};
use super::expression::a;
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Expr, Span};
use crate::language::typed::{Function, Kind, Typed};
use crate::value::Type;

/// A value with the expression it was written as.
pub(super) type Written<'e> = (Typed, &'e Expr);

impl Checker<'_> {
    /// Converts two compared values to one type. An instant beside a date counts as its local date.
    ///
    /// `None` after reporting that they cannot be compared.
    pub fn pair(
        &mut self,
        left: Written<'_>,
        right: Written<'_>,
        span: Span,
    ) -> Option<[Typed; 2]> {
        let ((mut l, le), (mut r, re)) = (left, right);
        for (typed, expr) in [(&l, le), (&r, re)] {
            if typed.ty == Type::Missing {
                self.compared_with_missing(if std::ptr::eq(expr, le) { re } else { le }, span);
                return None;
            }
        }
        match (l.ty, r.ty) {
            (Type::Unknown, _) | (_, Type::Unknown) => {}
            (a, b) if a == b => {}
            (Type::Date, Type::Instant) => r = local_date(r),
            (Type::Instant, Type::Date) => l = local_date(l),
            (Type::Money, Type::Number) => r = self.number_beside_money(r, re, le)?,
            (Type::Number, Type::Money) => l = self.number_beside_money(l, le, re)?,
            _ => {
                self.cannot_compare((&l, le), (&r, re), span);
                return None;
            }
        }
        Some([l, r])
    }

    /// Converts several values to one type, as `if`, `default` and `least` require. A date beside an instant becomes
    /// its midnight, because converting the instant would lose its time.
    ///
    /// `None` after reporting what does not fit.
    pub fn unify(&mut self, items: Vec<Written<'_>>, what: &str) -> Option<(Vec<Typed>, Type)> {
        let has = |ty| items.iter().any(|(t, _)| t.ty == ty);
        let known = items
            .iter()
            .map(|(t, _)| t.ty)
            .find(|ty| !matches!(ty, Type::Missing | Type::Unknown));
        let target = match known {
            Some(Type::Number) if has(Type::Money) => Type::Money,
            Some(Type::Date) if has(Type::Instant) => Type::Instant,
            Some(ty) => ty,
            None if has(Type::Unknown) => Type::Unknown,
            None => Type::Missing,
        };
        let first = items.iter().find(|(t, _)| t.ty == target).map(|(_, e)| *e);
        let mut out = Vec::with_capacity(items.len());
        for (typed, expr) in items {
            out.push(match (typed.ty, target) {
                (Type::Unknown, _) => typed,
                (Type::Missing, _) => as_type(typed, target),
                (ty, target) if ty == target => typed,
                (Type::Date, Type::Instant) => midnight(typed),
                (Type::Number, Type::Money) => {
                    self.number_beside_money(typed, expr, first.unwrap_or(expr))?
                }
                (ty, target) => {
                    let finding = Finding::new(
                        Code::WrongType,
                        format!(
                            "{what} needs values of one kind, and these are {} and {}",
                            a(target),
                            a(ty)
                        ),
                    )
                    .label(format!("this is {}", a(ty)));
                    self.tell(expr.span, finding);
                    return None;
                }
            });
        }
        Some((out, target))
    }

    /// A number beside money: a literal becomes an amount, anything else is reported.
    pub fn number_beside_money(
        &mut self,
        number: Typed,
        expr: &Expr,
        money: &Expr,
    ) -> Option<Typed> {
        if number.ty == Type::Unknown {
            return Some(number);
        }
        match self.as_money(expr) {
            Some(amount) if amount.ty == Type::Unknown => None,
            Some(amount) => Some(amount),
            None => {
                let finding = Finding::new(
                    Code::UnitMismatch,
                    format!(
                        "`{}` is money and `{}` is a plain number: they cannot be mixed",
                        self.quote(money.span),
                        self.quote(expr.span)
                    ),
                )
                .label("this is a number");
                let mut help =
                    "write the amount itself as a number, or multiply: money × number is money, \
                                money / money is a number"
                        .to_owned();
                if let Some(line) = self.read_as_money(&number) {
                    help = format!("{help}; {line}");
                }
                let finding = finding.help(help);
                self.tell(expr.span, finding);
                None
            }
        }
    }
}

/// Gives the literal `missing` a type; returns anything else unchanged.
pub(super) fn as_type(typed: Typed, ty: Type) -> Typed {
    match typed.ty {
        Type::Missing => Typed { ty, ..typed },
        _ => typed,
    }
}

/// The local date of an instant. For the midnight of a date, it is that date.
pub(super) fn local_date(typed: Typed) -> Typed {
    if let Kind::Call(Function::Midnight, args) = &typed.kind
        && let [date] = args.as_slice()
    {
        return date.clone();
    }
    convert(typed, Function::Date, Type::Date)
}

/// The local midnight of a date.
pub(super) fn midnight(typed: Typed) -> Typed {
    convert(typed, Function::Midnight, Type::Instant)
}

fn convert(typed: Typed, function: Function, ty: Type) -> Typed {
    let span = typed.span;
    if typed.ty == Type::Unknown && !matches!(typed.kind, Kind::Gone(_)) {
        return unknown(span);
    }
    Typed::new(Kind::Call(function, vec![typed]), ty, span)
}
