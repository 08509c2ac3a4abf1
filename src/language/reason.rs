//! Reasons in words, with placeholders for values: `last visit {value | day | days} ago, usually every {rhythm}`.

use std::ops::Range;

/// A sentence with optional parts: a clause with a missing value is left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason<V> {
    /// The clauses, in order. A clause ends before a comma, a semicolon or an opening parenthesis, and after a closing
    /// one.
    pub clauses: Vec<Vec<Piece<V>>>,
}

/// The maximum length of a sentence, in bytes.
const LONGEST: usize = 2_000;

/// A piece of a clause.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece<V> {
    /// Words as written.
    Text(String),
    /// A value, and its format.
    Value(V, Form),
}

/// The format of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Unchanged: a number in the digits of the locale.
    Plain,
    /// A share: 0.25 is `25%`.
    Percent,
    /// A number with its words. It comes before the words, or wherever `one` or `many` has a `#`.
    Counted {
        /// The words for zero, without the number.
        none: Option<String>,
        /// The words for one.
        one: String,
        /// The words for any other number.
        many: String,
    },
}

/// What is wrong with a reason, and where in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub at: Range<usize>,
    pub message: String,
    pub help: String,
}

impl<V> Reason<V> {
    /// The same sentence over other values.
    pub fn map<W>(&self, mut of: impl FnMut(&V) -> W) -> Reason<W> {
        let clauses = self.clauses.iter().map(|clause| {
            let pieces = clause.iter().map(|piece| match piece {
                Piece::Text(text) => Piece::Text(text.clone()),
                Piece::Value(value, form) => Piece::Value(of(value), form.clone()),
            });
            pieces.collect()
        });
        Reason {
            clauses: clauses.collect(),
        }
    }

    /// The values, in order.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        let pieces = self.clauses.iter().flatten();
        pieces.filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Value(value, _) => Some(value),
        })
    }
}

impl Reason<Range<usize>> {
    /// Splits a text into words and placeholders, with the format of each value.
    pub(super) fn read(text: &str) -> Result<Self, Wrong> {
        if text.len() > LONGEST {
            let message = format!(
                "a reason has {LONGEST} bytes at most, and this one {}",
                text.len()
            );
            return Err(wrong(0..1, &message, "say it in fewer words"));
        }
        let mut reason = Self {
            clauses: vec![Vec::new()],
        };
        let mut at = 0;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let doubled = text.get(at + 1..).is_some_and(|rest| rest.starts_with(c));
            match c {
                '{' | '}' if doubled => {
                    reason.push(c);
                    at += 2;
                }
                '{' => {
                    let end = closing(text, at).ok_or_else(|| {
                        wrong(
                            at..at + 1,
                            "this `{` is never closed",
                            "a value is written `{value}`; a literal brace is doubled: `{{`",
                        )
                    })?;
                    reason.add(place(text, at + 1..end)?);
                    at = end + 1;
                }
                '}' => {
                    let message = "this `}` closes nothing";
                    let help = "a literal brace is doubled: `}}`";
                    return Err(wrong(at..at + 1, message, help));
                }
                _ => {
                    if begins_clause(text, at) {
                        reason.clauses.push(Vec::new());
                    }
                    reason.push(c);
                    at += c.len_utf8();
                    if c == ')' {
                        reason.clauses.push(Vec::new());
                    }
                }
            }
        }
        reason.clauses.retain(|clause| !clause.is_empty());
        Ok(reason)
    }

    /// Adds a piece to the last clause.
    fn add(&mut self, piece: Piece<Range<usize>>) {
        match self.clauses.last_mut() {
            Some(clause) => clause.push(piece),
            None => self.clauses.push(vec![piece]),
        }
    }

    /// Adds a character to the last clause.
    fn push(&mut self, c: char) {
        match self.clauses.last_mut().and_then(|clause| clause.last_mut()) {
            Some(Piece::Text(text)) => text.push(c),
            _ => self.add(Piece::Text(c.to_string())),
        }
    }
}

/// Whether what begins here can be left out without the words before it.
fn begins_clause(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    rest.starts_with(", ") || rest.starts_with("; ") || rest.starts_with(" (")
}

/// Where the brace that opens at a place closes; braces inside quotes do not count.
fn closing(text: &str, open: usize) -> Option<usize> {
    let mut quote = None;
    for (place, c) in text.get(open..)?.char_indices().skip(1) {
        match (c, quote) {
            ('"' | '\'' | '`', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('}', None) => return Some(open + place),
            _ => {}
        }
    }
    None
}

/// An expression and, after bars, the format of its value.
fn place(text: &str, inside: Range<usize>) -> Result<Piece<Range<usize>>, Wrong> {
    let parts = parted(text, &inside);
    let words: Vec<String> = parts
        .iter()
        .skip(1)
        .map(|part| text.get(part.clone()).unwrap_or_default().trim().to_owned())
        .collect();
    let form = match words.as_slice() {
        [] => Form::Plain,
        [percent] if percent == "%" => Form::Percent,
        [one, many] => Form::Counted {
            none: None,
            one: one.clone(),
            many: many.clone(),
        },
        [none, one, many] => Form::Counted {
            none: Some(none.clone()),
            one: one.clone(),
            many: many.clone(),
        },
        _ => {
            return Err(wrong(
                inside,
                "the words for one and the words for more come after `|`",
                "write `{value | day | days}`, `{value | no visits | visit | visits}`, \
                 `{value | every day | every # days}` or `{value | %}`",
            ));
        }
    };
    let expression = parts.into_iter().next().unwrap_or(inside);
    if text
        .get(expression.clone())
        .is_none_or(|text| text.trim().is_empty())
    {
        return Err(wrong(
            expression.start.saturating_sub(1)..expression.end + 1,
            "there is nothing between these braces",
            "`{value}` is the factor's value; any other expression can stand there too",
        ));
    }
    Ok(Piece::Value(expression, form))
}

/// The parts of a range, split at the bars outside quotes.
fn parted(text: &str, inside: &Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut quote) = (inside.start, None);
    for (place, c) in text.get(inside.clone()).unwrap_or_default().char_indices() {
        match (c, quote) {
            ('"' | '\'' | '`', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('|', None) => {
                parts.push(start..inside.start + place);
                start = inside.start + place + 1;
            }
            _ => {}
        }
    }
    parts.push(start..inside.end);
    parts
}

fn wrong(at: Range<usize>, message: &str, help: &str) -> Wrong {
    Wrong {
        at,
        message: message.to_owned(),
        help: help.to_owned(),
    }
}
