//! Times as people and programs write them.

use super::{Form, Samples};
use crate::sql;

/// What is done about texts for which no expression is known.
const REWRITE: &str = "write them as ISO where they come from, or in a view";

/// A run of digits, a run of letters, or a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Digits(&'a str),
    Word(&'a str),
    Sign(char),
}

/// The three numbers of a day in their order, and how they are written.
#[derive(Clone)]
struct Day<'a> {
    parts: [&'a str; 3],
    sign: char,
    /// What stands behind them.
    rest: Vec<Token<'a>>,
}

/// The form of the first text that has one, if it is that of most.
pub(super) fn form(of: Samples<'_>, texts: &[&str]) -> Option<Form> {
    let tokens: Vec<Vec<Token<'_>>> = texts.iter().map(|text| tokens(text.trim())).collect();
    let days: Vec<Day<'_>> = tokens.iter().filter_map(|tokens| day(tokens)).collect();
    if days.len() * 2 > texts.len() {
        return numbered(of, &days);
    }
    tokens
        .iter()
        .find_map(|tokens| worded(tokens))
        .map(|words| Form {
            words: words.to_owned(),
            remedy: REWRITE.to_owned(),
        })
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let alike = |c: char| match first {
            '0'..='9' => c.is_ascii_digit(),
            _ if first.is_alphabetic() => c.is_alphabetic(),
            _ => false,
        };
        let length = rest.find(|c| !alike(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(length.max(first.len_utf8()));
        rest = after;
        tokens.push(match first {
            '0'..='9' => Token::Digits(run),
            _ if first.is_alphabetic() => Token::Word(run),
            _ => Token::Sign(first),
        });
    }
    tokens
}

/// A day in numbers, with the same sign between them.
fn day<'a>(tokens: &[Token<'a>]) -> Option<Day<'a>> {
    use Token::{Digits, Sign};
    let (head, rest) = tokens.split_first_chunk::<5>()?;
    match head {
        [Digits(a), Sign(sign), Digits(b), Sign(again), Digits(c)]
            if sign == again && matches!(sign, '/' | '.' | '-' | ' ') =>
        {
            Some(Day {
                parts: [a, b, c],
                sign: *sign,
                rest: rest.to_vec(),
            })
        }
        _ => None,
    }
}

/// Days in numbers; what begins with its year and what does not are two forms.
fn numbered(of: Samples<'_>, days: &[Day<'_>]) -> Option<Form> {
    let first = days.first()?;
    let like_first = |day: &&Day<'_>| year_first(day) == year_first(first);
    let Some(other) = days.iter().find(|day| !like_first(day)) else {
        return of_one_form(of, days);
    };
    let alike: Vec<Day<'_>> = days.iter().filter(like_first).cloned().collect();
    let Form { words, .. } = of_one_form(of, &alike)?;
    let other = other.parts.join(&other.sign.to_string());
    Some(Form {
        words: format!("{words}, beside others such as `{other}`"),
        remedy: REWRITE.to_owned(),
    })
}

fn year_first(day: &Day<'_>) -> bool {
    day.parts.first().is_some_and(|part| part.len() == 4)
}

/// Whether what stands behind a year can only be a day before its month.
fn is_day_before_month(day: &Day<'_>) -> bool {
    let [_, second, third] = day.parts.map(|part| part.parse::<u32>().unwrap_or(0));
    (13..=31).contains(&second) && (1..=12).contains(&third)
}

/// Days in numbers: which is the year, and whether the day or the month comes first.
fn of_one_form(of: Samples<'_>, days: &[Day<'_>]) -> Option<Form> {
    let first = days.first()?;
    let sign = first.sign;
    let lengths = |day: &Day<'_>| day.parts.map(str::len);
    let alike = days
        .iter()
        .all(|day| lengths(day) == lengths(first) && day.sign == sign);
    let plain = |day: &Day<'_>| {
        !day.rest
            .iter()
            .any(|t| matches!(t, Token::Word(w) if *w != "T" && *w != "Z"))
    };
    let alike = alike && days.iter().all(plain);
    let column = sql::name(of.column);
    if days.iter().all(year_first) {
        let words = match (sign, lengths(first)) {
            _ if days.iter().all(|day| is_day_before_month(day)) => {
                return Some(Form {
                    words: format!("year{sign}day{sign}month"),
                    remedy: REWRITE.to_owned(),
                });
            }
            ('-', [4, 2, 2]) => return behind(days),
            ('-', _) => "ISO without the leading zeros of its month and day".to_owned(),
            _ => format!("year{sign}month{sign}day"),
        };
        return Some(match alike && lengths(first) == [4, 2, 2] {
            true => {
                let part = |from: usize| format!("substr({column}, {from}, 2)");
                let year = format!("substr({column}, 1, 4)");
                let rest = format!("substr({column}, 11)");
                let expression = format!(
                    "{year} || '-' || {} || '-' || {} || {rest}",
                    part(6),
                    part(9)
                );
                Form::with_view(of, words, &expression)
            }
            false => Form {
                words,
                remedy: REWRITE.to_owned(),
            },
        });
    }
    let over = |place: usize| {
        let number = |day: &Day<'_>| day.parts.get(place)?.parse::<u32>().ok();
        days.iter()
            .any(|day| number(day).is_some_and(|number| number > 12))
    };
    let day_first = format!("day{sign}month{sign}year");
    let month_first = format!("month{sign}day{sign}year");
    let [a, b, _] = first.parts;
    let (words, first_is_day) = match (over(0), over(1)) {
        (true, true) => (format!("{day_first} beside {month_first}"), None),
        (true, false) => (day_first, Some(true)),
        (false, true) => (month_first, Some(false)),
        (false, false) => (
            format!("{day_first} (or {month_first}: {a}{sign}{b} could be both)"),
            Some(true),
        ),
    };
    let view = first_is_day.filter(|_| alike && lengths(first) == [2, 2, 4]);
    Some(match view {
        Some(day_first) => {
            let (month, day) = if day_first { (4, 1) } else { (1, 4) };
            let part = |from: usize| format!("substr({column}, {from}, 2)");
            let year = format!("substr({column}, 7, 4)");
            let rest = format!("substr({column}, 11)");
            let expression = format!(
                "{year} || '-' || {} || '-' || {} || {rest}",
                part(month),
                part(day)
            );
            Form::with_view(of, words, &expression)
        }
        None => Form {
            words,
            remedy: REWRITE.to_owned(),
        },
    })
}

/// ISO days with something behind them that is not read; or days that there are not.
fn behind(days: &[Day<'_>]) -> Option<Form> {
    let of_word = |day: &Day<'_>| {
        day.rest.iter().find_map(|token| match token {
            Token::Word(word)
                if matches!(word.to_lowercase().as_str(), "am" | "pm" | "a" | "p") =>
            {
                Some("a twelve-hour clock")
            }
            Token::Word(word) if word.len() > 1 => Some("ISO with the name of a zone"),
            _ => None,
        })
    };
    let short = |day: &Day<'_>| {
        let digits = day.rest.iter().find_map(|token| match token {
            Token::Digits(digits) => Some(digits.len()),
            _ => None,
        });
        digits == Some(1)
    };
    let words = match days.iter().find_map(of_word) {
        Some(words) => words,
        None if days.iter().any(short) => "ISO without the leading zero of its hour",
        None if days.iter().all(|day| day.rest.is_empty()) => "dates that are in no calendar",
        None => "ISO with another time of day behind it",
    };
    Some(Form {
        words: words.to_owned(),
        remedy: REWRITE.to_owned(),
    })
}

/// What is no day in numbers.
fn worded(tokens: &[Token<'_>]) -> Option<&'static str> {
    use Token::{Digits, Sign, Word};
    Some(match tokens {
        [Digits(hour), Sign(':'), Digits(_), ..] if hour.len() <= 2 => {
            "a time of day without a day"
        }
        [Digits(year), Sign('-' | '/' | '.'), Digits(part)] if year.len() == 4 => {
            match part.len() {
                3 => "a year and the day of it",
                _ => "a month without a day",
            }
        }
        [Digits(year), Sign('-'), Word("W" | "w"), ..] if year.len() == 4 => "a week of a year",
        [Sign('/'), Word("Date"), Sign('('), ..] => "milliseconds as .NET writes them",
        _ if tokens
            .iter()
            .any(|token| matches!(token, Word(word) if is_month(word))) =>
        {
            "a day with the name of its month"
        }
        _ => return None,
    })
}

/// Whether a word begins like a month in English, German, French, Dutch or Spanish.
fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 26] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mär",
        "mrz", "mai", "okt", "dez", "fév", "avr", "juin", "aoû", "déc", "mrt", "mei", "ene", "dic",
    ];
    let word = word.to_lowercase();
    MONTHS.iter().any(|month| word.starts_with(month))
}
