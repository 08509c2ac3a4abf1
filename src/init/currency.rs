//! What the amounts of a table are in.

use std::collections::{BTreeMap, BTreeSet};

use super::data::Guessed;
use super::lexicon::amounts::CURRENCIES;
use super::tables::Seen;
use super::text::{can_be_written, quoted, written};
use super::words::{is_among, words};
use crate::catalog::column_type;
use crate::value::{ColumnType, currency_sign};

/// Codes that names of columns end with: `betrag_eur`.
const CODES: &str =
    "eur usd gbp chf cad aud nzd sek nok dkk pln czk huf ron bgn try brl mxn ars clp cop jpy";

/// Signs that one currency only has; a dollar can be of many countries.
const SIGNS: [(char, &str); 2] = [('€', "EUR"), ('£', "GBP")];

/// The sign of a dollar with a letter before it, which is no dollar.
const REAL: &str = "R$";

/// What the amounts of a table are in.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Currency {
    /// Nothing tells.
    Unknown,
    One(String),
    /// Amounts in different ones cannot be added up.
    Several(Several),
}

/// What a column says of amounts that are in several currencies.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Several {
    pub(super) column: String,
    /// The currency that most rows have, in capitals.
    pub(super) commonest: String,
    /// As the rows write it.
    spellings: Vec<String>,
    /// Which part of the rows has another one, from 0 to 1.
    pub(super) share: f64,
}

impl Several {
    /// The commonest one as a code; none where it is written otherwise.
    pub(super) fn code(&self) -> Option<&str> {
        Some(self.commonest.trim()).filter(|code| is_code(code))
    }

    /// The condition for the rows of the commonest one; none where conditions cannot name the column.
    pub(super) fn condition(&self) -> Option<String> {
        let is_plain = |text: &String| text.chars().all(|c| !c.is_control());
        let can_be = self.spellings.iter().all(is_plain) && can_be_written(&self.column);
        let (column, texts) = (written(&self.column), self.spellings.iter());
        let texts: Vec<String> = texts.map(|text| quoted(text)).collect();
        match texts.as_slice() {
            [] => None,
            [only] => can_be.then(|| format!("{column} = {only}")),
            several => can_be.then(|| format!("{column} in ({})", several.join(", "))),
        }
    }
}

/// By a column of codes, or, where it tells nothing, by the name and the values of the column `amount`.
pub(super) fn currency(seen: &Seen<'_>, amount: Option<&str>) -> Currency {
    let by_amount = || amount.map(|amount| of_amount(seen, amount));
    of_codes(seen)
        .or_else(by_amount)
        .unwrap_or(Currency::Unknown)
}

/// Whether a column is called a currency.
pub fn is_called_currency(column: &str) -> bool {
    let name = words(column);
    let mut telling = name.iter().rev().filter(|word| !is_among("code iso", word));
    telling.next().is_some_and(|word| CURRENCIES.has(word))
}

/// Whether texts are codes of well-known currencies, all of them.
pub fn are_currencies(texts: &BTreeSet<String>) -> bool {
    let is_code = |text: &String| is_code(text) && is_among(CODES, &text.to_lowercase());
    !texts.is_empty() && texts.iter().all(is_code)
}

fn is_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// By the values of a column that is called a currency, or has nothing but codes.
fn of_codes(seen: &Seen<'_>) -> Option<Currency> {
    let forms = |column: &str| {
        let mut forms: BTreeMap<String, usize> = BTreeMap::new();
        for text in seen.filled(column).iter().filter_map(|cell| cell.text()) {
            *forms.entry(currency_form(text)).or_default() += 1;
        }
        forms
    };
    // Conditions can compare with a code what is declared as a text.
    let columns = || {
        let columns = seen.table.columns.iter();
        let texts =
            columns.filter(|column| column_type(&column.declared) == Some(ColumnType::Text));
        texts.map(|column| column.name.as_str())
    };
    let column = columns()
        .find(|column| is_called_currency(column))
        .or_else(|| {
            columns().find(|column| are_currencies(&forms(column).into_keys().collect()))
        })?;
    let forms = forms(column);
    let all = seen.cells(column).len();
    match (
        forms.len(),
        forms.into_iter().max_by_key(|(_, count)| *count),
    ) {
        (1, Some((code, _))) if is_code(&code) => Some(Currency::One(code)),
        (2.., Some((commonest, count))) => Some(Currency::Several(Several {
            spellings: spellings(seen, column, &commonest),
            column: column.to_owned(),
            commonest,
            share: share_of(all - count, all),
        })),
        _ => None,
    }
}

/// What is the same of `EUR` and `eur `.
pub fn currency_form(text: &str) -> String {
    text.trim().to_uppercase()
}

/// A currency as the rows of a column write it.
fn spellings(seen: &Seen<'_>, column: &str, form: &str) -> Vec<String> {
    let sample = seen.filled(column);
    let sample = sample.iter().filter_map(|cell| cell.as_str());
    let mut texts = seen.texts(column);
    texts.extend(sample.map(str::to_owned));
    texts.retain(|text| currency_form(text) == form);
    texts.into_iter().collect()
}

#[allow(clippy::cast_precision_loss)]
fn share_of(part: usize, all: usize) -> f64 {
    part as f64 / all.max(1) as f64
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
