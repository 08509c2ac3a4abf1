//! Messages about values that cannot be compared, with what to compare instead.

use super::checker::Checker;
use super::expression::a;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Expr, ExprKind, Name, Span};
use crate::language::typed::{Function, Kind, Typed};
use crate::language::{date_of_text, month_of};
use crate::value::{Truth, Type, Value};

/// The message, and the part that it is about if that is not the whole comparison.
type Advice = (Option<Span>, String);

impl Checker<'_> {
    /// Whether an expression is what other languages use for `missing`.
    pub fn is_null(&self, expr: &Expr) -> bool {
        let ExprKind::Path(path) = &expr.kind else {
            return false;
        };
        matches!(path.as_slice(), [name] if ["null", "none", "nil", "undefined", "na", "nan"]
            .iter()
            .any(|word| name.text.eq_ignore_ascii_case(word))
            && !self.names_a_value(&name.text))
    }

    /// `email = null`
    pub fn compared_with_null(&mut self, other: &Expr, span: Span) -> Typed {
        let told = "what has no value is `missing` here, and nothing is equal to it";
        let finding = Finding::new(Code::UnknownName, told).help(self.ask_for_missing(other, span));
        self.refuse(span, finding)
    }

    /// `email = missing`
    pub fn compared_with_missing(&mut self, other: &Expr, span: Span) {
        let told = "nothing is equal to `missing`, so this is never true";
        let finding = Finding::new(Code::WrongType, told).help(self.ask_for_missing(other, span));
        self.tell(span, finding);
    }

    fn ask_for_missing(&self, other: &Expr, span: Span) -> String {
        let text = self.quote(other.span);
        let (missing, present) = (
            quoted(&format!("{text} is missing")),
            quoted(&format!("{text} is present")),
        );
        match self.sign(span) {
            Some("=") => format!("write {missing}"),
            Some("!=") => format!("write {present}"),
            _ => format!("write {missing} or {present}"),
        }
    }

    pub fn cannot_compare(&mut self, left: (&Typed, &Expr), right: (&Typed, &Expr), span: Span) {
        let finding = Finding::new(
            Code::WrongType,
            format!(
                "`{}` is {} and `{}` is {}: they cannot be compared",
                self.quote(left.1.span),
                a(left.0.ty),
                self.quote(right.1.span),
                a(right.0.ty)
            ),
        );
        let advice = self
            .instead_of(left, right, span)
            .or_else(|| self.instead_of(right, left, span));
        match advice {
            Some((place, help)) => self.tell(place.unwrap_or(span), finding.help(help)),
            None => self.tell(span, finding),
        }
    }

    /// What to write if a value is compared with another one that does not fit.
    fn instead_of(
        &mut self,
        (value, expr): (&Typed, &Expr),
        (other, other_expr): (&Typed, &Expr),
        span: Span,
    ) -> Option<Advice> {
        let text = self.quote(expr.span);
        let other_text = self.quote(other_expr.span);
        let here = |help: String| Some((Some(other_expr.span), help));
        let sign = self.sign(span);
        if matches!(expr.kind, ExprKind::Top(_)) {
            return Some((
                None,
                "`by` takes arithmetic alone; compare beside it: `top 20% by x and x > 3`"
                    .to_owned(),
            ));
        }
        // `no = 12`, if a column has that name.
        if matches!(expr.kind, ExprKind::Truth(_))
            && let Some(column) = self.column_of_text(&text)
        {
            let column = Name {
                text: column,
                span: Span::default(),
            };
            let column = quoted(&column.to_string());
            let help = format!(
                "write {column}: a column named like a word of the language goes in backticks"
            );
            return Some((Some(expr.span), help));
        }
        match (value.ty, &other.kind) {
            (Type::Truth, Kind::Constant(constant)) => {
                let yes = as_truth(constant)?;
                let yes = match sign? {
                    "=" => yes,
                    "!=" => !yes,
                    // `exists(visits) > 0`
                    ">" => !yes,
                    ">=" => yes,
                    _ => return None,
                };
                let not = if yes { "" } else { "not " };
                Some((None, format!("write {}: it is yes or no by itself", quoted(&format!("{not}{text}")))))
            }
            (Type::Date | Type::Instant, Kind::Constant(Value::Text(written))) => {
                if written.eq_ignore_ascii_case("today") || written.eq_ignore_ascii_case("now") {
                    let word = written.to_ascii_lowercase();
                    let birthday = match (&expr.kind, value.ty) {
                        (ExprKind::Path(_), Type::Date) => {
                            format!("; for a birthday, `anniversary({text}) = today`")
                        }
                        _ => String::new(),
                    };
                    return here(format!("write `{word}`: it is written without quotes{birthday}"));
                }
                here(match date_of_text(written) {
                    Some(dates) => format!("write {dates}: a date is written without quotes"),
                    None => "a date is written without quotes: `2025-06-01`".to_owned(),
                })
            }
            (Type::Date | Type::Instant, _) if other.ty == Type::Number => {
                let plain = other_text.bytes().all(|b| b.is_ascii_digit());
                let number: u32 = other_text.parse().ok().filter(|_| plain).unwrap_or(0);
                match number {
                    1900..=2199 => {
                        let sign = sign?;
                        Some((None, format!("write {}", quoted(&format!("year({text}) {sign} {other_text}")))))
                    }
                    19_000_101..=21_991_231 => {
                        let dates = date_of_text(&other_text)?;
                        here(format!("write {dates}"))
                    }
                    _ if other_text.contains(['/', '-']) => {
                        here("a date is year, month and day, as in `2025-06-01`".to_owned())
                    }
                    _ => {
                        let sign = sign?;
                        Some((
                            None,
                            format!(
                                "write {} for a number of days",
                                quoted(&format!("days_since({text}) {sign} {other_text}"))
                            ),
                        ))
                    }
                }
            }
            (Type::Number, Kind::Constant(Value::Text(written)))
                if matches!(self.behind_metrics(&value.kind), Kind::Call(Function::Month, _))
                    && let Some(month) = month_of(written) =>
            {
                here(format!("write `{month}`: months are numbers"))
            }
            (Type::Number | Type::Money, Kind::Constant(Value::Text(written))) => {
                let number = number_in(written)?;
                let what = if value.ty == Type::Money { "an amount" } else { "a number" };
                here(format!("write `{number}`: {what} is written without quotes"))
            }
            (Type::Text, _)
                if matches!(value.kind, Kind::Constant(_)) && other.ty == Type::Truth =>
            {
                let (yes, no) = (quoted(&other_text), quoted(&format!("not {other_text}")));
                here(format!("it answers yes or no by itself: write {yes} or {no}, without a comparison"))
            }
            (Type::Text, _)
                if matches!(self.behind_metrics(&value.kind), Kind::Call(Function::DayOfWeek, _)) =>
            {
                here("the days are `\"Mon\"`, `\"Tue\"`, `\"Wed\"`, `\"Thu\"`, `\"Fri\"`, `\"Sat\"`, `\"Sun\"`".to_owned())
            }
            // A span of its own means an entry of a list.
            (Type::Text, _) if matches!(other.ty, Type::Number | Type::Money) && (span.start, span.end) != (other_expr.span.start, other_expr.span.end)
                && !matches!(sign, Some("=" | "!=")) =>
            {
                here(self.read_as(value, other.ty)?)
            }
            (Type::Text, _) if matches!(other.ty, Type::Date | Type::Instant) => {
                here(self.read_as(value, other.ty)?)
            }
            (Type::Text, _) if matches!(other_expr.kind, ExprKind::Number(_)) => {
                here(format!("write `\"{other_text}\"`: a text goes in quotes"))
            }
            (Type::Text, kind)
                if matches!(kind, Kind::Constant(Value::Truth(_)))
                    || other.ty == Type::Truth
                        && matches!(&other_expr.kind, ExprKind::Path(path) if path.len() == 1) =>
            {
                here(format!("write `\"{other_text}\"` for the text"))
            }
            _ => None,
        }
    }

    /// The sign of a comparison; `None` if it is another test.
    pub fn sign(&self, comparison: Span) -> Option<&'static str> {
        let text = self.quote(comparison);
        let signs = ["!=", "<=", ">=", "<", ">", "="];
        let (mut depth, mut quoted) = (0_usize, None);
        for (at, c) in text.char_indices() {
            match (quoted, c) {
                (Some(quote), c) if c == quote => quoted = None,
                (Some(_), _) => {}
                (None, '"' | '\'' | '`') => quoted = Some(c),
                (None, '(') => depth += 1,
                (None, ')') => depth = depth.saturating_sub(1),
                (None, '!' | '<' | '>' | '=') if depth == 0 => {
                    let rest = text.get(at..)?;
                    return signs.iter().find(|sign| rest.starts_with(**sign)).copied();
                }
                _ => {}
            }
        }
        None
    }
}

fn number_in(text: &str) -> Option<&str> {
    let text = text.trim();
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    (plain && text.parse::<f64>().is_ok()).then_some(text)
}

/// The texts that people use for yes and no.
fn as_truth(value: &Value) -> Option<bool> {
    match value {
        Value::Number(number) if *number == 1.0 => Some(true),
        Value::Number(number) if *number == 0.0 => Some(false),
        Value::Text(text) => match text.to_lowercase().as_str() {
            "yes" | "true" | "y" | "t" | "1" | "on" => Some(true),
            "no" | "false" | "n" | "f" | "0" | "off" => Some(false),
            _ => None,
        },
        Value::Truth(Truth::Yes) => Some(true),
        Value::Truth(Truth::No) => Some(false),
        _ => None,
    }
}
