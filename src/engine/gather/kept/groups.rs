//! The rows of a batch by the subjects that they count for, so that not each question has to find them anew.

use std::sync::Arc;

use super::codes::Codes;
use crate::engine::gather::keys::KeyIndex;
use crate::engine::gather::pick::Pick;
use crate::engine::gather::shards::{Grouped, Shards};
use crate::engine::places::index;

/// How rows are grouped.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine::gather) struct Grouping {
    /// The columns that name subjects; none in the place of one that names a row to look up.
    pub(in crate::engine::gather) columns: Vec<Option<String>>,
    /// Where each subject is.
    pub(in crate::engine::gather) index: Arc<KeyIndex>,
    /// How subjects are divided.
    pub(in crate::engine::gather) shards: Shards,
}

/// The groups of one batch, for each column that names subjects; none where it names somebody who is not there: of such rows
/// more has to be told.
pub(in crate::engine::gather) type BatchGroups = Vec<Option<Groups>>;

/// What one column makes of a batch, in little memory.
#[derive(Debug)]
pub(in crate::engine::gather) struct Groups {
    rows: Codes,
    places: Codes,
    ends: Codes,
    shards: usize,
    picks: usize,
}

/// The groups of a table.
#[derive(Debug)]
pub(super) struct KeptGroups {
    grouping: Grouping,
    /// By batch; nothing where they were not worth keeping so far.
    batches: Vec<BatchGroups>,
    bytes: u64,
}

impl Groups {
    pub(in crate::engine::gather) fn pack(grouped: &Grouped) -> Self {
        let (picks, ends) = grouped.parts();
        let of = |number: fn(&Pick) -> u32| {
            let numbers = picks.iter().map(|pick| u64::from(number(pick)));
            Codes::pack(numbers.clone(), numbers.max().unwrap_or(0))
        };
        Self {
            rows: of(|pick| pick.row),
            places: of(|pick| pick.place),
            ends: Codes::pack(ends.iter().map(|end| *end as u64), picks.len() as u64),
            shards: ends.len(),
            picks: picks.len(),
        }
    }

    /// Puts the groups in the place of others.
    pub(in crate::engine::gather) fn unpack(&self, into: &mut Grouped) {
        let (picks, ends) = into.cleared();
        (self.ends).extend(ends, self.shards, |end| index(narrow(end)));
        (self.rows).extend(picks, self.picks, |row| Pick {
            row: narrow(row),
            place: 0,
        });
        let mut picks = picks.iter_mut();
        self.places.each(self.picks, |place| {
            if let Some(pick) = picks.next() {
                pick.place = narrow(place);
            }
        });
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.rows.bytes() + self.places.bytes() + self.ends.bytes()
    }
}

impl KeptGroups {
    /// Nothing yet.
    pub(super) fn new(grouping: Grouping) -> Self {
        Self {
            bytes: grouping.index.bytes(),
            grouping,
            batches: Vec::new(),
        }
    }

    pub(super) fn are_of(&self, grouping: &Grouping) -> bool {
        self.grouping == *grouping
    }

    pub(super) fn batches(&self) -> &[BatchGroups] {
        &self.batches
    }

    /// Keeps them if they need no more than the room that there is, in bytes.
    pub(super) fn put(&mut self, batches: Vec<BatchGroups>, room: u64) {
        let bytes = batches.iter().flatten().flatten().map(Groups::bytes);
        let bytes = (bytes.sum::<usize>() + batches.len() * size_of::<BatchGroups>()) as u64;
        if bytes <= room {
            self.bytes += bytes;
            self.batches = batches;
        }
    }

    /// Bytes in use.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// What was 32 bits wide before it was packed.
#[inline]
#[allow(clippy::cast_possible_truncation)]
fn narrow(code: u64) -> u32 {
    code as u32
}
