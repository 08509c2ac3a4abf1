//! What the amounts of a table are in.

use std::collections::BTreeSet;

use super::data::Guessed;
use super::tables::Seen;
use super::words::{is_among, words};

/// Codes that names of columns end with: `betrag_eur`.
const CODES: &str = "eur usd gbp chf cad aud nzd sek nok dkk pln czk huf jpy";

/// Signs that one currency only has; a dollar can be of many countries.
const SIGNS: [(char, &str); 2] = [('€', "EUR"), ('£', "GBP")];

/// What the amounts of a table are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Currency {
    /// Nothing tells.
    Unknown,
    One(String),
    /// Amounts in different ones cannot be added up: by the values of this column.
    Several(String),
}

/// By a column of codes, else by the name and the values of the column `amount`.
pub(super) fn currency(seen: &Seen<'_>, amount: Option<&str>) -> Currency {
    let is_called_so = |name: &str| {
        let name = words(name);
        let mut telling = name.iter().rev().filter(|word| !is_among("code iso", word));
        telling
            .next()
            .is_some_and(|word| is_among("currency währung waehrung devise valuta", word))
    };
    let mut columns = seen.table.columns.iter();
    let Some(column) = columns.find(|column| is_called_so(&column.name)) else {
        let of_amount = amount.and_then(|amount| of_amount(seen, amount));
        return of_amount.map_or(Currency::Unknown, Currency::One);
    };
    let filled = seen.filled(&column.name);
    let codes: BTreeSet<&str> = filled.iter().filter_map(|cell| cell.text()).collect();
    let is_code =
        |code: &&str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    match (codes.first(), codes.len()) {
        (Some(code), 1) if is_code(code) => Currency::One((*code).to_owned()),
        (Some(_), 2..) => Currency::Several(column.name.clone()),
        _ => Currency::Unknown,
    }
}

fn of_amount(seen: &Seen<'_>, amount: &str) -> Option<String> {
    let name = words(amount);
    if let Some(code) = name.iter().find(|word| is_among(CODES, word)) {
        return Some(code.to_uppercase());
    }
    let filled = seen.filled(amount);
    let texts = filled.iter().filter_map(|cell| cell.text());
    let signs: BTreeSet<char> = texts
        .chain([amount])
        .flat_map(|text| text.chars().filter(|c| "€£$¥".contains(*c)))
        .collect();
    let mut known = SIGNS.iter().filter(|_| signs.len() == 1);
    let (_, code) = known.find(|(sign, _)| signs.contains(sign))?;
    Some((*code).to_owned())
}
