//! Describes keys that occur in several rows of the subject's table.

use crate::config::{Locale, marks};
use crate::engine::Keys;
use crate::engine::places::index;

/// At most this many keys are named, and at most this many rows of each.
const NAMED: usize = 3;

/// The keys that occur in several rows.
pub(super) struct Doubled {
    /// The number of such keys.
    count: usize,
    /// The first of these keys, with some of their rows.
    named: Vec<Named>,
}

struct Named {
    key: String,
    /// Positions from 0.
    rows: Vec<u32>,
    /// The number of rows with this key.
    count: usize,
}

impl Doubled {
    /// `order` holds the places of the rows that count, in ascending order of their keys; `rows` are the rows'
    /// positions, from 0.
    pub(super) fn of(keys: &Keys, rows: &[u32], order: &[u32]) -> Self {
        let key = |nth: u32| match keys {
            Keys::Integer(keys) => keys.get(index(nth)).map(i64::to_string),
            Keys::Text(keys) => keys.get(index(nth)).map(ToString::to_string),
        };
        let same = order.chunk_by(|one, next| key(*one) == key(*next));
        let doubled: Vec<&[u32]> = same.filter(|same| same.len() > 1).collect();
        let named = doubled.iter().take(NAMED).map(|same| {
            let rows = same.iter().filter_map(|nth| rows.get(index(*nth)).copied());
            Named {
                key: same.first().copied().and_then(key).unwrap_or_default(),
                rows: rows.take(NAMED).collect(),
                count: same.len(),
            }
        });
        Self {
            count: doubled.len(),
            named: named.collect(),
        }
    }

    /// The rows that are named, by position from 0.
    pub(super) fn rows(&self) -> impl Iterator<Item = u32> {
        self.named.iter().flat_map(|named| &named.rows).copied()
    }

    /// How many keys occur in several rows, which keys, and in which rows, as `row` names them. Private keys are not
    /// shown.
    pub(super) fn words(&self, is_private: bool, row: impl Fn(u32) -> String) -> String {
        let named = self.named.iter().map(|named| {
            let key = match is_private {
                true => String::new(),
                false => format!("{} in ", named.key),
            };
            let rows: Vec<String> = named.rows.iter().map(|nth| row(*nth)).collect();
            format!("{key}rows {}{}", rows.join(", "), more(named.count))
        });
        let named: Vec<String> = named.collect();
        let occur = match self.count {
            1 => "occurs",
            _ => "occur",
        };
        format!(
            "{} {occur} in several rows ({}{})",
            marks(Locale::EnUs).counted(self.count, "key"),
            named.join("; "),
            more(self.count)
        )
    }
}

fn more(of: usize) -> &'static str {
    if of > NAMED { ", …" } else { "" }
}
