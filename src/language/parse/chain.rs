//! Slips in the tests behind an operand: chains, windows after `where`, `is` without `missing`.

use std::ops::Range;

use super::Slip;
use super::build::range;
use crate::diagnostic::Code;
use crate::language::ast::{Expr, ExprKind};
use crate::language::grammar::{self, Node, Rule};

/// Rewritten text longer than this is not shown.
const MAX_SHOWN: usize = 100;

/// An argument and its `where`, as byte ranges.
#[derive(Clone, Copy)]
pub(super) struct FilterPlace {
    of: (usize, usize),
    condition: (usize, usize),
}

impl FilterPlace {
    pub(super) fn new(of: Range<usize>, condition: Range<usize>) -> Self {
        Self {
            of: (of.start, of.end),
            condition: (condition.start, condition.end),
        }
    }
}

/// The words from one byte to another, on one line.
fn words(text: &str, from: usize, to: usize) -> String {
    let part = text.get(from..to).unwrap_or("");
    part.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a node, on one line.
fn of(text: &str, node: &Node) -> String {
    let range = range(node);
    words(text, range.start, range.end)
}

fn is_shown(rewritten: &str) -> bool {
    rewritten.chars().count() <= MAX_SHOWN && !rewritten.contains('#')
}

/// `count(visits where paid = yes in last 30 days)`: the window at the end of a `where` that
/// cannot be a test of its own, because a comparison or a parenthesis stands before it.
pub(super) fn window_after_where(
    text: &str,
    operand: &Node,
    tests: &[Node],
    filter: Option<FilterPlace>,
) -> Option<Slip> {
    let filter = filter?;
    let (last, before) = tests.split_last()?;
    let window = range(last);
    let follows = !before.is_empty() || is_parenthesis(operand);
    if last.as_rule() != Rule::window_test || window.end != filter.condition.1 || !follows {
        return None;
    }
    let condition_end = before
        .last()
        .map_or_else(|| range(operand).end, |n| range(n).end);
    let rewritten = format!(
        "{} {} where {}",
        words(text, filter.of.0, filter.of.1),
        of(text, last),
        words(text, filter.condition.0, condition_end)
    );
    let help = if is_shown(&rewritten) {
        format!("write `{rewritten}`")
    } else {
        "write it before `where`: `visits in last 30 days where …`".to_string()
    };
    Some(
        Slip::new(
            Code::WindowAfterWhere,
            filter.of.0..window.end,
            "a window stands before `where`",
        )
        .help(help),
    )
}

fn is_parenthesis(operand: &Node) -> bool {
    let mut terms = operand.clone().into_inner();
    operand.as_rule() == Rule::sum
        && terms.next().is_some_and(|n| n.as_rule() == Rule::paren)
        && terms.next().is_none()
}

fn is_path(operand: &Node) -> bool {
    let mut terms = operand.clone().into_inner();
    operand.as_rule() == Rule::sum
        && terms.next().is_some_and(|n| n.as_rule() == Rule::path)
        && terms.next().is_none()
}

/// `a < b < c`, `a > 3 is missing`
pub(super) fn chained(text: &str, operand: &Node, tests: &[Node]) -> Option<Slip> {
    let [first, second, rest @ ..] = tests else {
        return None;
    };
    let left = format!("{} {}", of(text, operand), of(text, first));
    let both_compare =
        first.as_rule() == Rule::compare_test && second.as_rule() == Rule::compare_test;
    let middle = first.clone().into_inner().next_back();
    let rewritten = match middle {
        // Of a name in a window only rows can be counted.
        _ if first.as_rule() == Rule::window_test
            && second.as_rule() == Rule::compare_test
            && is_path(operand) =>
        {
            format!("count({left}) {}", of(text, second))
        }
        _ if let Some(call) = window_in_call(text, operand, first) => {
            format!("{call} {}", of(text, second))
        }
        Some(middle) if both_compare => {
            format!("{left} and {} {}", of(text, &middle), of(text, second))
        }
        _ => format!("({left}) {}", of(text, second)),
    };
    let help = if rest.is_empty() && is_shown(&rewritten) {
        format!("write `{rewritten}`")
    } else {
        "join them with `and`, or put parentheses around the part that belongs together".to_string()
    };
    let end = tests.last().map_or(0, |last| range(last).end);
    Some(
        Slip::new(
            Code::ChainedComparison,
            range(operand).start..end,
            "comparisons do not follow one another without `and` or parentheses",
        )
        .help(help),
    )
}

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
        let is_path = |e: &Expr| matches!(e.kind, ExprKind::Path(_));
        Instead::Write(match value.to_ascii_lowercase().as_str() {
            "today" if operand.is_some_and(is_path) => {
                format!("anniversary({left}) {sign} today")
            }
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
        Instead::Write(code) if is_shown(&code) => slip.help(format!("write `{code}`")),
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
             `count(distinct visits.class_id)`, is a client's own rows",
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

/// `count(visits) in last 30 days` with its window inside the parentheses.
fn window_in_call(text: &str, operand: &Node, test: &Node) -> Option<String> {
    let term = operand.clone().into_inner().next()?;
    let mut parts = term.clone().into_inner();
    let callee = parts.next()?;
    let counts_rows = ["count", "exists", "sum", "avg", "min", "max"]
        .iter()
        .any(|name| callee.as_str().eq_ignore_ascii_case(name));
    let argument = parts.find(|n| n.as_rule() == Rule::argument)?;
    let is_bare = argument.clone().into_inner().count() == 1;
    if term.as_rule() != Rule::call
        || test.as_rule() != Rule::window_test
        || !counts_rows
        || !is_bare
    {
        return None;
    }
    Some(format!(
        "{}({} {})",
        callee.as_str(),
        of(text, &argument),
        of(text, test)
    ))
}
