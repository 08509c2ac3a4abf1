//! A condition as it was written: names not yet resolved, parentheses kept so that printing it
//! gives the same tree again.

use chrono::NaiveDate;

use crate::time::{Duration, Period};

/// A byte range of the condition's decoded text. Equal to every other span, so that trees compare
/// by what they say and not by where they stand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Whether both hold one byte, at least.
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
    /// Where it stands.
    pub span: Span,
}

/// An expression and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// A number as written, so that it can become an exact amount of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberLiteral {
    /// The digits as written, without a percent sign.
    pub digits: String,
    /// Whether `%` followed: a hundredth.
    pub percent: bool,
}

/// What an expression is.
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
    /// `first(visits).at`: fields of what a call gives.
    Field(Box<Expr>, Vec<Name>),
    /// `count(visits in last 30 days where …) within studio`; neutral until names resolve.
    Call(Call),
    /// `top 20% by x within network`
    Top(Top),
    /// `in segment loyal`
    InSegment(Name),
    /// `not x`
    Not(Box<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// `a or b`, `a + b`, `a < b`: everything with two sides.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `x contains "a"`; the flag is `not`.
    TextTest(TextTest, bool, Box<Expr>, Box<Expr>),
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
    /// `distinct` stood before it.
    pub distinct: bool,
    /// The argument; a window behind a collection is an [`ExprKind::InWindow`] around its path.
    pub expr: Expr,
    /// `where …`
    pub filter: Option<Expr>,
}

/// `top 20% by x within network`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Top {
    /// `bottom` rather than `top`.
    pub bottom: bool,
    /// How much: a share where it has a percent sign, else a count.
    pub amount: NumberLiteral,
    /// Where the amount stands.
    pub amount_span: Span,
    /// What to order by.
    pub by: Box<Expr>,
    /// In which group.
    pub within: Option<Name>,
}

/// Operators with two sides, loosest first.
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
    /// Whether it compares, and gives a yes or no.
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

/// Tests of a text against another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextTest {
    /// `contains`
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
}

/// A window as written; its bounds are expressions until checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowExpr {
    /// Which.
    pub kind: WindowKind,
    /// Where it stands, from `in`, `from` or `since` on.
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
    /// `in last calendar month`
    LastCalendar(Period),
    /// `from 90 days ago to 30 days ago`
    FromTo(Box<Expr>, Box<Expr>),
    /// `since 2025-01-01`
    Since(Box<Expr>),
}
