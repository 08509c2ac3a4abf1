//! Finds the currency of a table's amounts.

use std::collections::{BTreeMap, BTreeSet};

use super::counted::Value;
use super::data::Guessed;
use super::lexicon::amounts::CURRENCIES;
use super::tables::Seen;
use super::text::{can_be_written, quoted, written};
use super::words::{is_among, words};
use crate::catalog::column_type;
use crate::value::{self, ColumnType, currency_form, currency_sign, is_currency_code, meant_among};

/// The currency of a table's amounts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Currency {
    /// The data does not show it.
    Unknown,
    One(String),
    /// Amounts in several currencies, which cannot be added up.
    Several(Several),
}

/// What a column says about amounts in several currencies.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Several {
    column: String,
    /// The lookup that leads to the column, where it is not in the rows themselves.
    lookup: Option<String>,
    /// The currency of most rows, in capitals.
    pub(super) commonest: String,
    /// How the rows spell it.
    spellings: Vec<String>,
    /// The share of rows in another currency, from 0 to 1.
    pub(super) share: f64,
}

/// The rows of a collection that are in the most common currency, as a collection of their own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct InOne {
    pub(super) name: String,
    pub(super) condition: String,
}

impl Currency {
    /// The currency of sums, as a code; none where it is unknown or not written as a code.
    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Self::Unknown => None,
            Self::One(code) => Some(code),
            Self::Several(several) => several.code(),
        }
    }

    /// The same for rows that find these through a lookup.
    pub(super) fn through(&self, lookup: &str) -> Self {
        match self {
            Self::Several(several) => Self::Several(Several {
                lookup: Some(lookup.to_owned()),
                ..several.clone()
            }),
            other => other.clone(),
        }
    }
}

impl Several {
    fn code(&self) -> Option<&str> {
        Some(self.commonest.trim()).filter(|code| is_code(code))
    }

    /// The column, as shown to people.
    pub(super) fn named(&self) -> String {
        match &self.lookup {
            Some(lookup) => format!("{lookup}.{}", self.column),
            None => self.column.clone(),
        }
    }

    /// The condition for the rows in the most common currency; none where conditions cannot name the column.
    pub(super) fn condition(&self) -> Option<String> {
        let is_plain = |text: &String| text.chars().all(|c| !c.is_control());
        let can_be = self.spellings.iter().all(is_plain) && can_be_written(&self.column);
        let lookup = self.lookup.iter().map(|lookup| format!("{lookup}."));
        let column = lookup.collect::<String>() + &written(&self.column);
        let texts: Vec<String> = self.spellings.iter().map(|text| quoted(text)).collect();
        match texts.as_slice() {
            [] => None,
            [only] => can_be.then(|| format!("{column} = {only}")),
            several => can_be.then(|| format!("{column} in ({})", several.join(", "))),
        }
    }
}

/// Determines the currency from a column of codes or, failing that, from the name and the values of the column
/// `amount`.
pub(super) fn currency(seen: &Seen<'_>, amount: Option<&str>) -> Currency {
    let by_amount = || amount.map(|amount| of_amount(seen, amount));
    of_codes(seen)
        .or_else(by_amount)
        .unwrap_or(Currency::Unknown)
}

/// Whether a column is named like a currency.
pub fn is_called_currency(column: &str) -> bool {
    let name = words(column);
    let mut telling = name.iter().rev().filter(|word| !is_among("code iso", word));
    telling.next().is_some_and(|word| CURRENCIES.has(word))
}

/// Whether all of these texts are codes of well-known currencies.
pub fn are_currencies(texts: &BTreeSet<String>) -> bool {
    !texts.is_empty() && texts.iter().all(|text| is_currency_code(text))
}

fn is_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Determines the currency from a column that is named like a currency, or that holds nothing but codes.
fn of_codes(seen: &Seen<'_>) -> Option<Currency> {
    // Conditions can only compare a code with a column that is declared as text.
    let columns = || {
        let columns = seen.table.columns.iter();
        let texts =
            columns.filter(|column| column_type(&column.declared) == Some(ColumnType::Text));
        texts.map(|column| column.name.as_str())
    };
    let has_codes = |column: &&str| {
        let filled = seen.filled(column);
        let texts = filled.iter().filter_map(|cell| cell.text());
        are_currencies(&texts.map(str::to_uppercase).collect())
    };
    let column = columns()
        .find(|column| is_called_currency(column))
        .or_else(|| columns().find(has_codes))?;
    let counted = seen.counted(column)?;
    let written: BTreeSet<String> = counted
        .keys()
        .filter_map(Value::text)
        .map(currency_form)
        .collect();
    let mut forms: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    for (value, rows) in &counted {
        if let (Value::Text(text), false) = (value, value.is_empty()) {
            let form = meant_among(&currency_form(text), &written, None);
            let (count, spellings) = forms.entry(form).or_default();
            *count += rows;
            spellings.push(text.clone());
        }
    }
    let all = counted.values().sum();
    let is_one = forms.len() == 1;
    let (commonest, (count, spellings)) = forms.into_iter().max_by_key(|(_, (count, _))| *count)?;
    if !is_one {
        return Some(Currency::Several(Several {
            column: column.to_owned(),
            lookup: None,
            commonest,
            spellings,
            share: share_of(all - count, all),
        }));
    }
    is_code(&commonest).then_some(Currency::One(commonest))
}

#[allow(clippy::cast_precision_loss)]
fn share_of(part: usize, all: usize) -> f64 {
    part as f64 / all.max(1) as f64
}

/// The currency that a heading has in brackets or at its end: `Lön (kr)`, `Entgelt €`, `Cena zł`. Codes without
/// brackets do not count, because they are often ordinary words.
pub(super) fn in_heading(column: &str) -> Option<value::Currency> {
    const SHORT: [&str; 5] = ["R$", "kr", "zł", "Kč", "Ft"];
    let name = column.trim_end();
    let inside = |(open, close): (char, char)| Some(name.strip_suffix(close)?.rsplit_once(open)?.1);
    let bracketed = [('(', ')'), ('[', ']')].into_iter().find_map(inside);
    let last = || name.rsplit(char::is_whitespace).next();
    let short = || last().filter(|last| SHORT.contains(last) && *last != name);
    let sign = || name.get(name.char_indices().next_back()?.0..);
    let sign = || sign().filter(|sign| currency_sign(sign).is_some());
    value::Currency::in_words(bracketed.or_else(short).or_else(sign)?)
}

/// Determines the currency from a word in the amount's name, `Betrag (EUR)`, from a symbol in it, or from its values.
pub(super) fn of_amount(seen: &Seen<'_>, amount: &str) -> Currency {
    let named = words(amount).into_iter().find_map(|word| {
        let form = currency_form(&word);
        let is_said = form == word.to_uppercase() || word.starts_with("euro");
        (is_said && is_currency_code(&form)).then_some(form)
    });
    let signed = || {
        let of_dollars = ["R$", "US$"].into_iter().find(|sign| amount.contains(sign));
        let sign = of_dollars.map(str::to_owned);
        let sign = sign.or_else(|| Some(in_heading(amount)?.form().to_owned()));
        let sign = sign.or_else(|| currency_sign(amount).map(String::from));
        Some(currency_form(&sign?))
    };
    let held = || currencies(seen, amount).into_keys().next();
    match named.or_else(held).or_else(signed) {
        Some(form) if is_code(&form) => Currency::One(form),
        _ => Currency::Unknown,
    }
}

/// The currencies in a column's values, each with its number of rows. Amounts in several cannot be added up.
pub(super) fn currencies(seen: &Seen<'_>, column: &str) -> BTreeMap<String, usize> {
    // Numbers carry no currency.
    if seen.filled(column).iter().all(|cell| cell.text().is_none()) {
        return BTreeMap::new();
    }
    let values = seen.values(column);
    let held = values
        .iter()
        .filter_map(|cell| value::Currency::in_amount(cell.text()?));
    let mut found: BTreeMap<value::Currency, usize> = BTreeMap::new();
    for currency in held {
        *found.entry(currency).or_default() += 1;
    }
    let is_met = |currency| found.contains_key(&currency);
    let mut meant = BTreeMap::new();
    for (currency, rows) in &found {
        let form = currency.meant(is_met, None).form();
        *meant.entry(form.to_owned()).or_default() += rows;
    }
    meant
}
