//! Whether rows of one key in several files are the same things.

/// What stands for the text of a cell beside a key.
pub(super) type Piece = u64;

/// How rows that have the same key in several files agree.
#[derive(Default)]
pub(super) struct Agreement {
    /// How many pairs of rows there are.
    pub(super) pairs: usize,
    /// How many of them are the same in every column.
    same: usize,
    /// For each column, how many have the same there.
    by_column: Vec<usize>,
}

impl Agreement {
    pub(super) fn see(&mut self, before: &[Piece], row: &[Piece]) {
        self.pairs += 1;
        self.same += usize::from(before == row);
        self.by_column.resize(row.len(), 0);
        let cells = before.iter().zip(row).zip(&mut self.by_column);
        for ((before, cell), count) in cells {
            *count += usize::from(before == cell);
        }
    }

    /// Whether these are the same things, listed again: most rows are the same, or differ in what has become of them alone, and not in when
    /// they happened.
    pub(super) fn is_again(&self, is_time: &[bool]) -> bool {
        let all: usize = self.by_column.iter().sum();
        let mostly = all * 5 > self.by_column.len() * self.pairs * 3;
        let mut times = self
            .by_column
            .iter()
            .zip(is_time)
            .filter(|(_, is_time)| **is_time);
        let one_time = times.any(|(count, _)| count * 10 > self.pairs * 9);
        self.same * 2 > self.pairs || mostly && one_time
    }
}
