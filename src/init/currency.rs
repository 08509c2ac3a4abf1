//! What the amounts of a table are in.

use std::collections::{BTreeMap, BTreeSet};

use super::data::Guessed;
use super::lexicon::amounts::CURRENCIES;
use super::tables::Seen;
use super::words::{is_among, words};
use crate::value::currency_sign;

/// Codes that names of columns end with: `betrag_eur`.
const CODES: &str =
    "eur usd gbp chf cad aud nzd sek nok dkk pln czk huf ron bgn try brl mxn ars clp cop jpy";

/// Signs that one currency only has; a dollar can be of many countries.
const SIGNS: [(char, &str); 2] = [('€', "EUR"), ('£', "GBP")];

/// The sign of a dollar with a letter before it, which is no dollar.
const REAL: &str = "R$";

/// What the amounts of a table are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Currency {
    /// Nothing tells.
    Unknown,
    One(String),
    /// Amounts in different ones cannot be added up: by the values of this column.
    Several(String),
}

/// By a column of codes, or, where it tells nothing, by the name and the values of the column `amount`.
pub(super) fn currency(seen: &Seen<'_>, amount: Option<&str>) -> Currency {
    let by_amount = || amount.map(|amount| of_amount(seen, amount));
    of_codes(seen)
        .or_else(by_amount)
        .unwrap_or(Currency::Unknown)
}

/// By the values of a column that is called a currency.
fn of_codes(seen: &Seen<'_>) -> Option<Currency> {
    let is_called_so = |name: &str| {
        let name = words(name);
        let mut telling = name.iter().rev().filter(|word| !is_among("code iso", word));
        telling.next().is_some_and(|word| CURRENCIES.has(word))
    };
    let mut columns = seen.table.columns.iter();
    let column = columns.find(|column| is_called_so(&column.name))?;
    let filled = seen.filled(&column.name);
    let codes: BTreeSet<&str> = filled.iter().filter_map(|cell| cell.text()).collect();
    let is_code =
        |code: &&str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    match (codes.first(), codes.len()) {
        (Some(code), 1) if is_code(code) => Some(Currency::One((*code).to_owned())),
        (Some(_), 2..) => Some(Currency::Several(column.name.clone())),
        _ => None,
    }
}

fn of_amount(seen: &Seen<'_>, amount: &str) -> Currency {
    let name = words(amount);
    if let Some(code) = name.iter().find(|word| is_among(CODES, word)) {
        return Currency::One(code.to_uppercase());
    }
    let mut texts = seen.filled(amount).into_iter().filter_map(Guessed::text);
    if texts.any(|text| text.contains(REAL)) || amount.contains(REAL) {
        return Currency::One("BRL".to_owned());
    }
    let of_values = signs(seen, amount).into_keys().next();
    let sign = of_values.or_else(|| currency_sign(amount));
    match SIGNS.iter().find(|(known, _)| Some(*known) == sign) {
        Some((_, code)) => Currency::One((*code).to_owned()),
        None => Currency::Unknown,
    }
}

/// The signs of currencies in a column's values, with how many of the values that were looked at have each. Amounts with
/// several signs cannot be added up.
pub(super) fn signs(seen: &Seen<'_>, column: &str) -> BTreeMap<char, usize> {
    let mut signs = BTreeMap::new();
    let filled = seen.filled(column);
    let found = filled.iter().filter_map(|cell| currency_sign(cell.text()?));
    for sign in found {
        *signs.entry(sign).or_default() += 1;
    }
    signs
}
