//! Numbers as written, and their amounts beside money.

use super::checker::Checker;
use crate::config::marks;
use crate::diagnostic::{Code, Finding, Severity};
use crate::language::ast::{Expr, ExprKind, NumberLiteral, Span};
use crate::language::typed::{Kind, Typed};
use crate::value::{Money, Type, Value};

/// Beyond this, doubles no longer distinguish all whole numbers.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

impl Checker<'_> {
    /// A literal as a number.
    pub fn number(&mut self, literal: &NumberLiteral, span: Span) -> Typed {
        self.warn_of_thousands(literal, span);
        let value = number_of(literal);
        if !value.is_finite() || value.abs() > LARGEST_EXACT {
            let finding = Finding::new(
                Code::InvalidNumber,
                format!("`{}` is too large to be exact", self.quote(span)),
            )
            .help("numbers are exact up to 9,007,199,254,740,992");
            return self.refuse(span, finding);
        }
        Typed::new(Kind::Constant(Value::Number(value)), Type::Number, span)
    }

    /// Warns about `2.000` if output uses that form for two thousand: here it is 2.
    fn warn_of_thousands(&mut self, literal: &NumberLiteral, span: Span) {
        let digits = &literal.digits;
        let Some((whole, part)) = digits.split_once('.') else {
            return;
        };
        let grouped = part.len() == 3 && whole.len() <= 3 && !whole.starts_with('0');
        if !grouped || literal.percent || marks(self.config.locale).group != '.' {
            return;
        }
        // Beside money, a literal is checked first as a number and then as an amount.
        if !self.told.insert(format!("thousands {span:?}")) {
            return;
        }
        let value = number_of(literal);
        let finding = Finding {
            severity: Severity::Warning,
            ..Finding::new(
                Code::InvalidNumber,
                format!("`{digits}` is {value} here: in conditions, the decimal mark is a point"),
            )
        };
        // If the last decimal matters, one more digit shows that it is not a slip.
        let plain = match part.ends_with('0') {
            true => value.to_string(),
            false => format!("{digits}0"),
        };
        let help = format!("write `{whole}{part}` if thousands are meant, and `{plain}` if not");
        self.tell(span, finding.help(help));
    }

    /// A literal as an exact amount of money; `None` if the expression is not a literal.
    pub fn as_money(&mut self, expr: &Expr) -> Option<Typed> {
        let (literal, negative) = literal_of(expr)?;
        let span = expr.span;
        self.warn_of_thousands(literal, span);
        if literal.percent {
            let text = self.quote(span);
            let finding = Finding::new(
                Code::UnitMismatch,
                format!("`{text}` is a share, and the other side is money"),
            )
            .help(format!("say of what: `{text} * …`"));
            return Some(self.refuse(span, finding));
        }
        let Some(amount) = exact_amount(&literal.digits) else {
            let finding = Finding::new(
                Code::InvalidNumber,
                format!("`{}` is not an exact amount of money", self.quote(span)),
            )
            .help("money has up to four decimal places and is below 900,000,000,000,000");
            return Some(self.refuse(span, finding));
        };
        let amount = if negative { -amount } else { amount };
        Some(Typed::new(
            Kind::Constant(Value::Money(Money(amount))),
            Type::Money,
            span,
        ))
    }
}

/// The number that a literal stands for; `75%` is the double nearest to 0.75.
pub(super) fn number_of(literal: &NumberLiteral) -> f64 {
    let digits = &literal.digits;
    let text = if literal.percent {
        format!("{digits}e-2")
    } else {
        digits.clone()
    };
    text.parse().unwrap_or(f64::NAN)
}

/// The literal inside parentheses and signs, and whether it is negative.
pub(super) fn literal_of(expr: &Expr) -> Option<(&NumberLiteral, bool)> {
    match &expr.kind {
        ExprKind::Number(literal) => Some((literal, false)),
        ExprKind::Paren(inner) => literal_of(inner),
        ExprKind::Negate(inner) => literal_of(inner).map(|(literal, sign)| (literal, !sign)),
        _ => None,
    }
}

/// `12.5` as 125,000 ten-thousandths; `None` with more decimal places or out of range.
fn exact_amount(digits: &str) -> Option<i64> {
    let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
    let places = places.trim_end_matches('0');
    if places.len() > 4 {
        return None;
    }
    let amount: i64 = format!("{whole}{places:0<4}").parse().ok()?;
    (amount <= 9_000_000_000_000_000_000).then_some(amount)
}
