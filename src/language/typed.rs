//! A condition in which every name is resolved and every type known: the input of [`crate::ir`].
//!
//! Operands have the same type: the checker has turned literals beside money into money, and instants compared with
//! dates into their local dates, so nothing later converts values.

use std::cmp::Ordering;

pub use super::functions::{Function, PopulationFunction};
use crate::catalog::{CollectionId, ColumnRef, ScopeId};
use crate::language::ast::{ExprId, Span, TextTest};
use crate::time::{Direction, Duration, Moment, Window};
use crate::value::{Type, Value};

/// A typed expression. Equal to every other expression with the same content.
#[derive(Debug, Clone)]
pub struct Typed {
    /// The expression's id; `None` for generated ones. What the checker adds to a condition, such as the day of an
    /// instant beside a date, has an id of its own.
    pub id: Option<ExprId>,
    /// The kind of expression.
    pub kind: Kind,
    /// The type of its value.
    pub ty: Type,
    /// Its place in the text that contains it.
    pub span: Span,
}

impl PartialEq for Typed {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.ty == other.ty
    }
}

/// The kind of a typed expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A literal.
    Constant(Value),
    /// A point in time that is constant in a run.
    Moment(Moment),
    /// A column of the subject; inside `where`, a column of the row's subject.
    Subject(ColumnRef),
    /// Inside an aggregate: a column of the row.
    Row(ColumnRef),
    /// A named expression. In a row expression, a constant one is lowered in place; any other takes the value of the
    /// row's subject.
    Metric(String),
    /// The health score that config defines: a number, the same wherever it is used.
    Health,
    /// An aggregate over a collection's rows of one subject.
    Aggregate(Box<Aggregate>),
    /// A function over all subjects, or over a group of them.
    Population(Box<Population>),
    /// Membership of another segment, by id: yes or no.
    Member(String),
    /// `not x`
    Not(Box<Typed>),
    /// `a and b and …`
    And(Vec<Typed>),
    /// `a or b or …`
    Or(Vec<Typed>),
    /// A comparison of two values of one type.
    Compare(Comparison, Box<Typed>, Box<Typed>),
    /// `low <= x and x <= high`
    Between(Box<Typed>, Box<Typed>, Box<Typed>),
    /// Arithmetic on numbers and money; the result's type decides which rule applies.
    Arithmetic(Arithmetic, Box<Typed>, Box<Typed>),
    /// `-x`
    Negate(Box<Typed>),
    /// A date or instant shifted by a duration.
    Shift(Box<Typed>, Duration, Direction),
    /// `x in (…)`: equal to any; items have the type of x.
    InList(Box<Typed>, Vec<Typed>),
    /// Whether a text of the subject is in the list with that name: yes or no; no if the text is missing.
    Listed(Box<Typed>, String),
    /// `contains`, `starts with`, `ends with`
    TextTest(TextTest, Box<Typed>, Box<Typed>),
    /// A date or instant inside a window.
    InWindow(Box<Typed>, Window),
    /// `x is missing`; unknown counts as missing.
    IsMissing(Box<Typed>),
    /// A function of values.
    Call(Function, Vec<Typed>),
    /// Cannot be evaluated because a table or column is gone: the reason in words.
    Gone(String),
}

impl Typed {
    /// An expression with a place, still without an id.
    pub(super) fn new(kind: Kind, ty: Type, span: Span) -> Self {
        Self {
            id: None,
            kind,
            ty,
            span,
        }
    }

    /// A generated expression.
    pub fn made(kind: Kind, ty: Type) -> Self {
        Self::new(kind, ty, Span::default())
    }

    /// How many levels of scans must be read before it is known; `of_metric` returns the same for a metric.
    pub fn levels(&self, of_metric: &dyn Fn(&str) -> usize) -> usize {
        let mut levels = 0;
        let mut rest = vec![self];
        while let Some(next) = rest.pop() {
            let of_part = match &next.kind {
                Kind::Aggregate(aggregate) => 1 + aggregate.level(of_metric),
                Kind::Metric(name) => of_metric(name),
                _ => 0,
            };
            levels = levels.max(of_part);
            rest.extend(next.operands());
        }
        levels
    }

    /// The expressions directly inside: operands, and an aggregate's condition and field.
    pub fn children(&self) -> Vec<&Typed> {
        match &self.kind {
            Kind::Aggregate(aggregate) => {
                let field = aggregate.measure.field();
                aggregate.filter.iter().chain(field).collect()
            }
            _ => self.operands(),
        }
    }

    /// The expressions directly inside that are over the same kind of row. An aggregate has none, as its parts are over
    /// another kind.
    pub fn operands(&self) -> Vec<&Typed> {
        match &self.kind {
            Kind::Constant(_)
            | Kind::Moment(_)
            | Kind::Subject(_)
            | Kind::Row(_)
            | Kind::Metric(_)
            | Kind::Health
            | Kind::Member(_)
            | Kind::Aggregate(_)
            | Kind::Gone(_) => Vec::new(),
            Kind::Population(population) => population.of.iter().collect(),
            Kind::Not(x)
            | Kind::Negate(x)
            | Kind::Shift(x, ..)
            | Kind::InWindow(x, _)
            | Kind::Listed(x, _)
            | Kind::IsMissing(x) => vec![x],
            Kind::And(all) | Kind::Or(all) | Kind::Call(_, all) => all.iter().collect(),
            Kind::Compare(_, a, b) | Kind::Arithmetic(_, a, b) | Kind::TextTest(_, a, b) => {
                vec![a, b]
            }
            Kind::Between(x, low, high) => vec![x, low, high],
            Kind::InList(x, items) => std::iter::once(&**x).chain(items).collect(),
        }
    }

    /// Calls `visit` with this expression and every one inside it.
    pub fn each_mut(&mut self, visit: &mut dyn FnMut(&mut Self)) {
        visit(self);
        match &mut self.kind {
            Kind::Constant(_)
            | Kind::Moment(_)
            | Kind::Subject(_)
            | Kind::Row(_)
            | Kind::Metric(_)
            | Kind::Health
            | Kind::Member(_)
            | Kind::Gone(_) => {}
            Kind::Aggregate(aggregate) => aggregate.each_mut(visit),
            Kind::Population(population) => {
                population.of.iter_mut().for_each(|x| x.each_mut(visit));
            }
            Kind::Not(x)
            | Kind::Negate(x)
            | Kind::Shift(x, ..)
            | Kind::InWindow(x, _)
            | Kind::Listed(x, _)
            | Kind::IsMissing(x) => x.each_mut(visit),
            Kind::And(all) | Kind::Or(all) | Kind::Call(_, all) => {
                all.iter_mut().for_each(|x| x.each_mut(visit));
            }
            Kind::Compare(_, a, b) | Kind::Arithmetic(_, a, b) | Kind::TextTest(_, a, b) => {
                [a, b].into_iter().for_each(|x| x.each_mut(visit));
            }
            Kind::Between(x, low, high) => {
                [x, low, high].into_iter().for_each(|x| x.each_mut(visit));
            }
            Kind::InList(x, items) => {
                x.each_mut(visit);
                items.iter_mut().for_each(|x| x.each_mut(visit));
            }
        }
    }

    /// Calls `visit` with this expression and every one inside it, operands after the expression that uses them.
    pub fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a Typed)) {
        visit(self);
        for child in self.children() {
            child.each(visit);
        }
    }
}

impl Aggregate {
    /// The level of the scan that fills it: how many levels must be read before the values that its rows are compared
    /// with are known.
    pub fn level(&self, of_metric: &dyn Fn(&str) -> usize) -> usize {
        let parts = self.filter.iter().chain(self.measure.field());
        let levels = parts.map(|part| part.levels(of_metric));
        levels.max().unwrap_or(0)
    }

    /// Calls `visit` with every expression of its condition and its field.
    pub(super) fn each_mut(&mut self, visit: &mut dyn FnMut(&mut Typed)) {
        let parts = self.filter.iter_mut().chain(self.measure.field_mut());
        parts.for_each(|part| part.each_mut(visit));
    }
}

impl Measure {
    fn field_mut(&mut self) -> Option<&mut Typed> {
        match self {
            Self::Count | Self::Exists => None,
            Self::CountDistinct(field)
            | Self::Sum(field)
            | Self::Avg(field)
            | Self::Min(field)
            | Self::Max(field)
            | Self::Quantile(field, _)
            | Self::Stddev(field)
            | Self::First(field)
            | Self::Last(field) => Some(field),
        }
    }

    /// The field that is measured, if there is one.
    pub fn field(&self) -> Option<&Typed> {
        match self {
            Self::Count | Self::Exists => None,
            Self::CountDistinct(field)
            | Self::Sum(field)
            | Self::Avg(field)
            | Self::Min(field)
            | Self::Max(field)
            | Self::Quantile(field, _)
            | Self::Stddev(field)
            | Self::First(field)
            | Self::Last(field) => Some(field),
        }
    }
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
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
}

impl Comparison {
    /// The same comparison with its sides exchanged.
    pub fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same @ (Self::Equal | Self::NotEqual) => same,
        }
    }

    /// Whether it holds for two values in that order.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// Arithmetic with two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// An aggregate over the rows of one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// The collection.
    pub collection: CollectionId,
    /// The time window of the rows. [`Window::Past`] if none is written (all rows if the collection has no time
    /// column).
    pub window: Window,
    /// The condition on the rows.
    pub filter: Option<Typed>,
    /// The measure.
    pub measure: Measure,
}

/// What an aggregate computes from its rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// The number of rows.
    Count,
    /// Whether there is any row.
    Exists,
    /// The number of distinct values.
    CountDistinct(Typed),
    /// The sum; 0 for no values.
    Sum(Typed),
    /// The mean of the values that are present.
    Avg(Typed),
    /// The smallest.
    Min(Typed),
    /// The largest.
    Max(Typed),
    /// Linear interpolation between order statistics at (n − 1) × p (type 7); p in billionths.
    Quantile(Typed, u32),
    /// The sample standard deviation; missing for fewer than two values.
    Stddev(Typed),
    /// A field of the earliest row, ties by lower key.
    First(Typed),
    /// A field of the latest row, ties by higher key.
    Last(Typed),
}

/// A function over the subjects of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// The function.
    pub function: PopulationFunction,
    /// The argument; `None` for `size()`.
    pub of: Option<Typed>,
    /// The scope; `None` for everyone.
    pub scope: Option<ScopeId>,
}
