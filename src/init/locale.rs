//! Finds the locale of the data, from its days, amounts, names and currency.

use super::Origin;
use super::currency::Currency;
use super::guess::Guess;
use super::lexicon::Language;
use crate::config::{Decimal, Locale, marks};
use crate::value::{ColumnType, Notation};

/// The only locale that writes days and decimals as the data does, in the language of its names, with its currency.
/// None where several do, or the data shows nothing.
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
    let mut likely: Vec<Locale> = Locale::ALL.into_iter().filter(writes).collect();
    let languages: Vec<Language> = likely.iter().copied().map(language_of).collect();
    let language = guess.spoken.most(&languages).or_else(|| {
        // Swedish and Polish share many words with other languages. In a tie, another language is more likely.
        let others = languages.iter().filter(|language| !is_told(**language));
        guess.spoken.most(&others.copied().collect::<Vec<_>>())
    });
    // A criterion that rules out all locales is ignored.
    let mut narrow = |is: &dyn Fn(&Locale) -> bool| {
        if likely.iter().any(is) {
            likely.retain(is);
        }
    };
    narrow(&|locale| language == Some(language_of(*locale)));
    let code = guess.currency.as_ref().and_then(Currency::code);
    if let Some(code) = code {
        narrow(&|locale| currency_of(*locale) == code);
    }
    let is_said = |locale: &Locale| {
        language == Some(language_of(*locale)) || code == Some(currency_of(*locale))
    };
    likely.retain(|locale| !is_told(language_of(*locale)) || is_said(locale));
    match likely.as_slice() {
        [only] => Some(*only),
        // The amounts of a Brazilian shop mostly carry the currency symbol.
        [Locale::PtPt, Locale::PtBr] => Some(Locale::PtPt),
        _ => None,
    }
}

/// Whether a language needs evidence from words or the currency: its date format alone is not enough, because other
/// countries use it too.
fn is_told(language: Language) -> bool {
    matches!(language, Language::Polish | Language::Swedish)
}

fn language_of(locale: Locale) -> Language {
    match locale {
        Locale::EnUs | Locale::EnGb => Language::English,
        Locale::DeDe => Language::German,
        Locale::FrFr => Language::French,
        Locale::NlNl => Language::Dutch,
        Locale::ItIt => Language::Italian,
        Locale::EsEs => Language::Spanish,
        Locale::PtPt | Locale::PtBr => Language::Portuguese,
        Locale::PlPl => Language::Polish,
        Locale::SvSe => Language::Swedish,
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

/// The date format, if it suggests a country; formats that begin with the year are used everywhere.
fn form(ty: &ColumnType) -> Option<String> {
    let form = match ty {
        ColumnType::DateAs(forms) | ColumnType::InstantAs(forms, _) => forms.to_string(),
        _ => return None,
    };
    let begins = form.trim_start_matches(['[', '"']);
    (begins.starts_with("%d") || begins.starts_with("%m")).then(|| form.replace("%y", "%Y"))
}

/// The usual currency of the country.
pub(super) fn currency_of(locale: Locale) -> &'static str {
    match locale {
        Locale::EnUs => "USD",
        Locale::EnGb => "GBP",
        Locale::DeDe | Locale::FrFr | Locale::NlNl | Locale::ItIt | Locale::EsEs | Locale::PtPt => {
            "EUR"
        }
        Locale::PtBr => "BRL",
        Locale::PlPl => "PLN",
        Locale::SvSe => "SEK",
    }
}
