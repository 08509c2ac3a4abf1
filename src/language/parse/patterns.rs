//! `like "A%"` and the like, texts without quotes, and comparisons that omit what they compare. For these, the
//! replacement depends on more than the words.

use std::ops::Range;

use super::amounts::{self, Figure};
use super::operand::as_operand;
use super::parse;
use super::phrases::{MAX_SHOWN, Phrase, reads_on};
use super::scan::{Token, Tokens};
use crate::diagnostic::quoted;
use crate::language::ast::{BinaryOp, Expr, ExprKind};
use crate::language::grammar::{self, Stop};

/// What to write instead, at the place where parsing stopped.
pub(super) fn find(text: &str, stop: &Stop) -> Option<Phrase> {
    let tokens = Tokens::of(text);
    let at = tokens.place_of(stop.at);
    let place = Place { tokens, at };
    let (phrase, with) = place
        .like()
        .or_else(|| place.without_quotes())
        .or_else(|| place.compared_again())?;
    let fits = with.chars().count() <= MAX_SHOWN && reads_on(text, &phrase.range, &with, stop);
    fits.then_some(phrase)
}

/// The number at the place where parsing stopped, as it is written here.
pub(super) fn number(text: &str, stop: &Stop) -> Option<Phrase> {
    let Figure {
        range,
        here,
        remark,
    } = amounts::figure(text, stop.at)?;
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
    tokens: Tokens<'t>,
    /// The token where parsing stopped.
    at: usize,
}

impl Place<'_> {
    /// `like "A%"`, `=~ "^A"`
    fn like(&self) -> Option<(Phrase, String)> {
        const WORDS: [&str; 8] = [
            "like", "ilike", "rlike", "matches", "regexp", "regex", "glob", "~",
        ];
        let is = |at: usize, words: &[&str]| self.tokens.is(at, words);
        let sign = (self.at.saturating_sub(1)..=self.at + 1).find(|at| is(*at, &WORDS))?;
        let begins_before = |words| sign.checked_sub(1).filter(|before| is(*before, words));
        let start = begins_before(&["=", "!"]).unwrap_or(sign);
        let negated = start.checked_sub(1).filter(|before| is(*before, &["not"]));
        let start = negated.unwrap_or(start);
        let not = if negated.is_some() || self.tokens.word(start) == "!" {
            "not "
        } else {
            ""
        };
        (self.tokens.kind(sign + 1)? == Token::Quoted).then_some(())?;
        let quoted = self.tokens.word(sign + 1);
        let inner = quoted.get(1..quoted.len().checked_sub(1)?)?;
        let of_sql = self
            .tokens
            .word(sign)
            .to_ascii_lowercase()
            .ends_with("like");
        // Whether there may be more text before, and after. Only a regular expression can exclude that.
        let (begins, ends) = match self.tokens.word(sign).to_ascii_lowercase().as_str() {
            "glob" => (inner.starts_with('*'), inner.ends_with('*')),
            _ if of_sql => (inner.starts_with('%'), inner.ends_with('%')),
            _ => (!inner.starts_with('^'), !inner.ends_with('$')),
        };
        let core = inner.trim_matches(['%', '^', '$', '*', '.']);
        let is_plain = !core.contains(['%', '_', '*', '[', '\\', '(', '|', '?', '"', '\'']);
        if core.is_empty() || !is_plain {
            return None;
        }
        // Text comparison is case-sensitive.
        let any_case = self.tokens.word(sign).eq_ignore_ascii_case("ilike");
        let of = start
            .checked_sub(1)
            .filter(|at| any_case && grammar::is_bare(self.tokens.word(*at)));
        let of = of.filter(|at| {
            at.checked_sub(1)
                .is_none_or(|before| self.tokens.word(before) != ".")
        });
        let (start, lower) = match of {
            Some(of) => (of, format!("lower({}) ", self.tokens.word(of))),
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
        let range = self.tokens.range(start, sign + 2)?;
        let with = as_operand(self.tokens.text, &range, &with);
        let phrase = Phrase {
            range,
            help: format!("write `{with}`"),
        };
        Some((phrase, with))
    }

    /// `city = New York`
    fn without_quotes(&self) -> Option<(Phrase, String)> {
        let is_sign = |at: usize| matches!(self.tokens.word(at), "=" | "!=" | "==" | "<>" | "is");
        let first = (0..self.at).rev().take(6).find(|at| is_sign(*at))? + 1;
        let is_word = |at: &usize| {
            let word = self.tokens.word(*at);
            let is_word = self.tokens.kind(*at) == Some(Token::Word);
            is_word && grammar::is_bare_field(word) && grammar::is_bare(word)
        };
        let last = (first..self.tokens.all.len()).take_while(is_word).last()?;
        if last <= first || last < self.at || first > self.at {
            return None;
        }
        let range = self.tokens.range(first, last + 1)?;
        let words = self.tokens.text.get(range.clone())?;
        let known = [
            "ago", "days", "months", "percent", "than", "to", "of", "last",
        ];
        if words.split_whitespace().any(|w| known.contains(&w)) {
            return None;
        }
        let with = format!("\"{words}\"");
        let phrase = Phrase {
            help: format!("write `{with}`: a text goes in quotes"),
            range,
        };
        Some((phrase, with))
    }

    /// `points > 1 and < 5`
    fn compared_again(&self) -> Option<(Phrase, String)> {
        let joins = self.at.checked_sub(1)?;
        let sign = self.tokens.all.get(self.at)?.1.clone();
        let signs = ["=", "!=", "<", ">", "<=", ">="];
        let word = self.tokens.text.get(sign.clone())?;
        if !self.tokens.is(joins, &["and", "or"]) || !signs.contains(&word) {
            return None;
        }
        let before = self
            .tokens
            .text
            .get(..self.tokens.all.get(joins)?.1.start)?;
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
