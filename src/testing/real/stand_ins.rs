//! Stand-ins for a real client's values: for each, the texts that may be written, from the most different to the
//! original.

use std::collections::HashMap;

use crate::time::{Clock, format_instant, local_micros, naive_of_micros};
use crate::value::{Money, Truth, Value};

/// Distances beyond so many days are rounded to steps of so many days: birthdays to years, anything older than two
/// months to weeks.
const ROUGH: [(i64, i64); 2] = [(3_650, 365), (60, 7)];
/// A hidden time becomes this many days ago, the next one twice as many, and so on: never an anniversary of the test's
/// day.
const NOWHERE: usize = 400;
/// A minute in microseconds.
const MINUTE: i64 = 60_000_000;

/// How much of a value may be revealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// Only its presence, and which values are equal: for names, and columns that config declares private.
    Nothing,
    /// What the rules themselves contain: the value, or parts of a text.
    WhatRulesWrite,
}

/// Maps equal values to equal stand-ins.
pub(super) struct StandIns<'r> {
    clock: Clock,
    /// Texts in the rules.
    texts: Vec<&'r str>,
    /// Numbers in the rules, as texts.
    numbers: Vec<String>,
    /// The numbers of texts and keys, by what they belong to.
    given: HashMap<(String, String), usize>,
}

impl<'r> StandIns<'r> {
    pub(super) fn new(clock: Clock, constants: &'r [Value]) -> Self {
        let texts = constants.iter().filter_map(|value| match value {
            Value::Text(text) if !text.is_empty() => Some(text.as_str()),
            _ => None,
        });
        let numbers = constants.iter().filter_map(|value| match value {
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
        Self {
            clock,
            texts: texts.collect(),
            numbers: numbers.collect(),
            given: HashMap::new(),
        }
    }

    /// The texts that may stand for a value, from the most different to the original; empty if it is missing.
    pub(super) fn of(&mut self, value: &Value, told: Told) -> Vec<String> {
        let mut steps = match (value, told) {
            (Value::Missing | Value::Truth(Truth::Unknown), _) => Vec::new(),
            (Value::Text(text), told) => vec![self.text(text, told)],
            (Value::Truth(_), Told::Nothing) => vec!["yes".to_owned()],
            (Value::Truth(answer), _) => vec![answer_word(*answer).to_owned()],
            (Value::Number(_) | Value::Money(_), Told::Nothing) => {
                vec![self.key("number", value, told)]
            }
            (Value::Number(number), _) => rounded(*number).map(|number| number.to_string()).into(),
            (Value::Money(amount), _) => {
                let steps = rounded(amount.to_f64()).map(Money::from_f64);
                let steps = steps.into_iter().flatten().map(|read| read.amount);
                let steps = steps.chain([*amount]);
                steps.map(|amount| amount.to_string()).collect()
            }
            (Value::Date(_) | Value::Instant(_), Told::Nothing) => {
                let number = self.number("time", value.to_string());
                vec![format!("{} days ago", NOWHERE * number)]
            }
            (Value::Date(day), _) => self.day(*day),
            (Value::Instant(instant), _) => self.instant(*instant),
        };
        steps.dedup();
        steps
    }

    /// A replacement for a key of a table: a number, or a text if the key was one.
    pub(super) fn key(&mut self, table: &str, value: &Value, told: Told) -> String {
        let text = match value {
            Value::Text(text) => return self.text(text, told),
            value => value.to_string(),
        };
        if told == Told::WhatRulesWrite && self.numbers.contains(&text) {
            return text;
        }
        let mut number = self.number(table, text);
        // A number in the rules would mean someone else.
        while self.numbers.contains(&number.to_string()) {
            number += 1_000_000;
        }
        number.to_string()
    }

    fn text(&mut self, text: &str, told: Told) -> String {
        let known: &[&str] = match told {
            Told::Nothing => &[],
            Told::WhatRulesWrite => &self.texts,
        };
        if known.iter().any(|known| known.eq_ignore_ascii_case(text)) {
            return text.to_owned();
        }
        let lower = text.to_lowercase();
        let inside = |known: &&&str| lower.contains(&known.to_lowercase());
        let starts = |known: &&&str| lower.starts_with(&known.to_lowercase());
        let parts: Vec<&str> = known.iter().filter(inside).copied().collect();
        let first = parts.iter().find(starts).copied();
        let rest: Vec<&str> = parts
            .iter()
            .filter(|part| Some(**part) != first)
            .copied()
            .collect();
        let name = format!("text {}", self.number("text", text.to_owned()));
        let words = first.into_iter().chain([name.as_str()]).chain(rest);
        words.collect::<Vec<_>>().join(" ")
    }

    /// A sequence number from 1, in order of appearance.
    fn number(&mut self, of: &str, text: String) -> usize {
        let next = self.given.keys().filter(|(known, _)| known == of).count() + 1;
        *self.given.entry((of.to_owned(), text)).or_insert(next)
    }

    fn day(&self, day: i32) -> Vec<String> {
        let days = i64::from(self.clock.today()) - i64::from(day);
        vec![days_away(roughly(days)), days_away(days)]
    }

    fn instant(&self, instant: i64) -> Vec<String> {
        let zone = self.clock.zone;
        let mut steps = self.day(self.clock.local_date(instant));
        let minute = naive_of_micros(local_micros(instant, zone).div_euclid(MINUTE) * MINUTE);
        steps.push(minute.format("%Y-%m-%d %H:%M").to_string());
        steps.push(format_instant(instant, zone));
        steps
    }
}

/// Rounds a distance in days to coarse steps if it is large, in either direction.
fn roughly(days: i64) -> i64 {
    let step = ROUGH.iter().find(|(beyond, _)| days.abs() > *beyond);
    let step = step.map_or(1, |(_, step)| *step);
    (days + days.signum() * (step / 2)) / step * step
}

fn days_away(days: i64) -> String {
    let unit = if days.abs() == 1 { "day" } else { "days" };
    match days {
        0 => "today".to_owned(),
        1.. => format!("{days} {unit} ago"),
        _ => format!("{} {unit} from now", -days),
    }
}

/// Rounded to two significant digits, to three, and unchanged.
fn rounded(number: f64) -> [f64; 3] {
    let to = |digits: i32| {
        if number == 0.0 {
            return 0.0;
        }
        // Dividing by a power of ten is exact where multiplying by a tenth is not.
        #[allow(clippy::cast_possible_truncation)]
        let places = digits - 1 - number.abs().log10().floor() as i32;
        match places >= 0 {
            true => (number * 10f64.powi(places)).round() / 10f64.powi(places),
            false => (number / 10f64.powi(-places)).round() * 10f64.powi(-places),
        }
    };
    [to(2), to(3), number]
}

fn answer_word(answer: Truth) -> &'static str {
    match answer {
        Truth::Yes => "yes",
        Truth::No | Truth::Unknown => "no",
    }
}
