//! What was read of one state of the data, in little memory, for whoever asks of the same state again.
//!
//! Columns are kept by batches, those of event tables as they were decoded. Nothing here reads: `fill.rs` puts in what
//! is lacking, `replay.rs` gives batches to the aggregates as if they had been read.

mod block;
mod cells;
mod codes;
mod table;
#[cfg(test)]
mod tests;
mod values;

use std::collections::{BTreeSet, HashMap};
use std::fmt;

pub(super) use self::block::{Block, Making, Source};
pub(super) use self::table::{Recalled, Stretch};

use self::table::KeptTable;
use super::part::Part;
use super::seen::Seen;
use super::select::Select;

/// Columns of one state of the data, kept for further questions. Whoever has it sees to it that all questions are asked
/// of that state, and calls [`Kept::clear`] for another one.
#[derive(Debug)]
pub struct Kept {
    most: u64,
    tables: HashMap<Which, KeptTable>,
    refused: HashMap<Which, Refused>,
    question: u64,
    readings: u64,
}

/// A table that is read anew for each question, because its columns do not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLarge {
    /// The table.
    pub table: String,
    /// About how many bytes its columns would take.
    pub bytes: u64,
    /// How many bytes there may be, all tables together.
    pub most: u64,
}

/// What to do about it, in words.
impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, bytes, most } = self;
        let (bytes, most) = (Size(*bytes), Size(*most));
        write!(
            f,
            "the columns of `{table}` do not fit into memory: they would take about {bytes}, and `memory:` in config \
             (or `MUSTER_MEMORY`) allows {most} for all tables together; raise it to keep them"
        )
    }
}

/// A number of bytes, for people.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MEGA: u64 = 1_000_000;
        match self.0 {
            0..MEGA => write!(f, "{} KB", self.0.div_ceil(1_000)),
            MEGA..1_000_000_000 => write!(f, "{} MB", self.0.div_ceil(MEGA)),
            _ => write!(
                f,
                "{}.{} GB",
                self.0 / (1_000 * MEGA),
                self.0 / (100 * MEGA) % 10
            ),
        }
    }
}

/// Some table, read in some order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Which {
    table: String,
    /// The columns, where the order of the rows may depend on which they are: it does not in ranges of ids.
    selection: Option<Vec<String>>,
}

/// What could not be kept.
#[derive(Debug)]
struct Refused {
    sources: Vec<Source>,
    bytes: u64,
}

impl Which {
    /// A table that is read whole, or in parts.
    pub(super) fn of(select: &Select, part: Part) -> Self {
        Self {
            table: select.table().to_owned(),
            selection: (part == Part::Whole).then(|| select.columns().to_vec()),
        }
    }
}

impl Kept {
    /// Nothing yet, and never more than `most` bytes.
    pub fn new(most: u64) -> Self {
        Self {
            most,
            tables: HashMap::new(),
            refused: HashMap::new(),
            question: 0,
            readings: 0,
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.tables.clear();
        self.refused.clear();
    }

    /// How many bytes are in use.
    pub fn bytes(&self) -> u64 {
        self.tables.values().map(KeptTable::bytes).sum()
    }

    /// How many times a table was read to be kept, since there is this store.
    pub fn readings(&self) -> u64 {
        self.readings
    }

    /// The tables that do not fit, by name.
    pub fn too_large(&self) -> Vec<TooLarge> {
        let refused = self.refused.iter().map(|(which, refused)| TooLarge {
            table: which.table.clone(),
            bytes: refused.bytes,
            most: self.most,
        });
        let mut refused: Vec<TooLarge> = refused.collect();
        refused.sort_by(|a, b| (&a.table, b.bytes).cmp(&(&b.table, a.bytes)));
        refused.dedup_by(|again, first| again.table == first.table);
        refused
    }

    /// Another question begins: what nobody asks for from here on may make room.
    pub(super) fn begin(&mut self) {
        self.question += 1;
    }

    /// Which of some columns are lacking. All of them are wanted from now on.
    pub(super) fn lacking(&mut self, which: &Which, sources: &[Source]) -> Vec<Source> {
        match self.tables.get_mut(which) {
            Some(table) => table.lacking(sources, self.question),
            None => sources.to_vec(),
        }
    }

    /// Whether columns were too large that are among these.
    pub(super) fn is_refused(&self, which: &Which, sources: &[Source]) -> bool {
        let refused = self.refused.get(which);
        refused.is_some_and(|refused| refused.sources.iter().all(|one| sources.contains(one)))
    }

    /// These columns do not fit: with all that is kept of the table they would take so many bytes.
    pub(super) fn refuse(&mut self, which: &Which, sources: &[Source], bytes: u64) {
        let kept = self.tables.get(which).map_or(0, KeptTable::bytes);
        let refused = Refused {
            sources: sources.to_vec(),
            bytes: kept.saturating_add(bytes),
        };
        self.refused.insert(which.clone(), refused);
    }

    /// How many bytes are free.
    pub(super) fn room(&self) -> u64 {
        self.most.saturating_sub(self.bytes())
    }

    /// Forgets what the question in hand has not asked for; false where that is nothing.
    pub(super) fn make_room(&mut self) -> bool {
        let before = self.bytes();
        for table in self.tables.values_mut() {
            table.forget_before(self.question);
        }
        self.tables.retain(|_, table| !table.is_empty());
        self.bytes() < before
    }

    /// The parts in which a table was read; none where it was not.
    pub(super) fn parts(&self, which: &Which) -> &[Part] {
        self.tables.get(which).map_or(&[], |table| table.parts())
    }

    /// Keeps columns of a table that was read in these parts, batch by batch in table order. What was kept of the table
    /// before is forgotten where the batches are others.
    pub(super) fn put(
        &mut self,
        which: &Which,
        parts: Vec<Part>,
        sources: &[Source],
        batches: Vec<(Stretch, Vec<Block>)>,
    ) {
        self.readings += 1;
        self.refused.remove(which);
        let (stretches, blocks): (Vec<_>, Vec<_>) = batches.into_iter().unzip();
        let new = || KeptTable::new(parts.clone(), stretches.clone());
        let table = self.tables.entry(which.clone()).or_insert_with(new);
        if !table.is_made_of(&stretches) {
            *table = new();
        }
        table.put(sources, blocks, self.question);
    }

    /// Columns of a table, in the order of `sources`; none unless all of them are kept.
    pub(super) fn recall(&self, which: &Which, sources: &[Source]) -> Option<Recalled<'_>> {
        self.tables.get(which)?.recall(sources)
    }

    /// Those of some values, by the position of the row and the place of the column, that were looked at before.
    pub(super) fn seen(
        &self,
        select: &Select,
        parts: &[Part],
        wanted: &BTreeSet<(i64, usize)>,
    ) -> HashMap<(i64, usize), Seen> {
        let table = self.tables.get(&which_of(select, parts));
        let table = table.filter(|table| table.parts() == parts);
        let seen = |place: &(i64, usize)| {
            let name = select.columns().get(place.1)?;
            Some((*place, table?.seen(place.0, name)?.clone()))
        };
        wanted.iter().filter_map(seen).collect()
    }

    /// Values that were looked at, for the next time.
    pub(super) fn see(
        &mut self,
        select: &Select,
        parts: &[Part],
        seen: &HashMap<(i64, usize), Seen>,
    ) {
        let mut room = self.room();
        let table = self.tables.get_mut(&which_of(select, parts));
        let Some(table) = table.filter(|table| table.parts() == parts) else {
            return;
        };
        for ((position, place), seen) in seen {
            let Some(name) = select.columns().get(*place) else {
                continue;
            };
            let Some(rest) = room.checked_sub(table::bytes_of(name, seen)) else {
                return;
            };
            room = rest;
            table.see(*position, name, seen);
        }
    }
}

fn which_of(select: &Select, parts: &[Part]) -> Which {
    Which::of(select, parts.first().copied().unwrap_or(Part::Whole))
}
