//! The single values of the segments page's keys. Each type checks its own values.

use chrono::NaiveDate;
use schemars::{JsonSchema, json_schema};
use serde::Deserialize;

use super::{Locale, OrderWindow, ValueFormat};
use crate::config::value::text_value;
use crate::decode::{Read, Reader, Text, choice, inline_schema};
use crate::source::{Node, Scalar};
use crate::time::{Duration, Period};
use crate::value;

text_value! {
    /// How long history is kept; none for ever.
    Keep(Option<Duration>) = keep, { "type": "string", "examples": ["400 days", "2 years", "forever"] };
    /// A share above 0 and up to 1.
    Share(value::Share) = share, { "type": ["string", "number"], "examples": ["25%"] };
    /// Over which time orders are counted.
    Counted(WrittenWindow) = period, { "type": "string", "examples": ["last 12 months", "this year", "last calendar year", "since 2025-01-01"] };
    /// A column; a dot leads into a lookup.
    ColumnPath(Scalar) = |text, _| Some(text.scalar), { "type": ["string", "number", "boolean"] };
    /// Yes or no.
    Switch(bool) = switch, { "type": ["boolean", "string"], "examples": [true, false] };
}

fn keep(text: Text, reader: &mut Reader<'_>) -> Option<Option<Duration>> {
    let words: Vec<_> = text.scalar.value.split_whitespace().collect();
    if let ["forever"] = words.as_slice() {
        return Some(None);
    }
    let length = match words.as_slice() {
        [count, unit] => Duration::of_words(count, unit),
        _ => None,
    };
    let length = length.map(Some);
    let expected = "a length such as `400 days` or `2 years`, or `forever`";
    reader.expect(length, text.scalar.location, expected)
}

fn share(text: Text, reader: &mut Reader<'_>) -> Option<value::Share> {
    let written = text.scalar.value.trim();
    let (number, parts) = match written.strip_suffix('%') {
        Some(number) => (number.trim_end(), 100.0),
        None => (written, 1.0),
    };
    let plain = number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let number = number.parse().ok().filter(|_| plain);
    let share = number.and_then(|n: f64| value::Share::of(n / parts));
    let some = |share: &value::Share| *share > value::Share::default();
    let share = share.filter(|share| some(share) && *share <= value::Share::percent(100));
    let expected = "a share above 0% and up to 100%, such as `25%`";
    reader.expect(share, text.scalar.location, expected)
}

#[derive(Debug, Clone)]
pub(in crate::config) struct WrittenWindow {
    pub(super) window: OrderWindow,
    /// As written: `last 12 months`.
    pub(super) shown: String,
}

fn period(text: Text, reader: &mut Reader<'_>) -> Option<WrittenWindow> {
    let words: Vec<_> = text.scalar.value.split_whitespace().collect();
    let words = match words.as_slice() {
        ["in", rest @ ..] => rest,
        all => all,
    };
    let window = match words {
        ["last", "calendar", period] => calendar(period).map(OrderWindow::LastCalendar),
        ["last", count, unit] => Duration::of_words(count, unit).map(OrderWindow::Last),
        ["this", period] => calendar(period).map(OrderWindow::This),
        ["since", date] => date_of(date).map(OrderWindow::Since),
        _ => None,
    };
    let window = window.map(|window| WrittenWindow {
        window,
        shown: words.join(" "),
    });
    let expected = "a window such as `last 12 months`, `this year`, `last calendar year` or `since 2025-01-01`";
    reader.expect(window, text.scalar.location, expected)
}

fn calendar(word: &str) -> Option<Period> {
    match word {
        "week" => Some(Period::Week),
        "month" => Some(Period::Month),
        "quarter" => Some(Period::Quarter),
        "year" => Some(Period::Year),
        _ => None,
    }
}

/// A date as conditions write it, with all digits.
fn date_of(word: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(word, "%Y-%m-%d").ok();
    date.filter(|_| word.len() == "2025-01-01".len())
}

fn switch(text: Text, reader: &mut Reader<'_>) -> Option<bool> {
    let switch = match text.scalar.value.as_str() {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    };
    reader.expect(switch, text.scalar.location, "`yes` or `no`")
}

/// A line of business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::config) enum Business {
    /// A shop.
    Orders,
    /// A charity.
    Donations,
    /// A business that invoices again and again.
    Subscriptions,
    /// A studio.
    Visits,
}

impl Business {
    /// Whether its yearly revenue can only be computed from recurring invoices.
    pub(super) fn recurs(self) -> bool {
        self == Self::Subscriptions
    }
}

/// A line of business and where it is named; `None` if it is unknown, which has been reported.
#[derive(Debug)]
pub(in crate::config) struct Preset(pub(super) Option<Business>, pub(super) Scalar);

impl Read for Preset {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let name = Text::read(node, reader)?.scalar;
        Some(Self(reader.choice(node), name))
    }
}

inline_schema!(Preset, |generator| generator.subschema_for::<Business>());

choice!(ValueFormat, Locale);
