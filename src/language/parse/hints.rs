//! What to write instead, for the mistakes that people make most.

use chrono::NaiveDate;

use super::expected::{Expected, Found, around};
use super::scan::{Token, tokens};
use crate::language::grammar;

/// Where reading stopped.
pub(super) struct Place<'t> {
    text: &'t str,
    /// The token that did not fit; none at the end.
    pub found: Option<Found>,
    /// The token before it; none at the beginning.
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

    fn word(&self, token: &Option<Found>) -> &'t str {
        let range = token.as_ref().map_or(0..0, |(_, range)| range.clone());
        self.text.get(range).unwrap_or("")
    }

    pub(super) fn found_word(&self) -> &'t str {
        self.word(&self.found)
    }

    pub(super) fn before_word(&self) -> &'t str {
        self.word(&self.before)
    }

    fn found_is(&self, kind: Token) -> bool {
        self.found.as_ref().is_some_and(|(token, _)| *token == kind)
    }

    /// `2025-06-01` stands directly before what did not fit.
    fn follows_date(&self) -> bool {
        let end = self.before.as_ref().map_or(0, |(_, range)| range.end);
        let tail = end
            .checked_sub("2025-06-01".len())
            .and_then(|start| self.text.get(start..end));
        tail.is_some_and(|t| NaiveDate::parse_from_str(t, "%Y-%m-%d").is_ok())
    }

    /// The id that a segment called by several words may have: those behind `segment`, up to a word of
    /// the language.
    fn segment_id(&self) -> Option<String> {
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

    /// What did not fit stands directly behind the token before it.
    fn is_glued(&self) -> bool {
        match (&self.before, &self.found) {
            (Some((_, before)), Some((_, found))) => before.end == found.start,
            _ => false,
        }
    }
}

/// What to write instead, where that can be guessed.
pub(super) fn hint(expected: Expected, place: &Place) -> Option<String> {
    let found = place.found_word();
    let found_lower = found.to_lowercase();
    let before = place.before_word().to_lowercase();
    match expected {
        Expected::Anything => {
            Some("write for example `exists(visits in last 30 days)`".to_string())
        }
        Expected::Value => value_hint(place, &found_lower),
        Expected::SegmentId if place.found_is(Token::Quoted) => {
            let words = found_lower.split(|c: char| !c.is_alphanumeric() && c != '_');
            let id: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            let named = "a segment is named by its `id:`, not by what it is called";
            Some(match grammar::is_bare(&id.join("_")) {
                true => format!("{named}: perhaps `in segment {}`", id.join("_")),
                false => named.to_owned(),
            })
        }
        Expected::FieldName | Expected::ScopeName | Expected::SegmentId => {
            reserved_hint(&found_lower)
        }
        Expected::Operator | Expected::Separator => operator_hint(place, &before, &found_lower),
        Expected::WindowOrList => Some(window_hint(place, &found_lower)),
        Expected::SegmentWord => Some(match found_lower.as_str() {
            "last" | "previous" | "next" | "this" | "today" => {
                "a window stands directly behind what it limits: `visits in last 30 days`"
                    .to_string()
            }
            _ => "membership is written `in segment` and the id of the segment".to_string(),
        }),
        Expected::Period => match (before.as_str(), found_lower.as_str()) {
            ("this", "day" | "days") => Some("this day is `in today`".to_string()),
            ("calendar", "day" | "days") => {
                Some("the whole of yesterday is `from today - 1 day to today - 1 day`".to_string())
            }
            _ => None,
        },
        Expected::Test if found_lower == "like" => Some(like_hint()),
        Expected::Test => Some("put `not` before the whole comparison, or use `!=`".to_string()),
        Expected::Unit | Expected::Length => {
            Some("units are minutes, hours, days, weeks, months, quarters and years".to_string())
        }
        Expected::Amount | Expected::By => Some("write for example `top 20% by x`".to_string()),
        Expected::Scoped if found.starts_with(|c: char| c.is_ascii_digit()) => Some(format!(
            "a window begins with `in`: `in last {found} …` or `in next {found} …`"
        )),
        Expected::Scoped => Some("write for example `avg(x) within studio`".to_string()),
        Expected::BetweenAnd => Some("write for example `x between 1 and 5`".to_string()),
        Expected::WindowEnd => {
            Some("write for example `from 90 days ago to 30 days ago`".to_string())
        }
        Expected::State | Expected::With => None,
    }
}

fn value_hint(place: &Place, found: &str) -> Option<String> {
    Some(match found {
        "and" | "or" => format!("`{found}` needs a condition on both sides"),
        "not" | "in" if place.before.is_some() => {
            format!("put `{found}` and what belongs to it into parentheses")
        }
        "where" if place.before_word() == "," => {
            "take the comma away: `where` follows directly".to_string()
        }
        "contains" => "it stands behind what it tests, as in `name contains \"a\"`".to_string(),
        "starts" | "ends" => {
            format!("it stands behind what it tests, as in `name {found} with \"a\"`")
        }
        "is" | "between" => format!("`{found}` needs a name or a value before it"),
        "." if place.found_is(Token::Sign) => "write a digit before the point: `0.5`".to_string(),
        "$" | "€" | "£" | "¥" => MONEY.to_string(),
        "[" | "{" => {
            "lists and groups stand in round parentheses; names with odd characters in backticks"
                .to_string()
        }
        "``" => "a name in backticks has at least one character".to_string(),
        ")" if place.before_word() == "(" => {
            "there is nothing between these parentheses".to_string()
        }
        ")" => "something is missing before this parenthesis".to_string(),
        "=" | "<" | ">" | "<=" | ">=" | "!=" if matches!(place.before_word(), "and" | "or") => {
            format!("say again what is compared: `x >= 3 and x {found} 5`")
        }
        "=" | "<" | ">" | "<=" | ">=" | "!=" | "*" | "/" | "+" => {
            format!("`{found}` needs a value on both sides")
        }
        _ => return reserved_hint(found),
    })
}

const MONEY: &str = "amounts are written as plain numbers: `50`";

fn reserved_hint(found: &str) -> Option<String> {
    grammar::is_reserved(found).then(|| {
        format!(
            "`{found}` is a word of the language; as a name it stands in backticks: `` `{found}` ``"
        )
    })
}

fn operator_hint(place: &Place, before: &str, found: &str) -> Option<String> {
    let is_number = before.starts_with(|c: char| c.is_ascii_digit());
    Some(match found {
        "like" | "ilike" | "matches" => like_hint(),
        "before" | "until" | "after" => {
            "points in time are compared with `<` and `>`; windows are `since …` and `from … to …`"
                .to_string()
        }
        "(" if grammar::is_reserved(before) => format!("`{before}` stands without parentheses"),
        "then" | "else" => IF.to_string(),
        "where" => "`where` stands inside the parentheses: `count(visits where …)`".to_string(),
        "within" => {
            "`within` stands behind a function over many clients, as in `avg(x) within studio`, \
                     or behind `top … by x`"
                .to_string()
        }
        "by" => "write `top 20% by …` with a number or share before `by`".to_string(),
        ";" => "take it away; conditions are joined with `and` or `or`".to_string(),
        "," if is_number => "numbers are written without separators: `1000`; \
                             a list stands behind `in`: `x in (1, 2)`"
            .to_string(),
        "," => "a list stands behind `in`: `x in (\"a\", \"b\")`".to_string(),
        "." => "a field follows its table directly, as in `visits.at`".to_string(),
        "[" => "fields follow a point, lists stand in round parentheses".to_string(),
        "$" | "€" | "£" | "¥" => MONEY.to_string(),
        _ if before == "segment" => "write `in segment …`".to_string(),
        _ if let Some(id) = place.segment_id() => format!(
            "a segment is named by its `id:`, not by what it is called: perhaps `in segment {id}`"
        ),
        _ if matches!(before, "last" | "previous" | "next") && is_period(found) => {
            format!("a point in time is written `1 {found} ago`, a window `in {before} 1 {found}`")
        }
        _ if before == "if" => IF.to_string(),
        _ if matches!(before, "top" | "bottom") => {
            format!("put `{before} … by …` into parentheses where it is part of something else")
        }
        _ if place.follows_date() => "a date has no time of day".to_string(),
        _ if is_number && place.is_glued() => {
            "units are spelled out, as in `30 days`; numbers are plain digits; \
             names that begin with a digit stand in backticks"
                .to_string()
        }
        _ if before == ")" && place.is_glued() => {
            "a field follows a point: `first(visits).at`".to_string()
        }
        _ if before == "distinct" => {
            "`distinct` stands before a field: `count(distinct visits.at)`".to_string()
        }
        _ if is_number && place.found_is(Token::Word) => {
            "an amount is written without its currency, a length of time with a unit such as `days`"
                .to_string()
        }
        _ if is_function(before) => format!("a function takes parentheses: `{before}(…)`"),
        _ if place.found_is(Token::Word) && is_name(before) && is_name(found) => {
            let (before, found) = (place.before_word(), place.found_word());
            format!(
                "join them with `and` or a comparison; if `{before} {found}` is one name, put it in backticks"
            )
        }
        _ => return None,
    })
}

const IF: &str = "it is a function: `if(condition, value, otherwise)`";

fn window_hint(place: &Place, found: &str) -> String {
    match found {
        "segment" => "`in segment …` stands alone, without a name before it".to_string(),
        _ if found.starts_with(|c: char| c.is_ascii_digit()) => {
            "say which: `in last 30 days`, `in previous 30 days` or `in next 30 days`".to_string()
        }
        _ if place.found_is(Token::Quoted) => "a list stands in parentheses: `in (\"a\", \"b\")`".to_string(),
        _ => "windows are `last 30 days`, `previous 30 days`, `next 14 days`, `today`, `this month`, \
              `last calendar month`; a list is `(\"a\", \"b\")`"
            .to_string(),
    }
}

fn like_hint() -> String {
    "texts are tested with `contains`, `starts with` and `ends with`".to_string()
}

fn is_period(word: &str) -> bool {
    matches!(word, "day" | "week" | "month" | "quarter" | "year")
}

fn is_function(word: &str) -> bool {
    matches!(
        word,
        "count"
            | "exists"
            | "sum"
            | "avg"
            | "min"
            | "max"
            | "first"
            | "last"
            | "days_since"
            | "age"
            | "anniversary"
    )
}

fn is_name(word: &str) -> bool {
    grammar::is_bare(word)
}
