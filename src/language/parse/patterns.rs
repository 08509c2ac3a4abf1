//! `like "A%"` and its kin, texts without quotes, and comparisons that leave out what they compare: what to
//! write instead hangs on more than the words.

use std::ops::Range;

use super::amounts::{self, Figure};
use super::parse;
use super::phrases::{MAX_SHOWN, Phrase, reads_on};
use super::scan::{Token, tokens};
use crate::diagnostic::quoted;
use crate::language::ast::{BinaryOp, Expr, ExprKind};
use crate::language::grammar;

/// What is written here instead, at the place where reading stopped.
pub(super) fn find(text: &str, stop: usize) -> Option<Phrase> {
    let tokens: Vec<(Token, Range<usize>)> = tokens(text).collect();
    let at = tokens.partition_point(|(_, range)| range.end <= stop);
    let place = Place { text, tokens, at };
    let (phrase, with) = place
        .like()
        .or_else(|| place.without_quotes())
        .or_else(|| place.compared_again())?;
    let fits = with.chars().count() <= MAX_SHOWN && reads_on(text, &phrase.range, &with, stop);
    fits.then_some(phrase)
}

/// The number at the place where reading stopped, as it is written here.
pub(super) fn number(text: &str, stop: usize) -> Option<Phrase> {
    let Figure {
        range,
        here,
        remark,
    } = amounts::figure(text, stop)?;
    if !here.iter().all(|with| reads_on(text, &range, with, stop)) {
        return None;
    }
    let help = match here.as_slice() {
        [one, other] => {
            format!("write `{one}` if thousands are meant, and `{other}` if decimals are")
        }
        [one] => format!("write `{one}`{remark}"),
        _ => return None,
    };
    Some(Phrase { range, help })
}

struct Place<'t> {
    text: &'t str,
    tokens: Vec<(Token, Range<usize>)>,
    /// The token where reading stopped.
    at: usize,
}

impl<'t> Place<'t> {
    fn word(&self, place: usize) -> &'t str {
        let range = self.tokens.get(place).map_or(0..0, |(_, r)| r.clone());
        self.text.get(range).unwrap_or("")
    }

    fn range(&self, start: usize, end: usize) -> Option<Range<usize>> {
        Some(self.tokens.get(start)?.1.start..self.tokens.get(end)?.1.end)
    }

    /// `like "A%"`, `=~ "^A"`
    fn like(&self) -> Option<(Phrase, String)> {
        const WORDS: [&str; 8] = [
            "like", "ilike", "rlike", "matches", "regexp", "regex", "glob", "~",
        ];
        let is =
            |at: usize, words: &[&str]| words.iter().any(|w| self.word(at).eq_ignore_ascii_case(w));
        let sign = (self.at.saturating_sub(1)..=self.at + 1).find(|at| is(*at, &WORDS))?;
        let begins_before = |words| sign.checked_sub(1).filter(|before| is(*before, words));
        let start = begins_before(&["=", "!"]).unwrap_or(sign);
        let negated = start.checked_sub(1).filter(|before| is(*before, &["not"]));
        let start = negated.unwrap_or(start);
        let not = if negated.is_some() || self.word(start) == "!" {
            "not "
        } else {
            ""
        };
        let (quoted, range) = self.tokens.get(sign + 1)?;
        let quoted = (*quoted == Token::Quoted).then(|| self.text.get(range.clone()))??;
        let inner = quoted.get(1..quoted.len().checked_sub(1)?)?;
        let of_sql = self.word(sign).to_ascii_lowercase().ends_with("like");
        // Whether there may be more before, and behind; only a regular expression says where there is none.
        let (begins, ends) = match self.word(sign).to_ascii_lowercase().as_str() {
            "glob" => (inner.starts_with('*'), inner.ends_with('*')),
            _ if of_sql => (inner.starts_with('%'), inner.ends_with('%')),
            _ => (!inner.starts_with('^'), !inner.ends_with('$')),
        };
        let core = inner.trim_matches(['%', '^', '$', '*', '.']);
        let is_plain = !core.contains(['%', '_', '*', '[', '\\', '(', '|', '?', '"', '\'']);
        if core.is_empty() || !is_plain {
            return None;
        }
        // Texts are compared as they are written.
        let any_case = self.word(sign).eq_ignore_ascii_case("ilike");
        let of = start
            .checked_sub(1)
            .filter(|at| any_case && grammar::is_bare(self.word(*at)));
        let of = of.filter(|at| {
            at.checked_sub(1)
                .is_none_or(|before| self.word(before) != ".")
        });
        let (start, lower) = match of {
            Some(of) => (of, format!("lower({}) ", self.word(of))),
            None => (start, String::new()),
        };
        let core = if any_case {
            core.to_lowercase()
        } else {
            core.to_owned()
        };
        let test = match (begins, ends) {
            (false, true) => format!("{not}starts with"),
            (true, false) => format!("{not}ends with"),
            (true, true) => format!("{not}contains"),
            (false, false) if not.is_empty() => "=".to_owned(),
            (false, false) => "!=".to_owned(),
        };
        let with = format!("{lower}{test} \"{core}\"");
        let phrase = Phrase {
            range: self.range(start, sign + 1)?,
            help: format!("write `{with}`"),
        };
        Some((phrase, with))
    }

    /// `city = New York`
    fn without_quotes(&self) -> Option<(Phrase, String)> {
        let is_sign = |at: usize| matches!(self.word(at), "=" | "!=" | "==" | "<>" | "is");
        let first = (0..self.at).rev().take(6).find(|at| is_sign(*at))? + 1;
        let is_word = |at: &usize| {
            let (token, range) = match self.tokens.get(*at) {
                Some(found) => found,
                None => return false,
            };
            let word = self.text.get(range.clone()).unwrap_or("");
            *token == Token::Word && grammar::is_bare_field(word) && grammar::is_bare(word)
        };
        let last = (first..self.tokens.len()).take_while(is_word).last()?;
        if last <= first || last < self.at || first > self.at {
            return None;
        }
        let range = self.range(first, last)?;
        let words = self.text.get(range.clone())?;
        let known = [
            "ago", "days", "months", "percent", "than", "to", "of", "last",
        ];
        if words.split_whitespace().any(|w| known.contains(&w)) {
            return None;
        }
        let with = format!("\"{words}\"");
        let phrase = Phrase {
            help: format!("write `{with}`: a text stands in quotes"),
            range,
        };
        Some((phrase, with))
    }

    /// `points > 1 and < 5`
    fn compared_again(&self) -> Option<(Phrase, String)> {
        let joins = self.at.checked_sub(1)?;
        let sign = self.tokens.get(self.at)?.1.clone();
        let signs = ["=", "!=", "<", ">", "<=", ">="];
        let word = self.text.get(sign.clone())?;
        if !matches!(self.word(joins).to_ascii_lowercase().as_str(), "and" | "or")
            || !signs.contains(&word)
        {
            return None;
        }
        let before = self.text.get(..self.tokens.get(joins)?.1.start)?;
        let left = last_compared(&parse(before).ok()?)?;
        let left = before.get(left)?;
        let with = format!("{left} {word}");
        let phrase = Phrase {
            range: sign,
            help: format!("write {}: say again what is compared", quoted(&with)),
        };
        Some((phrase, with))
    }
}

/// What the last comparison of a condition compares.
fn last_compared(expr: &Expr) -> Option<Range<usize>> {
    match &expr.kind {
        ExprKind::Binary(BinaryOp::And | BinaryOp::Or, _, right) => last_compared(right),
        ExprKind::Binary(_, left, _) => Some(left.span.start..left.span.end),
        _ => None,
    }
}
