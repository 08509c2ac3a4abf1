//! The place where parsing stopped, and what is around it.

use std::ops::Range;

use chrono::NaiveDate;

use super::scan::{Token, tokens};
use crate::language::grammar;

/// A token and its byte range.
pub(super) type Found = (Token, Range<usize>);

/// The place where parsing stopped.
pub(super) struct Place<'t> {
    text: &'t str,
    /// The token that did not fit; `None` at the end.
    pub found: Option<Found>,
    /// The token before it; `None` at the beginning.
    pub before: Option<Found>,
}

impl<'t> Place<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        let (found, before) = around(text, at);
        Self {
            text,
            found,
            before,
        }
    }

    pub(super) fn word(&self, token: &Option<Found>) -> &'t str {
        let range = token.as_ref().map_or(0..0, |(_, range)| range.clone());
        self.text.get(range).unwrap_or("")
    }

    pub(super) fn found_word(&self) -> &'t str {
        self.word(&self.found)
    }

    /// The text between the quotes of the token that did not fit.
    pub(super) fn inner(&self) -> &'t str {
        let word = self.found_word();
        let mut letters = word.chars();
        let (first, last) = (letters.next(), letters.next_back());
        match first == last {
            true => letters.as_str(),
            false => word,
        }
    }

    pub(super) fn before_word(&self) -> &'t str {
        self.word(&self.before)
    }

    pub(super) fn found_is(&self, kind: Token) -> bool {
        self.found.as_ref().is_some_and(|(token, _)| *token == kind)
    }

    /// Whether a date such as `2025-06-01` comes directly before what did not fit.
    pub(super) fn follows_date(&self) -> bool {
        let end = self.before.as_ref().map_or(0, |(_, range)| range.end);
        let tail = end
            .checked_sub("2025-06-01".len())
            .and_then(|start| self.text.get(start..end));
        tail.is_some_and(|t| NaiveDate::parse_from_str(t, "%Y-%m-%d").is_ok())
    }

    /// The id that a segment named by several words may have: the words after `segment`, up to a word of the language.
    pub(super) fn segment_id(&self) -> Option<String> {
        let found = self.found.as_ref()?.1.start;
        let words = || {
            tokens(self.text)
                .filter_map(|(_, range)| Some((self.text.get(range.clone())?, range.start)))
        };
        let (_, segment) = words()
            .take_while(|(_, start)| *start < found)
            .filter(|(word, _)| word.eq_ignore_ascii_case("segment"))
            .last()?;
        let name = words().skip_while(|(_, start)| *start <= segment);
        let name: Vec<(String, usize)> = name
            .map(|(word, start)| (word.to_lowercase(), start))
            .take_while(|(word, _)| grammar::is_bare(word))
            .collect();
        let reaches = name.last().is_some_and(|(_, start)| *start >= found);
        let name: Vec<String> = name.into_iter().map(|(word, _)| word).collect();
        reaches.then(|| name.join("_"))
    }

    /// The words around the place that could be one name: those before and after it, up to a word of the language or a
    /// symbol.
    pub(super) fn words_around(&self) -> &'t str {
        let Some(found) = self.found.as_ref().map(|(_, range)| range.clone()) else {
            return "";
        };
        let is_part = |(token, range): &Found| {
            let word = self.text.get(range.clone()).unwrap_or("");
            *token == Token::Word && grammar::is_bare(&word.to_lowercase())
        };
        let all: Vec<Found> = tokens(self.text).collect();
        let (before, behind): (Vec<&Found>, Vec<&Found>) =
            all.iter().partition(|(_, range)| range.end <= found.start);
        let first = before
            .into_iter()
            .rev()
            .take_while(|token| is_part(token))
            .last();
        let last = behind.into_iter().take_while(|token| is_part(token)).last();
        let start = first.map_or(found.start, |(_, range)| range.start);
        let end = last.map_or(found.end, |(_, range)| range.end);
        self.text.get(start..end).unwrap_or("")
    }

    /// The id that a segment named by a text may have.
    pub(super) fn title_id(&self) -> Option<String> {
        if !self.found_is(Token::Quoted) {
            return None;
        }
        let title = self.found_word().to_lowercase();
        let words = title.split(|c: char| !c.is_alphanumeric() && c != '_');
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let id = words.join("_");
        grammar::is_bare(&id).then_some(id)
    }

    /// Whether what did not fit comes directly after the token before it, without a space.
    pub(super) fn is_glued(&self) -> bool {
        match (&self.before, &self.found) {
            (Some((_, before)), Some((_, found))) => before.end == found.start,
            _ => false,
        }
    }
}

/// The token where parsing stopped and the one before it.
fn around(text: &str, at: usize) -> (Option<Found>, Option<Found>) {
    let mut before = None;
    for (token, range) in tokens(text) {
        if range.start < at && at < range.end {
            // Inside a word: a number with letters attached to it.
            return (Some((token, at..range.end)), Some((token, range.start..at)));
        }
        if range.end > at {
            return (Some((token, range)), before);
        }
        before = Some((token, range));
    }
    (None, before)
}
