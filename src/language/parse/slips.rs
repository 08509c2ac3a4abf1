//! The messages for common slips.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use super::Slip;
use super::scan::{is_curly, tokens};
use crate::diagnostic::Code;
use crate::language::ast::{NumberLiteral, Span};

impl Slip {
    /// A slip with a message and a place.
    pub(super) fn new(code: Code, span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            span: Span {
                text: None,
                start: span.start,
                end: span.end,
            },
            label: None,
            help: None,
        }
    }

    /// Adds a remark under the underline.
    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says what to write instead.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

pub(super) fn too_large(text: &str, limit: usize) -> Slip {
    let end = text.chars().next().map_or(0, char::len_utf8);
    Slip::new(
        Code::TooLarge,
        0..end,
        format!(
            "this text has {} bytes, and at most {limit} can be read",
            text.len()
        ),
    )
    .help("split it into named metrics")
}

pub(super) fn too_deep(range: Range<usize>, limit: usize) -> Slip {
    Slip::new(
        Code::TooDeep,
        range,
        format!("this is nested more than {limit} levels deep"),
    )
    .label("one level too many")
    .help("give the inner part a name under `metrics:` and use the name here")
}

/// The same if the stack is smaller than the limits assume.
pub(super) fn too_deep_here(text: &str) -> Slip {
    let end = text.chars().next().map_or(0, char::len_utf8);
    Slip::new(Code::TooDeep, 0..end, "this is nested too deeply")
        .help("give inner parts a name under `metrics:` and use the names here")
}

pub(super) fn too_long_chain(range: Range<usize>, limit: usize) -> Slip {
    Slip::new(
        Code::TooDeep,
        range,
        format!("this strings more than {limit} operations together"),
    )
    .help("split it into named metrics; many `or x = …` in a row read better as `x in (…, …)`")
}

pub(super) fn missing_quote(text: &str, quote: char, range: Range<usize>) -> Slip {
    let word = text.get(range.clone()).unwrap_or("").trim_end();
    let shown = range.start..range.start + word.len();
    let at_end = text.get(range.end..).unwrap_or("").trim().is_empty();
    let apostrophe = at_end && word.len() == quote.len_utf8();
    let before = text.get(..range.start).unwrap_or("");
    if quote == '\''
        && before.ends_with(|c: char| c.is_ascii_digit())
        && let Some((range, number)) = super::amounts::apart(text, range.start)
    {
        return Slip::new(Code::Syntax, range, "this is not a number here")
            .help(format!("write `{number}`"));
    }
    let help = if quote == '\'' && before.ends_with(char::is_alphabetic) {
        "an apostrophe begins a text; write `not` for `isn't` and `doesn't`: `name != \"a\"`, \
         `name not contains \"a\"`"
            .to_string()
    } else if quote == '`' {
        "put a second backtick after the name".to_string()
    } else if is_curly(quote) {
        "put the text between straight quotes: `\"…\"`".to_string()
    } else if at_end && !apostrophe {
        format!(
            "close it with a second `{quote}`; if the text holds ` #`, YAML takes the rest of the line for a comment: \
             write the condition as a block, with `|` after the colon and the condition on the next line"
        )
    } else {
        format!(
            "close it with a second `{quote}` on the same line; a quote inside a text is written twice"
        )
    };
    let message = match quote {
        '`' => "this name has no closing backtick".to_string(),
        _ => format!("this text has no closing `{quote}`"),
    };
    Slip::new(Code::MissingQuote, shown, message)
        .label("begins here and never ends")
        .help(help)
}

pub(super) fn curly_quotes(word: &str, range: Range<usize>) -> Slip {
    let mut inner = word.chars();
    inner.next();
    inner.next_back();
    Slip::new(
        Code::CurlyQuotes,
        range,
        "typographic quotes do not mark a text",
    )
    .label("straight quotes are needed")
    .help(format!(
        "write `\"{}\"`",
        inner.as_str().replace('"', "\"\"")
    ))
}

pub(super) fn unclosed_parenthesis(at: usize) -> Slip {
    Slip::new(
        Code::UnclosedParenthesis,
        at..at + 1,
        "this parenthesis is never closed",
    )
    .label("opened here")
    .help("put a `)` where the part that it begins ends")
}

pub(super) fn stray_parenthesis(range: Range<usize>) -> Slip {
    Slip::new(
        Code::StrayParenthesis,
        range,
        "this `)` closes a parenthesis that was never opened",
    )
    .label("it has no matching `(`")
    .help("take it away, or put the missing `(` before it")
}

/// The slip for an operator of another language, if it is one.
pub(super) fn foreign_sign(text: &str, range: Range<usize>) -> Option<Slip> {
    let sign = text.get(range.clone())?;
    let (code, write) = match sign {
        "==" | "===" => (Code::DoubleEquals, "="),
        "=>" => (Code::ReversedComparison, ">="),
        "=<" => (Code::ReversedComparison, "<="),
        "<>" | "!==" | "≠" => (Code::ForeignOperator, "!="),
        "&&" | "&" => (Code::ForeignOperator, "and"),
        "||" | "|" => (Code::ForeignOperator, "or"),
        "!" => (Code::ForeignOperator, "not"),
        "≥" => (Code::ForeignOperator, ">="),
        "≤" => (Code::ForeignOperator, "<="),
        "−" | "–" => (Code::ForeignOperator, "-"),
        "×" => (Code::ForeignOperator, "*"),
        "÷" => (Code::ForeignOperator, "/"),
        _ => return None,
    };
    let message = match code {
        Code::DoubleEquals => format!("one `=` compares; `{sign}` is not known"),
        Code::ReversedComparison => format!("`{sign}` is written the other way round"),
        _ => format!("`{sign}` is not a sign of this language"),
    };
    if !write.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Some(Slip::new(code, range, message).help(format!("write `{write}`")));
    }
    // A word needs a space where a symbol needs none.
    let glued = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '`');
    let before = text.get(..range.start)?;
    let start = before.trim_end_matches(glued).len();
    let behind = text.get(range.end..)?;
    let end = range.end + behind.len() - behind.trim_start_matches(glued).len();
    let parts = [
        text.get(start..range.start)?,
        write,
        text.get(range.end..end)?,
    ];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    // In Python, these two bind tighter than `not`, `and` and `or`.
    let is_mixed = matches!(sign, "&" | "|")
        && tokens(text).any(|(_, range)| {
            let word = text.get(range).unwrap_or_default();
            ["not", "and", "or"]
                .iter()
                .any(|other| word.eq_ignore_ascii_case(other))
        });
    let remark = match is_mixed {
        true => ", with parentheses around what belongs together",
        false => "",
    };
    Some(Slip::new(code, start..end, message).help(format!("write `{}`{remark}", parts.join(" "))))
}

pub(super) fn unreadable(text: &str) -> Slip {
    Slip::new(Code::Syntax, 0..text.len(), "this cannot be read")
}

/// `in the last 30 days`, `within the last 30 days`: the window without its superfluous words.
pub(super) fn odd_window(text: &str, range: Range<usize>) -> Slip {
    let written = text.get(range.clone()).unwrap_or("");
    let mut words = written.split_whitespace();
    let first = words.next().unwrap_or("").to_ascii_lowercase();
    let rest: Vec<&str> = words
        .filter(|word| !word.eq_ignore_ascii_case("the"))
        .collect();
    let message = match first.as_str() {
        "within" => "a window begins with `in`; `within` names a scope such as a studio",
        _ => "`the` is not part of a window",
    };
    Slip::new(Code::Syntax, range, message).help(format!("write `in {}`", rest.join(" ")))
}

pub(super) fn bare_last(direction: &str, unit: &str, range: Range<usize>) -> Slip {
    let direction = direction.to_ascii_lowercase();
    let unit = unit.to_ascii_lowercase();
    let unit = unit.trim_end_matches('s');
    let help = match (direction.as_str(), unit) {
        ("last", "week" | "month" | "quarter" | "year") => format!(
            "write `in last calendar {unit}` for the whole {unit} before this one, \
             or `in last 1 {unit}` for the time from one {unit} ago until now"
        ),
        ("last", "day") => {
            "write `in last 1 day` for the time from this hour yesterday until now, or \
             `from today - 1 day to today - 1 day` for the whole of yesterday"
                .to_string()
        }
        _ => format!("say how many: `in {direction} 1 {unit}`"),
    };
    let message = match (direction.as_str(), unit) {
        ("last", "day" | "week" | "month" | "quarter" | "year") => {
            format!("`last {unit}` can mean two things")
        }
        _ => format!("`{direction} {unit}` does not say how many"),
    };
    Slip::new(Code::BareLast, range, message)
        .label("how long?")
        .help(help)
}

/// The slip for the amount of `top` or `bottom`, if it is out of range.
pub(super) fn odd_top(amount: &NumberLiteral, range: Range<usize>) -> Option<Slip> {
    let value: f64 = amount.digits.parse().unwrap_or(0.0);
    let fits = value > 0.0
        && if amount.percent {
            value <= 100.0
        } else {
            value.fract() == 0.0
        };
    (!fits).then(|| {
        Slip::new(
            Code::InvalidNumber,
            range,
            "`top` and `bottom` take a share above 0% and up to 100%, or a whole number above 0",
        )
        .help("write for example `top 20% by …` or `top 100 by …`")
    })
}

pub(super) fn long_number(range: Range<usize>, largest: u64, decimals: usize) -> Slip {
    Slip::new(
        Code::InvalidNumber,
        range,
        format!(
            "this number is too long: up to {largest} and {decimals} decimals are exact enough"
        ),
    )
}

pub(super) fn odd_count(number: &str, unit: &str, range: Range<usize>, largest: u32) -> Slip {
    let smaller = match unit.to_ascii_lowercase().trim_end_matches('s') {
        "year" | "quarter" => Some("months"),
        "week" => Some("days"),
        "day" => Some("hours"),
        "hour" => Some("minutes"),
        _ => None,
    };
    let slip = Slip::new(
        Code::InvalidNumber,
        range,
        format!("a length of time is a whole number of `{unit}`, from 1 to {largest}"),
    )
    .label(format!("not {number}"));
    match smaller {
        Some(smaller) if number.contains('.') => slip.help(format!("write it in {smaller}")),
        _ => slip,
    }
}

pub(super) fn invalid_date(text: &str, date: Option<NaiveDate>, range: Range<usize>) -> Slip {
    let slip = Slip::new(Code::InvalidDate, range, format!("`{text}` is not a date"));
    match date {
        Some(date) if date.year() > 0 => slip
            .label("month and day take two digits")
            .help(format!("write `{}`", date.format("%Y-%m-%d"))),
        _ => slip
            .label("there is no such day")
            .help("a date is year, month, day, as in `2025-06-01`; to subtract numbers, put blanks around the `-`"),
    }
}
