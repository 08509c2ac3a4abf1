//! The formulas of segment values.

use chrono::NaiveDate;

use crate::source::{Location, Scalar};
use crate::time::{Duration, Period};

/// The formula of a segment value.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    /// An expression, in which a population function ranges over the segment's members.
    Written(Scalar),
    /// A standard one. Mistakes are reported at the place in config that it was made from.
    Usual(UsualValue, Location),
}

/// The standard values of a line of business. An order is a row with a paid amount above 0. Other rows, such as gifts,
/// and refunds below zero, only count towards sums.
#[derive(Debug, Clone, PartialEq)]
pub enum UsualValue {
    /// The number of members.
    Size,
    /// The mean of the members' health scores.
    AverageHealth,
    /// Recurring revenue, per year.
    RecurringRevenue(Recurring),
    /// The revenue of the last twelve months. For a customer known for less than a year, it is scaled up to a whole
    /// year, but not for one known for 90 days or less: a first order says nothing about the next.
    TrailingRevenue(Amounts),
    /// Orders per member within a window, or ever if there is none.
    OrderFrequency(Amounts, Option<OrderWindow>),
    /// The total amount divided by the number of orders, not the mean of the members' means.
    OrderValue(Amounts),
    /// The total amount divided by the number of members.
    CustomerValue(Amounts),
    /// The total amount.
    Total(Amounts),
}

/// The window in which orders are counted. It ends now, except for the last calendar period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderWindow {
    /// `last 12 months`
    Last(Duration),
    /// `this year`
    This(Period),
    /// `last calendar year`
    LastCalendar(Period),
    /// `since 2025-01-01`
    Since(NaiveDate),
}

/// A collection's column with amounts of money.
#[derive(Debug, Clone, PartialEq)]
pub struct Amounts {
    /// The collection.
    pub rows: String,
    /// The column, optionally through a lookup.
    pub column: Vec<String>,
}

/// Recurring amounts.
#[derive(Debug, Clone, PartialEq)]
pub struct Recurring {
    /// The amount of one invoice.
    pub amounts: Amounts,
    /// The column with the billing period, optionally through a lookup.
    pub every: Vec<String>,
    /// Which rows are still running: a condition over the row's columns; `None` for all.
    pub running: Option<Scalar>,
}

impl Formula {
    /// Whether it is the number of members.
    pub fn is_size(&self) -> bool {
        match self {
            Self::Written(text) => text.value.trim() == "size()",
            Self::Usual(value, _) => *value == UsualValue::Size,
        }
    }
}
