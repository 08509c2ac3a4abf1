//! Numbers, times and names in the format of mail.

use std::cmp::Ordering;

use serde::Serialize;

use crate::config::{Config, ValueFormat};
use crate::diagnostic::is_unprintable;
use crate::time::local_naive;
use crate::value::SegmentValue;
use crate::view::{Cell, Marks, marks, of_few, value_cell};

/// An instant in business time with the zone's name, in the locale's date format.
pub fn instant(micros: i64, config: &Config) -> String {
    marks(config.locale).moment(micros, config.timezone)
}

/// The date of an instant in business time.
pub fn date(micros: i64, config: &Config) -> String {
    marks(config.locale).date(local_naive(micros, config.timezone).date())
}

/// A change, worded so that it can be understood without colours.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// `up`, `down` or `same`, for the colour.
    pub way: &'static str,
    /// The symbol, the direction and the amount: `▲ up 3`, `▼ down 2.5 points`, `no change`.
    pub words: String,
}

/// The difference of two counts.
pub fn difference(before: usize, now: usize, marks: &Marks) -> Change {
    let by = marks.whole(before.abs_diff(now));
    directed(now.cmp(&before), &by)
}

/// The change of a value, by its format and minimum number of decimals; each value comes with its number of members.
/// `None` if there is nothing to compare. An average over a few members, then or now, says so.
pub fn change(
    format: (ValueFormat, usize),
    before: Option<(&SegmentValue, u64)>,
    now: (&SegmentValue, u64),
    marks: &Marks,
) -> Option<Change> {
    let (then, members) = before?;
    let mut change = difference_of_values(format, then.number(), now.0.number(), marks)?;
    let was = then.of_few(members).map(|few| (few, members));
    let is = now.0.of_few(now.1).map(|few| (few, now.1));
    if let Some((few, members)) = was.filter(|_| was != is) {
        change.words += &format!("; then {}", of_few(few, members, marks));
    }
    Some(change)
}

/// The difference of two values as displayed, so that readers can check it.
fn difference_of_values(
    (format, decimals): (ValueFormat, usize),
    before: Option<f64>,
    now: Option<f64>,
    marks: &Marks,
) -> Option<Change> {
    let seen = |value: f64| {
        let places = match format {
            ValueFormat::Number | ValueFormat::Money => 100.0,
            ValueFormat::Days => 10.0,
            ValueFormat::Percent => 1_000.0,
        };
        (value * places).round() / places
    };
    let (before, now) = (seen(before?), seen(now?));
    let by = seen((now - before).abs());
    if by == 0.0 {
        return Some(directed(Ordering::Equal, ""));
    }
    let by = match value_cell(format, Some(by)) {
        Cell::Percent(points) => format!("{} points", marks.number(points * 100.0, 1)),
        cell => cell.with_decimals(decimals).shown(marks),
    };
    Some(directed(now.total_cmp(&before), &by))
}

fn directed(direction: Ordering, by: &str) -> Change {
    let (way, words) = match direction {
        Ordering::Less => ("down", format!("▼ down {by}")),
        Ordering::Equal => ("same", "no change".to_owned()),
        Ordering::Greater => ("up", format!("▲ up {by}")),
    };
    Change { way, words }
}

/// A name on one line: characters that break the line or change its direction become blanks.
pub fn one_line(text: &str) -> String {
    let blank = |c: char| c.is_whitespace() || is_unprintable(c);
    let words: Vec<&str> = text.split(blank).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A list with at most `items` shown: `Ana, Ben and 12 more`.
pub fn listed(items: &[String], more: usize, marks: &Marks) -> String {
    let rest = (more > 0).then(|| format!("{} more", marks.whole(more)));
    let (last, first) = match (&rest, items.split_last()) {
        (Some(rest), _) => (rest, items),
        (None, Some((last, first))) => (last, first),
        (None, None) => return String::new(),
    };
    match first {
        [] => last.clone(),
        first => format!("{} and {last}", first.join(", ")),
    }
}
