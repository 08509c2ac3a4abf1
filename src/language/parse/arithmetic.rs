//! Arithmetic of other languages: `a * b % 2`, `a ** 2`. The replacement uses the operands that it has there.

use std::ops::Range;

use super::operand::{as_operand, begins, is_operation};
use super::phrases::{MAX_SHOWN, Phrase, reads_on};
use super::scan::{Token, Tokens};
use crate::diagnostic::quoted;
use crate::language::grammar::{self, Stop};

/// What to write instead, at the place where parsing stopped.
pub(super) fn find(text: &str, stop: &Stop) -> Option<Phrase> {
    let tokens = Tokens::of(text);
    let at = tokens.place_of(stop.at);
    let place = Place { tokens, at };
    let (range, with) = place.remainder().or_else(|| place.square())?;
    let with = as_operand(text, &range, &with);
    let fits = with.chars().count() <= MAX_SHOWN && reads_on(text, &range, &with, stop);
    fits.then(|| Phrase {
        help: format!("write {}", quoted(&with)),
        range,
    })
}

struct Place<'t> {
    tokens: Tokens<'t>,
    /// The token where parsing stopped: the operator.
    at: usize,
}

impl Place<'_> {
    /// `a * b % 2`: the remainder of the whole product before it, as operators of equal precedence are read from the
    /// left.
    fn remainder(&self) -> Option<(Range<usize>, String)> {
        let of = |words: &[&str]| self.tokens.is(self.at, words);
        let end = self.number(self.at + 1)?;
        let follows = |words: &[&str]| self.tokens.is(end, words);
        // Some languages evaluate what comes after `mod` first.
        let is_read_alike = of(&["%"]) || (of(&["mod"]) && !follows(&["*", "/", "×", "÷"]));
        if !is_read_alike || follows(&["**", "^", "%", "mod"]) {
            return None;
        }
        let start = self.product(self.at)?;
        let of = self.words(start, self.at)?;
        let by = self.words(self.at + 1, end)?;
        let range = self.tokens.range(start, end)?;
        Some((range, format!("mod({of}, {by})")))
    }

    /// `a ** 2`, `a ^ 2`
    fn square(&self) -> Option<(Range<usize>, String)> {
        let is = |at: usize, words: &[&str]| self.tokens.is(at, words);
        let end = self.at + 2;
        if !is(self.at, &["**", "^"]) || !is(self.at + 1, &["2"]) || is(end, &["**", "^", "."]) {
            return None;
        }
        let start = self.name(self.at)?;
        let sign = start.checked_sub(1);
        let is_negative =
            sign.is_some_and(|sign| is(sign, &["-", "−", "–"]) && begins(&self.tokens, sign));
        // For `-a ^ 2`, some languages square `-a`.
        if is_negative && is(self.at, &["^"]) {
            return None;
        }
        let of = self.words(start, self.at)?;
        Some((self.tokens.range(start, end)?, format!("{of} * {of}")))
    }

    /// Where the product that ends before a token begins; `None` if it is unclear what belongs to it.
    fn product(&self, end: usize) -> Option<usize> {
        let mut start = self.term(end)?;
        while let Some(sign) = start.checked_sub(1) {
            if self.tokens.is(sign, &["*", "/", "×", "÷"]) {
                start = self.term(sign)?;
                continue;
            }
            // Languages differ in the remainder of negative numbers.
            let is_minus = self.tokens.is(sign, &["-", "−", "–"]) && begins(&self.tokens, sign);
            let is_other = self.tokens.is(sign, &["**", "^", "%", "mod"]);
            let ends = self.tokens.kind(sign) == Some(Token::Open)
                || self.tokens.is(sign, &[",", "where"])
                || is_operation(&self.tokens, sign);
            return (ends && !is_minus && !is_other).then_some(start);
        }
        Some(start)
    }

    /// Where the name, number, call or parenthesis that ends before a token begins.
    fn term(&self, end: usize) -> Option<usize> {
        let last = end.checked_sub(1)?;
        if self.tokens.kind(last)? == Token::Close {
            return self.opened(last);
        }
        if self.tokens.is(last, &["%"]) {
            let digits = last.checked_sub(1)?;
            let is_number = self
                .tokens
                .word(digits)
                .starts_with(|c: char| c.is_ascii_digit());
            return is_number.then(|| self.term(last)).flatten();
        }
        self.name(end).or_else(|| {
            let word = self.tokens.word(last);
            let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
            let point = last.checked_sub(1).filter(|at| self.tokens.is(*at, &["."]));
            match point {
                _ if !is_number => None,
                Some(point) => point.checked_sub(1),
                None => Some(last),
            }
        })
    }

    /// Where the name that ends before a token begins, including its fields; for a field after a call, where the call
    /// begins.
    fn name(&self, end: usize) -> Option<usize> {
        let mut last = end.checked_sub(1)?;
        loop {
            let word = self.tokens.word(last);
            let point = last.checked_sub(1).filter(|at| self.tokens.is(*at, &["."]));
            let is_name = match point {
                Some(_) => grammar::is_bare_field(word),
                None => grammar::is_bare(word),
            };
            let is_quoted = word.starts_with('`') && word.len() > 2;
            if !is_name && !is_quoted {
                return None;
            }
            let Some(point) = point else {
                return Some(last);
            };
            last = point.checked_sub(1)?;
            if self.tokens.kind(last)? == Token::Close {
                return self.opened(last);
            }
        }
    }

    /// Where the part that ends with a parenthesis begins, including the function before it.
    fn opened(&self, close: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in (0..=close).rev() {
            match self.tokens.kind(at)? {
                Token::Close => depth += 1,
                Token::Open => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                let callee = at.checked_sub(1);
                let callee = callee.filter(|at| grammar::is_bare(self.tokens.word(*at)));
                return Some(callee.unwrap_or(at));
            }
        }
        None
    }

    /// The end of a number that begins at a token.
    fn number(&self, at: usize) -> Option<usize> {
        let digits = |at: usize| {
            let word = self.tokens.word(at);
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
        };
        let decimals = self.tokens.is(at + 1, &["."]) && digits(at + 2);
        digits(at).then_some(if decimals { at + 3 } else { at + 1 })
    }

    /// The words from one token to another, on one line.
    fn words(&self, start: usize, end: usize) -> Option<String> {
        let part = self.tokens.text.get(self.tokens.range(start, end)?)?;
        let is_shown = !part.contains('#');
        is_shown.then(|| part.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
