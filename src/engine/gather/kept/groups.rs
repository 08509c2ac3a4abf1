//! The rows of a batch grouped by subject, so that not every question has to group them again.

use std::sync::Arc;

use super::codes::Codes;
use crate::engine::gather::keys::KeyIndex;
use crate::engine::gather::pick::Pick;
use crate::engine::gather::shards::{Grouped, Shards};
use crate::engine::places::index;

/// How rows are grouped.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine::gather) struct Grouping {
    /// The columns that name subjects; `None` for a column that names a row to look up.
    pub(in crate::engine::gather) columns: Vec<Option<String>>,
    /// Where each subject is found.
    pub(in crate::engine::gather) index: Arc<KeyIndex>,
    /// How subjects are divided into shards.
    pub(in crate::engine::gather) shards: Shards,
}

/// The groups of one batch, for each column that names subjects; `None` if the column names someone who does not exist,
/// since more must be reported about such rows.
pub(in crate::engine::gather) type BatchGroups = Vec<Option<Groups>>;

/// The groups of one column of a batch, in compact form.
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
    /// By batch; empty if the groups have not been worth keeping so far.
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

    /// Unpacks the groups, replacing those in `into`.
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
    /// No groups yet.
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

    /// Keeps the groups if they fit into `room` bytes.
    pub(super) fn put(&mut self, batches: Vec<BatchGroups>, room: u64) {
        let bytes = batches.iter().flatten().flatten().map(Groups::bytes);
        let bytes = (bytes.sum::<usize>() + batches.len() * size_of::<BatchGroups>()) as u64;
        if bytes <= room {
            self.bytes += bytes;
            self.batches = batches;
        }
    }

    /// The number of bytes in use.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// Converts a code back to the 32 bits that it was packed from.
#[inline]
#[allow(clippy::cast_possible_truncation)]
fn narrow(code: u64) -> u32 {
    code as u32
}
