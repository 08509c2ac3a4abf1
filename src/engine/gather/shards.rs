//! Ranges of subjects. One thread at a time counts for a range.

use super::keys::EXCLUDED;
use super::pick::Pick;
use crate::engine::places::index;

/// The number of shards per thread: enough that two threads seldom want the same shard.
pub(super) const PER_THREAD: usize = 4;

/// How subjects are divided into shards. A shard's size is a power of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shards {
    bits: u32,
    subjects: usize,
}

/// Rows of a batch that count for a subject, by shard.
#[derive(Default, Clone)]
pub(super) struct Grouped {
    /// Each row with its subject's place in the shard; within a shard, in the order of rows.
    picks: Vec<Pick>,
    /// For each shard, where the next one begins.
    ends: Vec<usize>,
}

impl Shards {
    pub(super) fn new(subjects: usize, threads: usize) -> Self {
        let count = match threads {
            0 | 1 => 1,
            threads => threads * PER_THREAD,
        };
        let size = subjects.div_ceil(count).max(1).next_power_of_two();
        Self {
            bits: size.trailing_zeros(),
            subjects,
        }
    }

    /// The number of subjects in each shard.
    pub(super) fn sizes(self) -> impl Iterator<Item = usize> {
        let size = 1 << self.bits;
        let starts = (0..self.subjects.max(1)).step_by(size);
        starts.map(move |start| size.min(self.subjects - start))
    }

    fn count(self) -> usize {
        self.subjects.max(1).div_ceil(1 << self.bits)
    }

    /// The shard of a subject's place, and the place within it; `None` if the place is not a subject's.
    fn find(self, place: u32) -> Option<(usize, u32)> {
        let within = place & !(u32::MAX << self.bits);
        (place < EXCLUDED).then(|| (index(place >> self.bits), within))
    }
}

impl Grouped {
    /// Groups rows by their subjects' places.
    pub(super) fn group(&mut self, places: &[u32], shards: Shards) {
        self.cleared();
        if shards.count() == 1 {
            let rows = (0u32..).zip(places);
            let rows = rows.map(|(row, place)| Pick { row, place: *place });
            self.picks.extend(rows.filter(|pick| pick.place < EXCLUDED));
            self.ends.push(self.picks.len());
            return;
        }
        self.ends.resize(shards.count(), 0);
        let mut total = 0;
        for (shard, _) in places.iter().filter_map(|place| shards.find(*place)) {
            if let Some(count) = self.ends.get_mut(shard) {
                *count += 1;
                total += 1;
            }
        }
        // Turns counts into where each shard begins, which becomes its end as rows are placed.
        let mut begin = 0;
        for end in &mut self.ends {
            begin += std::mem::replace(end, begin);
        }
        self.picks.resize(total, Pick { row: 0, place: 0 });
        for (row, place) in (0u32..).zip(places) {
            let Some((shard, place)) = shards.find(*place) else {
                continue;
            };
            if let Some(end) = self.ends.get_mut(shard) {
                if let Some(slot) = self.picks.get_mut(*end) {
                    *slot = Pick { row, place };
                }
                *end += 1;
            }
        }
    }

    /// All rows, and for each shard where the next one begins.
    pub(super) fn parts(&self) -> (&[Pick], &[usize]) {
        (&self.picks, &self.ends)
    }

    /// The same, emptied, to be filled again.
    pub(super) fn cleared(&mut self) -> (&mut Vec<Pick>, &mut Vec<usize>) {
        self.picks.clear();
        self.ends.clear();
        (&mut self.picks, &mut self.ends)
    }

    /// The rows of a shard.
    pub(super) fn of(&self, shard: usize) -> &[Pick] {
        let begin = shard
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let range = begin.copied().unwrap_or(0)..self.ends.get(shard).copied().unwrap_or(0);
        self.picks.get(range).unwrap_or_default()
    }
}
