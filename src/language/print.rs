//! Canonical text of an expression; reading it again gives the same tree.

use std::fmt::{self, Display, Formatter};

use super::ast::{
    Arg, BinaryOp, Call, Expr, ExprKind, Name, NumberLiteral, Span, Top, WindowExpr, WindowKind,
};
use super::grammar;
use crate::time::{Duration, Period, Unit};

impl Expr {
    /// The canonical text of a tree, for people; every span of the tree is its place in that text afterwards.
    /// Whatever the tree was made of, it is one of its own then, without ids.
    pub(super) fn lay_out(&mut self) -> String {
        let mut printer = Printer::default();
        printer.expr(self);
        printer.text
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.clone().lay_out())
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&written(&self.text, grammar::is_bare(&self.text)))
    }
}

impl Display for NumberLiteral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let percent = if self.percent { "%" } else { "" };
        write!(f, "{}{percent}", self.digits)
    }
}

/// Writes a tree and tells each part of it where it stands.
#[derive(Default)]
struct Printer {
    text: String,
}

impl Printer {
    fn expr(&mut self, expr: &mut Expr) {
        let start = self.text.len();
        self.kind(&mut expr.kind);
        expr.span = self.since(start);
        expr.id = None;
    }

    fn kind(&mut self, kind: &mut ExprKind) {
        match kind {
            ExprKind::Number(number) => self.push(&number.to_string()),
            ExprKind::Text(text) => self.push(&in_quotes(text, '"')),
            ExprKind::Date(date) => self.push(&date.format("%Y-%m-%d").to_string()),
            ExprKind::Truth(true) => self.push("yes"),
            ExprKind::Truth(false) => self.push("no"),
            ExprKind::Missing => self.push("missing"),
            ExprKind::Now => self.push("now"),
            ExprKind::Today => self.push("today"),
            ExprKind::Duration(d) => self.push(&length(*d)),
            ExprKind::Ago(d) => self.push(&format!("{} ago", length(*d))),
            ExprKind::FromNow(d) => self.push(&format!("{} from now", length(*d))),
            ExprKind::Path(names) => {
                if let Some((head, behind)) = names.split_first_mut() {
                    self.name(head);
                    self.fields(behind);
                }
            }
            ExprKind::Field(of, names) => {
                self.expr(of);
                self.fields(names);
            }
            ExprKind::Call(call) => self.call(call),
            ExprKind::Top(top) => self.top(top),
            ExprKind::InSegment(name) => {
                self.push("in segment ");
                self.name(name);
            }
            ExprKind::Listed(name) => {
                self.push("in list ");
                self.name(name);
            }
            ExprKind::Not(inner) => self.behind("not ", inner),
            ExprKind::Negate(inner) => self.behind("-", inner),
            ExprKind::Binary(op, left, right) => {
                self.expr(left);
                self.behind(&format!(" {} ", sign(*op)), right);
            }
            ExprKind::TextTest(test, not, left, right) => {
                self.expr(left);
                self.behind(&format!(" {}{} ", negation(*not), test.words()), right);
            }
            ExprKind::AnyText(test, not, of, items) => {
                self.expr(of);
                self.push(&format!(" {}{} any of (", negation(*not), test.words()));
                self.separated(items, Self::expr);
                self.push(")");
            }
            ExprKind::Between(not, of, low, high) => {
                self.expr(of);
                self.behind(&format!(" {}between ", negation(*not)), low);
                self.behind(" and ", high);
            }
            ExprKind::InList(not, of, items) => {
                self.expr(of);
                self.push(&format!(" {}in (", negation(*not)));
                self.separated(items, Self::expr);
                self.push(")");
            }
            ExprKind::InWindow(not, of, window) => {
                self.expr(of);
                self.push(&format!(" {}", negation(*not)));
                self.window(window);
            }
            ExprKind::Is(not, missing, of) => {
                let state = if *missing { "missing" } else { "present" };
                self.expr(of);
                self.push(&format!(" is {}{state}", negation(*not)));
            }
            ExprKind::Paren(inner) => {
                self.behind("(", inner);
                self.push(")");
            }
        }
    }

    fn call(&mut self, call: &mut Call) {
        call.name.span = self.push_at(&call.name.text);
        self.push("(");
        self.separated(&mut call.args, Self::arg);
        self.push(")");
        self.scope(call.within.as_mut());
    }

    fn arg(&mut self, arg: &mut Arg) {
        if arg.distinct {
            self.push("distinct ");
        }
        self.expr(&mut arg.expr);
        if let Some(filter) = &mut arg.filter {
            self.behind(" where ", filter);
        }
    }

    fn top(&mut self, top: &mut Top) {
        self.push(if top.bottom { "bottom " } else { "top " });
        top.amount_span = self.push_at(&top.amount.to_string());
        self.behind(" by ", &mut top.by);
        self.scope(top.within.as_mut());
    }

    fn window(&mut self, window: &mut WindowExpr) {
        let start = self.text.len();
        match &mut window.kind {
            WindowKind::Last(d) => self.push(&format!("in last {}", length(*d))),
            WindowKind::Previous(d) => self.push(&format!("in previous {}", length(*d))),
            WindowKind::Next(d) => self.push(&format!("in next {}", length(*d))),
            WindowKind::Today => self.push("in today"),
            WindowKind::This(p) => self.push(&format!("in this {}", period(*p))),
            WindowKind::LastCalendar(1, p) => {
                self.push(&format!("in last calendar {}", period(*p)))
            }
            WindowKind::LastCalendar(n, p) => {
                self.push(&format!("in last {n} calendar {}s", period(*p)));
            }
            WindowKind::ThisFiscalYear => self.push("in this fiscal year"),
            WindowKind::LastFiscalYears(1) => self.push("in last fiscal year"),
            WindowKind::LastFiscalYears(n) => self.push(&format!("in last {n} fiscal years")),
            WindowKind::FromTo(from, to) => {
                self.behind("from ", from);
                self.behind(" to ", to);
            }
            WindowKind::Since(from) => self.behind("since ", from),
        }
        window.span = self.since(start);
    }

    fn name(&mut self, name: &mut Name) {
        let text = name.to_string();
        name.span = self.push_at(&text);
    }

    /// Names directly behind a point, where every word can stand.
    fn fields(&mut self, names: &mut [Name]) {
        for name in names {
            self.push(".");
            let text = written(&name.text, grammar::is_bare_field(&name.text));
            name.span = self.push_at(&text);
        }
    }

    fn scope(&mut self, within: Option<&mut Name>) {
        if let Some(name) = within {
            self.push(" within ");
            self.name(name);
        }
    }

    /// An expression and what stands before it.
    fn behind(&mut self, before: &str, expr: &mut Expr) {
        self.push(before);
        self.expr(expr);
    }

    fn separated<T>(&mut self, parts: &mut [T], write: impl Fn(&mut Self, &mut T)) {
        for (place, part) in parts.iter_mut().enumerate() {
            if place > 0 {
                self.push(", ");
            }
            write(self, part);
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn push_at(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.push(text);
        self.since(start)
    }

    fn since(&self, start: usize) -> Span {
        Span {
            text: None,
            start,
            end: self.text.len(),
        }
    }
}

fn written(name: &str, bare: bool) -> String {
    match bare {
        true => name.to_owned(),
        false => in_quotes(name, '`'),
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
