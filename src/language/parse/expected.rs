//! What was expected where reading stopped, in plain words.

use super::hints::{Place, hint};
use super::scan::{Token, tokens};
use super::{Slip, amounts, patterns, phrases};
use crate::diagnostic::Code;
use crate::language::grammar::{Rule, Stop};

/// What could have stood at a place, from the reader's view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// The text is empty.
    Anything,
    Value,
    SegmentId,
    ScopeName,
    FieldName,
    Operator,
    /// `in`, `between` and so on, behind `not`.
    Test,
    WindowOrList,
    SegmentWord,
    Unit,
    Length,
    Amount,
    Period,
    By,
    State,
    With,
    BetweenAnd,
    WindowEnd,
    /// `within` stands where no function and no `top` does.
    Scoped,
    Separator,
}

impl Expected {
    fn of(rules: &[Rule], place: &Place) -> Self {
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
        } else if has(Rule::segment) {
            Self::SegmentWord
        } else if any(&[Rule::period, Rule::calendar]) && !any(&[Rule::duration, Rule::unit]) {
            Self::Period
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

    fn words(self) -> &'static str {
        match self {
            Self::Anything => "a condition",
            Self::Value => "a name or a value",
            Self::SegmentId => "the id of a segment",
            Self::ScopeName => "the name of a scope",
            Self::FieldName => "the name of a field",
            Self::Operator => "`and`, `or`, a comparison or the end of this part",
            Self::Test => "`in`, `between`, `contains`, `starts with` or `ends with`",
            Self::WindowOrList => "a window such as `last 30 days` or a list in parentheses",
            Self::SegmentWord => "`segment` and its id",
            Self::Unit => "a unit such as `days`",
            Self::Length => "a number and a unit such as `30 days`",
            Self::Amount => "a share such as `20%` or a number",
            Self::Period => "`week`, `month`, `quarter` or `year`",
            Self::By => "`by` and what to order by",
            Self::State => "`missing` or `present`",
            Self::With => "`with`",
            Self::BetweenAnd => "`and` and the upper bound",
            Self::WindowEnd => "`to` and the window's end",
            Self::Scoped => {
                "a function over many clients, or `top … by x`, directly before `within`"
            }
            Self::Separator => "`,` or `)`",
        }
    }
}

/// The slip at the place where nothing fitted.
pub(super) fn unexpected(text: &str, stop: &Stop) -> Slip {
    let place = Place::new(text, stop.at);
    let expected = Expected::of(&stop.expected, &place);
    let words = expected.words();
    if let Some(phrase) = amounts::find(text, stop.at)
        .or_else(|| phrases::find(text, stop.at))
        .or_else(|| patterns::find(text, stop.at))
    {
        let written = text.get(phrase.range.clone()).unwrap_or("");
        let message = format!("{} does not fit here", shown(written));
        return Slip::new(Code::Syntax, phrase.range, message).help(phrase.help);
    }
    let misplaced = match (expected, &place.before) {
        // What does not fit is the word before.
        (Expected::Scoped, Some((_, range))) => Some(range.clone()),
        _ => None,
    };
    let slip = match place.found.clone() {
        _ if misplaced.is_some() => {
            let range = misplaced.unwrap_or_default();
            Slip::new(Code::Syntax, range, "`within` does not fit here")
                .label(format!("expected {words}"))
        }
        Some((_, range)) => {
            let found = shown(place.found_word());
            let message = format!("{found} does not fit here");
            Slip::new(Code::Syntax, range, message).label(format!("expected {words}"))
        }
        None => {
            let last = tokens(text).last().map_or(0..0, |(_, range)| range);
            match expected {
                Expected::Anything => Slip::new(Code::Syntax, last, "nothing is written here"),
                _ => Slip::new(Code::Syntax, last, "this stops in the middle")
                    .label(format!("expected {words} after this")),
            }
        }
    };
    let remark = || {
        let cut =
            place.found.is_none() && text.get(slip.span.end..).is_some_and(|t| t.contains('#'));
        cut.then(|| "what follows a `#` is a comment".to_owned())
    };
    match hint(expected, &place).or_else(remark) {
        Some(help) => slip.help(help),
        None => slip,
    }
}

/// A token as a message can show it.
fn shown(word: &str) -> String {
    let mut chars = word.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_control() || is_invisible(c) => {
            format!("an invisible character (U+{:04X})", u32::from(c))
        }
        _ => {
            let short: String = word.chars().take(40).collect();
            let cut = if short.len() < word.len() { "…" } else { "" };
            match short.contains('`') {
                true => format!("{short}{cut}"),
                false => format!("`{short}{cut}`"),
            }
        }
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
}

/// The token where reading stopped and the one before it.
pub(super) fn around(text: &str, at: usize) -> (Option<Found>, Option<Found>) {
    let mut before = None;
    for (token, range) in tokens(text) {
        if range.start < at && at < range.end {
            // Inside a word: a number with letters stuck to it.
            return (Some((token, at..range.end)), Some((token, range.start..at)));
        }
        if range.end > at {
            return (Some((token, range)), before);
        }
        before = Some((token, range));
    }
    (None, before)
}

/// A token and its bytes.
pub(super) type Found = (Token, std::ops::Range<usize>);
