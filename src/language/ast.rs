//! A condition as it was written: names are not resolved yet, and parentheses are kept, so that parsing the printed
//! tree gives the same tree again.

use chrono::NaiveDate;

use crate::index::newtype_id;
use crate::time::{Duration, Period};

newtype_id! {
    /// A text of a [`super::SourceMap`] that contains expressions.
    pub struct TextId;
    /// An expression of a [`super::SourceMap`]. Its id stays the same from the tree to the IR.
    pub struct ExprId;
}

/// A byte range of a decoded text. Equal to every other span, so that trees are compared by content and not by
/// position.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// The text; `None` until the tree is added to a [`super::SourceMap`], and for generated parts.
    pub text: Option<TextId>,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Whether the two share at least one byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl PartialEq for Span {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Span {}

/// A name as written, without backticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// An expression and its place. Equal to every other expression with the same content.
#[derive(Debug, Clone)]
pub struct Expr {
    /// Its id; `None` until the tree is added to a [`super::SourceMap`].
    pub id: Option<ExprId>,
    /// The kind of expression.
    pub kind: ExprKind,
    /// Its place.
    pub span: Span,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}
impl Eq for Expr {}

impl Expr {
    /// A generated expression. Its span is that of its origin, or is set together with its text.
    pub fn made(kind: ExprKind) -> Self {
        Self {
            id: None,
            kind,
            span: Span::default(),
        }
    }

    /// Calls `visit` with this expression and every one inside it.
    pub(super) fn each_mut(&mut self, visit: &mut dyn FnMut(&mut Self)) {
        visit(self);
        for child in self.children_mut() {
            child.each_mut(visit);
        }
    }

    /// The expressions directly inside this one.
    fn children_mut(&mut self) -> Vec<&mut Self> {
        match &mut self.kind {
            ExprKind::Number(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Truth(_)
            | ExprKind::Missing
            | ExprKind::Now
            | ExprKind::Today
            | ExprKind::Duration(_)
            | ExprKind::Ago(_)
            | ExprKind::FromNow(_)
            | ExprKind::Path(_)
            | ExprKind::InSegment(_)
            | ExprKind::Listed(_) => Vec::new(),
            ExprKind::Call(call) => {
                let args = call.args.iter_mut();
                args.flat_map(|arg| std::iter::once(&mut arg.expr).chain(&mut arg.filter))
                    .collect()
            }
            ExprKind::Top(top) => vec![&mut top.by],
            ExprKind::Field(x, _)
            | ExprKind::Not(x)
            | ExprKind::Negate(x)
            | ExprKind::Is(_, _, x)
            | ExprKind::Paren(x) => vec![x],
            ExprKind::Binary(_, a, b) | ExprKind::TextTest(_, _, a, b) => vec![a, b],
            ExprKind::Between(_, x, low, high) => vec![x, low, high],
            ExprKind::InList(_, x, items) | ExprKind::AnyText(_, _, x, items) => {
                std::iter::once(&mut **x).chain(items).collect()
            }
            ExprKind::InWindow(_, x, window) => match &mut window.kind {
                WindowKind::FromTo(from, to) => vec![x, from, to],
                WindowKind::Since(from) => vec![x, from],
                _ => vec![x],
            },
        }
    }

    /// Its own span, and those of the names and words in it that are not expressions.
    pub(super) fn spans_mut(&mut self) -> Vec<&mut Span> {
        let mut spans = vec![&mut self.span];
        match &mut self.kind {
            ExprKind::Path(names) | ExprKind::Field(_, names) => {
                spans.extend(names.iter_mut().map(|name| &mut name.span));
            }
            ExprKind::InSegment(name) | ExprKind::Listed(name) => spans.push(&mut name.span),
            ExprKind::Call(call) => {
                let names = std::iter::once(&mut call.name).chain(&mut call.within);
                spans.extend(names.map(|name| &mut name.span));
            }
            ExprKind::Top(top) => {
                spans.push(&mut top.amount_span);
                spans.extend(top.within.iter_mut().map(|name| &mut name.span));
            }
            ExprKind::InWindow(_, _, window) => spans.push(&mut window.span),
            _ => {}
        }
        spans
    }
}

/// A number as written, so that it can become an exact amount of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberLiteral {
    /// The digits as written, without a percent sign.
    pub digits: String,
    /// Whether `%` followed: a hundredth.
    pub percent: bool,
}

/// The kind of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// `12`, `1.5`, `75%`
    Number(NumberLiteral),
    /// `"text"` or `'text'`, unquoted.
    Text(String),
    /// `2025-06-01`
    Date(NaiveDate),
    /// `yes`, `true`, `no`, `false`
    Truth(bool),
    /// `missing`
    Missing,
    /// `now`
    Now,
    /// `today`
    Today,
    /// `30 days`
    Duration(Duration),
    /// `30 days ago`
    Ago(Duration),
    /// `30 days from now`
    FromNow(Duration),
    /// `visits_30d`, `visits.class.category`, `client.name`
    Path(Vec<Name>),
    /// `first(visits).at`: fields of a call's result.
    Field(Box<Expr>, Vec<Name>),
    /// `count(visits in last 30 days where …) within studio`; the kind of function is open until names are resolved.
    Call(Call),
    /// `top 20% by x within network`
    Top(Top),
    /// `in segment loyal`
    InSegment(Name),
    /// `in list vip`
    Listed(Name),
    /// `not x`
    Not(Box<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// `a or b`, `a + b`, `a < b`: every operation with two operands.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `x contains "a"`; the flag is `not`.
    TextTest(TextTest, bool, Box<Expr>, Box<Expr>),
    /// `x contains any of ("a", "b")`; the flag is `not`.
    AnyText(TextTest, bool, Box<Expr>, Vec<Expr>),
    /// `x between a and b`; the flag is `not`.
    Between(bool, Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x in ("a", "b")`; the flag is `not`.
    InList(bool, Box<Expr>, Vec<Expr>),
    /// `x in last 30 days`, `visits since 2025-01-01`; the flag is `not`.
    InWindow(bool, Box<Expr>, WindowExpr),
    /// `x is missing` (first flag: `not`; second: `missing` rather than `present`).
    Is(bool, bool, Box<Expr>),
    /// `(x)`
    Paren(Box<Expr>),
}

/// A call as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The function's name, in lower case.
    pub name: Name,
    /// Its arguments.
    pub args: Vec<Arg>,
    /// `within studio`
    pub within: Option<Name>,
}

/// One argument of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arg {
    /// Whether `distinct` comes before it.
    pub distinct: bool,
    /// The argument; a window after a collection is an [`ExprKind::InWindow`] around its path.
    pub expr: Expr,
    /// `where …`
    pub filter: Option<Expr>,
}

/// `top 20% by x within network`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Top {
    /// `bottom` instead of `top`.
    pub bottom: bool,
    /// The amount: a share if it has a percent sign, otherwise a count.
    pub amount: NumberLiteral,
    /// The place of the amount.
    pub amount_span: Span,
    /// The value to order by.
    pub by: Box<Expr>,
    /// The scope whose groups it is taken within.
    pub within: Option<Name>,
}

/// Operators with two operands, from the loosest to the tightest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `and`
    And,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl BinaryOp {
    /// Whether it is a comparison, whose result is yes or no.
    pub fn compares(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::NotEqual
                | Self::Less
                | Self::LessOrEqual
                | Self::Greater
                | Self::GreaterOrEqual
        )
    }
}

/// Tests of one text against another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextTest {
    /// `contains`
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
}

impl TextTest {
    /// The words of the test in a condition.
    pub fn words(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "starts with",
            Self::EndsWith => "ends with",
        }
    }
}

/// A window as written; its bounds are expressions until checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowExpr {
    /// The form of the window.
    pub kind: WindowKind,
    /// Its place, from `in`, `from` or `since` on.
    pub span: Span,
}

/// The forms of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WindowKind {
    /// `in last 30 days`
    Last(Duration),
    /// `in previous 30 days`
    Previous(Duration),
    /// `in next 14 days`
    Next(Duration),
    /// `in today`
    Today,
    /// `in this month`
    This(Period),
    /// `in last calendar month`, `in last 3 calendar months`
    LastCalendar(u32, Period),
    /// `in this fiscal year`
    ThisFiscalYear,
    /// `in last fiscal year`, `in last 2 fiscal years`
    LastFiscalYears(u32),
    /// `from 90 days ago to 30 days ago`
    FromTo(Box<Expr>, Box<Expr>),
    /// `since 2025-01-01`
    Since(Box<Expr>),
}
