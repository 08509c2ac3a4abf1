//! The two pages: segments with their values, clients with their tiles.

use super::table::{Cell, Heading, Table};
use crate::config::{Config, ValueDefinition, ValueFormat};
use crate::engine::Key;
use crate::value::SegmentValue;

/// Everything the segments page shows, computed once; every rendering starts here.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentsPage<'a> {
    /// The values, in their columns' order; `size` is one of them.
    pub columns: &'a [ValueDefinition],
    /// What amounts are in: three letters.
    pub currency: &'a str,
    /// The segments, in the order of the files.
    pub rows: Vec<SegmentRow>,
}

/// How much of the page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What changed: sizes and movements, with what orders the client list.
    Changes,
    /// The values of every segment.
    Values,
    /// Every column, for programs.
    Everything,
}

/// The value that every page has: how many members.
pub(super) const SIZE: &str = "size";

/// One segment on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentRow {
    /// Its bucket.
    pub bucket: Option<String>,
    /// The name people see.
    pub name: String,
    /// A sign shown before the name.
    pub sign: Option<String>,
    /// Its id.
    pub id: String,
    /// Its importance.
    pub importance: Option<u32>,
    /// Its weight, 0 without importance.
    pub weight: f64,
    /// How many entered with the run; none where that is not known.
    pub entered: Option<i64>,
    /// How many left with the run.
    pub left: Option<i64>,
    /// Its values, parallel to the page's columns.
    pub values: Vec<SegmentValue>,
    /// Why it is stale; none where it is fresh.
    pub stale: Option<String>,
}

/// One subject as the client list shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientRow {
    /// The place in the list, from 1.
    pub rank: i64,
    /// The subject's key.
    pub key: Key,
    /// Name of the subject.
    pub label: String,
    /// The sum of the weights of its segments.
    pub score: f64,
    /// Its health, from 0 to 100; none where it has none.
    pub health: Option<f64>,
    /// What costs it points, in words.
    pub reasons: Option<String>,
    /// The names of its segments, most important first.
    pub tiles: Vec<String>,
}

impl<'a> SegmentsPage<'a> {
    /// A page over config's values.
    pub fn new(config: &'a Config, rows: Vec<SegmentRow>) -> Self {
        Self {
            columns: &config.values,
            currency: &config.currency,
            rows,
        }
    }

    /// The page as a table, as wide as its view.
    pub fn table(&self, view: View) -> Table {
        let (columns, cells) = self.parts(view);
        let mut table = Table::new(columns);
        table.rows = self.rows.iter().map(cells).collect();
        if view == View::Everything {
            let counted = |row: &SegmentRow, column: usize| row.values.get(column)?.counted;
            add_counted(&mut table, self.columns, &self.rows, counted);
        }
        table
    }

    /// The headings of a view, and what makes a row's cells of it.
    fn parts(&self, view: View) -> (Vec<Heading>, impl Fn(&SegmentRow) -> Vec<Cell>) {
        let bucketed = view == View::Everything || self.rows.iter().any(|row| row.bucket.is_some());
        let ids = view != View::Values;
        let shown: Vec<(usize, &ValueDefinition)> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| view != View::Changes || column.id.value == SIZE)
            .collect();
        let mut headings = Vec::new();
        if bucketed {
            headings.push(Heading::left("bucket", "Bucket").spare(40));
        }
        headings.push(Heading::left("segment", "Segment"));
        if ids {
            headings.push(Heading::left("id", "Id").spare(50));
            headings.push(Heading::right("importance", "Importance").spare(60));
            headings.push(Heading::right("weight", "Weight").spare(65));
        }
        headings.extend(shown.iter().map(|(_, column)| self.heading(column)));
        headings.push(Heading::right("entered", "In").spare(10));
        headings.push(Heading::right("left", "Out").spare(15));
        // Where nothing is stale there is nothing to tell.
        let stale = self.rows.iter().any(|row| row.stale.is_some());
        headings.push(Heading::left("state", "State").spare(if stale { 5 } else { 90 }));
        let size = self.columns.iter().position(|c| c.id.value == SIZE);
        let cells = move |row: &SegmentRow| {
            let mut cells = Vec::new();
            if bucketed {
                cells.push(Cell::optional(row.bucket.as_deref()));
            }
            cells.push(Cell::Text(row.title()));
            if ids {
                cells.push(Cell::Text(row.id.clone()));
                cells.push(Cell::count(row.importance.map(i64::from)));
                cells.push(row.weight_cell());
            }
            let members = size.and_then(|place| row.values.get(place)?.number());
            let members = members.unwrap_or(0.0) as u64;
            cells.extend(shown.iter().map(|(place, column)| {
                let value = row.values.get(*place);
                value.map_or(Cell::Empty, |value| {
                    segment_value_cell(column.format, value, members)
                })
            }));
            cells.push(Cell::count(row.entered));
            cells.push(Cell::count(row.left));
            cells.push(Cell::Text(row.state()));
            cells
        };
        (headings, cells)
    }

    /// What every value means; with how it is computed where every column is wanted.
    pub fn legend(&self, view: View) -> Table {
        let mut headings = vec![
            Heading::left("id", "Id").spare(70),
            Heading::left("label", "Value"),
            Heading::left("description", "Meaning"),
        ];
        if view == View::Everything {
            headings.push(Heading::left("of", "Computed as"));
        }
        let mut table = Table::new(headings);
        for column in self.columns {
            let mut cells = vec![
                Cell::Text(column.id.value.clone()),
                Cell::Text(self.heading(column).label),
                Cell::Text(column.description.clone()),
            ];
            if view == View::Everything {
                let words: Vec<&str> = column.of.value.split_whitespace().collect();
                cells.push(Cell::Text(words.join(" ")));
            }
            table.rows.push(cells);
        }
        table
    }

    /// A value's heading: amounts say their currency.
    fn heading(&self, column: &ValueDefinition) -> Heading {
        let spare = if column.id.value == SIZE { 0 } else { 55 };
        Heading::right(column.id.value.clone(), value_label(column, self.currency)).spare(spare)
    }
}

impl SegmentRow {
    /// The sign and the name.
    pub fn title(&self) -> String {
        match &self.sign {
            Some(sign) => format!("{sign} {}", self.name),
            None => self.name.clone(),
        }
    }

    /// The weight; nothing where the segment has no part in the score.
    fn weight_cell(&self) -> Cell {
        if self.importance.is_none() && self.weight == 0.0 {
            Cell::Empty
        } else {
            Cell::Number(self.weight, 4)
        }
    }

    fn state(&self) -> String {
        match &self.stale {
            None => "ok".to_string(),
            Some(reason) => format!("stale: {reason}"),
        }
    }
}

/// What a value is called; amounts say their currency.
pub fn value_label(column: &ValueDefinition, currency: &str) -> String {
    match column.format {
        ValueFormat::Money => format!("{} ({currency})", column.label),
        ValueFormat::Days => format!("{} (days)", column.label),
        ValueFormat::Number | ValueFormat::Percent => column.label.clone(),
    }
}

/// For programs, behind the other columns: of how many members each average is. A value that has no average in any
/// row has no such column, nor has one whose column would bear the name of another value.
pub(super) fn add_counted<R>(
    table: &mut Table,
    columns: &[ValueDefinition],
    rows: &[R],
    counted: impl Fn(&R, usize) -> Option<u64>,
) {
    for (place, column) in columns.iter().enumerate() {
        let key = format!("{}_of", column.id.value);
        let counted: Vec<_> = rows.iter().map(|row| counted(row, place)).collect();
        if counted.iter().all(Option::is_none) || columns.iter().any(|c| c.id.value == key) {
            continue;
        }
        let label = format!("{} of", column.label);
        table.headings.push(Heading::right(key, label));
        for (row, counted) in table.rows.iter_mut().zip(counted) {
            row.push(Cell::count(
                counted.map(|n| i64::try_from(n).unwrap_or(i64::MAX)),
            ));
        }
    }
}

/// A value of a segment with so many members; an average of a few of them says so.
pub fn segment_value_cell(format: ValueFormat, value: &SegmentValue, members: u64) -> Cell {
    let cell = value_cell(format, value.number());
    match value.of_few(members) {
        Some(few) if cell != Cell::Empty => Cell::OfFew(Box::new(cell), few, members),
        _ => cell,
    }
}

/// A value as its format says; whole numbers without decimals.
pub fn value_cell(format: ValueFormat, value: Option<f64>) -> Cell {
    match (value, format) {
        (None, _) => Cell::Empty,
        (Some(value), ValueFormat::Percent) => Cell::Percent(value),
        (Some(value), ValueFormat::Money) => Cell::Number(value, 2),
        (Some(value), ValueFormat::Days) => Cell::Number(value, 1),
        // Within 2^53 a whole double is a whole number.
        (Some(value), ValueFormat::Number) if value.fract() == 0.0 && value.abs() < 9e15 => {
            Cell::Integer(value as i64)
        }
        (Some(value), ValueFormat::Number) => Cell::Number(value, 2),
    }
}

/// The client list; `subject` is what config calls one, and `scored` tells whether config defines a
/// health score.
pub fn clients_table(subject: &str, scored: bool, rows: &[ClientRow]) -> Table {
    let mut headings = vec![
        Heading::right("rank", "#").spare(60),
        Heading::left("key", "Key").spare(10),
        Heading::left("label", capitalised(subject)),
        Heading::right("score", "Score").spare(20),
    ];
    if scored {
        headings.push(Heading::right("health", "Health").spare(15));
    }
    headings.push(Heading::left("segments", "Segments, most important first").spare(30));
    if scored {
        headings.push(Heading::left("reasons", "Reasons").spare(40));
    }
    let mut table = Table::new(headings);
    for row in rows {
        let mut cells = vec![
            Cell::Integer(row.rank),
            Cell::from(&row.key),
            Cell::Text(row.label.clone()),
            Cell::Number(row.score, 4),
        ];
        if scored {
            cells.push(row.health());
        }
        cells.push(Cell::List(row.tiles.clone()));
        if scored {
            cells.push(row.reasons());
        }
        table.rows.push(cells);
    }
    table
}

/// The subjects by risk, as they are given: how each is doing, and why.
pub fn health_table(subject: &str, rows: &[ClientRow]) -> Table {
    let mut table = Table::new([
        Heading::left("key", "Key").spare(10),
        Heading::left("label", capitalised(subject)),
        Heading::right("health", "Health"),
        Heading::left("reasons", "Reasons").spare(20),
    ]);
    for row in rows {
        table.rows.push(vec![
            Cell::from(&row.key),
            Cell::Text(row.label.clone()),
            row.health(),
            row.reasons(),
        ]);
    }
    table
}

impl ClientRow {
    fn health(&self) -> Cell {
        health_cell(self.health)
    }

    fn reasons(&self) -> Cell {
        Cell::optional(self.reasons.as_deref())
    }
}

/// A health score, which has one decimal; nothing where there is none.
pub fn health_cell(health: Option<f64>) -> Cell {
    health.map_or(Cell::Empty, |health| Cell::Number(health, 1))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
