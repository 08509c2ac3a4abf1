//! Builds literals: numbers, dates, durations, texts.

use chrono::{Datelike, NaiveDate};

use super::build::{Builder, Built};
use super::nodes::{expr, range};
use super::slips;
use crate::language::ast::{ExprKind, NumberLiteral};
use crate::language::grammar::{Node, Rule};
use crate::language::print::{CARRIAGE_RETURN, LINE_FEED};
use crate::time::{Duration, Unit};

/// The largest count of a duration.
const MAX_COUNT: u32 = 100_000;
/// Whole numbers are exact up to 2^53.
const MAX_WHOLE: u64 = 1 << 53;
/// More decimals than a double can distinguish are a typo.
const MAX_DECIMALS: usize = 17;

impl<'t> Builder<'t> {
    /// A literal or a path.
    pub(super) fn word(&self, node: Node<'t>) -> Built {
        let whole = range(&node);
        let kind = match node.as_rule() {
            Rule::moment => self.moment(node)?,
            Rule::amount => ExprKind::Number(self.amount(node)?),
            Rule::date => ExprKind::Date(self.date(&node)?),
            Rule::text => ExprKind::Text(unquoted(node.as_str())),
            Rule::truth => ExprKind::Truth(truth(node.as_str())),
            Rule::missing => ExprKind::Missing,
            Rule::now => ExprKind::Now,
            Rule::today => ExprKind::Today,
            _ => ExprKind::Path(self.names(node)?),
        };
        Some(expr(kind, whole))
    }

    /// `12`, `1.5`, `75%`
    pub(super) fn amount(&self, node: Node<'t>) -> Option<NumberLiteral> {
        let mut inner = node.into_inner();
        let number = inner.next()?;
        let (whole, decimals) = match number.as_str().split_once('.') {
            Some((whole, decimals)) => (whole, decimals),
            None => (number.as_str(), ""),
        };
        let fits = whole.parse::<u64>().is_ok_and(|n| n <= MAX_WHOLE);
        if !fits || decimals.len() > MAX_DECIMALS {
            self.slip(slips::long_number(range(&number), MAX_WHOLE, MAX_DECIMALS));
            return None;
        }
        Some(NumberLiteral {
            digits: number.as_str().to_string(),
            percent: inner.next().is_some(),
        })
    }

    /// `2025-06-01`
    pub(super) fn date(&self, node: &Node<'t>) -> Option<NaiveDate> {
        let text = node.as_str();
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let date = NaiveDate::from_ymd_opt(
            year.parse().ok()?,
            month.parse().unwrap_or(0),
            day.parse().unwrap_or(0),
        );
        let padded = month.len() == 2 && day.len() == 2;
        match date {
            Some(date) if padded && date.year() > 0 => Some(date),
            _ => {
                self.slip(slips::invalid_date(text, date, range(node)));
                None
            }
        }
    }

    /// `30 days`, `30 days ago`, `30 days from now`
    pub(super) fn moment(&self, node: Node<'t>) -> Option<ExprKind> {
        let mut inner = node.into_inner();
        let duration = self.duration(inner.next()?)?;
        Some(match inner.next().map(|n| n.as_rule()) {
            Some(Rule::ago) => ExprKind::Ago(duration),
            Some(_) => ExprKind::FromNow(duration),
            None => ExprKind::Duration(duration),
        })
    }

    /// `30 days`
    pub(super) fn duration(&self, node: Node<'t>) -> Option<Duration> {
        let mut inner = node.into_inner();
        let (number, unit) = (inner.next()?, inner.next()?);
        let count = self.count(&number, &unit)?;
        let word = unit.as_str().to_ascii_lowercase();
        Some(Duration {
            count,
            unit: match word.trim_end_matches('s') {
                "minute" => Unit::Minute,
                "hour" => Unit::Hour,
                "day" => Unit::Day,
                "week" => Unit::Week,
                "month" => Unit::Month,
                "quarter" => Unit::Quarter,
                _ => Unit::Year,
            },
        })
    }

    /// The count of a unit.
    pub(super) fn count(&self, number: &Node<'t>, unit: &Node<'t>) -> Option<u32> {
        let count = number.as_str().parse().ok();
        let count = count.filter(|n| (1..=MAX_COUNT).contains(n));
        if count.is_none() {
            self.slip(slips::odd_count(
                number.as_str(),
                unit.as_str(),
                range(number),
                MAX_COUNT,
            ));
        }
        count
    }
}

/// The text between quotes or backticks; a doubled quote stands for one, and line ends are restored.
pub(super) fn unquoted(text: &str) -> String {
    let mut chars = text.chars();
    let quote = chars.next().unwrap_or('"');
    chars.next_back();
    chars
        .as_str()
        .replace(&format!("{quote}{quote}"), &quote.to_string())
        .replace(LINE_FEED, "\n")
        .replace(CARRIAGE_RETURN, "\r")
}

fn truth(word: &str) -> bool {
    word.eq_ignore_ascii_case("yes") || word.eq_ignore_ascii_case("true")
}
