//! A table whose cells keep their types, so that JSON has numbers and a terminal has columns.

use std::io::Write;

use serde_json::{Map, Value as Json};

use crate::engine::Key;

/// Rows under headings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The columns, in order.
    pub headings: Vec<Heading>,
    /// The rows; each has one cell a heading.
    pub rows: Vec<Vec<Cell>>,
}

/// One column's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The key in JSON.
    pub key: &'static str,
    /// The label for people and in CSV.
    pub label: String,
    /// Which side its cells lean to.
    pub align: Align,
}

/// Which side a column leans to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing: never shown as zero.
    Empty,
    /// Text; may come from the database, so CSV guards it.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number that names something: its digits are never grouped.
    Key(i64),
    /// A number and how many decimals people see; JSON has all of it.
    Number(f64, usize),
    /// Several texts: a list in JSON, joined elsewhere.
    List(Vec<String>),
}

impl Table {
    /// An empty table: key, label and side of each column.
    pub fn new(headings: &[(&'static str, &str, Align)]) -> Self {
        Self {
            headings: headings
                .iter()
                .map(|(key, label, align)| Heading {
                    key,
                    label: (*label).to_string(),
                    align: *align,
                })
                .collect(),
            rows: Vec::new(),
        }
    }

    /// A list of objects, one a row.
    pub fn to_json(&self) -> Json {
        Json::Array(self.objects().collect())
    }

    fn objects(&self) -> impl Iterator<Item = Json> {
        self.rows.iter().map(|row| {
            let pairs = self.headings.iter().zip(row);
            Json::Object(
                pairs
                    .map(|(heading, cell)| (heading.key.to_string(), cell.to_json()))
                    .collect::<Map<_, _>>(),
            )
        })
    }
}

impl Cell {
    /// A text, or nothing.
    pub fn optional(text: Option<&str>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.to_string()))
    }

    /// The cell for people: whole numbers grouped, decimals as many as asked for.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Integer(number) => group_digits(*number),
            Self::Key(number) => number.to_string(),
            Self::Number(number, decimals) => format!("{number:.decimals$}"),
            Self::List(items) => items.join(", "),
        }
    }

    /// The cell for machines.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Empty => Json::Null,
            Self::Text(text) => Json::from(text.as_str()),
            Self::Integer(number) | Self::Key(number) => Json::from(*number),
            Self::Number(number, _) => Json::from(*number),
            Self::List(items) => Json::from(items.clone()),
        }
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

/// Writes one JSON object a line.
///
/// # Errors
/// The writer's own.
pub fn write_json_lines(table: &Table, mut out: impl Write) -> std::io::Result<()> {
    for object in table.objects() {
        serde_json::to_writer(&mut out, &object)?;
        writeln!(out)?;
    }
    out.flush()
}

/// A whole number with its thousands apart: `12,345`.
pub fn group_digits(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if number < 0 {
        grouped.insert(0, '-');
    }
    grouped
}
