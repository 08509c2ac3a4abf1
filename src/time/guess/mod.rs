//! What times that cannot be read look like, and which forms would read them.

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
    /// One that two orders read.
    pub either: Option<String>,
    /// One that is not read as the others are.
    pub unread: Option<String>,
    /// What can be done about it.
    pub remedy: Remedy,
}

/// What can be done about times that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// These forms read them.
    Read(TimeForms),
    /// Both read them, and nothing tells which is meant: what each takes them for, in words, and its forms.
    Either([(String, TimeForms); 2]),
    /// These forms read them if all are in one order, which nothing proves of some; in the other order, no form reads all.
    OneOrder(TimeForms),
    /// Some are in one order and some in another, so that no form reads them.
    Neither,
    /// A sentence without its full stop, where no form reads them.
    Other(String),
}

/// Some of a column's values that cannot be read.
#[derive(Debug, Clone, Copy)]
pub struct Samples<'a> {
    /// The column's name, for what is to be written.
    pub column: &'a str,
    /// What is plausible now.
    pub plausible: &'a Plausible,
}

impl Guess {
    /// In words, with values that show it unless their column `is_private`.
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

    /// Whether some are in one order of day and month and some in another, or may be.
    pub fn has_two_orders(&self) -> bool {
        matches!(self.remedy, Remedy::Neither | Remedy::OneOrder(_))
    }

    /// Of texts.
    pub fn of_texts(of: Samples<'_>, texts: &[&str]) -> Option<Self> {
        let numbers: Option<Vec<f64>> = texts.iter().map(|text| number(text)).collect();
        match numbers {
            Some(numbers) => Self::of_numbers(of, &numbers),
            None => Self::of_written(texts),
        }
    }

    /// Of texts that are no plain numbers.
    pub fn of_written(texts: &[&str]) -> Option<Self> {
        written::guess(texts)
    }

    /// Of numbers.
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

    /// With the expression that reads it, which makes nothing of an empty text.
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

/// A plain number as text.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text
        .bytes()
        .all(|c| c.is_ascii_digit() || c == b'.' || c == b'-');
    text.parse().ok().filter(|_| plain)
}
