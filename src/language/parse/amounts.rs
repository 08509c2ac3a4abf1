//! Numbers as other countries, banks and spreadsheets write them: `1.000,50`, `1 000`, `€ 50`, `50 EUR`, `1k`, `30d`.

use std::ops::Range;

/// Characters between groups of three digits, or before decimals.
const SEPARATORS: [char; 7] = ['.', ',', '\'', '’', '_', '\u{a0}', '\u{202f}'];
const CURRENCIES: [char; 4] = ['€', '$', '£', '¥'];
const CURRENCY_WORDS: [&str; 12] = [
    "eur", "euro", "euros", "usd", "dollar", "dollars", "gbp", "pound", "pounds", "chf", "jpy",
    "bucks",
];
/// Abbreviated units of time, with the full word.
const SHORT_UNITS: [(&str, &str); 14] = [
    ("d", "days"),
    ("h", "hours"),
    ("hr", "hours"),
    ("hrs", "hours"),
    ("w", "weeks"),
    ("wk", "weeks"),
    ("wks", "weeks"),
    ("mo", "months"),
    ("mos", "months"),
    ("min", "minutes"),
    ("mins", "minutes"),
    ("y", "years"),
    ("yr", "years"),
    ("yrs", "years"),
];

/// If the comma of a number has split the arguments of a call: the number as it is written here.
pub(crate) fn number_of_several(call: &str) -> Option<String> {
    let digit = |at: Option<usize>| {
        let byte = at.and_then(|at| call.as_bytes().get(at));
        byte.is_some_and(u8::is_ascii_digit)
    };
    let commas = call.match_indices(',').map(|(at, _)| at);
    let mut torn = commas.filter(|at| digit(at.checked_sub(1)) && digit(Some(at + 1)));
    let figure = figure(call, torn.next()?)?;
    let (before, behind) = (
        call.get(..figure.range.start)?,
        call.get(figure.range.end..)?,
    );
    Some(format!("{before}{}{behind}", figure.here.first()?))
}

/// The number around an apostrophe, where nothing can be parsed: `1'000`, with its spelling here.
pub(super) fn apart(text: &str, apostrophe: usize) -> Option<(Range<usize>, String)> {
    let Figure {
        range, mut here, ..
    } = figure(text, apostrophe)?;
    let one = here.pop()?;
    here.is_empty().then_some((range, one))
}

/// A number in a foreign notation.
pub(super) struct Figure {
    pub range: Range<usize>,
    /// Its possible spellings here.
    pub here: Vec<String>,
    pub remark: &'static str,
}

/// The number at a place, if it is in a foreign notation.
pub(super) fn figure(text: &str, stop: usize) -> Option<Figure> {
    let belongs = |c: char| {
        c.is_ascii_digit() || SEPARATORS.contains(&c) || CURRENCIES.contains(&c) || " +".contains(c)
    };
    let before = text.get(..stop)?;
    let start = before.trim_end_matches(belongs).len();
    // A name may end in digits.
    let follows_word = before
        .get(..start)?
        .ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ')');
    let digits_of_word = match follows_word {
        true => before.get(start..)?.find(|c: char| !c.is_ascii_digit())?,
        false => 0,
    };
    let skipped = text.get(start + digits_of_word..)?;
    let start = text.len() - skipped.trim_start_matches(' ').len();
    let mut at = Reading {
        text,
        at: start,
        currency: false,
    };
    at.currency();
    let plus = at.skip("+");
    let point = at.text.get(at.at..)?.starts_with('.') && at.digits_at(1);
    let groups = match point {
        true => {
            at.at += 1;
            vec![(' ', "0"), ('.', at.digits()?)]
        }
        false => at.groups()?,
    };
    let (whole, other) = joined(&groups)?;
    let after = at.at;
    let suffixed = at.suffix(&whole);
    let dot = suffixed.is_none() && at.trailing_point();
    at.currency();
    let plain = suffixed.is_none() && !at.currency && !plus && !point && !dot;
    if plain && groups.len() == 1 || at.at < stop && after < stop {
        return None;
    }
    let remark = match at.currency {
        true => ": amounts are plain numbers",
        false => "",
    };
    let here = match suffixed {
        Some(suffixed) => vec![suffixed],
        None => std::iter::once(whole).chain(other).collect(),
    };
    Some(Figure {
        range: start..at.at,
        here,
        remark,
    })
}

/// The number that groups of digits stand for, and its other possible meaning: `1,000`.
fn joined(groups: &[(char, &str)]) -> Option<(String, Option<String>)> {
    let digits: Vec<&str> = groups.iter().map(|(_, digits)| *digits).collect();
    let thousands = |groups: &[&str]| {
        groups.first().is_some_and(|first| first.len() <= 3)
            && groups.iter().skip(1).all(|group| group.len() == 3)
    };
    let (last, others) = groups.split_last()?;
    let mut marks = others.iter().skip(1).map(|(mark, _)| *mark);
    let one_mark = marks.clone().all(|mark| Some(mark) == marks.clone().next());
    let inner = marks.next();
    match (others.len(), last.0) {
        (0, _) => Some((digits.concat(), None)),
        (1, '.') if thousands(&digits) && digits.first() != Some(&"0") => {
            Some((digits.concat(), Some(digits.join("."))))
        }
        (1, '.') => Some((digits.join("."), None)),
        (1, ',') if thousands(&digits) => Some((digits.concat(), Some(digits.join(".")))),
        (1, ',') => Some((digits.join("."), None)),
        (1, _) => thousands(&digits).then(|| (digits.concat(), None)),
        (_, mark) if one_mark && inner == Some(mark) => {
            thousands(&digits).then(|| (digits.concat(), None))
        }
        (_, '.' | ',') if one_mark => {
            let whole: Vec<&str> = others.iter().map(|(_, digits)| *digits).collect();
            thousands(&whole).then(|| (format!("{}.{}", whole.concat(), last.1), None))
        }
        _ => None,
    }
}

struct Reading<'t> {
    text: &'t str,
    at: usize,
    currency: bool,
}

impl<'t> Reading<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip(&mut self, sign: &str) -> bool {
        let there = self.rest().starts_with(sign);
        if there {
            self.at += sign.len();
            self.at += self.rest().len() - self.rest().trim_start_matches(' ').len();
        }
        there
    }

    fn digits_at(&self, behind: usize) -> bool {
        let digit = self.text.as_bytes().get(self.at + behind);
        digit.is_some_and(u8::is_ascii_digit)
    }

    fn digits(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).filter(|digits| !digits.is_empty())
    }

    /// The digits of `1.000,50`, each group with the character before it.
    fn groups(&mut self) -> Option<Vec<(char, &'t str)>> {
        let mut groups = vec![(' ', self.digits()?)];
        while let Some(mark) = self.rest().chars().next() {
            let length = mark.len_utf8();
            // After a space, only a group of three digits belongs to the number.
            let three = self.rest().get(length..).is_some_and(|behind| {
                behind
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(behind.len())
                    == 3
            });
            let joins = SEPARATORS.contains(&mark) || mark == ' ' && three;
            if !joins || !self.digits_at(length) {
                break;
            }
            self.at += length;
            groups.push((mark, self.digits()?));
        }
        Some(groups)
    }

    /// Reads a currency here, or after a space.
    fn currency(&mut self) {
        let rest = self.rest().trim_start_matches(' ');
        let blanks = self.rest().len() - rest.len();
        let sign = rest.chars().next().filter(|c| CURRENCIES.contains(c));
        let word = word(rest);
        let length = match sign {
            Some(sign) => sign.len_utf8(),
            None if CURRENCY_WORDS.contains(&word.to_ascii_lowercase().as_str()) => word.len(),
            None => return,
        };
        self.currency = true;
        self.at += blanks + length;
        if self.digits_at(1) && sign.is_some() {
            self.skip(" ");
        }
    }

    /// Reads the `k` of `1k`, the `e6` of `1e6`, the `d` of `30d`.
    fn suffix(&mut self, number: &str) -> Option<String> {
        let rest = self.rest().trim_start_matches(' ');
        let blanks = self.rest().len() - rest.len();
        let word = word(rest);
        let lower = word.to_ascii_lowercase();
        let unit = SHORT_UNITS.iter().find(|(short, _)| *short == lower);
        let zeros = lower.strip_prefix('e').and_then(|zeros| zeros.parse().ok());
        let whole = !number.contains('.');
        let here = match (unit, zeros, lower.as_str()) {
            (Some((_, unit)), ..) => format!("{number} {unit}"),
            (_, Some(zeros @ 1..=12), _) if whole && blanks == 0 => {
                format!("{number}{}", "0".repeat(zeros))
            }
            (.., "k") if whole => format!("{number}000"),
            _ => return None,
        };
        self.at += blanks + word.len();
        Some(here)
    }

    /// `5.` for 5.
    fn trailing_point(&mut self) -> bool {
        let behind = self.rest().strip_prefix('.');
        let ends =
            behind.is_some_and(|b| !b.starts_with(|c: char| c.is_alphanumeric() || c == '.'));
        self.at += usize::from(ends);
        ends
    }
}

/// The letters and digits at the beginning of a text.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    text.get(..end.unwrap_or(text.len())).unwrap_or("")
}
