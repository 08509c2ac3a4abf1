//! What was expected where parsing stopped, in plain words.

use super::place::Place;
use crate::language::grammar::Rule;

/// What could have come at a place, from the reader's point of view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// The text is empty.
    Anything,
    Value,
    SegmentId,
    ListName,
    ScopeName,
    FieldName,
    Operator,
    /// `in`, `between` and so on, after `not`.
    Test,
    WindowOrList,
    SegmentWord,
    Unit,
    Length,
    Amount,
    Period,
    Year,
    By,
    State,
    With,
    BetweenAnd,
    WindowEnd,
    /// `within` where there is no function and no `top`.
    Scoped,
    Separator,
}

impl Expected {
    pub(super) fn of(rules: &[Rule], place: &Place) -> Self {
        let has = |rule| rules.contains(&rule);
        let any = |list: &[Rule]| list.iter().any(|r| has(*r));
        if place.found.is_none() && place.before.is_none() {
            Self::Anything
        } else if has(Rule::missing) && has(Rule::present) {
            Self::State
        } else if any(&[
            Rule::expr,
            Rule::comparison,
            Rule::sum,
            Rule::argument,
            Rule::ranked,
            Rule::text,
            Rule::minus,
        ]) {
            Self::Value
        } else if has(Rule::compare) {
            Self::Operator
        } else if has(Rule::direction) && has(Rule::open) {
            Self::WindowOrList
        } else if any(&[Rule::between, Rule::contains]) {
            Self::Test
        } else if has(Rule::field) {
            Self::FieldName
        } else if has(Rule::name) {
            match place.before_word().to_ascii_lowercase().as_str() {
                "segment" => Self::SegmentId,
                "list" => Self::ListName,
                _ => Self::ScopeName,
            }
        } else if has(Rule::direction) {
            match place.before_word().to_ascii_lowercase().as_str() {
                "within" => Self::Scoped,
                _ => Self::WindowOrList,
            }
        } else if has(Rule::by) {
            Self::By
        } else if has(Rule::and) {
            Self::BetweenAnd
        } else if has(Rule::to) {
            Self::WindowEnd
        } else if has(Rule::with) {
            Self::With
        } else if any(&[Rule::segment, Rule::list]) {
            Self::SegmentWord
        } else if any(&[Rule::period, Rule::periods, Rule::calendar])
            && !any(&[Rule::duration, Rule::unit])
        {
            Self::Period
        } else if any(&[Rule::year, Rule::years]) {
            Self::Year
        } else if any(&[Rule::amount]) {
            Self::Amount
        } else if any(&[Rule::duration, Rule::number]) {
            Self::Length
        } else if has(Rule::unit) && !any(&[Rule::comma, Rule::close]) {
            Self::Unit
        } else {
            Self::Separator
        }
    }

    /// The section of `grammar/hints.txt` about it, and its name in messages.
    pub(super) fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::Anything => ("anything", "a condition"),
            Self::Value => ("value", "a name or a value"),
            Self::SegmentId => ("name", "the id of a segment"),
            Self::ListName => ("name", "the name of a list"),
            Self::ScopeName => ("name", "the name of a scope"),
            Self::FieldName => ("name", "the name of a field"),
            Self::Operator => (
                "operator",
                "`and`, `or`, a comparison or the end of this part",
            ),
            Self::Test => (
                "test",
                "`in`, `between`, `contains`, `starts with` or `ends with`",
            ),
            Self::WindowOrList => (
                "window",
                "a window such as `last 30 days` or a list in parentheses",
            ),
            Self::SegmentWord => ("membership", "`segment` and its id, or `list` and its name"),
            Self::Unit => ("length", "a unit such as `days`"),
            Self::Length => ("length", "a number and a unit such as `30 days`"),
            Self::Amount => ("amount", "a share such as `20%` or a number"),
            Self::Period => ("period", "`week`, `month`, `quarter` or `year`"),
            Self::Year => ("", "`year`"),
            Self::By => ("amount", "`by` and what to order by"),
            Self::State => ("", "`missing` or `present`"),
            Self::With => ("", "`with`"),
            Self::BetweenAnd => ("between", "`and` and the upper bound"),
            Self::WindowEnd => ("end", "`to` and the window's end"),
            Self::Scoped => (
                "scoped",
                "a function over many clients, or `top … by x`, directly before `within`",
            ),
            Self::Separator => ("operator", "`,` or `)`"),
        }
    }
}
