//! The currencies that the amounts of a column are in.

use std::collections::BTreeMap;

use super::notes::shown;
use crate::value::currency_sign;

/// No amount is longer, in bytes.
const LONGEST: usize = 40;
/// What stands in amounts beside digits and the sign of a currency.
const AMOUNT: &str = " \u{a0}\u{202f}.,'-+()";

/// How often the signs of currencies stand beside amounts of a column, each with the place of the first.
#[derive(Default)]
pub(super) struct Currencies(BTreeMap<char, (u64, u64)>);

impl Currencies {
    /// Takes in a cell, in UTF-8, of the row at a place.
    pub(super) fn see(&mut self, cell: &[u8], place: u64) {
        // Most cells can be passed over by their ends.
        let may_have = |byte: Option<&u8>| byte.is_some_and(|b| !b.is_ascii_alphanumeric());
        if cell.len() > LONGEST || !may_have(cell.first()) && !may_have(cell.last()) {
            return;
        }
        if let Some(sign) = std::str::from_utf8(cell).ok().and_then(sign) {
            let (count, _) = self.0.entry(sign).or_insert((0, place));
            *count += 1;
        }
    }

    /// What is to be told where they are several, with rows counted by `place`: `line` or `row`.
    pub(super) fn told(&self, column: &str, place: &str) -> Option<String> {
        if self.0.len() < 2 {
            return None;
        }
        let counts = self.0.iter().map(|(sign, (count, first))| {
            format!(
                "{count} with `{sign}` (first in {})",
                shown(1, &[*first], place)
            )
        });
        let counts: Vec<String> = counts.collect();
        Some(format!(
            "`{column}` holds amounts in several currencies, which cannot be added up: {}",
            counts.join(", ")
        ))
    }
}

/// The sign of an amount.
fn sign(text: &str) -> Option<char> {
    let sign = currency_sign(text)?;
    let belongs = |c: char| c == sign || c.is_ascii_digit() || AMOUNT.contains(c);
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    (has_digit && text.chars().all(belongs)).then_some(sign)
}
