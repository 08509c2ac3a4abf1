//! Why a column is not to be built on, in words, with what its values look like and what to do.

use super::account::{Account, Doubt};
use super::seen::Seen;
use crate::config::{Locale, marks};
use crate::engine::OwnedCell;
use crate::time::{DAY, Form, InstantReader, Plausible, Samples, since_2001, year};
use crate::time::{instant_of_milliseconds, instant_of_seconds};
use crate::value::{ColumnType, Type};

/// The reason; `samples` are some of the doubted values.
pub(super) fn reason(
    account: &Account,
    doubt: Doubt,
    (table, column): (&str, &str),
    samples: &[&Seen],
    plausible: &Plausible,
) -> String {
    let doubted = account.doubted(doubt).count;
    let present = match doubt {
        Doubt::Unreadable => account.present(),
        Doubt::Odd | Doubt::Aged => account.present().max(doubted),
    };
    let (one, many) = nouns(account.ty);
    let whole = |count: u64| marks(Locale::EnUs).whole(count);
    let who = match (doubted == present, present) {
        (true, 1) => format!("the only {one} in `{table}.{column}` is"),
        (true, _) => format!(
            "every one of {} {many} in `{table}.{column}` is",
            whole(present)
        ),
        (false, _) => {
            let are = if doubted == 1 { "is" } else { "are" };
            let (doubted, present) = (whole(doubted), whole(present));
            format!("{doubted} of {present} {many} in `{table}.{column}` {are}")
        }
    };
    let example = samples.first().map(|seen| &seen.value);
    let shown = example.map_or_else(String::new, |value| value.lent().to_string());
    let shown = format!("`{}`", shown.trim_matches('"'));
    let of = Samples { column, plausible };
    match doubt {
        Doubt::Unreadable => {
            let form = form(account, of, samples);
            let reads = reads(account.ty, column);
            match form {
                Some(Form { words, remedy }) => {
                    format!("{who} unreadable: {shown} looks like {words}; {reads}; {remedy}")
                }
                None => format!(
                    "{who} unreadable, such as {shown}; {reads}; read a view that converts them"
                ),
            }
        }
        Doubt::Odd => {
            let would_be = example.and_then(|value| read_as(account.ty, value));
            let would_be = would_be.map_or_else(String::new, |at| {
                let days = i32::try_from(at.div_euclid(DAY)).unwrap_or(0);
                format!(" would be in the year {}", year(days))
            });
            match form(account, of, samples) {
                Some(Form { words, remedy }) => {
                    format!(
                        "{who} implausible: {shown}{would_be}, and looks like {words}; {remedy}"
                    )
                }
                None => format!(
                    "{who} implausible: {shown}{would_be}; numbers are seconds or milliseconds since 1970; \
                     read a view that converts them"
                ),
            }
        }
        Doubt::Aged => {
            let Form { words, remedy } = since_2001(of);
            format!(
                "{who} implausible: even the newest would be thirty years old, and looks like {words}; \
                 {remedy}, or write `types: {{ {column}: unix }}` if they are seconds since 1970"
            )
        }
    }
}

/// What a value of a type is called, and several.
fn nouns(ty: ColumnType) -> (&'static str, &'static str) {
    match ty.value_type() {
        Type::Instant => ("time", "times"),
        Type::Date => ("date", "dates"),
        Type::Money => ("amount", "amounts"),
        Type::Number => ("number", "numbers"),
        Type::Truth => ("yes or no", "answers"),
        Type::Text | Type::Missing | Type::Unknown => ("text", "texts"),
    }
}

/// What is read of a type.
fn reads(ty: ColumnType, column: &str) -> String {
    let what = match ty {
        ColumnType::Instant | ColumnType::Utc => "ISO such as `2026-03-11 18:30`",
        ColumnType::Date => "ISO such as `2026-03-11`",
        ColumnType::Unix | ColumnType::UnixMs => {
            return format!(
                "`types: {{ {column}: {} }}` asks for numbers",
                if ty == ColumnType::Unix {
                    "unix"
                } else {
                    "unix_ms"
                }
            );
        }
        ColumnType::Number | ColumnType::Money => "plain numbers such as `1080.50`",
        ColumnType::Cents => "whole cents such as `108050`",
        ColumnType::Boolean => "1 and 0, true and false, t and f, yes and no",
        ColumnType::Text => "text in UTF-8",
    };
    format!("Muster reads {what}")
}

/// What the values look like.
fn form(account: &Account, of: Samples<'_>, samples: &[&Seen]) -> Option<Form> {
    match account.ty.value_type() {
        Type::Instant | Type::Date => {}
        Type::Number | Type::Money => return amount(samples),
        Type::Text | Type::Truth | Type::Missing | Type::Unknown => return None,
    }
    let numbers = samples.iter().map(|seen| match &seen.value {
        OwnedCell::Integer(whole) => Some(*whole as f64),
        OwnedCell::Real(real) => Some(*real),
        OwnedCell::Null | OwnedCell::Text(_) | OwnedCell::Blob(_) => None,
    });
    if let Some(numbers) = numbers
        .collect::<Option<Vec<f64>>>()
        .filter(|n| !n.is_empty())
    {
        return Form::of_numbers(of, &numbers);
    }
    let texts = samples.iter().filter_map(|seen| seen.value.as_str());
    let texts: Vec<&str> = texts.collect();
    let is_iso = |text: &&str| InstantReader::read_utc(text.as_bytes()).is_some();
    let asks_for_numbers = matches!(account.ty, ColumnType::Unix | ColumnType::UnixMs);
    if asks_for_numbers && texts.iter().all(is_iso) && !texts.is_empty() {
        return Some(Form {
            words: "ISO".to_owned(),
            remedy: "leave that out, or write `instant`".to_owned(),
        });
    }
    Form::of_texts(of, &texts)
}

/// What amounts look like that are no plain numbers.
fn amount(samples: &[&Seen]) -> Option<Form> {
    let mut texts = samples.iter().filter_map(|seen| seen.value.as_str());
    let text = texts
        .find(|text| text.contains(|c: char| c.is_ascii_digit()))?
        .trim();
    let words = if text.starts_with('(') {
        "a negative amount in parentheses"
    } else if text.ends_with('%') {
        "a percentage"
    } else if text.contains(|c: char| !c.is_ascii() || c == '$' || c.is_alphabetic()) {
        "an amount with its currency or unit"
    } else if text.contains(',') {
        "a number with commas"
    } else {
        return None;
    };
    Some(Form {
        words: words.to_owned(),
        remedy: "read a view that keeps only the number".to_owned(),
    })
}

/// The instant that a number is read as.
fn read_as(ty: ColumnType, value: &OwnedCell) -> Option<i64> {
    let number = match value {
        OwnedCell::Integer(whole) => *whole as f64,
        OwnedCell::Real(real) => *real,
        OwnedCell::Text(_) => value.as_str()?.trim().parse().ok()?,
        OwnedCell::Null | OwnedCell::Blob(_) => return None,
    };
    match ty {
        ColumnType::Unix => instant_of_seconds(number),
        ColumnType::UnixMs => instant_of_milliseconds(number),
        _ => InstantReader::read_number(number),
    }
}
