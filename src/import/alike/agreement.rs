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
    /// How many have another date in every column of dates: numbers that begin anew.
    anew: usize,
    /// For each column, how many have the same there.
    by_column: Vec<usize>,
    /// For each column, how many rows have there what the row of another key that was seen before has.
    by_chance: Vec<usize>,
    last: Vec<Piece>,
}

impl Agreement {
    pub(super) fn see(&mut self, before: &[Piece], row: &[Piece], is_time: &[bool]) {
        self.pairs += 1;
        self.same += usize::from(before == row);
        let mut times = before
            .iter()
            .zip(row)
            .zip(is_time)
            .filter(|(_, is_time)| **is_time);
        let has_time = is_time.contains(&true);
        self.anew += usize::from(has_time && times.all(|((before, cell), _)| before != cell));
        self.by_column.resize(row.len(), 0);
        self.by_chance.resize(row.len(), 0);
        let chance = self.last.iter().zip(row).zip(&mut self.by_chance);
        for ((other, cell), count) in chance {
            *count += usize::from(other == cell);
        }
        self.last = row.to_vec();
        let cells = before.iter().zip(row).zip(&mut self.by_column);
        for ((before, cell), count) in cells {
            *count += usize::from(before == cell);
        }
    }

    /// Whether nearly all rows have the same in some of these columns, in which rows of others do not.
    pub(super) fn agrees(&self, columns: &[bool]) -> bool {
        let counts = self.by_column.iter().zip(&self.by_chance).zip(columns);
        let mut counts = counts.filter(|(_, is_one)| **is_one);
        counts.any(|((count, chance), _)| count * 10 > self.pairs * 9 && chance * 2 < self.pairs)
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
        self.anew * 20 <= self.pairs && (self.same * 2 > self.pairs || mostly && one_time)
    }
}
