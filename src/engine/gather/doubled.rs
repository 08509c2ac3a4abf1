//! Keys that several rows of the subject's table have, in words.

use crate::config::{Locale, marks};
use crate::engine::Keys;
use crate::engine::places::index;

/// So many keys are named, and so many rows of each.
const NAMED: usize = 3;

/// How many keys there are in several rows, which, and in which rows. `order` are the places of the rows that count, in
/// ascending order of their keys; `rows` are the rows' positions, from 0. Keys that are private are not shown.
pub(super) fn doubled(keys: &Keys, rows: &[u32], order: &[u32], is_private: bool) -> String {
    let key = |nth: u32| match keys {
        Keys::Integer(keys) => keys.get(index(nth)).map(i64::to_string),
        Keys::Text(keys) => keys.get(index(nth)).map(ToString::to_string),
    };
    let same = order.chunk_by(|one, next| key(*one) == key(*next));
    let doubled: Vec<&[u32]> = same.filter(|same| same.len() > 1).collect();
    let named = doubled.iter().take(NAMED).map(|same| {
        let numbers = same.iter().filter_map(|nth| rows.get(index(*nth)));
        let numbers = numbers
            .take(NAMED)
            .map(|row| (u64::from(*row) + 1).to_string());
        let key = same.first().copied().and_then(key).filter(|_| !is_private);
        let key = key.map_or_else(String::new, |key| format!("{key} in "));
        let numbers: Vec<String> = numbers.collect();
        format!("{key}rows {}{}", numbers.join(", "), more(same.len()))
    });
    let named: Vec<String> = named.collect();
    let occur = match doubled.len() {
        1 => "occurs",
        _ => "occur",
    };
    format!(
        "{} {occur} in several rows ({}{})",
        marks(Locale::EnUs).counted(doubled.len(), "key"),
        named.join("; "),
        more(doubled.len())
    )
}

fn more(of: usize) -> &'static str {
    if of > NAMED { ", …" } else { "" }
}
