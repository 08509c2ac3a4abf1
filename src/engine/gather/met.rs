//! Counts how often something was met in the rows of a table, and where first.

/// At most this many rows of a kind are remembered, to show what their values look like: as many as `check` tries.
const SAMPLES: usize = 1_000;

/// How often something was met, and the positions of the first rows, ascending.
#[derive(Debug, Clone, Default)]
pub(super) struct Met {
    pub(super) count: u64,
    pub(super) rows: Vec<i64>,
    /// Whether the count may be too low.
    pub(super) is_least: bool,
}

impl Met {
    #[inline]
    pub(super) fn add(&mut self, row: i64) {
        self.count += 1;
        self.remember(row);
    }

    /// Adds this many consecutive rows.
    pub(super) fn add_all(&mut self, first: i64, count: usize) {
        self.count += count as u64;
        if self.is_past(first) {
            return;
        }
        for row in (first..).take(count.min(SAMPLES)) {
            self.remember(row);
        }
    }

    /// Adds the rows of another account, which may overlap. Each row is counted once, as far as rows are remembered.
    pub(super) fn unite(&mut self, mut other: Self) {
        if other.count > self.count {
            std::mem::swap(self, &mut other);
        }
        let all = other.rows.len() as u64;
        let is_forgotten = other.count > all || other.rows.iter().any(|row| self.is_past(*row));
        self.is_least |= other.is_least || is_forgotten;
        let is_new = |row: &i64| !self.is_past(*row) && self.rows.binary_search(row).is_err();
        let new: Vec<i64> = other.rows.into_iter().filter(is_new).collect();
        new.into_iter().for_each(|row| self.add(row));
    }

    /// Adds what was met in other rows.
    pub(super) fn absorb(&mut self, other: Self) {
        self.count += other.count;
        self.is_least |= other.is_least;
        for row in other.rows {
            self.remember(row);
        }
    }

    /// Whether enough rows before this one are remembered.
    fn is_past(&self, row: i64) -> bool {
        self.rows.len() >= SAMPLES && self.rows.last().is_some_and(|last| row > *last)
    }

    /// Remembers the first rows, in whatever order they arrive.
    fn remember(&mut self, row: i64) {
        if self.is_past(row) {
            return;
        }
        let place = self.rows.partition_point(|known| *known < row);
        self.rows.insert(place, row);
        self.rows.truncate(SAMPLES);
    }
}
