//! Functions of values: their arguments made to fit.

use super::calls::is_ordered;
use super::checker::{Checker, unknown};
use super::coerce::{Written, local_date, midnight};
use super::expression::a;
use super::signatures::{Signature, Takes};
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Expr, Span};
use crate::language::date_of_text;
use crate::language::typed::{Function, Kind, Typed};
use crate::value::{Type, Value};

impl Checker<'_> {
    /// A call with the right number of arguments.
    pub fn apply(&mut self, signature: &Signature, args: &[&Expr], span: Span) -> Typed {
        let applied = match signature.takes {
            Takes::If => self.apply_if(args),
            // Of a text as it is written, none of them says anything.
            Takes::Time(_)
            | Takes::Date(_)
            | Takes::Instant
            | Takes::Text(_)
            | Takes::TwoInstants
                if args.iter().any(|arg| self.is_column_in_quotes(arg)) =>
            {
                None
            }
            _ => {
                let values: Vec<Typed> = args.iter().map(|arg| self.value(arg)).collect();
                self.fit(signature, values, args)
            }
        };
        match applied {
            // Its argument has been made a date already.
            Some((mut args, _)) if signature.function == Function::Date && args.len() == 1 => args
                .pop()
                .map_or_else(|| unknown(span), |date| Typed { span, ..date }),
            Some((args, ty)) => Typed {
                id: None,
                kind: Kind::Call(signature.function, args),
                ty,
                span,
            },
            None => unknown(span),
        }
    }

    fn fit(
        &mut self,
        signature: &Signature,
        values: Vec<Typed>,
        args: &[&Expr],
    ) -> Option<(Vec<Typed>, Type)> {
        let name = signature.name;
        let wanted: fn(Type) -> bool = match signature.takes {
            Takes::Time(_) | Takes::Date(_) | Takes::TwoInstants => {
                |ty| matches!(ty, Type::Date | Type::Instant)
            }
            Takes::Instant => |ty| ty == Type::Instant,
            Takes::Text(_) => |ty| ty == Type::Text,
            Takes::Many => is_ordered,
            Takes::Default | Takes::If => |_| true,
            Takes::Amount | Takes::Round | Takes::Band | Takes::Scale => {
                |ty| matches!(ty, Type::Number | Type::Money)
            }
        };
        for (value, arg) in values.iter().zip(args) {
            if !wanted(value.ty) && !matches!(value.ty, Type::Unknown | Type::Missing) {
                self.does_not_fit(signature, value, arg);
                return None;
            }
        }
        let written: Vec<_> = values.into_iter().zip(args.iter().copied()).collect();
        let of_time = |t: Typed| match t.ty {
            Type::Missing => Typed {
                ty: Type::Date,
                ..t
            },
            _ => t,
        };
        match signature.takes {
            Takes::Time(ty) => Some((plain(written).map(of_time).collect(), ty)),
            Takes::Date(ty) => {
                let dates = plain(written).map(of_time).map(|t| match t.ty {
                    Type::Instant => local_date(t),
                    _ => t,
                });
                Some((dates.collect(), ty))
            }
            Takes::Instant => Some((
                plain(written).map(|t| as_type(t, Type::Instant)).collect(),
                Type::Number,
            )),
            Takes::TwoInstants => {
                let instants = plain(written).map(|t| match t.ty {
                    Type::Date => midnight(t),
                    _ => as_type(t, Type::Instant),
                });
                Some((instants.collect(), Type::Number))
            }
            Takes::Text(ty) => Some((plain(written).map(|t| as_type(t, Type::Text)).collect(), ty)),
            Takes::Amount => {
                let values: Vec<_> = plain(written).map(|t| as_type(t, Type::Number)).collect();
                let ty = values.first().map_or(Type::Unknown, |t| t.ty);
                Some((values, ty))
            }
            Takes::Round => self.fit_round(written),
            Takes::Many | Takes::Default | Takes::If => self.unify(written, &format!("`{name}`")),
            Takes::Band | Takes::Scale => {
                let (values, _) = self.unify(written, &format!("`{name}`"))?;
                Some((values, Type::Number))
            }
        }
    }

    fn fit_round(&mut self, written: Vec<Written<'_>>) -> Option<(Vec<Typed>, Type)> {
        if let Some((digits, expr)) = written.get(1)
            && digits.ty == Type::Money
        {
            let finding = Finding::new(Code::WrongType, "the digits of `round` are a number")
                .help("for example `round(x, 2)`");
            self.tell(expr.span, finding);
            return None;
        }
        let values: Vec<_> = written
            .into_iter()
            .map(|(t, _)| as_type(t, Type::Number))
            .collect();
        let ty = values.first().map_or(Type::Unknown, |t| t.ty);
        Some((values, ty))
    }

    fn apply_if(&mut self, args: &[&Expr]) -> Option<(Vec<Typed>, Type)> {
        let (condition, values) = args.split_first()?;
        let condition = self.condition(condition);
        let written = values.iter().map(|arg| (self.value(arg), *arg)).collect();
        let (mut out, ty) = self.unify(written, "`if`")?;
        out.insert(0, condition);
        Some((out, ty))
    }

    fn does_not_fit(&mut self, signature: &Signature, value: &Typed, arg: &Expr) {
        let name = signature.name;
        let text = self.quote(arg.span);
        let wants = match signature.takes {
            Takes::Time(_) | Takes::Date(_) | Takes::TwoInstants => "a date or a point in time",
            Takes::Instant => "a point in time",
            Takes::Text(_) => "a text",
            Takes::Many => "numbers, amounts of money, dates or points in time",
            _ => "a number or an amount of money",
        };
        let finding = Finding::new(
            Code::WrongType,
            format!("`{name}` needs {wants}, and `{text}` is {}", a(value.ty)),
        )
        .label(format!("this is {}", a(value.ty)));
        let finding = match (signature.takes, value.ty) {
            (Takes::Instant, Type::Date) => {
                finding.help(format!("a date has no hours; write `days_since({text})`"))
            }
            (Takes::Time(_) | Takes::Date(_), Type::Text)
                if let Kind::Constant(Value::Text(written)) = &value.kind
                    && let Some(dates) = date_of_text(written) =>
            {
                finding.help(format!("write {dates}: a date stands without quotes"))
            }
            (Takes::Time(_) | Takes::Date(_), Type::Text) => finding.help(
                "if the column holds dates, say so in config.yaml under `types:` (`date` or `instant`)",
            ),
            (_, Type::Truth) => finding.help(format!("to count it, write `if({text}, 1, 0)`")),
            _ => finding,
        };
        self.tell(arg.span, finding);
    }
}

/// The literal `missing` as one of a type; anything else as it is.
fn as_type(typed: Typed, ty: Type) -> Typed {
    match typed.ty {
        Type::Missing => Typed { ty, ..typed },
        _ => typed,
    }
}

/// The values without the expressions they were written as.
fn plain(written: Vec<Written<'_>>) -> impl Iterator<Item = Typed> {
    written.into_iter().map(|(typed, _)| typed)
}
