//! Decides how figures are displayed: the currency, the locale and the usual values.

use super::Origin;
use super::currency::Currency;
use super::guess::Guess;
use super::locale::{currency_of, locale};
use super::rules::Events;
use super::text::in_line;
use crate::authoring::scalar;
use crate::config::Locale;

/// The settings that the data does not reveal, so that a person has to make them: config contains a placeholder.
pub(super) fn to_set(origin: &Origin<'_>, guess: &Guess) -> Vec<&'static str> {
    let mut to_set = vec!["time zone"];
    if let Some(currency) = &guess.currency {
        if currency.code().is_none() {
            to_set.push("currency");
        }
        if locale(origin, guess).is_none() {
            to_set.push("locale");
        }
    }
    to_set
}

/// The currency where there are amounts, the locale, and the usual values where the main collection has amounts.
pub(super) fn figures(guess: &Guess, shown: Option<Locale>) -> String {
    let Some(currency) = &guess.currency else {
        return shown.map_or_else(String::new, |shown| format!("\n{}", locale_line(shown)));
    };
    let locale = shown.unwrap_or_default();
    let remark = match currency {
        Currency::One(_) => "the currency of all amounts".to_owned(),
        Currency::Several(several) => {
            format!(
                "the most common currency in `{}`",
                in_line(&several.named())
            )
        }
        Currency::Unknown => "nothing in the data says what currency the amounts are in".to_owned(),
    };
    let code = currency.code().unwrap_or(currency_of(locale));
    let text = format!(
        "\ncurrency: {code}              # {remark}\n{}",
        locale_line(locale)
    );
    text + &values(guess)
}

/// The usual values, where the main collection has amounts.
fn values(guess: &Guess) -> String {
    let Some(events) = Events::new(guess).filter(|events| events.amount.is_some()) else {
        return String::new();
    };
    let main = events.of;
    let Some(amount) = &main.amount else {
        return String::new();
    };
    let preset = match (main.is_giving(), main.is_visiting()) {
        (true, _) => "donations",
        (_, true) => "visits",
        _ => "orders",
    };
    format!(
        "\n# What `muster segments` shows of each segment.\n\
         values:\n  preset: {preset}\n  \
         money: {{ from: {rows}, amount: {amount}, period: last 12 months }}\n",
        rows = scalar(&events.paid),
        amount = scalar(amount),
    )
}

fn locale_line(locale: Locale) -> String {
    format!(
        "locale: {}              # how figures and days are written: {}\n",
        locale.tag(),
        Locale::ALL.map(Locale::tag).join(", ")
    )
}
