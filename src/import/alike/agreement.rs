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
    /// For each column of names, what the later rows have there, one for each key.
    names: Vec<Vec<Piece>>,
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
        let cells = before.iter().zip(row).zip(&mut self.by_column);
        for ((before, cell), count) in cells {
            *count += usize::from(before == cell);
        }
    }

    /// Takes in a key by a row of it, where `is_name` says which columns hold names.
    pub(super) fn name(&mut self, row: &[Piece], is_name: &[bool]) {
        self.names.resize(row.len(), Vec::new());
        let columns = self.names.iter_mut().zip(row).zip(is_name);
        for ((names, cell), _) in columns.filter(|(_, is_name)| **is_name) {
            names.push(*cell);
        }
    }

    /// Whether nearly all rows have the same in some column of names, of which no more than half of the rows of other keys have it by chance.
    pub(super) fn agrees(&mut self) -> bool {
        let mut columns = self.by_column.iter().zip(&mut self.names);
        columns.any(|(count, names)| {
            !names.is_empty() && count * 10 > self.pairs * 9 && !are_mostly_one(names)
        })
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

/// Whether of two of these, whichever they are, more than half are the same.
fn are_mostly_one(names: &mut [Piece]) -> bool {
    names.sort_unstable();
    let runs = names
        .chunk_by(|one, other| one == other)
        .map(<[Piece]>::len);
    let same: usize = runs.map(|run| run * (run - 1)).sum();
    same * 2 > names.len() * names.len().saturating_sub(1)
}
