//! What the values of segments are computed from.

use chrono::NaiveDate;

use crate::source::{Location, Scalar};
use crate::time::{Duration, Period};

/// What a value of a segment is computed from.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    /// An expression, in which a population function ranges over the segment's members.
    Written(Scalar),
    /// A usual one. What is wrong with it is told at the place in config that it was made from.
    Usual(UsualValue, Location),
}

/// The usual values of a line of business. An order is a row of which more than 0 was paid: the others,
/// such as gifts and refunds that are rows below zero, only count towards sums.
#[derive(Debug, Clone, PartialEq)]
pub enum UsualValue {
    /// The number of members.
    Size,
    /// The mean of the members' health scores.
    AverageHealth,
    /// What is invoiced again and again, for a year.
    RecurringRevenue(Recurring),
    /// What the last twelve months brought. Of a customer known for less than a year it is taken for a
    /// whole one, but not of one known for 90 days or less: a first order says nothing about the next.
    TrailingRevenue(Amounts),
    /// Orders per member, within a window; ever, where there is none.
    OrderFrequency(Amounts, Option<OrderWindow>),
    /// The total amount over the number of orders: no mean of the members' means.
    OrderValue(Amounts),
    /// The total amount over the number of members.
    CustomerValue(Amounts),
    /// The total amount.
    Total(Amounts),
}

/// Over which time orders are counted: a window that ends now, but for the calendar's last period.
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
    /// The column, perhaps behind a lookup.
    pub column: Vec<String>,
}

/// Amounts that come again and again.
#[derive(Debug, Clone, PartialEq)]
pub struct Recurring {
    /// The amount of one invoice.
    pub amounts: Amounts,
    /// The column that tells how often, perhaps behind a lookup.
    pub every: Vec<String>,
    /// Which rows still run: a condition over the row's columns; none for all.
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
