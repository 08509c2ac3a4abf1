//! The currencies of the amounts in a column.

use std::collections::{BTreeMap, BTreeSet};

use super::notes::shown;
use crate::value::Currency;

/// The most bytes an amount can have.
const LONGEST: usize = 40;

/// How often each currency stands next to an amount of the column.
#[derive(Default)]
pub(super) struct Currencies(BTreeMap<Currency, Written>);

/// How the currency is written where it first appears.
struct Written {
    written: String,
    count: u64,
    first: u64,
}

impl Currencies {
    /// Records a cell, in UTF-8, of the row at `place`.
    pub(super) fn see(&mut self, cell: &[u8], place: u64) {
        // The first and last characters rule out most cells: numbers and dates have digits there, words have letters.
        let (first, last) = (cell.first(), cell.last());
        let are_both = |is_so: fn(&u8) -> bool| first.is_some_and(is_so) && last.is_some_and(is_so);
        let is_plain = are_both(u8::is_ascii_digit) || are_both(u8::is_ascii_alphabetic);
        if cell.len() > LONGEST || is_plain {
            return;
        }
        let text = std::str::from_utf8(cell).unwrap_or_default();
        if let Some((written, currency)) = Currency::written_in(text) {
            let known = self.0.entry(currency).or_insert_with(|| Written {
                written: written.to_owned(),
                count: 0,
                first: place,
            });
            known.count += 1;
        }
    }

    /// The message if there are several currencies. `place` is what rows are counted by: `line` or `row`.
    pub(super) fn told(&self, column: &str, place: &str) -> Option<String> {
        let is_met = |currency| self.0.contains_key(&currency);
        let meant = self.0.keys().map(|currency| currency.meant(is_met, None));
        if meant.collect::<BTreeSet<_>>().len() < 2 {
            return None;
        }
        let mut all: Vec<&Written> = self.0.values().collect();
        all.sort_by(|one, other| one.written.cmp(&other.written));
        let counts = all.into_iter().map(|currency| {
            format!(
                "{} with `{}` (first in {})",
                currency.count,
                currency.written,
                shown(1, &[currency.first], place)
            )
        });
        let counts: Vec<String> = counts.collect();
        Some(format!(
            "`{column}` holds amounts in several currencies, which cannot be added up: {}",
            counts.join(", ")
        ))
    }
}
