//! Checks comparisons, logic and tests of text.

use super::checker::{Checker, Meaning, unknown};
use super::entries::EntriesTold;
use super::expression::{a, truth};
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{BinaryOp, Expr, ExprKind, Span, TextTest};
use crate::language::typed::{Comparison, Function, Kind, Typed};
use crate::value::{Type, Value};

/// The results of `day_of_week`.
pub(super) const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Checker<'_> {
    /// `a < b` and the like.
    pub fn comparison(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span) -> Typed {
        let Some(comparison) = comparison_of(op) else {
            return unknown(span);
        };
        if self.is_null(left) || self.is_null(right) {
            let other = if self.is_null(left) { right } else { left };
            return self.compared_with_null(other, span);
        }
        if self.is_quoted_column(left, [right]) || self.is_quoted_column(right, [left]) {
            return unknown(span);
        }
        let (l, r) = (self.meaning(left), self.meaning(right));
        for (one, one_expr, other, other_expr) in [(&l, left, &r, right), (&r, right, &l, left)] {
            if let Meaning::Duration(length) = one {
                let length = (*length, one_expr);
                return self.compared_with_duration(other, other_expr, length, span);
            }
        }
        let (l, r) = (self.settle(l, left), self.settle(r, right));
        if self.is_no_day(&l, &r, right) || self.is_no_day(&r, &l, left) {
            return unknown(span);
        }
        let Some([l, r]) = self.pair((l, left), (r, right), span) else {
            return unknown(span);
        };
        let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if ordered && (l.ty == Type::Truth || r.ty == Type::Truth) {
            let finding = Finding::new(
                Code::WrongType,
                "a yes or no is neither larger nor smaller than another",
            )
            .help("compare it with `=`, or use it as a condition by itself");
            return self.refuse(span, finding);
        }
        if self.orders_letters(comparison, (&l, &r), (left, right)) {
            return unknown(span);
        }
        self.warn_of_range(comparison, (&l, left), (&r, right), (span, false));
        if !ordered {
            self.warn_of_capitals(&l, &r, right.span);
            self.warn_of_capitals(&r, &l, left.span);
        }
        truth(Kind::Compare(comparison, Box::new(l), Box::new(r)), span)
    }

    /// A meaning in a place that needs a value, for meanings that were examined before.
    fn settle(&mut self, meaning: Meaning, expr: &Expr) -> Typed {
        match meaning {
            Meaning::Value(typed) => typed,
            _ => self.value(expr),
        }
    }

    /// Reports a text that `day_of_week` never returns.
    fn is_no_day(&mut self, day: &Typed, text: &Typed, expr: &Expr) -> bool {
        let (Kind::Call(Function::DayOfWeek, _), Kind::Constant(Value::Text(written))) =
            (self.behind_metrics(&day.kind), &text.kind)
        else {
            return false;
        };
        if DAYS.contains(&written.as_str()) {
            return false;
        }
        let finding = no_day(written);
        self.tell(expr.span, finding);
        true
    }

    /// `x between low and high`: `x >= low and x <= high`.
    pub fn between(&mut self, value: &Expr, low: &Expr, high: &Expr, span: Span) -> Typed {
        if self.is_quoted_column(value, [low, high]) {
            return unknown(span);
        }
        let x = self.value(value);
        if x.ty == Type::Number {
            let ends = [low, high].map(|end| match end.kind {
                ExprKind::Duration(length) => Some((length, end)),
                _ => None,
            });
            if ends.iter().any(Option::is_some) {
                for length in ends.into_iter().flatten() {
                    self.compared_with_duration(&Meaning::Value(x.clone()), value, length, span);
                }
                return unknown(span);
            }
        }
        let (l, h) = (self.value(low), self.value(high));
        let above = self.pair((x.clone(), value), (l, low), span);
        let below = self.pair((x, value), (h, high), span);
        let (Some([x, l]), Some([y, h])) = (above, below) else {
            return unknown(span);
        };
        if x.ty == Type::Truth {
            let finding = Finding::new(
                Code::WrongType,
                "a yes or no is neither larger nor smaller than another",
            );
            return self.refuse(span, finding);
        }
        let ends = [
            (Comparison::GreaterOrEqual, &l, low),
            (Comparison::LessOrEqual, &h, high),
        ];
        for (comparison, end, expr) in ends {
            if self.orders_letters(comparison, (&x, end), (value, expr)) {
                return unknown(span);
            }
            self.warn_of_range(comparison, (&x, value), (end, expr), (span, true));
        }
        if x == y {
            return truth(Kind::Between(Box::new(x), Box::new(l), Box::new(h)), span);
        }
        let parts = vec![
            truth(
                Kind::Compare(Comparison::GreaterOrEqual, Box::new(x), Box::new(l)),
                span,
            ),
            truth(
                Kind::Compare(Comparison::LessOrEqual, Box::new(y), Box::new(h)),
                span,
            ),
        ];
        truth(Kind::And(parts), span)
    }

    /// `x in (a, b)`: equal to any of them.
    pub fn in_list(&mut self, value: &Expr, items: &[Expr], span: Span) -> Typed {
        if self.is_quoted_column(value, items) {
            return unknown(span);
        }
        let x = self.value(value);
        let mut pairs = Vec::with_capacity(items.len());
        let mut whole = true;
        let mut list = EntriesTold::new(self.findings.len(), items.len());
        for item in items {
            if !list.goes_on(&self.findings) {
                whole = false;
                break;
            }
            let typed = self.value(item);
            if self.is_no_day(&x, &typed, item) {
                whole = false;
                continue;
            }
            match self.pair((x.clone(), value), (typed, item), item.span) {
                Some([x, entry]) => {
                    self.warn_of_capitals(&x, &entry, item.span);
                    pairs.push([x, entry]);
                }
                None => whole = false,
            }
        }
        list.fold(&mut self.findings);
        let first = pairs.first().map(|[x, _]| x.clone());
        let (true, Some(first)) = (whole, first) else {
            return unknown(span);
        };
        if pairs.iter().all(|[x, _]| *x == first) {
            let items = pairs.into_iter().map(|[_, item]| item).collect();
            return truth(Kind::InList(Box::new(first), items), span);
        }
        let parts = pairs.into_iter().map(|[x, item]| {
            truth(
                Kind::Compare(Comparison::Equal, Box::new(x), Box::new(item)),
                span,
            )
        });
        truth(Kind::Or(parts.collect()), span)
    }

    /// `x contains "a"` and the like.
    pub fn text_test(&mut self, test: TextTest, left: &Expr, right: &Expr, span: Span) -> Typed {
        if self.is_quoted_column(left, [right]) {
            return unknown(span);
        }
        if let Some(finding) = self.texts_without_of(test, right) {
            return self.refuse(right.span, finding);
        }
        let word = format!("`{}`", test.words());
        let l = self.of_type(left, Type::Text, &word);
        let r = self.of_type(right, Type::Text, &word);
        self.warn_of_capitals(&l, &r, right.span);
        truth(Kind::TextTest(test, Box::new(l), Box::new(r)), span)
    }

    /// `x contains any ("a")`: the parser takes it for a call.
    fn texts_without_of(&self, test: TextTest, right: &Expr) -> Option<Finding> {
        let ExprKind::Call(call) = &right.kind else {
            return None;
        };
        let (name, test) = (call.name.text.to_ascii_lowercase(), test.words());
        let help = match name.as_str() {
            "any" => {
                let texts: Vec<String> = call.args.iter().map(|a| self.argument_text(a)).collect();
                format!(
                    "write {}",
                    quoted(&format!("any of ({})", texts.join(", ")))
                )
            }
            "all" => {
                format!("join a test of each text with `and`: `x {test} \"a\" and x {test} \"b\"`")
            }
            "none" => format!("for none of them, write `x not {test} any of (\"a\", \"b\")`"),
            _ => return None,
        };
        let message = format!("`{name}` is not a function; several texts go after `{test} any of`");
        Some(Finding::new(Code::UnknownFunction, message).help(help))
    }

    /// `x contains any of ("a", "b")`: as if each test were written separately, joined by `or`.
    pub fn any_text(&mut self, test: TextTest, left: &Expr, items: &[Expr], span: Span) -> Typed {
        if self.is_quoted_column(left, items) {
            return unknown(span);
        }
        let word = format!("`{} any of`", test.words());
        let l = self.of_type(left, Type::Text, &word);
        let mut list = EntriesTold::new(self.findings.len(), items.len());
        let mut tests = Vec::with_capacity(items.len());
        for item in items {
            if !list.goes_on(&self.findings) {
                break;
            }
            let r = self.of_type(item, Type::Text, &word);
            self.warn_of_capitals(&l, &r, item.span);
            let one = Kind::TextTest(test, Box::new(l.clone()), Box::new(r));
            tests.push(truth(one, item.span));
        }
        list.fold(&mut self.findings);
        match tests.len() {
            1 => tests
                .pop()
                .map_or_else(|| unknown(span), |test| Typed { span, ..test }),
            _ => truth(Kind::Or(tests), span),
        }
    }

    /// `-x`
    pub fn negate(&mut self, inner: &Expr, span: Span) -> Typed {
        if let ExprKind::Duration(_) = inner.kind {
            let text = self.quote(inner.span);
            let finding = Finding::new(
                Code::MisplacedDuration,
                format!("`{text}` is a length of time, and a value is needed here"),
            );
            return self.refuse(span, finding.help(format!("write `{text} ago`")));
        }
        let typed = self.value(inner);
        match typed.ty {
            Type::Unknown => typed,
            Type::Number | Type::Money | Type::Missing => match typed.kind {
                Kind::Constant(Value::Number(n)) => Typed {
                    id: None,
                    kind: Kind::Constant(Value::Number(-n)),
                    span,
                    ..typed
                },
                _ => Typed {
                    id: None,
                    ty: typed.ty,
                    kind: Kind::Negate(Box::new(typed)),
                    span,
                },
            },
            ty => {
                let text = self.quote(inner.span);
                let finding = Finding::new(
                    Code::WrongType,
                    format!("`-` needs a number, and `{text}` is {}", a(ty)),
                );
                let finding = if ty == Type::Truth {
                    finding.help(format!("write `not {text}` for the opposite"))
                } else {
                    finding
                };
                self.refuse(span, finding)
            }
        }
    }
}

fn comparison_of(op: BinaryOp) -> Option<Comparison> {
    Some(match op {
        BinaryOp::Equal => Comparison::Equal,
        BinaryOp::NotEqual => Comparison::NotEqual,
        BinaryOp::Less => Comparison::Less,
        BinaryOp::LessOrEqual => Comparison::LessOrEqual,
        BinaryOp::Greater => Comparison::Greater,
        BinaryOp::GreaterOrEqual => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

/// The message about a text that is not a day.
pub(super) fn no_day(written: &str) -> Finding {
    let prefix: String = written.chars().take(3).collect();
    let near = DAYS.iter().find(|d| d.eq_ignore_ascii_case(&prefix));
    Finding::new(
        Code::UnknownDay,
        format!("`day_of_week` never gives \"{written}\""),
    )
    .help(match near {
        Some(day) => format!("write `\"{day}\"`"),
        None => {
            "the days are \"Mon\", \"Tue\", \"Wed\", \"Thu\", \"Fri\", \"Sat\", \"Sun\"".to_owned()
        }
    })
}
