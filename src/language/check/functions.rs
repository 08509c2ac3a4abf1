//! Checks functions of values and fits their arguments.

use super::amounts::fits_as_literal;
use super::checker::{Checker, unknown};
use super::coerce::{as_type, local_date, midnight};
use super::expression::a;
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Expr, ExprKind, Span};
use crate::language::date_of_text;
use crate::language::functions::population::Literal;
use crate::language::functions::values::{Definition, Gives, Takes};
use crate::language::typed::{Function, Kind, Typed};
use crate::value::{Type, Value};

impl Checker<'_> {
    /// A call with the right number of arguments.
    pub fn apply(
        &mut self,
        (function, definition): (Function, &Definition),
        args: &[&Expr],
        span: Span,
    ) -> Typed {
        let applied = match definition.takes {
            Takes::If => self.apply_if(args),
            Takes::Sample => self.apply_sample(args),
            // None of these makes sense for a column's name in quotes.
            Takes::Time | Takes::Date | Takes::Instant | Takes::Text | Takes::TwoInstants
                if args.iter().any(|arg| self.is_column_in_quotes(arg)) =>
            {
                None
            }
            _ => self.fit(definition, args),
        };
        let Some((mut args, shared)) = applied else {
            return unknown(span);
        };
        // Its argument has already been made a date.
        if function == Function::Date {
            return match args.pop() {
                Some(date) => Typed { span, ..date },
                None => unknown(span),
            };
        }
        let ty = match definition.gives {
            Gives::Always(ty) => ty,
            Gives::Same => shared,
        };
        Typed::new(Kind::Call(function, args), ty, span)
    }

    /// The arguments converted for the function, and the type that they share.
    fn fit(&mut self, definition: &Definition, args: &[&Expr]) -> Option<(Vec<Typed>, Type)> {
        let takes = definition.takes;
        let values: Vec<Typed> = args.iter().map(|arg| self.value(arg)).collect();
        let unfit = values.iter().zip(args).find(|(v, _)| !takes.fits(v.ty));
        if let Some((value, arg)) = unfit {
            self.does_not_fit(definition, value, arg);
            return None;
        }
        if let (Takes::Round, Some(digits), Some(arg)) = (takes, values.get(1), args.get(1))
            && digits.ty == Type::Money
        {
            let finding = Finding::new(Code::WrongType, "the digits of `round` are a number")
                .help("for example `round(x, 2)`");
            self.tell(arg.span, finding);
            return None;
        }
        if let Takes::Many | Takes::Default | Takes::Pair | Takes::Band | Takes::Scale = takes {
            let written = values.into_iter().zip(args.iter().copied()).collect();
            return self.unify(written, &format!("`{}`", definition.entry.name));
        }
        let fitted = values.into_iter().map(|value| match takes {
            Takes::Time => as_type(value, Type::Date),
            Takes::Date if value.ty == Type::Instant => local_date(value),
            Takes::Date => as_type(value, Type::Date),
            Takes::TwoInstants if value.ty == Type::Date => midnight(value),
            Takes::Instant | Takes::TwoInstants => as_type(value, Type::Instant),
            Takes::Text | Takes::Texts => as_type(value, Type::Text),
            _ => as_type(value, Type::Number),
        });
        let fitted: Vec<Typed> = fitted.collect();
        let shared = fitted.first().map_or(Type::Unknown, |first| first.ty);
        Some((fitted, shared))
    }

    fn apply_if(&mut self, args: &[&Expr]) -> Option<(Vec<Typed>, Type)> {
        let (condition, values) = args.split_first()?;
        let condition = self.condition(condition);
        let written = values.iter().map(|arg| (self.value(arg), *arg)).collect();
        let (mut out, ty) = self.unify(written, "`if`")?;
        out.insert(0, condition);
        Some((out, ty))
    }

    /// `sample(10%, "spring")`: the subject's key, the share and the name.
    fn apply_sample(&mut self, args: &[&Expr]) -> Option<(Vec<Typed>, Type)> {
        let [share, name] = args else { return None };
        let is_name = matches!(&name.kind, ExprKind::Text(text) if !text.is_empty());
        if !fits_as_literal(Literal::Share, share) || !is_name {
            let at = if is_name { share.span } else { name.span };
            let wants = match is_name {
                true => "a literal share from 0% to 100% as its first argument",
                false => "a name in quotes as its second argument",
            };
            let text = self.quote(at);
            let message = format!("`sample` needs {wants}, and this is `{text}`");
            let help =
                "for example `sample(10%, \"spring\")`; samples of different names are drawn apart";
            self.tell(at, Finding::new(Code::WrongArguments, message).help(help));
            return None;
        }
        let values = [
            self.subject_text(&self.catalog.key, share.span),
            self.value(share),
            self.value(name),
        ];
        Some((values.into(), Type::Truth))
    }

    fn does_not_fit(&mut self, definition: &Definition, value: &Typed, arg: &Expr) {
        let (name, takes) = (definition.entry.name, definition.takes);
        let wants = takes.kind();
        let text = self.quote(arg.span);
        let finding = Finding::new(
            Code::WrongType,
            format!("`{name}` needs {wants}, and `{text}` is {}", a(value.ty)),
        )
        .label(format!("this is {}", a(value.ty)));
        let finding = match (takes, value.ty) {
            (Takes::Instant, Type::Date) if name == Function::Hour.name() => {
                finding.help("a date has no hours; name a column with a time of day")
            }
            (Takes::Instant, Type::Date) => {
                finding.help(format!("a date has no hours; write `days_since({text})`"))
            }
            (Takes::Time | Takes::Date, Type::Text)
                if let Kind::Constant(Value::Text(written)) = &value.kind
                    && let Some(dates) = date_of_text(written) =>
            {
                finding.help(format!("write {dates}: a date is written without quotes"))
            }
            (Takes::Time | Takes::Date, Type::Text)
                if let Some(help) = self.read_as(value, Type::Date) =>
            {
                finding.help(help)
            }
            (_, Type::Truth) => finding.help(format!("to count it, write `if({text}, 1, 0)`")),
            _ => finding,
        };
        self.tell(arg.span, finding);
    }
}
