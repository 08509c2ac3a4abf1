//! Columns of one table.

use std::collections::HashMap;

use super::block::{Block, KeptColumn};
use super::groups::{BatchGroups, Grouping, KeptGroups};
use crate::engine::OwnedCell;
use crate::engine::gather::part::Part;
use crate::engine::gather::seen::Seen;

/// A table that was read in parts, and of which some columns are kept.
#[derive(Debug)]
pub(super) struct KeptTable {
    parts: Vec<Part>,
    /// The batches in table order.
    stretches: Vec<Stretch>,
    columns: HashMap<KeptColumn, ColumnBlocks>,
    /// The rows as grouped by the last question that could use the groups.
    groups: Option<KeptGroups>,
    /// Values that were looked at again, by row position and column.
    seen: HashMap<(i64, String), Seen>,
}

/// The rows of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine::gather) struct Stretch {
    /// The position of the first row; the others follow one by one.
    pub(in crate::engine::gather) first: i64,
    /// The number of rows.
    pub(in crate::engine::gather) rows: usize,
}

/// The most bytes that a row takes in a group.
const BYTES_A_PICK: u64 = 8;

#[derive(Debug)]
struct ColumnBlocks {
    blocks: Vec<Block>,
    bytes: u64,
    /// The last question that used the column.
    asked: u64,
}

/// Some columns of a table, retrieved batch by batch.
pub(in crate::engine::gather) struct Recalled<'k> {
    stretches: &'k [Stretch],
    columns: Vec<&'k [Block]>,
}

impl KeptTable {
    pub(super) fn new(parts: Vec<Part>, stretches: Vec<Stretch>) -> Self {
        Self {
            parts,
            stretches,
            columns: HashMap::new(),
            groups: None,
            seen: HashMap::new(),
        }
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub(super) fn is_made_of(&self, stretches: &[Stretch]) -> bool {
        self.stretches == stretches
    }

    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Marks a column as used by a question; true if it is kept.
    pub(super) fn ask(&mut self, column: &KeptColumn, question: u64) -> bool {
        let column = self.columns.get_mut(column);
        column.map(|column| column.asked = question).is_some()
    }

    /// Keeps columns; each of the `batches` has one block per column.
    pub(super) fn put(&mut self, columns: &[KeptColumn], batches: Vec<Vec<Block>>, asked: u64) {
        let mut by_column: Vec<Vec<Block>> = columns.iter().map(|_| Vec::new()).collect();
        for batch in batches {
            for (blocks, block) in by_column.iter_mut().zip(batch) {
                blocks.push(block);
            }
        }
        for (column, mut blocks) in columns.iter().zip(by_column) {
            blocks.shrink_to_fit();
            let blocks = ColumnBlocks {
                bytes: blocks.iter().map(Block::bytes).sum(),
                blocks,
                asked,
            };
            self.columns.insert(column.clone(), blocks);
        }
    }

    /// Drops the columns that no question has used since the given one.
    pub(super) fn forget_before(&mut self, question: u64) {
        self.columns.retain(|_, column| column.asked >= question);
    }

    pub(super) fn recall(&self, columns: &[KeptColumn]) -> Option<Recalled<'_>> {
        let columns = columns.iter().map(|column| self.columns.get(column));
        let columns = columns.map(|column| Some(column?.blocks.as_slice()));
        Some(Recalled {
            stretches: &self.stretches,
            columns: columns.collect::<Option<_>>()?,
        })
    }

    /// Records how a question groups the rows. True if the previous question grouped them in the same way and there is
    /// room for the groups, which are not kept yet.
    pub(super) fn group(&mut self, grouping: &Grouping, room: u64) -> bool {
        match &self.groups {
            Some(known) if known.are_of(grouping) => {
                let rows = self.stretches.iter().map(|stretch| stretch.rows as u64);
                let most = rows.sum::<u64>() * BYTES_A_PICK * grouping.columns.len() as u64;
                known.batches().is_empty() && most <= room
            }
            _ => {
                let fits = grouping.index.bytes() <= room;
                self.groups = fits.then(|| KeptGroups::new(grouping.clone()));
                false
            }
        }
    }

    pub(super) fn groups(&self, grouping: &Grouping) -> &[BatchGroups] {
        let known = self.groups.as_ref();
        let known = known.filter(|known| known.are_of(grouping));
        known.map_or(&[], KeptGroups::batches)
    }

    pub(super) fn put_groups(&mut self, batches: Vec<BatchGroups>, room: u64) {
        if let Some(groups) = &mut self.groups {
            groups.put(batches, room);
        }
    }

    pub(super) fn forget_groups(&mut self) {
        self.groups = None;
    }

    pub(super) fn seen(&self, position: i64, column: &str) -> Option<&Seen> {
        self.seen.get(&(position, column.to_owned()))
    }

    pub(super) fn see(&mut self, position: i64, column: &str, seen: &Seen) {
        self.seen
            .insert((position, column.to_owned()), seen.clone());
    }

    /// The number of bytes in use.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes_asked(0) + self.groups.as_ref().map_or(0, KeptGroups::bytes)
    }

    /// The bytes in use without groups and without columns last used before a question; `None` if nothing else is left.
    pub(super) fn bytes_asked(&self, question: u64) -> u64 {
        let asked = self
            .columns
            .values()
            .filter(|column| column.asked >= question);
        let Some(columns) = asked.map(|column| column.bytes).reduce(|a, b| a + b) else {
            return 0;
        };
        let seen = self.seen.iter();
        let seen = seen.map(|((_, name), seen)| bytes_of(name, seen));
        columns + seen.sum::<u64>() + size_of_val(self.stretches.as_slice()) as u64
    }
}

/// The number of bytes that it takes to keep a value that was looked at.
pub(super) fn bytes_of(column: &str, seen: &Seen) -> u64 {
    let value = match &seen.value {
        OwnedCell::Text(bytes) | OwnedCell::Blob(bytes) => bytes.len(),
        OwnedCell::Null | OwnedCell::Integer(_) | OwnedCell::Real(_) => 0,
    };
    let entry = size_of::<((i64, String), Seen)>();
    (entry + column.len() + seen.example.len() + value) as u64
}

impl<'k> Recalled<'k> {
    /// A batch by number: its rows, and one block per column; `None` beyond the last batch.
    pub(in crate::engine::gather) fn batch(
        &self,
        number: usize,
    ) -> Option<(Stretch, impl Iterator<Item = &'k Block>)> {
        let stretch = *self.stretches.get(number)?;
        let columns = self.columns.iter();
        Some((
            stretch,
            columns.filter_map(move |column| column.get(number)),
        ))
    }
}
