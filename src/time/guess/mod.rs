//! Describes times that cannot be read, and finds forms that would read them.

mod counted;
mod digits;
mod written;

use super::forms::{TimeForm, TimeForms};
use super::pattern::Pattern;
use super::plausible::Plausible;
use crate::sql;

pub use counted::since_2001;

/// What times of day are, and what is done about them.
const TIMES_OF_DAY: &str = "times of day without a day";
const NAME_A_DAY: &str = "name a column that tells the day";

/// What some values look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// In words, without any of the values: `day/month/year`, `Julian days`.
    pub words: String,
    /// A value that can be read in two orders.
    pub either: Option<String>,
    /// A value that is not read in the same way as the others.
    pub unread: Option<String>,
    /// What can be done.
    pub remedy: Remedy,
}

/// What can be done about times that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// These forms read them.
    Read(TimeForms),
    /// Either reads the values, and it is unclear which is meant: a description of each, and its forms.
    Either([(String, TimeForms); 2]),
    /// These forms read the values if all are in one order, which is unproven for some. In the other order, no form
    /// reads all.
    OneOrder(TimeForms),
    /// Some are in one order and some in another, so no form reads them all.
    Neither,
    /// Any other remedy, if no form reads them: a sentence without its full stop.
    Other(String),
}

/// Some of a column's values that cannot be read.
#[derive(Debug, Clone, Copy)]
pub struct Samples<'a> {
    /// The column's name, for the remedy.
    pub column: &'a str,
    /// Which times are plausible now.
    pub plausible: &'a Plausible,
}

impl Guess {
    /// In words, with values as examples unless their column `is_private`.
    pub fn told(&self, is_private: bool) -> String {
        let mut told = self.words.clone();
        if let Some(text) = self.either.as_ref().filter(|_| !is_private) {
            told += &format!(" (`{text}` could be both)");
        }
        told += match &self.unread {
            None => "",
            Some(_) => ", beside others",
        };
        if let Some(text) = self.unread.as_ref().filter(|_| !is_private) {
            told += &format!(" such as `{text}`");
        }
        told
    }

    /// Whether day and month are, or may be, in different orders.
    pub fn has_two_orders(&self) -> bool {
        matches!(self.remedy, Remedy::Neither | Remedy::OneOrder(_))
    }

    /// Guesses from texts.
    pub fn of_texts(of: Samples<'_>, texts: &[&str]) -> Option<Self> {
        let numbers: Option<Vec<f64>> = texts.iter().map(|text| number(text)).collect();
        match numbers {
            Some(numbers) => Self::of_numbers(of, &numbers),
            None => Self::of_written(texts),
        }
    }

    /// Guesses from texts that are not plain numbers.
    pub fn of_written(texts: &[&str]) -> Option<Self> {
        written::guess(texts)
    }

    /// Guesses from numbers.
    pub fn of_numbers(of: Samples<'_>, numbers: &[f64]) -> Option<Self> {
        digits::guess(of, numbers).or_else(|| counted::guess(of, numbers))
    }

    fn by(words: impl Into<String>, form: TimeForm) -> Self {
        Self::plain(words, Remedy::Read(TimeForms::one(form)))
    }

    fn by_pattern(words: impl Into<String>, pattern: &str) -> Option<Self> {
        let pattern = Pattern::new(pattern).ok()?;
        Some(Self::by(words, TimeForm::Pattern(pattern)))
    }

    /// Proposes a view with the expression that reads the values; it turns an empty text into NULL.
    fn with_view(of: Samples<'_>, words: impl Into<String>, expression: &str) -> Self {
        let column = sql::name(of.column);
        Self::without(
            words,
            format!(
                "read a view that has `case when trim({column}) <> '' then {expression} end` in its place"
            ),
        )
    }

    fn without(words: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::plain(words, Remedy::Other(remedy.into()))
    }

    fn plain(words: impl Into<String>, remedy: Remedy) -> Self {
        Self {
            words: words.into(),
            either: None,
            unread: None,
            remedy,
        }
    }
}

/// A plain number given as text.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text
        .bytes()
        .all(|c| c.is_ascii_digit() || c == b'.' || c == b'-');
    text.parse().ok().filter(|_| plain)
}
