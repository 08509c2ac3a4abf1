//! The five fields of a cron expression: what they may contain, and plain messages about what they may not.

use std::ops::Range;

use super::refused::Refused;
use crate::diagnostic::suggest;

/// The definition of a field.
struct Field {
    /// The singular unit: `hour`.
    name: &'static str,
    low: u32,
    high: u32,
    /// Words that stand for numbers, the first for `low`.
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
pub(super) const WEEK_DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
pub(super) const MONTH_DAY: usize = 2;
pub(super) const WEEK_DAY: usize = 4;

const FIELDS: [Field; 5] = [
    field("minute", 0, 59, &[]),
    field("hour", 0, 23, &[]),
    field("day of the month", 1, 31, &[]),
    field("month", 1, 12, MONTHS),
    field("day of the week", 0, 7, WEEK_DAYS),
];

const ALL_FIELDS: &str =
    "minute, hour, day of the month, month and day of the week, such as `0 6 * * *`";

/// Nicknames that other crons know, and their expressions.
const NICKNAMES: [(&str, &str); 8] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@reboot", ""),
];

const fn field(name: &'static str, low: u32, high: u32, names: &'static [&'static str]) -> Field {
    Field {
        name,
        low,
        high,
        names,
    }
}

/// The error for an invalid piece of a field: message and help.
type Fault = (String, String);

/// Checks the fields of a cron expression.
///
/// # Errors
/// The first piece that is invalid.
pub(super) fn check(text: &str) -> Result<(), Refused> {
    let fields: Vec<(Range<usize>, &str)> = pieces(text, char::is_whitespace)
        .filter(|(_, piece)| !piece.is_empty())
        .collect();
    if fields.len() != FIELDS.len() {
        return Err(wrong_count(text, &fields));
    }
    for (place, (range, whole)) in fields.iter().enumerate() {
        for (within, piece) in pieces(whole, |c| c == ',') {
            let fault = check_piece(place, piece, *whole == piece);
            fault.map_err(|(message, help)| Refused {
                never_due: false,
                message,
                help,
                place: range.start + within.start..range.start + within.end.max(within.start + 1),
            })?;
        }
    }
    Ok(())
}

/// The parts of a text between separators, with their places.
pub(super) fn pieces(
    text: &str,
    separator: impl Fn(char) -> bool,
) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut start = 0;
    text.split(separator).map(move |piece| {
        let range = start..start + piece.len();
        // Each separator is one that the split removed; its length comes from the text.
        let after = text.get(range.end..).and_then(|rest| rest.chars().next());
        start = range.end + after.map_or(0, char::len_utf8);
        (range, piece)
    })
}

fn wrong_count(text: &str, fields: &[(Range<usize>, &str)]) -> Refused {
    let refused = |message: String, help: String| Refused {
        never_due: false,
        message,
        help,
        place: 0..text.len(),
    };
    if let [(_, word)] = fields
        && let Some(nickname) = word.strip_prefix('@')
    {
        let known = NICKNAMES.iter();
        let stands_for = known
            .filter(|(name, _)| name.eq_ignore_ascii_case(word))
            .map(|(_, fields)| *fields)
            .find(|fields| !fields.is_empty());
        return refused(
            format!("`@{nickname}` is a nickname, which Muster does not read"),
            match stands_for {
                Some(fields) => format!("write the five fields: `{fields}`"),
                None => format!("write five fields: {ALL_FIELDS}"),
            },
        );
    }
    let count = fields.len();
    let words: Vec<&str> = fields.iter().map(|(_, piece)| *piece).collect();
    let help = match words.as_slice() {
        [_, rest @ ..] if count == 6 && check(&rest.join(" ")).is_ok() => {
            let rest = rest.join(" ");
            format!("if the first one means seconds, leave it out: `{rest}`")
        }
        _ => format!("the fields are {ALL_FIELDS}"),
    };
    refused(
        match count {
            0 => "the cron expression is empty".into(),
            1 => "a cron expression has five fields, and this one has only one".into(),
            _ => format!("a cron expression has five fields, and this one has {count}"),
        },
        help,
    )
}

fn check_piece(place: usize, piece: &str, is_whole: bool) -> Result<(), Fault> {
    let Some(field) = FIELDS.get(place) else {
        return Ok(());
    };
    let lower = piece.to_ascii_lowercase();
    match (place, lower.as_str()) {
        (_, "*") | (MONTH_DAY | WEEK_DAY, "?") if is_whole => return Ok(()),
        (_, "*" | "?") => return Err(stands_alone(piece)),
        (_, "") => {
            let message = format!("the {} has a comma with nothing beside it", field.name);
            return Err((message, "leave the comma out".into()));
        }
        (MONTH_DAY, "l" | "lw") => return Ok(()),
        _ => {}
    }
    if place == MONTH_DAY
        && let Some(day) = lower.strip_suffix('w')
    {
        return field.number(day, piece).map(drop);
    }
    if place == WEEK_DAY {
        let lower = lower.strip_prefix('+').unwrap_or(&lower);
        if lower == "*" {
            return Ok(());
        }
        if let Some((days, which)) = lower.split_once('#') {
            return check_which(which, piece).and_then(|()| field.span(days, piece).map(drop));
        }
        if let Some(day) = lower.strip_suffix('l') {
            return field.number(day, piece).map(drop);
        }
        return field.stepped(lower, piece);
    }
    field.stepped(&lower, piece)
}

fn stands_alone(piece: &str) -> Fault {
    (
        format!("`{piece}` means all and cannot be one of several"),
        format!("leave out either `{piece}` or the others"),
    )
}

/// Checks what follows `#`.
fn check_which(which: &str, piece: &str) -> Result<(), Fault> {
    match which {
        "1" | "2" | "3" | "4" | "5" | "l" => Ok(()),
        _ => Err((
            format!("`{piece}` is not a weekday of a month"),
            "`mon#2` is the second Monday, `mon#L` the last; there are five at most".into(),
        )),
    }
}

impl Field {
    /// `a`, `a-b`, `*/n`, `a-b/n`.
    fn stepped(&self, text: &str, piece: &str) -> Result<(), Fault> {
        let Some((span, step)) = text.split_once('/') else {
            return self.span(text, piece).map(drop);
        };
        let step_fits = |step: u32| (1..=self.high).contains(&step);
        if !step.parse().is_ok_and(step_fits) {
            return Err((
                format!("`{piece}` has no valid step after its `/`"),
                format!(
                    "steps are 1 to {}: `*/2` is every second {}",
                    self.high, self.name
                ),
            ));
        }
        if span == "*" {
            return Ok(());
        }
        if self.span(span, piece)? {
            return Ok(());
        }
        Err((
            format!("`{piece}` does not say where its steps end"),
            format!("write `{span}-{}/{step}`, or `*/{step}`", self.high),
        ))
    }

    /// `a` or `a-b`; returns true for `a-b`.
    fn span(&self, text: &str, piece: &str) -> Result<bool, Fault> {
        let Some((from, to)) = text.split_once('-') else {
            return self.number(text, piece).map(|_| false);
        };
        let (start, mut end) = (self.number(from, piece)?, self.number(to, piece)?);
        // A range of weekdays may end on Sunday: `fri-sun`.
        if to == "sun" {
            end = self.high;
        }
        if start <= end {
            return Ok(true);
        }
        let last = match self.names {
            WEEK_DAYS => "sat".to_string(),
            MONTHS => "dec".to_string(),
            _ => self.high.to_string(),
        };
        let first = self
            .names
            .first()
            .map_or(self.low.to_string(), |n| (*n).to_string());
        let both = [(from, last.as_str()), (first.as_str(), to)].map(|(a, b)| match a == b {
            true => a.to_string(),
            false => format!("{a}-{b}"),
        });
        Err((
            format!("`{piece}` runs backwards"),
            format!("write the two parts: `{}`", both.join(",")),
        ))
    }

    /// A number of the field, or a name for one.
    fn number(&self, text: &str, piece: &str) -> Result<u32, Fault> {
        if let Some(place) = self.names.iter().position(|name| *name == text) {
            return Ok(self.low + u32::try_from(place).unwrap_or(0));
        }
        let sunday = if self.high == 7 {
            " (0 and 7: Sunday)"
        } else {
            ""
        };
        let range = format!(
            "{}s are {} to {}{sunday}",
            self.plain(),
            self.low,
            self.high
        );
        if !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit()) {
            let number = text.parse().ok();
            let fits = number.filter(|n| (self.low..=self.high).contains(n));
            return fits.ok_or_else(|| (format!("`{text}` is not a valid {}", self.name), range));
        }
        let message = format!("`{piece}` is not a valid {}", self.name);
        let other = FIELDS.iter().find(|field| field.names.contains(&text));
        let long = |name: &&&str| text.len() > 3 && text.starts_with(**name);
        Err(match (other, self.names.iter().find(long)) {
            (Some(other), _) => (
                message,
                format!("`{text}` is a {}; the fields are {ALL_FIELDS}", other.name),
            ),
            (None, Some(short)) => (message, format!("write `{short}`")),
            (None, None) => match suggest(text, self.names.iter().copied()) {
                Some(near) => (message, format!("did you mean `{near}`?")),
                None if self.names.is_empty() => (message, range),
                None => (message, format!("{range}, or {}", self.names.join(", "))),
            },
        })
    }

    /// The name without its additions, ready for the plural.
    fn plain(&self) -> &str {
        self.name.split(' ').next().unwrap_or(self.name)
    }
}
