//! Counts the rows for each value of a column with few distinct values.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::data::as_text;
use super::text::in_line;
use crate::config::{Locale, marks};
use crate::engine::Cell;

/// A status column has no more distinct values than this.
const MOST: usize = 200;
/// How many values are shown to people.
const NAMED: usize = 8;

/// A value of a column with few distinct values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    Missing,
    /// A text as it is stored, including whitespace.
    Text(String),
    Whole(i64),
    /// A value without meaning here: a fraction or bytes.
    Other,
}

/// The values of a column, each with its number of rows.
pub(super) type Counted = BTreeMap<Value, usize>;

/// Counts the values of a column as its cells come in.
#[derive(Debug, Default)]
pub(super) struct Counting {
    /// Texts are kept separately, so that they are found without copying. For a few texts, an ordered map is faster
    /// than a hash map.
    texts: BTreeMap<String, usize>,
    others: Counted,
}

impl Counting {
    /// Counts another cell; breaks once there are too many values.
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

    /// The counted values; none where there are too many, or where there were no cells.
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
    /// The value of a cell that is not text.
    fn of(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null => Self::Missing,
            Cell::Integer(whole) => Self::Whole(whole),
            Cell::Real(_) | Cell::Text(_) | Cell::Blob(_) => Self::Other,
        }
    }

    /// The trimmed text; none where the value is not text or is blank.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            Self::Missing | Self::Whole(_) | Self::Other => None,
        }
    }

    /// Whether the value is missing or blank.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Whole(_) | Self::Other => false,
        }
    }
}

/// Some values with their numbers of rows, the most common first, for people: `` `ja` (800 rows), `x` (80), empty
/// (91) ``.
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
