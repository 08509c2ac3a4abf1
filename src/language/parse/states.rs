//! `is` without `missing`: what people say that something is.

use super::Slip;
use super::chain::is_shown;
use super::nodes::{of, range, words};
use crate::diagnostic::{Code, quoted};
use crate::language::ast::Expr;
use crate::language::births::is_birth;
use crate::language::grammar::{self, Node, Rule};

/// `birthday is today`, `source is "web"`, `status is in ("a", "b")`
pub(super) fn is_without_missing(text: &str, operand: Option<&Expr>, test: &Node) -> Slip {
    let place = range(test);
    let mut inner = test.clone().into_inner();
    inner.next();
    let rest: Vec<_> = inner.collect();
    let negated = rest.iter().any(|n| n.as_rule() == Rule::not);
    let whole = operand.map_or(place.start, |e| e.span.start)..place.end;
    let left = operand.map_or_else(
        || "…".to_string(),
        |e| words(text, e.span.start, e.span.end),
    );
    let value = rest.last().map_or_else(String::new, |n| of(text, n));
    let test = if test.as_rule() == Rule::spare_is_test {
        Instead::Write(format!("{left} {value}"))
    } else if let Some(state) = state(&value) {
        state.of(&left, negated)
    } else {
        let sign = if negated { "!=" } else { "=" };
        Instead::Write(match value.to_ascii_lowercase().as_str() {
            "today" if operand.is_some_and(is_birth) => {
                format!("anniversary({left}) {sign} today")
            }
            "today" => format!("{left} {sign} today"),
            "yesterday" => format!("{left} {sign} today - 1 day"),
            "tomorrow" => format!("{left} {sign} today + 1 day"),
            // A single word is mostly a text without its quotes.
            word if grammar::is_bare(word) => format!("{left} {sign} \"{value}\""),
            _ => format!("{left} {sign} {value}"),
        })
    };
    let slip = Slip::new(
        Code::IsWithoutMissing,
        whole,
        "`is` only goes with `missing` and `present`",
    );
    match test {
        Instead::Write(code) if is_shown(&code) => slip.help(format!("write {}", quoted(&code))),
        Instead::Write(_) => slip.help("compare with `=`"),
        Instead::Know(remark) => slip.help(remark),
    }
}

/// What is said instead of a test that there is not.
enum Instead {
    Write(String),
    Know(&'static str),
}

/// What people say that something is.
#[derive(Clone, Copy)]
enum State {
    Missing,
    Present,
    Yes,
    No,
    Compared(&'static str, &'static str),
    Unknown(&'static str),
}

/// The states that have words; see [`State`].
const STATES: &[(&[&str], State)] = &[
    (
        &[
            "null",
            "none",
            "nil",
            "nothing",
            "empty",
            "blank",
            "unknown",
            "absent",
            "undefined",
        ],
        State::Missing,
    ),
    (
        &[
            "known",
            "set",
            "given",
            "filled",
            "available",
            "there",
            "defined",
            "nonempty",
        ],
        State::Present,
    ),
    (&["yes", "true", "on"], State::Yes),
    (&["no", "false", "off"], State::No),
    (&["positive"], State::Compared("> 0", "<= 0")),
    (&["negative"], State::Compared("< 0", ">= 0")),
    (&["zero"], State::Compared("= 0", "!= 0")),
    (
        &["yesterday"],
        State::Compared("= today - 1 day", "!= today - 1 day"),
    ),
    (
        &["tomorrow"],
        State::Compared("= today + 1 day", "!= today + 1 day"),
    ),
    (
        &["unique", "distinct", "duplicate", "duplicated", "repeated"],
        State::Unknown(
            "no test compares a value with those of the others; what is counted, as in \
             `count(distinct visits.at)`, is a client's own rows",
        ),
    ),
    (
        &[
            "valid", "invalid", "numeric", "number", "text", "date", "even", "odd",
        ],
        State::Unknown(
            "there is no test of that; there are `is missing`, `is present`, comparisons, \
             `contains`, `starts with` and `ends with`",
        ),
    ),
];

fn state(value: &str) -> Option<State> {
    let is = |words: &&[&str]| words.iter().any(|w| value.eq_ignore_ascii_case(w));
    let found = STATES.iter().find(|(words, _)| is(words));
    found.map(|(_, state)| *state)
}

impl State {
    fn of(self, left: &str, negated: bool) -> Instead {
        Instead::Write(match (self, negated) {
            (Self::Missing, false) | (Self::Present, true) => format!("{left} is missing"),
            (Self::Missing, true) | (Self::Present, false) => format!("{left} is present"),
            (Self::Yes, false) | (Self::No, true) => left.to_owned(),
            (Self::Yes, true) | (Self::No, false) => format!("not {left}"),
            (Self::Compared(test, _), false) | (Self::Compared(_, test), true) => {
                format!("{left} {test}")
            }
            (Self::Unknown(remark), _) => return Instead::Know(remark),
        })
    }
}
