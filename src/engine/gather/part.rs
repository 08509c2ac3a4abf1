//! A table, or some of its rows.

/// Which rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of them, in table order.
    Whole,
    /// Those with ids in a range, in the order of their ids.
    Ids {
        /// The lowest id; it need not exist.
        first: i64,
        /// The highest id; it need not exist.
        last: i64,
    },
}

impl Part {
    /// The position of the part's first row. Its other rows follow one by one. A row's position is never above its id,
    /// so positions are in table order whatever the parts are.
    pub(super) fn first(self) -> i64 {
        match self {
            Self::Whole => 1,
            Self::Ids { first, .. } => first,
        }
    }

    /// Ends the part before an id.
    pub(super) fn end_before(&mut self, next: i64) {
        if let Self::Ids { last, .. } = self {
            *last = next.saturating_sub(1).min(*last);
        }
    }

    /// Cuts the part into pieces of equal size, in order: this many, or fewer if a piece would have less than `least`
    /// ids.
    pub(super) fn cut(self, pieces: u64, least: u64) -> Vec<Self> {
        let Self::Ids { first, last } = self else {
            return vec![self];
        };
        let size = (last.abs_diff(first) / pieces.max(1) + 1).max(least);
        let mut cut = Vec::new();
        let mut from = first;
        while from <= last {
            let to = from.saturating_add_unsigned(size - 1).min(last);
            cut.push(Self::Ids {
                first: from,
                last: to,
            });
            let Some(next) = to.checked_add(1) else {
                break;
            };
            from = next;
        }
        cut
    }

    /// What comes after the row with an id, in two halves; `None` if that is less than two threads' worth.
    pub(super) fn halves_behind(self, id: i64, least: u64) -> Option<[Self; 2]> {
        let Self::Ids { last, .. } = self else {
            return None;
        };
        let rest = last.abs_diff(id);
        if id >= last || rest < least.saturating_mul(2) {
            return None;
        }
        let middle = id.saturating_add_unsigned(rest / 2);
        let ids = |first: i64, last| Self::Ids { first, last };
        Some([
            ids(id.saturating_add(1), middle),
            ids(middle.saturating_add(1), last),
        ])
    }
}
