//! A length of time beside a comparison sign: `signed_up_at < 30 days`, `days_since(x) > 1 month`.

use super::checker::{Checker, Meaning};
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Expr, ExprKind, Span};
use crate::language::typed::{Function, Kind, Typed};
use crate::time::{Duration, Unit};
use crate::value::Type;

/// The advice for a number that is compared with a length of time.
enum Counted {
    /// A replacement for the length.
    Number(String),
    /// A replacement for the comparison.
    Moment(String),
}

impl Checker<'_> {
    /// `signed_up_at < 30 days`: is it how long ago, or when?
    pub fn compared_with_duration(
        &mut self,
        other: &Meaning,
        other_expr: &Expr,
        (length, duration): (Duration, &Expr),
        span: Span,
    ) -> Typed {
        let text = self.quote(duration.span);
        let value = self.quote(other_expr.span);
        let count = length.count;
        let point = |value: &str| {
            let days = match length.unit {
                Unit::Day => Some(("days_since", count)),
                Unit::Week => Some(("days_since", count * 7)),
                Unit::Hour => Some(("hours_since", count)),
                _ => None,
            };
            let sign = self.sign(span).unwrap_or("<");
            let counted = days.map(|(since, count)| {
                format!(
                    "{}, or ",
                    quoted(&format!("{since}({value}) {sign} {count}"))
                )
            });
            let (longer, later) = (
                format!(
                    "{} for longer ago than that",
                    quoted(&format!("{value} < {text} ago"))
                ),
                format!(
                    "{} for what came after it",
                    quoted(&format!("{value} > {text} ago"))
                ),
            );
            format!("write {}{longer}, {later}", counted.unwrap_or_default())
        };
        let (place, help) = match other {
            Meaning::Value(t) if t.ty == Type::Date && length.unit == Unit::Hour => {
                (span, "a date has no hours: write days".to_owned())
            }
            Meaning::Value(t) if matches!(t.ty, Type::Date | Type::Instant) => {
                (span, point(&value))
            }
            Meaning::Row(_) => (span, point(&format!("{value}.at"))),
            Meaning::Value(t) if t.ty == Type::Number => {
                match self.counted_or_compared(t, other_expr, (length, duration), span) {
                    Counted::Number(help) => (duration.span, help),
                    Counted::Moment(help) => (span, help),
                }
            }
            Meaning::Value(t) if t.ty == Type::Unknown => return super::checker::unknown(span),
            _ => (
                duration.span,
                format!("a point in time is written `{text} ago`"),
            ),
        };
        let finding = Finding::new(
            Code::MisplacedDuration,
            format!("`{text}` is a length of time and cannot be compared"),
        )
        .help(help);
        self.refuse(place, finding)
    }

    /// `days_since(x) > 2 weeks` becomes a number of days. The number of days in a month depends on the month, so for
    /// months, `x` itself is compared with a point in time.
    fn counted_or_compared(
        &self,
        number: &Typed,
        expr: &Expr,
        (length, duration): (Duration, &Expr),
        span: Span,
    ) -> Counted {
        let value = self.quote(expr.span);
        let count = length.count;
        let (counts, exact) = match self.behind_metrics(&number.kind) {
            Kind::Call(Function::DaysSince, _) => ("days", in_days(length)),
            Kind::Call(Function::HoursSince, _) => ("hours", in_hours(length)),
            Kind::Call(Function::Age, _) => ("whole years", in_years(length)),
            _ => {
                let unit = self.quote(duration.span);
                let unit = unit.split_whitespace().last();
                let unit = unit.map_or("", |unit| unit.trim_end_matches(['s', 'S']));
                return Counted::Number(format!(
                    "write `{count}` if `{value}` counts {unit}s: it is a number"
                ));
            }
        };
        if let Some(exact) = exact {
            return Counted::Number(format!("write `{exact}`: `{value}` counts {counts}"));
        }
        let text = self.quote(duration.span);
        // The longer ago, the earlier: the sign is reversed, unless the length comes first.
        let turned = |sign| match (sign, duration.span.start < expr.span.start) {
            (sign, true) => Some(sign),
            ("<", _) => Some(">"),
            ("<=", _) => Some(">="),
            (">", _) => Some("<"),
            (">=", _) => Some("<="),
            _ => None,
        };
        let ordered = self.sign(span).filter(|sign| !matches!(*sign, "=" | "!="));
        let since = match &expr.kind {
            ExprKind::Call(call) => call.args.first().map(|arg| self.argument_text(arg)),
            _ => None,
        };
        match (since, ordered.and_then(turned)) {
            (Some(since), Some(sign)) => Counted::Moment(format!(
                "write {}: `{value}` counts {counts}",
                quoted(&format!("{since} {sign} {text} ago"))
            )),
            _ => Counted::Number(format!(
                "`{value}` counts {counts}, and `{text}` is not a fixed number of them: write how many, or \
                 compare the time itself, as in `x < {text} ago`"
            )),
        }
    }
}

/// The number of days in a length, if it does not depend on the date.
fn in_days(length: Duration) -> Option<u32> {
    match length.unit {
        Unit::Day => Some(length.count),
        Unit::Week => length.count.checked_mul(7),
        Unit::Minute | Unit::Hour | Unit::Month | Unit::Quarter | Unit::Year => None,
    }
}

/// The number of hours in a length, with 24 hours per day.
fn in_hours(length: Duration) -> Option<u32> {
    match length.unit {
        Unit::Minute if length.count.is_multiple_of(60) => Some(length.count / 60),
        Unit::Hour => Some(length.count),
        Unit::Day | Unit::Week => in_days(length)?.checked_mul(24),
        Unit::Minute | Unit::Month | Unit::Quarter | Unit::Year => None,
    }
}

/// The number of whole years in a length.
fn in_years(length: Duration) -> Option<u32> {
    let months = match length.unit {
        Unit::Year => return Some(length.count),
        Unit::Quarter => length.count.checked_mul(3)?,
        Unit::Month => length.count,
        Unit::Minute | Unit::Hour | Unit::Day | Unit::Week => return None,
    };
    months.is_multiple_of(12).then_some(months / 12)
}
