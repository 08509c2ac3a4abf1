//! Splits a text into tokens.

/// A run of digits, a run of letters, or another character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Digits(&'a str),
    Word(&'a str),
    Sign(char),
}

pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
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
