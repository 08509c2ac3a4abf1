//! What is wrong with a pattern, and what was probably meant: codes of other programs, and forms in letters such as
//! `dd/mm/yyyy`.

use std::ops::Range;

use super::code::{CODES, Code};
use super::{Pattern, RefusedPattern};

/// Codes of other programs, with their equivalents here.
const ELSEWHERE: [(&str, &str); 16] = [
    ("F", "%Y-%m-%d"),
    ("T", "%H:%M:%S"),
    ("R", "%H:%M"),
    ("D", "%m/%d/%y"),
    ("r", "%I:%M:%S %p"),
    ("e", "%d"),
    ("k", "%H"),
    ("l", "%I"),
    ("h", "%b"),
    ("i", "%M"),
    ("s", "%S"),
    ("P", "%p"),
    ("A", "%a"),
    ("G", "%Y"),
    ("Z", "%z"),
    ("L", "%f"),
];

/// Refuses an unknown code; `behind` is the place after its letter.
pub(super) fn unknown_code(letter: Option<char>, (text, behind): (&str, usize)) -> RefusedPattern {
    let at = |length: usize| behind - length - 1..behind;
    let Some(letter) = letter else {
        let help = "write `%%` for a percent sign";
        return refused(at(0), "the `%` at the end has no letter after it", help);
    };
    let known = letter.to_string();
    let here = ELSEWHERE.iter().find(|(there, _)| *there == known);
    let next = text.get(behind..).and_then(|rest| rest.chars().next());
    let unpadded = next.filter(|next| letter == '-' && Code::of(*next).is_some());
    let mut place = at(letter.len_utf8());
    let help = match (here, unpadded) {
        (Some((_, here)), _) => format!("write `{here}`"),
        (None, Some(next)) => {
            place.end += 1;
            format!("write `%{next}`, which reads one digit as well as two")
        }
        (None, None) => {
            let codes = CODES.map(|(letter, _, _, meaning)| format!("`%{letter}` {meaning}"));
            format!("the codes are {}", codes.join(", "))
        }
    };
    refused(place, format!("there is no code `%{letter}`"), help)
}

/// Refuses a text without any code.
pub(super) fn without_codes(text: &str) -> RefusedPattern {
    let help = match of_letters(text) {
        Some(pattern) => format!("write `\"{pattern}\"`"),
        None => "codes begin with `%`, as in `\"%d/%m/%Y\"` or `\"%m/%d/%y %H:%M\"`".to_owned(),
    };
    refused(
        0..text.len(),
        format!("`{text}` is not a form of dates and times"),
        help,
    )
}

/// Checks that a pattern contains a whole date, with each part once.
pub(super) fn check(pattern: &Pattern) -> Result<(), RefusedPattern> {
    let text = pattern.as_str();
    let refused = |message: String, help: &str| Err(refused(0..text.len(), message, help));
    let parts: Vec<&str> = pattern.codes().map(Code::part).collect();
    let count = |part: &str| parts.iter().filter(|p| **p == part).count();
    if let Some(part) = parts.iter().find(|part| count(part) > 1) {
        let help = match *part {
            "month" => "`%m` is the month, and `%M` the minute",
            _ => "leave one of them out",
        };
        return refused(format!("the {part} is given twice"), help);
    }
    for (part, help) in [
        (
            "year",
            "`%Y` is the year in four digits, `%y` in two; data without a year is not a date",
        ),
        (
            "month",
            "`%m` is the month in digits, `%b` its short name, `%B` its name",
        ),
        ("day", "`%d` is the day of the month"),
    ] {
        if count(part) == 0 {
            return refused(format!("`{text}` has no {part}"), help);
        }
    }
    let has = |code: Code| pattern.codes().any(|c| c == code);
    if has(Code::HourOfHalf) != has(Code::Half) {
        return refused(
            "`%I` is an hour up to 12, and `%p` tells whether it is AM or PM: one needs the other"
                .to_owned(),
            "hours up to 12 are `%I:%M %p`, hours up to 23 `%H:%M`",
        );
    }
    for (part, of) in [
        ("minute", "hour"),
        ("second", "minute"),
        ("fraction of the second", "second"),
        ("offset", "hour"),
    ] {
        if count(part) > 0 && count(of) == 0 {
            let help = "hours are `%H`, minutes `%M`, seconds `%S`";
            return refused(format!("`{text}` has the {part} without the {of}"), help);
        }
    }
    Ok(())
}

/// Converts a form in letters, as spreadsheets and other languages use, to a pattern: `dd/mm/yyyy hh:mm`.
fn of_letters(text: &str) -> Option<String> {
    let mut pattern = String::new();
    let mut rest = text.trim();
    let is_half = text.to_ascii_lowercase().contains(['a', 't']);
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c| c != first).unwrap_or(rest.len());
        let behind_hours = pattern.contains("%H") || pattern.contains("%I");
        let code = match (first.to_ascii_lowercase(), length) {
            ('y', 4) => "%Y",
            ('y', 2) => "%y",
            ('m', 3) => "%b",
            ('m', 4) => "%B",
            ('m', 1 | 2) if behind_hours => "%M",
            ('m', 1 | 2) => "%m",
            ('d', 1 | 2) => "%d",
            ('h', 1 | 2) if is_half => "%I",
            ('h', 1 | 2) => "%H",
            ('s', 1 | 2) => "%S",
            ('t', 2) | ('a', 1) => "%p",
            _ if first.is_alphanumeric() => return None,
            _ => rest.get(..length)?,
        };
        pattern.push_str(code);
        rest = rest.get(length..)?;
    }
    let is_one = pattern.contains('%') && Pattern::new(&pattern).is_ok();
    is_one.then_some(pattern)
}

fn refused(
    place: Range<usize>,
    message: impl Into<String>,
    help: impl Into<String>,
) -> RefusedPattern {
    RefusedPattern {
        place,
        message: message.into(),
        help: help.into(),
    }
}
