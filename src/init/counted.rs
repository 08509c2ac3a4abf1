//! How many rows of a table have each value of a column that has few.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::data::as_text;
use super::text::in_line;
use crate::config::{Locale, marks};
use crate::engine::Cell;

/// A column of states has no more different values.
const MOST: usize = 200;
/// So many values are named to people.
const NAMED: usize = 8;

/// A value of a column that has few.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    Missing,
    /// A text as it stands, blanks included.
    Text(String),
    Whole(i64),
    /// What says nothing: a fraction, bytes.
    Other,
}

/// The values of a column, each with the number of its rows.
pub(super) type Counted = BTreeMap<Value, usize>;

/// The values of a column while its cells are seen.
#[derive(Debug, Default)]
pub(super) struct Counting {
    /// Texts on their own: they are found without being copied. A few are found sooner by their order than by a hash.
    texts: BTreeMap<String, usize>,
    others: Counted,
}

impl Counting {
    /// One more cell; breaks where the values are too many.
    pub(super) fn see(&mut self, cell: Cell<'_>) -> ControlFlow<()> {
        match as_text(cell) {
            Some(text) => match self.texts.get_mut(text) {
                Some(rows) => *rows += 1,
                None => drop(self.texts.insert(text.to_owned(), 1)),
            },
            None => *self.others.entry(Value::of(cell)).or_default() += 1,
        }
        match self.are_many() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn are_many(&self) -> bool {
        self.texts.len() + self.others.len() > MOST
    }

    /// The values that were seen; none where they are many, and where there were no cells.
    pub(super) fn counted(mut self) -> Option<Counted> {
        if self.are_many() {
            return None;
        }
        let texts = self.texts.into_iter();
        let texts = texts.map(|(text, rows)| (Value::Text(text), rows));
        self.others.extend(texts);
        (!self.others.is_empty()).then_some(self.others)
    }
}

impl Value {
    /// Of what is no text.
    fn of(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null => Self::Missing,
            Cell::Integer(whole) => Self::Whole(whole),
            Cell::Real(_) | Cell::Text(_) | Cell::Blob(_) => Self::Other,
        }
    }

    /// The text without blanks around it; none where it is none, or nothing but blanks.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            Self::Missing | Self::Whole(_) | Self::Other => None,
        }
    }

    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Whole(_) | Self::Other => false,
        }
    }
}

/// Some values with their rows, the commonest first, for people: `` `ja` (800 rows), `x` (80), empty (91) ``.
pub(super) fn listed<'c>(values: impl Iterator<Item = (&'c Value, &'c usize)>) -> String {
    let mut shown: BTreeMap<String, usize> = BTreeMap::new();
    for (value, rows) in values {
        let name = match value {
            Value::Whole(whole) => format!("`{whole}`"),
            Value::Other => "others".to_owned(),
            Value::Missing | Value::Text(_) => value
                .text()
                .map_or_else(|| "empty".to_owned(), |text| format!("`{}`", in_line(text))),
        };
        *shown.entry(name).or_default() += rows;
    }
    let mut shown: Vec<(String, usize)> = shown.into_iter().collect();
    shown.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    let more = shown.len().saturating_sub(NAMED);
    shown.truncate(NAMED);
    let marks = marks(Locale::EnUs);
    let listed = shown.iter().enumerate().map(|(place, (name, rows))| {
        let rows = match place {
            0 => marks.counted(*rows, "row"),
            _ => marks.whole(*rows),
        };
        format!("{name} ({rows})")
    });
    let mut listed: Vec<String> = listed.collect();
    if more > 0 {
        listed.push(format!("{more} more"));
    }
    listed.join(", ")
}
