//! Whether rows with one key in several files stand for the same things.

/// A hash of a cell's text, compared alongside the key.
pub(super) type Piece = u64;

/// How far rows with the same key in several files agree.
#[derive(Default)]
pub(super) struct Agreement {
    /// How many pairs of rows there are.
    pub(super) pairs: usize,
    /// How many of them are equal in every column.
    same: usize,
    /// How many differ in every date column: numbering that starts over.
    anew: usize,
    /// For each column, how many pairs are equal there.
    by_column: Vec<usize>,
    /// For each column of names, the values of the later rows, one for each key.
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

    /// Records the names of one key from a row with it. `is_name` says which columns hold names.
    pub(super) fn name(&mut self, row: &[Piece], is_name: &[bool]) {
        self.names.resize(row.len(), Vec::new());
        let columns = self.names.iter_mut().zip(row).zip(is_name);
        for ((names, cell), _) in columns.filter(|(_, is_name)| **is_name) {
            names.push(*cell);
        }
    }

    /// Whether nearly all pairs are equal in some column of names whose values agree by chance in no more than half of the pairs of different keys.
    pub(super) fn agrees(&mut self) -> bool {
        let mut columns = self.by_column.iter().zip(&mut self.names);
        columns.any(|(count, names)| {
            !names.is_empty() && count * 10 > self.pairs * 9 && !are_mostly_one(names)
        })
    }

    /// Whether these are the same things listed again: most rows are equal, or differ only in what has become of the things and not in when they
    /// happened.
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

/// Whether more than half of all possible pairs of these are equal.
fn are_mostly_one(names: &mut [Piece]) -> bool {
    names.sort_unstable();
    let runs = names
        .chunk_by(|one, other| one == other)
        .map(<[Piece]>::len);
    let same: usize = runs.map(|run| run * (run - 1)).sum();
    same * 2 > names.len() * names.len().saturating_sub(1)
}
