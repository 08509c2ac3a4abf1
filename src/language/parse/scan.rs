//! Splits a text into tokens: enough to check its outer form and to quote a word in a message.

use std::ops::Range;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// Letters, digits, `_`: a name, a word of the language, a number.
    Word,
    /// A text in quotes, or a name in backticks.
    Quoted,
    /// A quote without its partner on the line; the token reaches to the end of the line.
    Unclosed(char),
    /// `(`
    Open,
    /// `)`
    Close,
    /// Any other symbol, of one or several characters.
    Sign,
}

/// Symbols of several characters, longest first.
const LONG_SIGNS: [&str; 12] = [
    "===", "!==", "==", "=>", "=<", "!=", "<>", "<=", ">=", "&&", "||", "**",
];

/// The tokens of a text, without white space and comments.
pub fn tokens(text: &str) -> impl Iterator<Item = (Token, Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at = skip_blanks(text, at);
        let rest = text.get(at..)?;
        let (token, length) = first(rest)?;
        let range = at..at + length;
        at = range.end;
        Some((token, range))
    })
}

/// A text with its tokens.
pub(super) struct Tokens<'t> {
    pub text: &'t str,
    pub all: Vec<(Token, Range<usize>)>,
}

impl<'t> Tokens<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self {
            text,
            all: tokens(text).collect(),
        }
    }

    /// The index of the token at a byte, or of the next one.
    pub(super) fn place_of(&self, byte: usize) -> usize {
        self.all.partition_point(|(_, range)| range.end <= byte)
    }

    /// The kind of a token, if there is one.
    pub(super) fn kind(&self, place: usize) -> Option<Token> {
        self.all.get(place).map(|(token, _)| *token)
    }

    /// A token as written; empty if there is none.
    pub(super) fn word(&self, place: usize) -> &'t str {
        let range = self.all.get(place).map_or(0..0, |(_, range)| range.clone());
        self.text.get(range).unwrap_or("")
    }

    /// Whether a token is one of some words, ignoring case.
    pub(super) fn is(&self, place: usize, words: &[&str]) -> bool {
        let word = self.word(place);
        words.iter().any(|one| word.eq_ignore_ascii_case(one))
    }

    /// The bytes from one token up to, but not including, another.
    pub(super) fn range(&self, start: usize, end: usize) -> Option<Range<usize>> {
        let first = self.all.get(start)?.1.start;
        let last = self.all.get(end.checked_sub(1)?)?.1.end;
        Some(first..last)
    }
}

fn first(rest: &str) -> Option<(Token, usize)> {
    let sign = rest.chars().next()?;
    Some(match sign {
        '(' => (Token::Open, 1),
        ')' => (Token::Close, 1),
        '"' | '\'' | '`' => quoted(rest, sign, |c| c == sign),
        c if is_curly(c) => quoted(rest, sign, is_curly),
        c if is_word(c) => (Token::Word, run(rest, is_word)),
        c => {
            let long = LONG_SIGNS.iter().find(|s| rest.starts_with(**s));
            (Token::Sign, long.map_or(c.len_utf8(), |s| s.len()))
        }
    })
}

/// A quoted text up to its closing quote; a doubled quote stands for itself.
fn quoted(rest: &str, opening: char, closes: impl Fn(char) -> bool) -> (Token, usize) {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if is_line_end(c) {
            return (Token::Unclosed(opening), at);
        }
        if closes(c) {
            let doubled = !is_curly(c) && chars.peek().is_some_and(|(_, next)| *next == c);
            if !doubled {
                return (Token::Quoted, at + c.len_utf8());
            }
            chars.next();
        }
    }
    (Token::Unclosed(opening), rest.len())
}

fn skip_blanks(text: &str, mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or("");
        let length = match rest.chars().next() {
            Some('#') => run(rest, |c| !is_line_end(c)),
            Some(c) if c.is_whitespace() => run(rest, char::is_whitespace),
            _ => return at,
        };
        at += length;
    }
}

fn run(rest: &str, belongs: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !belongs(c)).unwrap_or(rest.len())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

/// True for the curly quotes that text editors insert in place of straight ones.
pub(super) fn is_curly(c: char) -> bool {
    matches!(
        c,
        '“' | '”'
            | '„'
            | '‟'
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '´'
            | '″'
            | '＂'
    )
}
