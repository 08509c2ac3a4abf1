//! Numbers and amounts as people write them: with thousands separators, currency signs, and several notations for
//! negative numbers.

use std::borrow::Cow;
use std::fmt;

use super::currency::is_currency_code;

/// The character used as the decimal mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notation {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
}

/// Currency signs of several characters, in lower case. Codes of three capital letters are accepted too.
const CURRENCIES: [&str; 14] = [
    "us$", "a$", "c$", "ca$", "nz$", "hk$", "s$", "r$", "kr", "kr.", "fr.", "rs.", "zł", "kč",
];

/// Thousands separators, besides the mark that is not the decimal mark.
const APART: [char; 6] = [' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’'];

impl Notation {
    /// Both notations.
    pub const ALL: [Self; 2] = [Self::Point, Self::Comma];

    /// An example, as config writes it.
    pub fn sample(self) -> &'static str {
        match self {
            Self::Point => "1,234.5",
            Self::Comma => "1.234,5",
        }
    }

    /// Converts a written number to a plain decimal such as `-1234.5`; `None` if it is not in this notation.
    ///
    /// Thousands may be separated, in threes (in twos before the last three, as in India), always by the same
    /// separator. `-12`, `−12`, `12-` and `(12)` are negative.
    pub fn number(self, text: &str) -> Option<String> {
        let (is_negative, digits) = unsigned(text.trim(), &|text| Some(text))?;
        self.plain(is_negative, digits)
    }

    /// The same for an amount, which may have a currency sign or code before or after it. The sign itself is not
    /// interpreted.
    pub fn amount(self, text: &str) -> Option<String> {
        let (is_negative, digits) = unsigned(text.trim(), &without_currency)?;
        self.plain(is_negative, digits)
    }

    fn plain(self, is_negative: bool, digits: &str) -> Option<String> {
        let (group, decimal) = match self {
            Self::Point => (',', '.'),
            Self::Comma => ('.', ','),
        };
        let (whole, places) = digits.split_once(decimal).unwrap_or((digits, ""));
        let all_digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
        let whole = together(whole, group)?;
        if !all_digits(&whole) || !all_digits(places) || whole.len() + places.len() == 0 {
            return None;
        }
        let sign = if is_negative { "-" } else { "" };
        let point = if places.is_empty() { "" } else { "." };
        Some(format!("{sign}{whole}{point}{places}"))
    }
}

/// The digits without thousands separators; `None` if a separator is in the wrong place.
fn together(whole: &str, group: char) -> Option<Cow<'_, str>> {
    let is_mark = |c: char| c == group || APART.contains(&c);
    let Some(mark) = whole.chars().find(|c| is_mark(*c)) else {
        return Some(Cow::Borrowed(whole));
    };
    let groups: Vec<&str> = whole.split(mark).collect();
    let (first, others) = groups.split_first()?;
    let (last, middle) = others.split_last()?;
    let by_threes = middle.iter().all(|group| group.len() == 3);
    let by_twos = middle.iter().all(|group| group.len() == 2);
    // The first group of thousands never begins with a zero: `0,500` is a half in the other notation.
    let is_first = (1..=3).contains(&first.len()) && !first.starts_with('0');
    let fits = is_first && last.len() == 3 && (by_threes || by_twos);
    fits.then(|| Cow::Owned(groups.concat()))
}

/// The digits of a number, and whether it is negative; `bare` strips what surrounds them.
fn unsigned<'t>(
    text: &'t str,
    bare: &dyn Fn(&'t str) -> Option<&'t str>,
) -> Option<(bool, &'t str)> {
    // Whether a sign makes the number negative; `None` if there is no sign.
    let sign = |text: &'t str| {
        let text = text.trim();
        let inside = text.strip_prefix('(').and_then(|r| r.strip_suffix(')'));
        let before = text.strip_prefix(['-', '−']);
        let negative = inside.or(before).or_else(|| text.strip_suffix(['-', '−']));
        match (negative, text.strip_prefix('+')) {
            (Some(rest), _) => (Some(true), rest.trim()),
            (None, Some(rest)) => (Some(false), rest.trim()),
            (None, None) => (None, text),
        }
    };
    // A sign, parentheses and a currency may come in any order, each once: `-£5`, `£-5`, `£(5)`, `(£5)`.
    let (mut negative, mut has_currency, mut rest) = (None, false, text);
    for _ in 0..2 {
        let (signed, unsigned) = sign(rest);
        rest = bare(unsigned)?.trim();
        let is_bared = rest.len() < unsigned.len();
        if negative.is_some() && signed.is_some() || has_currency && is_bared {
            return None;
        }
        negative = negative.or(signed);
        has_currency |= is_bared;
    }
    Some((negative == Some(true), rest))
}

/// An amount without its currency sign, which may be on either side.
fn without_currency(text: &str) -> Option<&str> {
    let mut characters = text.char_indices().peekable();
    let mut start = None;
    while let Some((at, c)) = characters.next() {
        let is_point = ['.', ','].contains(&c);
        let before_digit = characters.peek().is_some_and(|(_, c)| c.is_ascii_digit());
        if c.is_ascii_digit() || "(-−+".contains(c) || is_point && before_digit {
            start = Some(at);
            break;
        }
    }
    let (before, rest) = text.split_at(start?);
    let is_end = |c: char| c.is_ascii_digit() || ")-−".contains(c);
    let last = rest.rfind(is_end)?;
    let end = last + rest.get(last..)?.chars().next().map_or(0, char::len_utf8);
    let (inside, behind) = rest.split_at(end);
    let (before, behind) = (before.trim(), behind.trim());
    let fits = match (before, behind) {
        ("", "") => true,
        (sign, "") | ("", sign) => is_currency(sign),
        _ => false,
    };
    fits.then_some(inside)
}

fn is_currency(sign: &str) -> bool {
    let is_code = sign.len() == 3 && sign.bytes().all(|c| c.is_ascii_uppercase())
        || is_currency_code(&sign.to_uppercase());
    let mut characters = sign.chars();
    let is_sign = matches!(
        (characters.next(), characters.next()),
        (
            Some('$' | '¢' | '£' | '¤' | '¥' | '֏' | '؋' | '৳' | '฿' | '₠'..='⃀' | '﷼'),
            None
        )
    );
    is_code || is_sign || CURRENCIES.contains(&sign.to_lowercase().as_str())
}

impl fmt::Display for Notation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sample())
    }
}
