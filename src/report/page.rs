//! The two lists: segments with their sizes, clients with their tiles.

use super::table::{Align, Cell, Table};
use crate::engine::Key;

/// One segment as the segments list shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentRow {
    /// Its bucket.
    pub bucket: Option<String>,
    /// The name people see.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Its importance.
    pub importance: Option<u32>,
    /// Its weight, 0 without importance.
    pub weight: f64,
    /// How many members it has.
    pub size: i64,
    /// How many entered with the run; none where that is not known.
    pub entered: Option<i64>,
    /// How many left with the run.
    pub left: Option<i64>,
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
    /// The names of its segments, most important first.
    pub tiles: Vec<String>,
}

/// The segments list.
pub fn segments_table(rows: &[SegmentRow]) -> Table {
    let mut table = Table::new(&[
        ("bucket", "Bucket", Align::Left),
        ("segment", "Segment", Align::Left),
        ("id", "Id", Align::Left),
        ("importance", "Importance", Align::Right),
        ("weight", "Weight", Align::Right),
        ("size", "Size", Align::Right),
        ("entered", "In", Align::Right),
        ("left", "Out", Align::Right),
        ("state", "State", Align::Left),
    ]);
    let count = |number: Option<i64>| number.map_or(Cell::Empty, Cell::Integer);
    for row in rows {
        table.rows.push(vec![
            Cell::optional(row.bucket.as_deref()),
            Cell::Text(row.name.clone()),
            Cell::Text(row.id.clone()),
            count(row.importance.map(i64::from)),
            Cell::Number(row.weight, 4),
            Cell::Integer(row.size),
            count(row.entered),
            count(row.left),
            Cell::Text(match &row.stale {
                None => "ok".to_string(),
                Some(reason) => format!("stale: {reason}"),
            }),
        ]);
    }
    table
}

/// The client list; `subject` is what config calls one.
pub fn clients_table(subject: &str, rows: &[ClientRow]) -> Table {
    let mut table = Table::new(&[
        ("rank", "#", Align::Right),
        ("key", "Key", Align::Left),
        ("label", &capitalised(subject), Align::Left),
        ("score", "Score", Align::Right),
        ("segments", "Segments, most important first", Align::Left),
    ]);
    for row in rows {
        table.rows.push(vec![
            Cell::Integer(row.rank),
            Cell::from(&row.key),
            Cell::Text(row.label.clone()),
            Cell::Number(row.score, 4),
            Cell::List(row.tiles.clone()),
        ]);
    }
    table
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
