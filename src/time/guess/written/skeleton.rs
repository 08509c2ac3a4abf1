//! Patterns of texts in which only the order of day, month and year is open.

use super::tokens::Token;
use crate::time::pattern::{MONTHS, Pattern, WEEKDAYS};

/// What each number of a date means: if the year is last, and if it is first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    /// Whether to ask about this order if a text can be read in another one too. Some orders are too rare.
    pub(super) is_likely: bool,
    year_last: [Part; 3],
    year_first: [Part; 3],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Day,
    Month,
    Year,
}
use Part::{Day, Month, Year};

/// Most likely first.
pub(super) const ORDERS: [Order; 4] = [
    Order {
        is_likely: true,
        year_last: [Day, Month, Year],
        year_first: [Year, Month, Day],
    },
    Order {
        is_likely: true,
        year_last: [Month, Day, Year],
        year_first: [Year, Month, Day],
    },
    Order {
        is_likely: false,
        year_last: [Day, Month, Year],
        year_first: [Year, Day, Month],
    },
    // Two digits may be a year.
    Order {
        is_likely: true,
        year_last: [Year, Month, Day],
        year_first: [Year, Month, Day],
    },
];

/// A piece of a pattern: fixed text, or a number of the date.
enum Piece<'a> {
    Text(String),
    Number(&'a str),
}

/// A text in which everything certain is fixed.
pub(super) struct Skeleton<'a> {
    pieces: Vec<Piece<'a>>,
}

impl<'a> Skeleton<'a> {
    /// A skeleton of a day in numbers or with the name of its month, and what follows.
    pub(super) fn of(tokens: &[Token<'a>]) -> Option<Self> {
        use Token::{Digits, Sign, Word};
        if is_time_of_day(tokens) {
            return None;
        }
        let mut pieces: Vec<Piece<'a>> = Vec::new();
        let hour = match tokens
            .iter()
            .any(|token| matches!(token, Word(w) if is_half(w)))
        {
            true => "%I",
            false => "%H",
        };
        let mut clock = [hour, "%M", "%S", "%f"].into_iter();
        let mut has_clock = false;
        let mut parts = 0;
        let mut rest = tokens;
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            let text = match *first {
                Digits(digits) if parts == 0 && digits.len() == 8 => {
                    parts = 3;
                    "%Y%m%d".to_owned()
                }
                Digits(digits) if parts < 3 => {
                    parts += 1;
                    pieces.push(Piece::Number(digits));
                    continue;
                }
                Digits(digits) => {
                    let together = match (digits.len(), has_clock) {
                        (4, false) => 2,
                        (6, false) => 3,
                        _ => 1,
                    };
                    has_clock = true;
                    clock.by_ref().take(together).collect()
                }
                Word(word) if parts < 3 && name(word, &MONTHS).is_some() => {
                    parts += 1;
                    match name(word, &MONTHS) {
                        Some(Name::Whole) => "%B".to_owned(),
                        _ => "%b".to_owned(),
                    }
                }
                Word(word) if parts == 0 && name(word, &WEEKDAYS).is_some() => "%a".to_owned(),
                Word(word) if is_half(word) => {
                    if let [Sign('.'), Word(_), Sign('.'), after @ ..] = after {
                        rest = after;
                    }
                    "%p".to_owned()
                }
                Word("Z" | "z") if has_clock => "%z".to_owned(),
                Word(word @ ("T" | "t" | "h" | "Uhr" | "um" | "at")) if parts == 3 => {
                    word.to_owned()
                }
                Word(_) => return None,
                Sign('+' | '-') if has_clock => {
                    rest = match after {
                        [Digits(_), Sign(':'), Digits(_), after @ ..] | [Digits(_), after @ ..] => {
                            after
                        }
                        _ => return None,
                    };
                    "%z".to_owned()
                }
                Sign('%') => "%%".to_owned(),
                Sign(sign) if sign.is_whitespace() => " ".to_owned(),
                Sign(sign) => sign.to_string(),
            };
            pieces.push(Piece::Text(text));
        }
        (parts == 3).then_some(Self { pieces })
    }

    /// The pattern with the numbers in an order; `None` if they cannot be in it.
    pub(super) fn pattern(&self, order: Order) -> Option<Pattern> {
        let numbers = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Number(digits) => Some(*digits),
            Piece::Text(_) => None,
        });
        let numbers: Vec<&str> = numbers.collect();
        let parts = match numbers.first() {
            Some(first) if first.len() == 4 => order.year_first,
            _ => order.year_last,
        };
        // A month written as a name is not one of the numbers.
        let is_named = numbers.len() == 2;
        let mut parts = parts.into_iter().filter(|part| !is_named || *part != Month);
        let mut text = String::new();
        for piece in &self.pieces {
            text.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Number(digits) => match (parts.next()?, digits.len()) {
                    (Day, 1 | 2) => "%d",
                    (Month, 1 | 2) => "%m",
                    (Year, 4) => "%Y",
                    (Year, 2) => "%y",
                    _ => return None,
                },
            });
        }
        Pattern::new(&text).ok()
    }
}

/// Whether a time of day stands first: `08:01:07`. Behind two numbers with colons only a year of four digits makes a day of them.
pub(super) fn is_time_of_day(tokens: &[Token<'_>]) -> bool {
    use Token::{Digits, Sign};
    match tokens {
        [Digits(hour), Sign(':'), Digits(_), rest @ ..] if hour.len() <= 2 => {
            !matches!(rest, [Sign(':'), Digits(year), ..] if year.len() == 4)
        }
        _ => false,
    }
}

/// Whether a word tells the half of the day: `PM`, or the `p` of `p.m.`.
fn is_half(word: &str) -> bool {
    let mut halves = ["am", "pm", "a", "p"].iter();
    halves.any(|half| word.eq_ignore_ascii_case(half))
}

/// How a name is written.
enum Name {
    Whole,
    /// Its first three letters, or `Sept`.
    Short,
}

fn name(word: &str, names: &[&str]) -> Option<Name> {
    let word = word.to_ascii_lowercase();
    names.iter().find_map(|name| match word.len() {
        3 if name.starts_with(&word) => Some(Name::Short),
        4 if word == "sept" && *name == "september" => Some(Name::Short),
        _ => (word == *name).then_some(Name::Whole),
    })
}
