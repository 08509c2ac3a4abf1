//! What a time that cannot be read looks like, for people who have to say what it is.

mod counted;
mod digits;
mod written;

use super::Plausible;
use crate::sql;

pub use counted::since_2001;

/// A way to write times that is not read by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// What it looks like: `day/month/year`, `Julian days`.
    pub words: String,
    /// What can be done about it, as a sentence without its full stop.
    pub remedy: String,
}

/// Some of a column's values that cannot be read.
#[derive(Debug, Clone, Copy)]
pub struct Samples<'a> {
    /// The column's name, for what is to be written.
    pub column: &'a str,
    /// What is plausible now.
    pub plausible: &'a Plausible,
}

impl Form {
    /// Of texts.
    pub fn of_texts(of: Samples<'_>, texts: &[&str]) -> Option<Self> {
        let numbers: Option<Vec<f64>> = texts.iter().map(|text| number(text)).collect();
        match numbers {
            Some(numbers) => Self::of_numbers(of, &numbers),
            None => written::form(of, texts),
        }
    }

    /// Of numbers.
    pub fn of_numbers(of: Samples<'_>, numbers: &[f64]) -> Option<Self> {
        digits::form(of, numbers).or_else(|| counted::form(of, numbers))
    }

    /// With the expression that reads it, which makes nothing of an empty text.
    fn with_view(of: Samples<'_>, words: impl Into<String>, expression: &str) -> Self {
        let column = sql::name(of.column);
        Self {
            words: words.into(),
            remedy: format!(
                "read a view that has `case when trim({column}) <> '' then {expression} end` in its place"
            ),
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
