//! Columns of one table.

use std::collections::HashMap;

use super::block::{Block, Source};
use crate::engine::OwnedCell;
use crate::engine::gather::part::Part;
use crate::engine::gather::seen::Seen;

/// A table that was read in parts, of which some columns are kept.
#[derive(Debug)]
pub(super) struct KeptTable {
    parts: Vec<Part>,
    /// The batches in table order.
    stretches: Vec<Stretch>,
    columns: HashMap<Source, KeptColumn>,
    /// Values that were looked at again, by their rows' positions and their columns.
    seen: HashMap<(i64, String), Seen>,
}

/// The rows of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine::gather) struct Stretch {
    /// The position of the first; the others follow one by one.
    pub(in crate::engine::gather) first: i64,
    /// How many they are.
    pub(in crate::engine::gather) rows: usize,
}

#[derive(Debug)]
struct KeptColumn {
    blocks: Vec<Block>,
    bytes: u64,
    /// The last question that asked for it.
    asked: u64,
}

/// Some columns of a table, to be taken batch by batch.
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

    pub(super) fn lacking(&mut self, sources: &[Source], question: u64) -> Vec<Source> {
        let mut lacking = Vec::new();
        for source in sources {
            match self.columns.get_mut(source) {
                Some(column) => column.asked = question,
                None => lacking.push(source.clone()),
            }
        }
        lacking
    }

    /// Keeps columns, of which `batches` has a block each.
    pub(super) fn put(&mut self, sources: &[Source], batches: Vec<Vec<Block>>, asked: u64) {
        let mut columns: Vec<Vec<Block>> = sources.iter().map(|_| Vec::new()).collect();
        for blocks in batches {
            for (column, block) in columns.iter_mut().zip(blocks) {
                column.push(block);
            }
        }
        for (source, mut blocks) in sources.iter().zip(columns) {
            blocks.shrink_to_fit();
            let column = KeptColumn {
                bytes: blocks.iter().map(Block::bytes).sum(),
                blocks,
                asked,
            };
            self.columns.insert(source.clone(), column);
        }
    }

    /// Forgets columns that were asked for before a question only.
    pub(super) fn forget_before(&mut self, question: u64) {
        self.columns.retain(|_, column| column.asked >= question);
    }

    pub(super) fn recall(&self, sources: &[Source]) -> Option<Recalled<'_>> {
        let columns = sources.iter().map(|source| self.columns.get(source));
        let columns = columns.map(|column| Some(column?.blocks.as_slice()));
        Some(Recalled {
            stretches: &self.stretches,
            columns: columns.collect::<Option<_>>()?,
        })
    }

    pub(super) fn seen(&self, position: i64, column: &str) -> Option<&Seen> {
        self.seen.get(&(position, column.to_owned()))
    }

    pub(super) fn see(&mut self, position: i64, column: &str, seen: &Seen) {
        self.seen
            .insert((position, column.to_owned()), seen.clone());
    }

    pub(super) fn bytes(&self) -> u64 {
        let columns: u64 = self.columns.values().map(|column| column.bytes).sum();
        let seen = self.seen.iter();
        let seen = seen.map(|((_, name), seen)| bytes_of(name, seen));
        columns + seen.sum::<u64>() + size_of_val(self.stretches.as_slice()) as u64
    }
}

/// What it takes to keep a value that was looked at.
pub(super) fn bytes_of(column: &str, seen: &Seen) -> u64 {
    let value = match &seen.value {
        OwnedCell::Text(bytes) | OwnedCell::Blob(bytes) => bytes.len(),
        OwnedCell::Null | OwnedCell::Integer(_) | OwnedCell::Real(_) => 0,
    };
    let entry = size_of::<((i64, String), Seen)>();
    (entry + column.len() + seen.example.len() + value) as u64
}

impl<'k> Recalled<'k> {
    /// A batch by its number: its rows, and a block of each column; none beyond the last.
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
