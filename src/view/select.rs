//! Selecting from a table: some rows, another order, some columns.

use super::table::{Cell, Table};
use crate::value::folded;

/// The sort key of a cell: numbers before texts.
#[derive(Debug, PartialEq, PartialOrd)]
enum Sorted {
    Number(f64),
    Text(String),
}

impl Table {
    /// The index of the column with this name: its JSON key or, ignoring case, its label.
    pub fn place(&self, name: &str) -> Option<usize> {
        let mut headings = self.headings.iter();
        let key = headings.position(|heading| heading.key == name);
        let label = |label: &str| label.to_lowercase() == name.to_lowercase();
        let mut headings = self.headings.iter();
        key.or_else(|| headings.position(|heading| label(&heading.label)))
    }

    /// Only these columns, in this order; none of them is dropped on a narrow terminal.
    #[must_use]
    pub fn only(&self, places: &[usize]) -> Self {
        let headings = places.iter().filter_map(|place| self.headings.get(*place));
        let cells = |row: &Vec<Cell>| {
            let cells = places.iter().filter_map(|place| row.get(*place));
            cells.cloned().collect()
        };
        Self {
            headings: headings.map(|heading| heading.clone().spare(0)).collect(),
            rows: self.rows.iter().map(cells).collect(),
        }
    }

    /// Only the columns with these keys, unchanged.
    #[must_use]
    pub fn keep(mut self, keys: &[String]) -> Self {
        let others: Vec<String> = self.headings.iter().map(|h| h.key.clone()).collect();
        for key in others.iter().filter(|key| !keys.contains(key)) {
            self = self.without(key);
        }
        self
    }

    /// Sorts the rows by a column; empty cells come last, and the sort is stable. Texts are sorted like the client
    /// list, ignoring case and accents.
    pub fn sort(&mut self, place: usize, descending: bool) {
        let mut rows: Vec<(Option<Sorted>, Vec<Cell>)> = std::mem::take(&mut self.rows)
            .into_iter()
            .map(|row| (row.get(place).and_then(sorted), row))
            .collect();
        rows.sort_by(|(one, _), (other, _)| {
            let missing = one.is_none().cmp(&other.is_none());
            let order = one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal);
            missing.then(if descending { order.reverse() } else { order })
        });
        self.rows = rows.into_iter().map(|(_, row)| row).collect();
    }

    /// Keeps the rows that contain every word of a text in one of these columns, ignoring case and accents. A number
    /// must match as a whole.
    pub fn search(&mut self, text: &str, columns: &[&str]) {
        let words = fold(text);
        let places: Vec<usize> = columns.iter().filter_map(|key| self.place(key)).collect();
        let has = |cell: &Cell, word: &str| match cell {
            Cell::Key(number) | Cell::Integer(number) => number.to_string() == word,
            cell => sorted(cell).is_some_and(|found| match found {
                Sorted::Text(found) => found.contains(word),
                Sorted::Number(_) => false,
            }),
        };
        self.rows.retain(|row| {
            let cells = || places.iter().filter_map(|place| row.get(*place));
            let mut words = words.split_whitespace();
            words.all(|word| cells().any(|cell| has(cell, word)))
        });
    }

    /// Skips `skipped` rows from the top, and keeps at most `most` of the rest.
    pub fn page(&mut self, skipped: usize, most: Option<usize>) {
        self.rows.drain(..skipped.min(self.rows.len()));
        self.rows.truncate(most.unwrap_or(usize::MAX));
    }
}

/// The sort key of a cell; `None` if it is empty.
fn sorted(cell: &Cell) -> Option<Sorted> {
    Some(match cell {
        Cell::Empty => return None,
        Cell::Text(text) => Sorted::Text(fold(text)),
        Cell::List(items) => Sorted::Text(fold(&items.join(", "))),
        // Integers up to 2^53 are exact.
        Cell::Integer(number)
        | Cell::Key(number)
        | Cell::Instant(number, _)
        | Cell::Moment(number, _) => Sorted::Number(*number as f64),
        Cell::Number(number, _) | Cell::Percent(number) => Sorted::Number(*number),
        Cell::OfFew(cell, ..) => return sorted(cell),
        Cell::Date(date) => Sorted::Text(date.to_string()),
    })
}

fn fold(text: &str) -> String {
    let mut into = String::new();
    folded(text, &mut into);
    into
}
