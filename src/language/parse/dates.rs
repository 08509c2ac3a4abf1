//! Dates as countries write them, `01.03.2026` and `3/1/2026`: the second would be a division.

use std::ops::Range;

use chrono::NaiveDate;

use super::Slip;
use super::scan::{Token, tokens};
use crate::diagnostic::Code;

/// A slip for each date that is not written as year, month, day.
pub(super) fn foreign_dates(text: &str) -> Vec<Slip> {
    let all: Vec<(Token, Range<usize>)> = tokens(text).collect();
    all.windows(5)
        .filter_map(|five| foreign_date(text, five))
        .collect()
}

fn foreign_date(text: &str, tokens: &[(Token, Range<usize>)]) -> Option<Slip> {
    let [one, sign, two, other, year] = tokens else {
        return None;
    };
    let word = |token: &(Token, Range<usize>)| text.get(token.1.clone());
    let whole = one.1.start..year.1.end;
    let written = text.get(whole.clone())?;
    // With blanks, `3 / 1 / 2026` is arithmetic.
    let glued = !written.contains(char::is_whitespace);
    let mark = word(sign).filter(|mark| matches!(*mark, "." | "/"))?;
    if !glued || word(other) != Some(mark) {
        return None;
    }
    let (one, two) = (small(word(one)?)?, small(word(two)?)?);
    let year: i32 = word(year).filter(|year| year.len() == 4)?.parse().ok()?;
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let (european, american) = (day(two, one), day(one, two));
    let help = match (mark, european, american) {
        (".", Some(date), _) | (_, Some(date), None) | (_, None, Some(date)) => {
            format!("write `{date}`")
        }
        (_, Some(one), Some(other)) if one == other => format!("write `{one}`"),
        (_, Some(one), Some(other)) => {
            format!("write `{other}` or `{one}`, whichever of the two is meant")
        }
        (_, None, None) => return None,
    };
    let slip = Slip::new(
        Code::InvalidDate,
        whole,
        format!("`{written}` is not a date"),
    );
    Some(slip.label("dates are year, month, day").help(help))
}

/// A number of one or two digits.
fn small(word: &str) -> Option<u32> {
    let digits = word.bytes().all(|b| b.is_ascii_digit());
    word.parse().ok().filter(|_| digits && word.len() <= 2)
}
