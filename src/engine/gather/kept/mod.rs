//! What was read from one state of the data, in compact form, for further questions about the same state.
//!
//! Columns are kept by batch; those of event tables are kept decoded. Nothing here reads: `fill.rs` adds what is
//! missing, and `replay.rs` passes batches to the aggregates as if they had just been read.

mod block;
mod cells;
mod codes;
mod groups;
mod table;
#[cfg(test)]
mod tests;
mod values;

use std::collections::{BTreeSet, HashMap};

pub(super) use self::block::{Block, KeptColumn, Making};
pub(super) use self::groups::{BatchGroups, Grouping, Groups};
pub(super) use self::table::{Recalled, Stretch};

use self::table::KeptTable;
use super::part::Part;
use super::seen::Seen;
use super::select::Select;

/// Columns of one state of the data, kept for further questions. The owner makes sure that all questions are about that
/// state, and calls [`Kept::clear`] before it uses another one.
#[derive(Debug)]
pub struct Kept {
    most: u64,
    tables: HashMap<TableKey, KeptTable>,
    refused: HashMap<TableKey, Refused>,
    question: u64,
    readings: u64,
}

/// A table that is read anew for each question because its columns do not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLarge {
    /// The table.
    pub table: String,
    /// About how many bytes its columns would take.
    pub bytes: u64,
    /// The limit in bytes for all tables together.
    pub most: u64,
}

/// A table, read in a certain order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct TableKey {
    table: String,
    /// The columns, if the order of the rows may depend on them. In ranges of ids it does not.
    selection: Option<Vec<String>>,
}

/// What could not be kept.
#[derive(Debug)]
struct Refused {
    columns: Vec<KeptColumn>,
    /// About how many bytes the table would have taken with these columns.
    bytes: u64,
    /// How many bytes were available for it.
    room: u64,
}

impl TableKey {
    /// For a table that is read whole, or in ranges of ids.
    pub(super) fn of(select: &Select, parts: &[Part]) -> Self {
        let columns = || select.columns().to_vec();
        Self {
            table: select.table().to_owned(),
            selection: parts.contains(&Part::Whole).then(columns),
        }
    }
}

impl Kept {
    /// Empty, and limited to `most` bytes.
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

    /// Allows what did not fit to be tried again: another question may leave more room, or need less.
    pub fn try_again(&mut self) {
        self.refused.clear();
    }

    /// The number of bytes in use.
    pub fn bytes(&self) -> u64 {
        self.tables.values().map(KeptTable::bytes).sum()
    }

    /// How often a table was read in order to be kept, since [`Kept::new`].
    pub fn readings(&self) -> u64 {
        self.readings
    }

    /// The tables that do not fit, by name.
    pub fn too_large(&self) -> Vec<TooLarge> {
        let refused = self.refused.iter().map(|(key, refused)| TooLarge {
            table: key.table.clone(),
            bytes: refused.bytes,
            most: self.most,
        });
        let mut refused: Vec<TooLarge> = refused.collect();
        refused.sort_by(|a, b| (&a.table, b.bytes).cmp(&(&b.table, a.bytes)));
        refused.dedup_by(|again, first| again.table == first.table);
        refused
    }

    /// Starts a new question. Columns that no question asks for from here on may be dropped to make room.
    pub(super) fn begin(&mut self) {
        self.question += 1;
    }

    /// Which of the given columns are missing, each once. The others are marked as used by the current question.
    pub(super) fn lacking(&mut self, key: &TableKey, columns: &[KeptColumn]) -> Vec<KeptColumn> {
        let mut lacking = Vec::new();
        for column in columns {
            let table = self.tables.get_mut(key);
            let is_kept = table.is_some_and(|table| table.ask(column, self.question));
            if !is_kept && !lacking.contains(column) {
                lacking.push(column.clone());
            }
        }
        lacking
    }

    /// Whether columns among these were already refused when the table could have had as much room as now.
    pub(super) fn is_refused(&self, key: &TableKey, columns: &[KeptColumn]) -> bool {
        self.refused.get(key).is_some_and(|refused| {
            let is_asked = |column| columns.contains(column);
            refused.columns.iter().all(is_asked) && self.room_for(key) <= refused.room
        })
    }

    /// Records that these columns do not fit: the missing ones would take `lacking` bytes. The others are dropped too,
    /// since the table is read anew with all of them.
    pub(super) fn refuse(&mut self, key: &TableKey, columns: &[KeptColumn], lacking: u64) {
        let room = self.room_for(key);
        let kept = self.tables.remove(key);
        let kept = kept.map_or(0, |table| table.bytes());
        let refused = Refused {
            columns: columns.to_vec(),
            bytes: kept.saturating_add(lacking),
            room,
        };
        self.refused.insert(key.clone(), refused);
    }

    /// The bytes that a table's columns may use in total: the limit minus the columns of other tables that the current
    /// question uses.
    fn room_for(&self, key: &TableKey) -> u64 {
        let others = self.tables.iter().filter(|(other, _)| *other != key);
        let asked = others.map(|(_, table)| table.bytes_asked(self.question));
        self.most.saturating_sub(asked.sum())
    }

    /// The number of free bytes.
    pub(super) fn room(&self) -> u64 {
        self.most.saturating_sub(self.bytes())
    }

    /// Drops the groups of rows, and the columns that the current question does not use; false if there was nothing to
    /// drop.
    pub(super) fn make_room(&mut self) -> bool {
        let before = self.bytes();
        for table in self.tables.values_mut() {
            table.forget_groups();
            table.forget_before(self.question);
        }
        self.tables.retain(|_, table| !table.is_empty());
        self.bytes() < before
    }

    /// The parts in which a table was read; empty if it was not.
    pub(super) fn parts(&self, key: &TableKey) -> &[Part] {
        self.tables.get(key).map_or(&[], |table| table.parts())
    }

    /// Keeps columns of a table that was read in these parts, batch by batch in table order. If the batches differ from
    /// those kept before, the earlier columns are dropped.
    pub(super) fn put(
        &mut self,
        key: &TableKey,
        parts: Vec<Part>,
        columns: &[KeptColumn],
        batches: Vec<(Stretch, Vec<Block>)>,
    ) {
        self.readings += 1;
        let (stretches, blocks): (Vec<_>, Vec<_>) = batches.into_iter().unzip();
        let new = || KeptTable::new(parts.clone(), stretches.clone());
        let table = self.tables.entry(key.clone()).or_insert_with(new);
        if !table.is_made_of(&stretches) {
            *table = new();
        }
        table.put(columns, blocks, self.question);
        let refused = self.refused.get(key);
        if refused.is_some_and(|refused| table.recall(&refused.columns).is_some()) {
            self.refused.remove(key);
        }
    }

    /// Columns of a table, in the order of `columns`; `None` unless all of them are kept.
    pub(super) fn recall(&self, key: &TableKey, columns: &[KeptColumn]) -> Option<Recalled<'_>> {
        self.tables.get(key)?.recall(columns)
    }

    /// Records how a question groups the rows of a table. True if the groups should be kept, because the previous
    /// question grouped the rows in the same way and there is room.
    pub(super) fn group(&mut self, key: &TableKey, grouping: &Grouping) -> bool {
        let room = self.room();
        let table = self.tables.get_mut(key);
        table.is_some_and(|table| table.group(grouping, room))
    }

    /// The groups of a table by batch; empty if they are not kept.
    pub(super) fn groups(&self, key: &TableKey, grouping: &Grouping) -> &[BatchGroups] {
        let table = self.tables.get(key);
        table.map_or(&[], |table| table.groups(grouping))
    }

    /// Keeps the groups of a table, batch by batch, if they fit.
    pub(super) fn put_groups(&mut self, key: &TableKey, batches: Vec<BatchGroups>) {
        let room = self.room();
        if let Some(table) = self.tables.get_mut(key) {
            table.put_groups(batches, room);
        }
    }

    /// The values that were looked at before, among those at these row positions and column places.
    pub(super) fn seen(
        &self,
        select: &Select,
        parts: &[Part],
        wanted: &BTreeSet<(i64, usize)>,
    ) -> HashMap<(i64, usize), Seen> {
        let table = self.tables.get(&TableKey::of(select, parts));
        let table = table.filter(|table| table.parts() == parts);
        let seen = |place: &(i64, usize)| {
            let name = select.columns().get(place.1)?;
            Some((*place, table?.seen(place.0, name)?.clone()))
        };
        wanted.iter().filter_map(seen).collect()
    }

    /// Remembers values that were looked at.
    pub(super) fn see(
        &mut self,
        select: &Select,
        parts: &[Part],
        seen: &HashMap<(i64, usize), Seen>,
    ) {
        let mut room = self.room();
        let table = self.tables.get_mut(&TableKey::of(select, parts));
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
