//! Puts a replacement in the place of an operand: in parentheses if the operators around it would otherwise bind to a
//! part of it.
//!
//! This is decided from tokens, because the surrounding text usually cannot be parsed yet.

use std::ops::Range;

use super::scan::{Token, Tokens};

/// How tightly an operation binds its operands, and how tightly its neighbours must bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tight {
    Anything,
    Or,
    And,
    Not,
    /// Comparisons and other tests, `top …`, `in segment …`.
    Test,
    Sum,
    Product,
    Minus,
    Term,
}

/// In a longer text, in which much may be wrong, the surroundings are not examined. Parentheses do no harm there.
const LONGEST: usize = 4 * 1024;

/// A replacement for an operand of another text, in parentheses if it needs them there. A replacement that is not an
/// operand, such as an operator or a window, stays as it is.
pub fn as_operand(text: &str, place: &Range<usize>, written: &str) -> String {
    let Some(own) = tight(written).filter(|own| *own != Tight::Term) else {
        return written.to_owned();
    };
    if text.len() > LONGEST {
        return format!("({written})");
    }
    let tokens = Tokens::of(text);
    let first = tokens.all.partition_point(|(_, at)| at.end <= place.start);
    let next = tokens.all.partition_point(|(_, at)| at.start < place.end);
    match own < before(&tokens, first).max(behind(&tokens, next)) {
        true => format!("({written})"),
        false => written.to_owned(),
    }
}

/// The loosest operation of a text, outside parentheses; `None` if it is not an operand.
fn tight(text: &str) -> Option<Tight> {
    let tokens = Tokens::of(text);
    let last = tokens.all.len().checked_sub(1)?;
    let is_member = tokens.is(0, &["in"]) && tokens.is(1, &["segment", "list"]);
    let mut loosest = Tight::Term;
    let (mut depth, mut at) = (0_usize, 0);
    while at <= last {
        match tokens.kind(at)? {
            Token::Open => depth += 1,
            Token::Close => depth = depth.checked_sub(1)?,
            _ if depth > 0 => {}
            _ if tokens.is(at, &[",", "where"]) => return None,
            _ => {
                if let Some(own) = operation(&tokens, at) {
                    let begins = own == Tight::Not || own == Tight::Minus || is_member;
                    if at == last || (at == 0 && !begins) {
                        return None;
                    }
                    loosest = loosest.min(own);
                }
            }
        }
        at += 1;
    }
    Some(loosest)
}

/// What the token before a place requires.
fn before(tokens: &Tokens<'_>, place: usize) -> Tight {
    let Some(at) = place.checked_sub(1) else {
        return Tight::Anything;
    };
    match operation(tokens, at) {
        // The second operand of an operator of the same rank needs parentheses, except for `and` and `or`, where it
        // makes no difference.
        Some(Tight::Sum) => Tight::Product,
        Some(Tight::Product) => Tight::Minus,
        Some(Tight::Test) => Tight::Sum,
        Some(own) => own,
        None => Tight::Anything,
    }
}

/// What the token after a place requires.
fn behind(tokens: &Tokens<'_>, place: usize) -> Tight {
    match operation(tokens, place) {
        _ if tokens.is(place, &["."]) => Tight::Term,
        // After an operand, `not` begins a test.
        Some(Tight::Test | Tight::Not) => Tight::Sum,
        Some(Tight::Minus) => Tight::Sum,
        Some(own) => own,
        None => Tight::Anything,
    }
}

/// The operation that a token stands for, including those of other languages.
fn operation(tokens: &Tokens<'_>, at: usize) -> Option<Tight> {
    let is_field = at
        .checked_sub(1)
        .is_some_and(|point| tokens.is(point, &["."]));
    if is_field {
        return None;
    }
    let word = tokens.word(at).to_ascii_lowercase();
    Some(match word.as_str() {
        "or" | "||" | "|" => Tight::Or,
        "and" | "&&" | "&" if is_of_between(tokens, at) => Tight::Test,
        "and" | "&&" | "&" => Tight::And,
        "not" | "!" if begins(tokens, at) => Tight::Not,
        "from" if tokens.is(at + 1, &["now"]) => return None,
        "not" | "!" | "is" | "in" | "between" | "contains" | "starts" | "ends" | "with"
        | "from" | "to" | "since" | "by" | "like" => Tight::Test,
        "=" | "==" | "===" | "!=" | "!==" | "<>" | "≠" | "<" | "<=" | "=<" | "≤" | ">" | ">="
        | "=>" | "≥" => Tight::Test,
        "+" => Tight::Sum,
        "-" | "−" | "–" if begins(tokens, at) => Tight::Minus,
        "-" | "−" | "–" => Tight::Sum,
        "%" if ends(tokens, at) => return None,
        "*" | "×" | "/" | "÷" | "%" | "mod" if !begins(tokens, at) => Tight::Product,
        "**" | "^" => Tight::Term,
        _ => return None,
    })
}

/// Whether a token is an operation of any language, rather than a part of an operand.
pub(super) fn is_operation(tokens: &Tokens<'_>, at: usize) -> bool {
    operation(tokens, at).is_some()
}

/// Whether an operand begins at a token, because none ends before it.
pub(super) fn begins(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return true;
    };
    match tokens.kind(before) {
        Some(Token::Close | Token::Quoted | Token::Unclosed(_)) => false,
        Some(Token::Open) | None => true,
        Some(Token::Word) => tokens.is(
            before,
            &[
                "and", "or", "not", "where", "between", "contains", "with", "from", "to", "since",
                "by", "is", "if", "then", "else", "when", "case",
            ],
        ),
        Some(Token::Sign) => tokens.word(before) != "%" || !ends(tokens, before),
    }
}

/// Whether a percent sign ends a share, so that what follows is not an operand.
fn ends(tokens: &Tokens<'_>, at: usize) -> bool {
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let before = at.checked_sub(1).map(|before| tokens.word(before));
    let follows = match tokens.kind(at + 1) {
        Some(Token::Open | Token::Quoted) => true,
        Some(Token::Word) => operation(tokens, at + 1).is_none() && !tokens.is(at + 1, &["of"]),
        _ => false,
    };
    before.is_some_and(is_number) && !follows
}

/// Whether an `and` is the one of a `between`.
fn is_of_between(tokens: &Tokens<'_>, at: usize) -> bool {
    let (mut depth, mut joins) = (0_usize, 0_usize);
    for before in (0..at).rev() {
        match tokens.kind(before) {
            Some(Token::Close) => depth += 1,
            Some(Token::Open) if depth == 0 => return false,
            Some(Token::Open) => depth -= 1,
            _ if depth > 0 => {}
            _ if tokens.is(before, &["between"]) => return joins == 0,
            _ if tokens.is(before, &["or", "where", ","]) => return false,
            _ if tokens.is(before, &["and"]) => joins += 1,
            _ => {}
        }
    }
    false
}
