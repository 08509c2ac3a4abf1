//! How the country that data comes from writes days and amounts, where the data shows it.

use super::Origin;
use super::guess::Guess;
use crate::config::{Decimal, Locale, marks};
use crate::value::{ColumnType, Notation};

/// The one locale that writes days and decimals as the data does; none where several do, or the data shows neither.
pub(super) fn locale(origin: &Origin<'_>, guess: &Guess) -> Option<Locale> {
    let collections = guess.collections.iter().flat_map(|of| &of.types);
    let types = guess
        .subject
        .types
        .iter()
        .chain(collections)
        .map(|(_, ty)| *ty);
    let types: Vec<ColumnType> = types.collect();
    let files = origin.import.iter().flat_map(|files| files.forms);
    let of_files = files.filter_map(|(_, form)| form.decimal);
    let decimals = types.iter().copied().filter_map(decimal).chain(of_files);
    let decimals: Vec<Decimal> = decimals.collect();
    let forms: Vec<String> = types.iter().filter_map(form).collect();
    let writes = |locale: &Locale| {
        let marks = marks(*locale);
        let is_decimal = |decimal: &Decimal| match decimal {
            Decimal::Point => marks.decimal == '.',
            Decimal::Comma => marks.decimal == ',',
        };
        forms.iter().all(|form| form.contains(marks.date)) && decimals.iter().all(is_decimal)
    };
    match Locale::ALL
        .into_iter()
        .filter(writes)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [only] => Some(*only),
        _ => None,
    }
}

fn decimal(ty: ColumnType) -> Option<Decimal> {
    match ty {
        ColumnType::MoneyAs(notation) | ColumnType::NumberAs(notation) => Some(match notation {
            Notation::Comma => Decimal::Comma,
            Notation::Point => Decimal::Point,
        }),
        _ => None,
    }
}

/// The form of days that a country may have: what begins with the year is written everywhere.
fn form(ty: &ColumnType) -> Option<String> {
    let form = match ty {
        ColumnType::DateAs(forms) | ColumnType::InstantAs(forms, _) => forms.to_string(),
        _ => return None,
    };
    let begins = form.trim_start_matches(['[', '"']);
    (begins.starts_with("%d") || begins.starts_with("%m")).then(|| form.replace("%y", "%Y"))
}

/// What the country's amounts are in, mostly.
pub(super) fn currency_of(locale: Locale) -> &'static str {
    match locale {
        Locale::EnUs => "USD",
        Locale::EnGb => "GBP",
        Locale::DeDe | Locale::FrFr | Locale::NlNl => "EUR",
    }
}
