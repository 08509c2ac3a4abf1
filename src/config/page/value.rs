//! The single values of the segments page's keys, each with its own check.

use schemars::{JsonSchema, json_schema};
use serde::Deserialize;

use super::{Locale, ValueFormat};
use crate::config::value::text_value;
use crate::decode::{Read, Reader, Text, check_name, choice, inline_schema};
use crate::source::{Node, Scalar};
use crate::time::{Duration, Unit};

/// The longest time that history can be told to be kept, in any unit.
const MAX_KEEP: u32 = 100_000;

text_value! {
    /// How long history is kept; none for ever.
    Keep(Option<Duration>) = keep, { "type": "string", "examples": ["400 days", "2 years", "forever"] };
    /// A share above 0 and up to 1.
    Share(f64) = share, { "type": ["string", "number"], "examples": ["25%"] };
    /// A window, as it stands behind `in`.
    Period(Window) = period, { "type": "string", "examples": ["last 12 months", "this year", "last calendar year", "since 2025-01-01"] };
    /// A column, as conditions write it.
    Amount(Scalar) = |text, _| Some(column(text.scalar)), { "type": ["string", "number", "boolean"] };
    /// Yes or no.
    Switch(bool) = switch, { "type": ["boolean", "string"], "examples": [true, false] };
}

fn keep(text: Text, reader: &mut Reader<'_>) -> Option<Option<Duration>> {
    let words: Vec<_> = text.scalar.value.split_whitespace().collect();
    if let ["forever"] = words.as_slice() {
        return Some(None);
    }
    let length = match words.as_slice() {
        [count, unit] => count_of(count).zip(unit_of(unit)),
        _ => None,
    };
    let length = length.filter(|(count, _)| *count <= MAX_KEEP);
    let length = length.map(|(count, unit)| Some(Duration { count, unit }));
    let expected = "a length such as `400 days` or `2 years`, or `forever`";
    reader.expect(length, text.scalar.location, expected)
}

/// A whole number above 0.
fn count_of(word: &str) -> Option<u32> {
    let digits = word.bytes().all(|b| b.is_ascii_digit());
    word.parse().ok().filter(|count: &u32| digits && *count > 0)
}

/// A unit of at least a day, with or without its `s`.
fn unit_of(word: &str) -> Option<Unit> {
    match word.strip_suffix('s').unwrap_or(word) {
        "day" => Some(Unit::Day),
        "week" => Some(Unit::Week),
        "month" => Some(Unit::Month),
        "quarter" => Some(Unit::Quarter),
        "year" => Some(Unit::Year),
        _ => None,
    }
}

fn share(text: Text, reader: &mut Reader<'_>) -> Option<f64> {
    let written = text.scalar.value.trim();
    let (number, parts) = match written.strip_suffix('%') {
        Some(number) => (number.trim_end(), 100.0),
        None => (written, 1.0),
    };
    let plain = number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let share = number.parse().ok().map(|n: f64| n / parts);
    let share = share.filter(|share| plain && *share > 0.0 && *share <= 1.0);
    let expected = "a share above 0% and up to 100%, such as `25%`";
    reader.expect(share, text.scalar.location, expected)
}

#[derive(Debug, Clone)]
pub(in crate::config) struct Window {
    /// As it stands behind a collection: `in last 12 months`.
    pub(in crate::config) text: String,
    /// As people say it: `last 12 months`.
    pub(in crate::config) shown: String,
}

fn period(text: Text, reader: &mut Reader<'_>) -> Option<Window> {
    let words: Vec<_> = text.scalar.value.split_whitespace().collect();
    let words = match words.as_slice() {
        ["in", rest @ ..] => rest,
        all => all,
    };
    let calendar = |word: &str| matches!(word, "week" | "month" | "quarter" | "year");
    let shown = words.join(" ");
    let text_of = match words {
        ["last", count, unit] if count_of(count).zip(unit_of(unit)).is_some() => "in ",
        ["this", period] | ["last", "calendar", period] if calendar(period) => "in ",
        ["since", date] if chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok() => "",
        _ => {
            let expected = "a window such as `last 12 months`, `this year`, `last calendar year` \
                            or `since 2025-01-01`";
            reader.invalid(text.scalar.location, expected);
            return None;
        }
    };
    Some(Window {
        text: format!("{text_of}{shown}"),
        shown,
    })
}

/// The column in backticks where its name is none that conditions read; a dot leads into a lookup.
fn column(name: Scalar) -> Scalar {
    let quoted = |part: &str| match check_name(part) {
        Ok(()) => part.to_owned(),
        Err(_) => format!("`{}`", part.replace('`', "``")),
    };
    let parts: Vec<_> = name.value.split('.').map(quoted).collect();
    Scalar {
        value: parts.join("."),
        ..name
    }
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
    /// Whether its yearly revenue can only be told from what is invoiced again and again.
    pub(super) fn recurs(self) -> bool {
        self == Self::Subscriptions
    }
}

/// A line of business and where it is named; none where it is no known one, which has been told.
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
