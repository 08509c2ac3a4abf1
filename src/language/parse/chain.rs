//! Slips in the tests after an operand: chains, windows after `where`.

use std::ops::Range;

use super::Slip;
use super::nodes::{of, range, words};
use super::operand::as_operand;
use crate::diagnostic::{Code, quoted};
use crate::language::functions::over_rows;
use crate::language::functions::rows::Of;
use crate::language::grammar::{Node, Rule};

/// Rewritten text longer than this many characters is not shown.
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

pub(super) fn is_shown(rewritten: &str) -> bool {
    rewritten.chars().count() <= MAX_SHOWN && !rewritten.contains('#')
}

/// `count(visits where paid = yes in last 30 days)`: a window at the end of a `where` that cannot be a test of its own,
/// because it follows a comparison or a parenthesis.
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
        format!("write {}", quoted(&rewritten))
    } else {
        "write it before `where`: `visits in last 30 days where …`".to_string()
    };
    Some(
        Slip::new(
            Code::WindowAfterWhere,
            filter.of.0..window.end,
            "a window comes before `where`",
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

/// Whether it is `days since …` or `hours since …`, which are functions here.
fn is_unit_since(operand: &str, window: &Node) -> bool {
    let is_since = |node: Node| node.as_rule() == Rule::since_window;
    ["days", "hours"]
        .iter()
        .any(|unit| operand.eq_ignore_ascii_case(unit))
        && window.clone().into_inner().any(is_since)
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
    let operand_text = of(text, operand);
    let chain = |middle: &Node| format!("{left} and {} {}", of(text, middle), of(text, second));
    let mut rewritten = vec![match &middle {
        // `days since last(visits).at > 30`
        Some(window)
            if first.as_rule() == Rule::window_test && is_unit_since(&operand_text, window) =>
        {
            let since = window.clone().into_inner().next_back()?;
            let since = since.into_inner().next_back()?;
            let unit = operand_text.to_ascii_lowercase();
            format!("{unit}_since({}) {}", of(text, &since), of(text, second))
        }
        // A name in a window stands for rows, which can only be counted.
        _ if first.as_rule() == Rule::window_test
            && second.as_rule() == Rule::compare_test
            && is_path(operand) =>
        {
            format!("count({left}) {}", of(text, second))
        }
        _ if let Some(call) = window_in_call(text, operand, first) => {
            format!("{call} {}", of(text, second))
        }
        // A comparison is already yes or no.
        Some(_) if both_compare && is_truth(second, &["true", "yes"]) => left.clone(),
        Some(_) if both_compare && is_truth(second, &["false", "no"]) => {
            format!("not ({left})")
        }
        Some(middle) if both_compare => chain(middle),
        _ => format!("({left}) {}", of(text, second)),
    }];
    // `paid = active = yes`: compare each of the two, or compare the result of their comparison.
    let is_equality = ["=", "!"]
        .iter()
        .any(|sign| first.as_str().starts_with(sign));
    if let Some(middle) = middle.filter(|middle| is_equality && is_path(middle))
        && both_compare
        && is_truth(second, &["true", "yes", "false", "no"])
    {
        rewritten.push(chain(&middle));
    }
    let is_window = |test: &Node| test.as_rule() == Rule::window_test;
    let end = tests.last().map_or(0, |last| range(last).end);
    let whole = range(operand).start..end;
    let rewritten: Vec<String> = rewritten
        .iter()
        .map(|rewritten| as_operand(text, &whole, rewritten))
        .collect();
    let help = if is_window(first) && is_window(second) {
        "rows have one window: leave one out".to_string()
    } else if is_window(second) {
        "a window stands directly behind a collection or a point in time: `visits in last 30 days`"
            .to_string()
    } else if rest.is_empty() && rewritten.iter().all(|rewritten| is_shown(rewritten)) {
        let rewritten: Vec<String> = rewritten.iter().map(|code| quoted(code)).collect();
        format!("write {}", rewritten.join(" or "))
    } else {
        "join them with `and`, or put parentheses around the part that belongs together".to_string()
    };
    Some(
        Slip::new(
            Code::ChainedComparison,
            whole,
            "comparisons do not follow one another without `and` or parentheses",
        )
        .help(help),
    )
}

/// `= TRUE`
fn is_truth(test: &Node, words: &[&str]) -> bool {
    let value = test.as_str().trim().strip_prefix('=').map(str::trim);
    value.is_some_and(|value| words.iter().any(|word| value.eq_ignore_ascii_case(word)))
}

/// `count(visits) in last 30 days`, with its window moved inside the parentheses.
fn window_in_call(text: &str, operand: &Node, test: &Node) -> Option<String> {
    let term = operand.clone().into_inner().next()?;
    let mut parts = term.clone().into_inner();
    let callee = parts.next()?;
    // For the others, a field comes after the call.
    let counts_rows = over_rows(&callee.as_str().to_ascii_lowercase())
        .is_some_and(|function| !matches!(function.of, Of::Row(_)));
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
