//! A table with typed cells, so that JSON gets numbers and a terminal gets columns.

use std::borrow::Cow;

use chrono_tz::Tz;
use serde_json::{Map, Value as Json};

use crate::config::Marks;
use crate::engine::Key;
use crate::time::format_instant;

/// Rows under headings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The columns, in order.
    pub headings: Vec<Heading>,
    /// The rows; each has one cell per heading.
    pub rows: Vec<Vec<Cell>>,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The key in JSON.
    pub key: String,
    /// The label in text and CSV.
    pub label: String,
    /// The alignment of the cells.
    pub align: Align,
    /// How soon the column is dropped on a terminal that is too narrow: 0 for never, the highest first.
    pub spare: u8,
    /// Texts up to this width, in terminal cells, never wrap.
    pub whole: usize,
    /// Whether all numbers are shown with the decimals of the one that has most.
    pub even: bool,
    /// The label for a cell that follows it on the same line; `None` if it is the same.
    pub alone: Option<String>,
}

/// Names up to this width do not wrap.
const NAME: usize = 24;

/// The alignment of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// For text.
    Left,
    /// For numbers.
    Right,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Empty: never shown as zero.
    Empty,
    /// Text; it may come from the database, so CSV guards it.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number that is an identifier: its digits are never grouped.
    Key(i64),
    /// A number and its displayed decimals; JSON has full precision.
    Number(f64, usize),
    /// A fraction of 1, shown in percent with one decimal.
    Percent(f64),
    /// A number based on only a few subjects, with how many of how many; display shows all three.
    OfFew(Box<Cell>, u64, u64),
    /// A calendar date.
    Date(chrono::NaiveDate),
    /// An instant in microseconds, shown in a time zone.
    Instant(i64, Tz),
    /// An instant in microseconds, shown in a time zone with the zone's name.
    Moment(i64, Tz),
    /// Several texts: a list in JSON, joined elsewhere.
    List(Vec<String>),
}

impl Heading {
    /// A heading for text.
    pub fn left(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            align: Align::Left,
            spare: 0,
            whole: 0,
            even: false,
            alone: None,
        }
    }

    /// Allows the column to be dropped for lack of space, the higher the sooner.
    #[must_use]
    pub fn spare(self, spare: u8) -> Self {
        Self { spare, ..self }
    }

    /// Sets the label for a cell that follows it on the same line.
    #[must_use]
    pub fn alone(self, label: impl Into<String>) -> Self {
        Self {
            alone: Some(label.into()),
            ..self
        }
    }

    /// Gives all numbers in the column the same number of decimals.
    #[must_use]
    pub fn even(self) -> Self {
        Self { even: true, ..self }
    }

    /// Marks the column as a picture, which never wraps.
    #[must_use]
    pub fn picture(self) -> Self {
        Self {
            whole: usize::MAX,
            ..self
        }
    }

    /// Marks the column as names, which wrap only if they are long.
    #[must_use]
    pub fn names(self) -> Self {
        Self {
            whole: NAME,
            ..self
        }
    }

    /// A heading for numbers.
    pub fn right(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            align: Align::Right,
            ..Self::left(key, label)
        }
    }
}

impl Table {
    /// A table without rows.
    pub fn new(headings: impl Into<Vec<Heading>>) -> Self {
        Self {
            headings: headings.into(),
            rows: Vec::new(),
        }
    }

    /// The display cells, one list per row.
    pub fn shown(&self, marks: &Marks) -> Vec<Vec<String>> {
        let decimals = |(place, heading): (usize, &Heading)| {
            let cells = self.rows.iter().filter_map(|row| row.get(place));
            let most = cells.map(Cell::decimals).max().unwrap_or(0);
            if heading.even { most } else { 0 }
        };
        let decimals: Vec<usize> = self.headings.iter().enumerate().map(decimals).collect();
        let row = |row: &Vec<Cell>| {
            let cells = row.iter().zip(&decimals);
            cells
                .map(|(cell, most)| cell.with_decimals(*most).shown(marks))
                .collect()
        };
        self.rows.iter().map(row).collect()
    }

    /// A list of objects, one per row.
    pub fn to_json(&self) -> Json {
        Json::Array(self.objects().collect())
    }

    /// The table without a column that people need not see.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        let place = self.headings.iter().position(|heading| heading.key == key);
        if let Some(place) = place {
            self.headings.remove(place);
            for row in &mut self.rows {
                row.remove(place);
            }
        }
        self
    }

    /// The table without a column, if all its cells are empty.
    #[must_use]
    pub fn without_empty(self, key: &str) -> Self {
        let place = self.headings.iter().position(|heading| heading.key == key);
        let mut cells = self.rows.iter().filter_map(|row| row.get(place?));
        match cells.all(|cell| *cell == Cell::Empty) {
            true => self.without(key),
            false => self,
        }
    }

    fn objects(&self) -> impl Iterator<Item = Json> {
        self.rows.iter().map(|row| object(&self.headings, row))
    }
}

impl Cell {
    /// The cell for display.
    pub fn shown(&self, marks: &Marks) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Integer(number) => marks.whole(*number),
            Self::Key(number) => number.to_string(),
            Self::Number(number, decimals) => marks.number(*number, *decimals),
            Self::Percent(share) => format!("{}%", marks.number(share * 100.0, 1)),
            Self::OfFew(cell, few, all) => {
                format!("{} ({})", cell.shown(marks), of_few(*few, *all, marks))
            }
            Self::Date(date) => marks.date(*date),
            Self::Instant(micros, zone) => marks.instant(*micros, *zone),
            Self::Moment(micros, zone) => marks.moment(*micros, *zone),
            Self::List(items) => items.join(", "),
        }
    }

    /// The number of displayed decimals.
    pub(in crate::view) fn decimals(&self) -> usize {
        match self {
            Self::Number(_, decimals) => *decimals,
            Self::OfFew(cell, ..) => cell.decimals(),
            _ => 0,
        }
    }

    /// The cell with at least `decimals` decimals, if it is a number.
    pub(in crate::view) fn with_decimals(&self, decimals: usize) -> Cow<'_, Self> {
        match self {
            Self::Integer(number) if decimals > 0 => {
                Cow::Owned(Self::Number(*number as f64, decimals))
            }
            Self::Number(number, fewer) if decimals > *fewer => {
                Cow::Owned(Self::Number(*number, decimals))
            }
            Self::OfFew(cell, few, all) => {
                let cell = cell.with_decimals(decimals).into_owned();
                Cow::Owned(Self::OfFew(Box::new(cell), *few, *all))
            }
            _ => Cow::Borrowed(self),
        }
    }

    /// The cell as JSON.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Empty => Json::Null,
            Self::Text(text) => Json::from(text.as_str()),
            Self::Integer(number) | Self::Key(number) => Json::from(*number),
            Self::Number(number, _) | Self::Percent(number) => Json::from(*number),
            Self::OfFew(cell, ..) => cell.to_json(),
            Self::Date(date) => Json::from(date.to_string()),
            Self::Instant(micros, zone) | Self::Moment(micros, zone) => {
                Json::from(format_instant(*micros, *zone))
            }
            Self::List(items) => Json::from(items.clone()),
        }
    }
}

/// A count out of a total: `2 of 1,236`.
pub fn of_few(few: u64, all: u64, marks: &Marks) -> String {
    format!("{} of {}", marks.whole(few), marks.whole(all))
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Self {
        Self::from(number as u64)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Integer(i64::from(number))
    }
}

/// `None` becomes an empty cell.
impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(some: Option<T>) -> Self {
        some.map_or(Self::Empty, Into::into)
    }
}

impl From<&Key> for Cell {
    fn from(key: &Key) -> Self {
        match key {
            Key::Integer(number) => Self::Key(*number),
            Key::Text(text) => Self::Text(text.to_string()),
        }
    }
}

/// One row as a JSON object.
pub(super) fn object(headings: &[Heading], row: &[Cell]) -> Json {
    let pairs = headings.iter().zip(row);
    let pairs = pairs.map(|(heading, cell)| (heading.key.clone(), cell.to_json()));
    Json::Object(pairs.collect::<Map<_, _>>())
}
