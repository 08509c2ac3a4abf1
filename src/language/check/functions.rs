//! Functions of values: what they take, and what they give.

use super::calls::is_ordered;
use super::checker::{Checker, unknown};
use super::expression::a;
use super::harmony::{Written, local_date, midnight};
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Expr, Span};
use crate::language::typed::{Function, Kind, Typed};
use crate::value::Type;

/// A function of values by its name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signature {
    name: &'static str,
    function: Function,
    takes: Takes,
    /// A correct call, for help lines.
    pub example: &'static str,
}

/// Which arguments a function takes, and what comes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// A date or an instant, as it is: a number or text of it.
    Time(Type),
    /// A date; an instant counts as its local date.
    Date(Type),
    /// An instant alone.
    Instant,
    /// Two instants; a date counts as its midnight.
    TwoInstants,
    /// A text: a number or text of it.
    Text(Type),
    /// A number or money, kept as it is.
    Amount,
    /// A number or money, and digits.
    Round,
    /// Two or more values of one ordered type.
    Many,
    /// Two values of any one type.
    Default,
    /// A condition, and one or two values of one type.
    If,
    /// A number or money, and boundaries of its kind.
    Band,
    /// A number or money, and two of its kind.
    Scale,
}

const fn of(
    name: &'static str,
    function: Function,
    takes: Takes,
    example: &'static str,
) -> Signature {
    Signature {
        name,
        function,
        takes,
        example,
    }
}

const FUNCTIONS: [Signature; 22] = [
    of(
        "days_since",
        Function::DaysSince,
        Takes::Time(Type::Number),
        "days_since(last(visits).at)",
    ),
    of(
        "hours_since",
        Function::HoursSince,
        Takes::Instant,
        "hours_since(last(visits).at)",
    ),
    of(
        "elapsed",
        Function::Elapsed,
        Takes::TwoInstants,
        "elapsed(start, end)",
    ),
    of(
        "age",
        Function::Age,
        Takes::Date(Type::Number),
        "age(birthday)",
    ),
    of(
        "anniversary",
        Function::Anniversary,
        Takes::Date(Type::Date),
        "anniversary(birthday)",
    ),
    of(
        "day_of_week",
        Function::DayOfWeek,
        Takes::Time(Type::Text),
        "day_of_week(at)",
    ),
    of(
        "month",
        Function::Month,
        Takes::Time(Type::Number),
        "month(birthday)",
    ),
    of(
        "year",
        Function::Year,
        Takes::Time(Type::Number),
        "year(birthday)",
    ),
    of(
        "date",
        Function::Date,
        Takes::Date(Type::Date),
        "date(last(visits).at)",
    ),
    of(
        "lower",
        Function::Lower,
        Takes::Text(Type::Text),
        "lower(name)",
    ),
    of(
        "length",
        Function::Length,
        Takes::Text(Type::Number),
        "length(name)",
    ),
    of("abs", Function::Abs, Takes::Amount, "abs(x)"),
    of("round", Function::Round, Takes::Round, "round(x, 2)"),
    of("floor", Function::Floor, Takes::Amount, "floor(x)"),
    of("ceil", Function::Ceil, Takes::Amount, "ceil(x)"),
    of("least", Function::Least, Takes::Many, "least(a, b)"),
    of(
        "greatest",
        Function::Greatest,
        Takes::Many,
        "greatest(a, b)",
    ),
    of(
        "default",
        Function::Default,
        Takes::Default,
        "default(x, 0)",
    ),
    of("if", Function::If, Takes::If, "if(condition, a, b)"),
    of("band", Function::Band, Takes::Band, "band(x, 10, 20)"),
    of(
        "band_right",
        Function::BandRight,
        Takes::Band,
        "band_right(x, 10, 20)",
    ),
    of("scale", Function::Scale, Takes::Scale, "scale(x, 0, 10)"),
];

/// The function of a name.
pub(super) fn signature(name: &str) -> Option<&'static Signature> {
    FUNCTIONS.iter().find(|s| s.name == name)
}

/// Every function's name.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|s| s.name)
}

impl Signature {
    /// Whether a call may have so many arguments.
    pub fn accepts(&self, count: usize) -> bool {
        match self.takes {
            Takes::TwoInstants | Takes::Default => count == 2,
            Takes::Round => count == 1 || count == 2,
            Takes::Many | Takes::Band => count >= 2,
            Takes::If => count == 2 || count == 3,
            Takes::Scale => count == 3,
            _ => count == 1,
        }
    }

    /// How many arguments it takes, in words.
    pub fn wants(&self) -> &'static str {
        match self.takes {
            Takes::TwoInstants | Takes::Default => "two values",
            Takes::Round => "one or two values",
            Takes::Many => "two or more values",
            Takes::Band => "a value and one or more boundaries",
            Takes::If => "a condition and one or two values",
            Takes::Scale => "three values",
            _ => "one value",
        }
    }
}

impl Checker<'_> {
    /// A call with the right number of arguments.
    pub fn apply(&mut self, signature: &Signature, args: &[&Expr], span: Span) -> Typed {
        let applied = match signature.takes {
            Takes::If => self.apply_if(args),
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
