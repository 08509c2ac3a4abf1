//! Dates as other countries write them, `01.03.2026` and `3/1/2026`: the second would be a division.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use super::Slip;
use super::scan::{Token, tokens};
use crate::diagnostic::Code;

/// A slip for each date that is not written as year, month, day.
pub(super) fn foreign_dates(text: &str) -> Vec<Slip> {
    let all: Vec<(Token, Range<usize>)> = tokens(text).collect();
    let glued = all.windows(5).filter_map(|five| {
        let (first, last) = (five.first()?, five.last()?);
        let whole = first.1.start..last.1.end;
        // With spaces, `3 / 1 / 2026` is arithmetic.
        let written = text.get(whole.clone())?;
        (!written.contains(char::is_whitespace) && !written.contains('-'))
            .then_some((whole, glued_dates(written)?))
    });
    let spelled = (3..=4).flat_map(|length| {
        all.windows(length).filter_map(move |words| {
            let whole = words.first()?.1.start..words.last()?.1.end;
            let dates = spelled_date(text.get(whole.clone())?)?;
            Some((whole, vec![dates]))
        })
    });
    let slips = glued.chain(spelled).map(|(whole, dates)| {
        let written = text.get(whole.clone()).unwrap_or("");
        let message = format!("`{written}` is not a date");
        let slip = Slip::new(Code::InvalidDate, whole, message);
        let help = match dates.as_slice() {
            [_] => format!("write {}", listed(&dates)),
            _ => format!("write {}, whichever of the two is meant", listed(&dates)),
        };
        slip.label("dates are year, month, day").help(help)
    });
    slips.collect()
}

/// The dates that a text may mean, as conditions write them; `None` if it is not a date.
pub fn date_of_text(text: &str) -> Option<String> {
    let text = text.trim();
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let compact = || {
        NaiveDate::parse_from_str(text, "%Y%m%d")
            .ok()
            .filter(|_| digits)
    };
    let iso = day.parse::<NaiveDate>().ok().or_else(compact);
    let iso = iso.filter(|date| date.year() > 0).map(|date| vec![date]);
    let dates = iso
        .or_else(|| glued_dates(text))
        .or_else(|| spelled_date(text).map(|date| vec![date]))?;
    Some(listed(&dates))
}

fn listed(dates: &[NaiveDate]) -> String {
    let shown: Vec<String> = dates.iter().map(|date| format!("`{date}`")).collect();
    shown.join(" or ")
}

/// `01.03.2026`, `3/1/2026`, `2026/03/01`
fn glued_dates(written: &str) -> Option<Vec<NaiveDate>> {
    let mark = written.chars().find(|c| matches!(c, '.' | '/' | '-'))?;
    let parts: Vec<&str> = written.split(mark).collect();
    let [one, two, three] = parts.as_slice() else {
        return None;
    };
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let date =
        |year: &str, month: u32, day: u32| NaiveDate::from_ymd_opt(year.parse().ok()?, month, day);
    if is_year(one) && mark != '-' {
        // `2026/3/1` may be a division.
        let padded = two.len() == 2 && three.len() == 2;
        return Some(vec![
            date(one, small(two)?, small(three)?).filter(|_| padded)?,
        ]);
    }
    is_year(three).then_some(())?;
    let (one, two) = (small(one)?, small(two)?);
    let (european, american) = (date(three, two, one), date(three, one, two));
    match (mark, european, american) {
        ('.', Some(date), _) | (_, Some(date), None) | (_, None, Some(date)) => Some(vec![date]),
        (_, Some(one), Some(other)) if one == other => Some(vec![one]),
        (_, Some(one), Some(other)) => Some(vec![other, one]),
        (_, None, None) => None,
    }
}

/// `2 Jan 2025`, `January 2, 2025`
fn spelled_date(written: &str) -> Option<NaiveDate> {
    let words: Vec<&str> = written
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let [one, two, year] = words.as_slice() else {
        return None;
    };
    let year: i32 = year
        .parse()
        .ok()
        .filter(|year| (1000..3000).contains(year))?;
    let (day, month) = match small(one) {
        Some(day) => (day, month_of(two)?),
        None => (small(two)?, month_of(one)?),
    };
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The number of a month, given by its full name or its first three letters.
pub(crate) fn month_of(name: &str) -> Option<u32> {
    let month: chrono::Month = name.parse().ok()?;
    Some(month.number_from_month())
}

/// A number of one or two digits.
fn small(word: &str) -> Option<u32> {
    let digits = word.bytes().all(|b| b.is_ascii_digit());
    word.parse().ok().filter(|_| digits && word.len() <= 2)
}
