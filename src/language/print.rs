//! Canonical text of an expression; reading it again gives the same tree.

use std::fmt::{self, Display, Formatter};

use super::ast::{
    Arg, BinaryOp, Call, Expr, ExprKind, Name, NumberLiteral, TextTest, Top, WindowExpr, WindowKind,
};
use super::grammar;
use crate::time::{Duration, Period, Unit};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Number(number) => write!(f, "{number}"),
            ExprKind::Text(text) => f.write_str(&in_quotes(text, '"')),
            ExprKind::Date(date) => write!(f, "{}", date.format("%Y-%m-%d")),
            ExprKind::Truth(true) => f.write_str("yes"),
            ExprKind::Truth(false) => f.write_str("no"),
            ExprKind::Missing => f.write_str("missing"),
            ExprKind::Now => f.write_str("now"),
            ExprKind::Today => f.write_str("today"),
            ExprKind::Duration(d) => f.write_str(&length(*d)),
            ExprKind::Ago(d) => write!(f, "{} ago", length(*d)),
            ExprKind::FromNow(d) => write!(f, "{} from now", length(*d)),
            ExprKind::Path(names) => match names.split_first() {
                Some((head, behind)) => {
                    write!(f, "{head}")?;
                    fields(f, behind)
                }
                None => Ok(()),
            },
            ExprKind::Field(of, names) => {
                write!(f, "{of}")?;
                fields(f, names)
            }
            ExprKind::Call(call) => write!(f, "{call}"),
            ExprKind::Top(top) => write!(f, "{top}"),
            ExprKind::InSegment(name) => write!(f, "in segment {name}"),
            ExprKind::Not(inner) => write!(f, "not {inner}"),
            ExprKind::Negate(inner) => write!(f, "-{inner}"),
            ExprKind::Binary(op, left, right) => write!(f, "{left} {} {right}", sign(*op)),
            ExprKind::TextTest(test, not, left, right) => {
                write!(f, "{left} {}{} {right}", negation(*not), text_test(*test))
            }
            ExprKind::Between(not, of, low, high) => {
                write!(f, "{of} {}between {low} and {high}", negation(*not))
            }
            ExprKind::InList(not, of, items) => {
                write!(f, "{of} {}in (", negation(*not))?;
                separated(f, items, ", ")?;
                f.write_str(")")
            }
            ExprKind::InWindow(not, of, window) => write!(f, "{of} {}{window}", negation(*not)),
            ExprKind::Is(not, missing, of) => {
                let state = if *missing { "missing" } else { "present" };
                write!(f, "{of} is {}{state}", negation(*not))
            }
            ExprKind::Paren(inner) => write!(f, "({inner})"),
        }
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        written(f, &self.text, grammar::is_bare(&self.text))
    }
}

/// Names directly behind a point, where every word can stand.
fn fields(f: &mut Formatter<'_>, names: &[Name]) -> fmt::Result {
    for Name { text, .. } in names {
        f.write_str(".")?;
        written(f, text, grammar::is_bare_field(text))?;
    }
    Ok(())
}

fn written(f: &mut Formatter<'_>, name: &str, bare: bool) -> fmt::Result {
    match bare {
        true => f.write_str(name),
        false => f.write_str(&in_quotes(name, '`')),
    }
}

impl Display for NumberLiteral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let percent = if self.percent { "%" } else { "" };
        write!(f, "{}{percent}", self.digits)
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name.text)?;
        separated(f, &self.args, ", ")?;
        f.write_str(")")?;
        scope(f, self.within.as_ref())
    }
}

impl Display for Arg {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.distinct {
            f.write_str("distinct ")?;
        }
        write!(f, "{}", self.expr)?;
        match &self.filter {
            Some(filter) => write!(f, " where {filter}"),
            None => Ok(()),
        }
    }
}

impl Display for Top {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let end = if self.bottom { "bottom" } else { "top" };
        write!(f, "{end} {} by {}", self.amount, self.by)?;
        scope(f, self.within.as_ref())
    }
}

impl Display for WindowExpr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            WindowKind::Last(d) => write!(f, "in last {}", length(*d)),
            WindowKind::Previous(d) => write!(f, "in previous {}", length(*d)),
            WindowKind::Next(d) => write!(f, "in next {}", length(*d)),
            WindowKind::Today => f.write_str("in today"),
            WindowKind::This(p) => write!(f, "in this {}", period(*p)),
            WindowKind::LastCalendar(p) => write!(f, "in last calendar {}", period(*p)),
            WindowKind::FromTo(from, to) => write!(f, "from {from} to {to}"),
            WindowKind::Since(from) => write!(f, "since {from}"),
        }
    }
}

fn separated<T: Display>(f: &mut Formatter<'_>, parts: &[T], by: &str) -> fmt::Result {
    for (place, part) in parts.iter().enumerate() {
        let before = if place == 0 { "" } else { by };
        write!(f, "{before}{part}")?;
    }
    Ok(())
}

fn scope(f: &mut Formatter<'_>, within: Option<&Name>) -> fmt::Result {
    match within {
        Some(name) => write!(f, " within {name}"),
        None => Ok(()),
    }
}

fn negation(not: bool) -> &'static str {
    if not { "not " } else { "" }
}

fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Equal => "=",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => ">=",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
    }
}

fn text_test(test: TextTest) -> &'static str {
    match test {
        TextTest::Contains => "contains",
        TextTest::StartsWith => "starts with",
        TextTest::EndsWith => "ends with",
    }
}

fn period(period: Period) -> &'static str {
    match period {
        Period::Week => "week",
        Period::Month => "month",
        Period::Quarter => "quarter",
        Period::Year => "year",
    }
}

fn length(duration: Duration) -> String {
    let unit = match duration.unit {
        Unit::Minute => "minute",
        Unit::Hour => "hour",
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Quarter => "quarter",
        Unit::Year => "year",
    };
    let plural = if duration.count == 1 { "" } else { "s" };
    format!("{} {unit}{plural}", duration.count)
}

/// Stands for a line feed between quotes, where people cannot write one: a character that Unicode leaves to
/// programs.
pub(super) const LINE_FEED: char = '\u{fdd0}';

/// Stands for a carriage return likewise.
pub(super) const CARRIAGE_RETURN: char = '\u{fdd1}';

/// A text between quotes, or a name between backticks, so that it is read back as it is.
pub(super) fn in_quotes(text: &str, quote: char) -> String {
    let inside = text
        .replace(quote, &format!("{quote}{quote}"))
        .replace('\n', &LINE_FEED.to_string())
        .replace('\r', &CARRIAGE_RETURN.to_string());
    format!("{quote}{inside}{quote}")
}
