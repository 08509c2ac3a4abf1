//! Rows whose key occurs in another row of their table: usually a row that a later export contained again.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;

use super::again::look_again;
use super::keys::{integer_of, is_nothing};
use super::part::Part;
use super::reading::Reading;
use super::select::Select;
use super::tables::{ReadError, Tables};
use crate::engine::{Cell, Problem, ProblemKind};
use crate::value::Truth;

/// At most this many keys are named, and at most this many rows of each.
const NAMED: usize = 3;

/// Stands for a key: the whole number itself, or a 64-bit hash of anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark(u64);

impl Mark {
    /// The mark of a key; `None` if there is no key, as no other row can repeat it.
    #[inline]
    pub(super) fn of(key: Cell<'_>) -> Option<Self> {
        match key {
            Cell::Integer(key) => Some(Self(key.cast_unsigned())),
            Cell::Real(real) => Some(Self(match integer_of(key) {
                Some(whole) => whole.cast_unsigned(),
                None => real.to_bits(),
            })),
            Cell::Text(text) | Cell::Blob(text) if !is_nothing(key) => {
                let mut hasher = DefaultHasher::new();
                hasher.write(text);
                Some(Self(hasher.finish()))
            }
            Cell::Text(_) | Cell::Blob(_) | Cell::Null => None,
        }
    }
}

/// The rows of a collection by their keys, each by its position.
#[derive(Debug, Clone, Default)]
pub(super) struct Repeats(Vec<(Mark, i64)>);

impl Repeats {
    /// Adds the rows of a batch that belong to the collection; a single answer may stand for all rows.
    pub(super) fn take(&mut self, marks: &[Option<Mark>], belong: Option<&[Truth]>, first: i64) {
        let belongs = |row: usize| match belong {
            None => true,
            Some(answers) => answers.get(row).or(answers.first()) == Some(&Truth::Yes),
        };
        let rows = (first..).zip(marks).enumerate();
        let rows = rows.filter(|(row, _)| belongs(*row));
        self.0
            .extend(rows.filter_map(|(_, (position, mark))| Some(((*mark)?, position))));
    }

    /// Adds what another thread met.
    pub(super) fn absorb(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Reports the rows of a table, which was read in parts, that have the key of an earlier row. The key is given by
    /// its place in the row and its name.
    pub(super) fn tell<T: Tables>(
        mut self,
        reading: &mut Reading<'_, T>,
        (select, parts): (&Select, &[Part]),
        (place, column): (usize, &str),
    ) -> Result<(), ReadError> {
        // A stable sort is fast here, because keys mostly arrive in order.
        self.0.sort();
        let same = self.0.chunk_by(|(one, _), (next, _)| one == next);
        let mut same: Vec<&[(Mark, i64)]> = same.filter(|same| same.len() > 1).collect();
        let count: usize = same.iter().map(|same| same.len() - 1).sum();
        if count == 0 {
            return Ok(());
        }
        same.sort_unstable_by_key(|same| same.first().map(|(_, row)| *row));
        let named = same.iter().take(NAMED);
        let named = named.map(|same| same.iter().take(NAMED).map(|(_, row)| *row));
        let named: Vec<Vec<i64>> = named.map(Iterator::collect).collect();
        let wanted = named.iter().flatten().map(|row| (*row, place)).collect();
        let seen = look_again(reading, select, parts, &wanted)?;
        let is_private = reading.private.has(select.table(), column);
        let example = |rows: &Vec<i64>| {
            let mut seen = rows.iter().filter_map(|row| seen.get(&(*row, place)));
            let first = seen.next().filter(|seen| !seen.example.is_empty())?;
            let rows = std::iter::once(first).chain(seen);
            let rows: Vec<&str> = rows.map(|seen| seen.row.as_str()).collect();
            let rows = rows.join(", ");
            Some(match is_private {
                true => format!("rows {rows}"),
                false => format!("{} in rows {rows}", first.value.lent()),
            })
        };
        let examples: Vec<String> = named.iter().filter_map(example).collect();
        reading.problems.push(Problem {
            kind: ProblemKind::RepeatedKey,
            table: select.table().to_owned(),
            column: column.to_owned(),
            leads_to: None,
            read_as: None,
            is_least: false,
            currencies: Vec::new(),
            reach: None,
            count: count as u64,
            example: examples.join("; "),
        });
        Ok(())
    }
}
