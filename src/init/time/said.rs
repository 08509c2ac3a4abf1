//! Interprets the name of a time column.

use crate::config::singular_of;
use crate::init::lexicon::names::BIRTHDAYS;
use crate::init::lexicon::times::{FIRST, HAPPENED, LATER, NEVER, PLAIN, WRITTEN};
use crate::init::words::{flat, is_among, is_one_of, words};

/// What a column's name says about its time, with the most telling last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    /// Nothing happened then: an end or due date, a birthday, a duration.
    Never,
    /// When something happened to the row later.
    Later,
    Nothing,
    /// That it is a time.
    Some,
    /// When the row was written.
    Written,
    /// Only that it is a time, or the time of what the table is named after.
    Plain,
    /// When the event happened.
    Happened,
}

/// The minimum length of a word's stem, and the maximum length of its ending: `refund` of `refunds` and `refunded`,
/// `erstatt` of `erstattungen` and `erstattet`.
const STEM: usize = 5;
const ENDING: usize = 5;

/// Whether two words share a stem.
fn have_one_stem(one: &str, other: &str) -> bool {
    let pairs = one.chars().zip(other.chars());
    let same = pairs.take_while(|(one, other)| one == other).count();
    same >= STEM
        && [one, other]
            .iter()
            .all(|word| word.chars().count() <= same + ENDING)
}

fn ends(name: &str) -> bool {
    let ends = ["date", "time", "timestamp", "datum"];
    ends.iter().any(|end| name.ends_with(end))
}

/// Whether a name ends or begins with a word for a time: `valid_until_date`, `expires_at`, `birthday`, `Data di
/// nascita`.
pub(super) fn ends_as_time(column: &str) -> bool {
    let name = words(column);
    let is_day = |word: &String| BIRTHDAYS.has(word) || is_among("at on day datum", word);
    ends(&name.concat()) || name.last().is_some_and(is_day) || begins(&name)
}

/// Whether the word for a time comes first, as it does in some languages: `data rimborso`.
fn begins(name: &[String]) -> bool {
    name.len() > 1 && name.first().is_some_and(|word| FIRST.has(word))
}

/// What a column's name says about its time.
pub(super) fn said(column: &str, table: &str) -> Said {
    let name = words(column);
    let all = name.concat();
    let is_time = |word: &str| PLAIN.has(word);
    let ends_so = ends(&all);
    let last = words(table).pop().unwrap_or_default();
    let table = singular_of(&flat(table));
    let rest: String = name
        .iter()
        .filter(|word| !is_time(word))
        .map(String::as_str)
        .collect();
    let rest = rest.trim_end_matches("date").trim_end_matches("time");
    let begins_so = begins(&name);
    let is_time_at_end = ends_so || begins_so || name.last().is_some_and(|word| is_time(word));
    // `gift_date` in a table of gifts.
    let is_of_table = !rest.is_empty() && table.ends_with(rest);
    // For an order, `refunded_at` is a later event; for a refund, it is when it happened.
    let is_by_stem = is_time_at_end && (have_one_stem(rest, &table) || is_one_of(rest, &last));
    let is_short = name.len() < 3 || ends_so || begins_so;
    if NEVER.are_part_of(&name) || BIRTHDAYS.are_part_of(&name) {
        Said::Never
    } else if is_by_stem {
        Said::Happened
    } else if LATER.are_part_of(&name) {
        Said::Later
    } else if HAPPENED.are_part_of(&name) && is_short || is_of_table && ends_so {
        Said::Happened
    } else if name.iter().all(|word| is_time(word)) {
        Said::Plain
    } else if WRITTEN.are_part_of(&name) {
        Said::Written
    } else if is_time_at_end {
        Said::Some
    } else {
        Said::Nothing
    }
}
