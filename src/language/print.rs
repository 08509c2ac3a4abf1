//! Prints the canonical text of an expression; parsing it gives the same tree again.

use std::fmt::{self, Display, Formatter};
use std::ops::Range;

use super::ast::{
    Arg, BinaryOp, Call, Expr, ExprKind, Name, NumberLiteral, Span, Top, WindowExpr, WindowKind,
};
use super::grammar;
use super::layout::{Break, Layout, Mark};
use super::words::{length, negation, period, sign};

impl Expr {
    /// The canonical text of a tree, for people. Afterwards, every span of the tree is its place in that text. The tree
    /// loses its ids, whatever it was made from.
    pub(super) fn lay_out(&mut self) -> String {
        let mut printer = Printer::default();
        printer.expr(self);
        printer.layout.text
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

/// Writes a tree and records the place of each part.
#[derive(Default)]
pub(super) struct Printer<'t> {
    pub(super) layout: Layout,
    /// The text that the tree was parsed from, whose quotes are kept; `None` for a generated tree.
    written: Option<&'t str>,
    /// Whether what is being written is part of an operation, and so is indented on lines of its own.
    within: bool,
}

impl<'t> Printer<'t> {
    /// For a tree that was parsed from a text.
    pub(super) fn of(written: &'t str) -> Self {
        Self {
            written: Some(written),
            ..Self::default()
        }
    }

    pub(super) fn expr(&mut self, expr: &mut Expr) {
        let start = self.layout.text.len();
        let whole = expr.span.start..expr.span.end;
        self.kind(&mut expr.kind, whole);
        expr.span = self.since(start);
        expr.id = None;
    }

    /// `whole` is its place in the original text.
    fn kind(&mut self, kind: &mut ExprKind, whole: Range<usize>) {
        match kind {
            ExprKind::Number(number) => self.push(&number.to_string()),
            ExprKind::Text(text) => match self.written.and_then(|written| written.get(whole)) {
                Some(written) => self.push(written),
                None => self.push(&in_quotes(text, '"')),
            },
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
            ExprKind::Call(call) => self.call(call, whole.end),
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
                if !has_breaks(*op, left, right) {
                    return self.operation(*op, left, right);
                }
                let within = std::mem::replace(&mut self.within, true);
                self.open(within);
                self.operation(*op, left, right);
                self.close();
                self.within = within;
            }
            ExprKind::TextTest(test, not, left, right) => {
                self.expr(left);
                self.behind(&format!(" {}{} ", negation(*not), test.words()), right);
            }
            ExprKind::AnyText(test, not, of, items) => {
                let whole = of.span.end..whole.end;
                self.expr(of);
                self.push(&format!(" {}{} any of ", negation(*not), test.words()));
                self.list(items, whole);
            }
            ExprKind::Between(not, of, low, high) => {
                self.expr(of);
                self.behind(&format!(" {}between ", negation(*not)), low);
                self.behind(" and ", high);
            }
            ExprKind::InList(not, of, items) => {
                let whole = of.span.end..whole.end;
                self.expr(of);
                self.push(&format!(" {}in ", negation(*not)));
                self.list(items, whole);
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
                let within = inner.span.start..inner.span.end;
                self.parenthesized(whole, within, |printer| printer.expr(inner));
            }
        }
    }

    /// An operation, in the open group of its kind if that has breaks.
    fn operation(&mut self, op: BinaryOp, left: &mut Expr, right: &mut Expr) {
        let gap = left.span.end..right.span.start;
        let is_long = is_long(op, left, right);
        match &mut left.kind {
            ExprKind::Binary(same, first, second) if *same == op => {
                let start = self.layout.text.len();
                self.operation(op, first, second);
                left.span = self.since(start);
                left.id = None;
            }
            _ => self.expr(left),
        }
        match is_long {
            true => self.end_of_line(true, gap),
            false => self.push(" "),
        }
        self.push(&format!("{} ", sign(op)));
        self.expr(right);
    }

    /// `end` is the end of the call in the original text.
    fn call(&mut self, call: &mut Call, end: usize) {
        let whole = call.name.span.end..end;
        call.name.span = self.push_at(&call.name.text);
        match outermost(&call.args, arg_place) {
            Some(args) => self.parenthesized(whole, args, |printer| {
                printer.separated(&mut call.args, Self::arg, arg_place);
            }),
            None => self.push("()"),
        }
        self.scope(call.within.as_mut());
    }

    pub(super) fn arg(&mut self, arg: &mut Arg) {
        self.open(false);
        if arg.distinct {
            self.push("distinct ");
        }
        let end = arg.expr.span.end;
        self.expr(&mut arg.expr);
        if let Some(filter) = &mut arg.filter {
            self.end_of_line(true, end..filter.span.start);
            self.push("where ");
            let within = std::mem::replace(&mut self.within, true);
            self.expr(filter);
            self.within = within;
        }
        self.close();
    }

    /// `whole` is the place of its parentheses in the original text, or the end of what comes before them.
    fn list(&mut self, items: &mut [Expr], whole: Range<usize>) {
        let place = |item: &Expr| item.span.start..item.span.end;
        let within = outermost(items, place).unwrap_or(whole.end..whole.end);
        self.parenthesized(whole, within, |printer| {
            printer.separated(items, Self::expr, place);
        });
    }

    /// What is in parentheses, with the original places of the parentheses and of their contents.
    fn parenthesized(
        &mut self,
        whole: Range<usize>,
        inner: Range<usize>,
        write: impl FnOnce(&mut Self),
    ) {
        let within = std::mem::replace(&mut self.within, false);
        self.push("(");
        self.open(true);
        self.end_of_line(false, whole.start..inner.start);
        write(self);
        self.mark(|at| {
            Mark::Break(Break {
                at,
                blank: false,
                closes: true,
                gap: inner.end..whole.end,
            })
        });
        self.close();
        self.push(")");
        self.within = within;
    }

    fn top(&mut self, top: &mut Top) {
        self.push(if top.bottom { "bottom " } else { "top " });
        top.amount_span = self.push_at(&top.amount.to_string());
        self.behind(" by ", &mut top.by);
        self.scope(top.within.as_mut());
    }

    fn window(&mut self, window: &mut WindowExpr) {
        let start = self.layout.text.len();
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

    /// Names directly after a point, where every word is allowed.
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

    /// An expression and the text before it.
    fn behind(&mut self, before: &str, expr: &mut Expr) {
        self.push(before);
        self.expr(expr);
    }

    /// Parts with commas between them; `place` is the place of a part in the original text.
    fn separated<T>(
        &mut self,
        parts: &mut [T],
        write: impl Fn(&mut Self, &mut T),
        place: impl Fn(&T) -> Range<usize>,
    ) {
        let mut before = None;
        for part in parts {
            let at = place(part);
            if let Some(end) = before.replace(at.end) {
                self.push(",");
                self.end_of_line(true, end..at.start);
            }
            write(self, part);
        }
    }

    fn open(&mut self, indented: bool) {
        self.mark(|at| Mark::Open { at, indented });
    }

    fn close(&mut self) {
        self.mark(|at| Mark::Close { at });
    }

    /// A place where a line may end; otherwise, a space may be there.
    fn end_of_line(&mut self, blank: bool, gap: Range<usize>) {
        self.mark(|at| {
            Mark::Break(Break {
                at,
                blank,
                closes: false,
                gap,
            })
        });
        if blank {
            self.push(" ");
        }
    }

    fn mark(&mut self, mark: impl FnOnce(usize) -> Mark) {
        let mark = mark(self.layout.text.len());
        self.layout.marks.push(mark);
    }

    fn push(&mut self, text: &str) {
        self.layout.text.push_str(text);
    }

    fn push_at(&mut self, text: &str) -> Span {
        let start = self.layout.text.len();
        self.push(text);
        self.since(start)
    }

    fn since(&self, start: usize) -> Span {
        Span {
            text: None,
            start,
            end: self.layout.text.len(),
        }
    }
}

/// From the start of the first part to the end of the last one; `None` if there are no parts.
fn outermost<T>(parts: &[T], place: impl Fn(&T) -> Range<usize>) -> Option<Range<usize>> {
    let (first, last) = (parts.first()?, parts.last()?);
    Some(place(first).start..place(last).end)
}

/// The place of an argument, without its `distinct`.
fn arg_place(arg: &Arg) -> Range<usize> {
    let last = arg.filter.as_ref().unwrap_or(&arg.expr);
    arg.expr.span.start..last.span.end
}

/// Whether a line may end before an operation, or before one of the same kind on its left.
fn has_breaks(op: BinaryOp, left: &Expr, right: &Expr) -> bool {
    let before = match &left.kind {
        ExprKind::Binary(same, first, second) if *same == op => has_breaks(op, first, second),
        _ => false,
    };
    before || is_long(op, left, right)
}

/// Whether a line may end before an operation: it joins conditions, or both its sides may be long.
fn is_long(op: BinaryOp, left: &Expr, right: &Expr) -> bool {
    matches!(op, BinaryOp::And | BinaryOp::Or) || (has_parts(left) && has_parts(right))
}

/// Whether something has parts that may be long: a name or a literal has none.
fn has_parts(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Call(_) | ExprKind::Field(..) | ExprKind::Binary(..) | ExprKind::Paren(_)
    )
}

pub(super) fn written(name: &str, bare: bool) -> String {
    match bare {
        true => name.to_owned(),
        false => in_quotes(name, '`'),
    }
}

/// Stands for a line feed between quotes, where people cannot write one. Unicode reserves this character for internal
/// use by programs.
pub(super) const LINE_FEED: char = '\u{fdd0}';

/// Stands for a carriage return in the same way.
pub(super) const CARRIAGE_RETURN: char = '\u{fdd1}';

/// A text in quotes, or a name in backticks, so that parsing gives it back unchanged.
pub(super) fn in_quotes(text: &str, quote: char) -> String {
    let inside = text
        .replace(quote, &format!("{quote}{quote}"))
        .replace('\n', &LINE_FEED.to_string())
        .replace('\r', &CARRIAGE_RETURN.to_string());
    format!("{quote}{inside}{quote}")
}
