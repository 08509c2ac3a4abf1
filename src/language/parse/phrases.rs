//! What people who know spreadsheets, SQL or only English write, and its equivalent here: a table of phrases
//! (`grammar/phrases.txt`), and the search for them where parsing stopped.
//!
//! A phrase is a row of words separated by single spaces:
//!
//! | piece | finds |
//! | --- | --- |
//! | `@numeral` | a number in letters, `thirty`; its replacement is written in digits |
//! | `@words` | words without quotes, separated by commas; their replacement is written as texts |
//! | `@number`, `@text`, `@date`, `@year` | a literal |
//! | `@unit`, `@period` | `days`, `month` |
//! | `@name`, `@field` | a name with the fields after it; a name that has fields |
//! | `@term` | an operand that can be multiplied without parentheses: a name, a call, a number, a parenthesis |
//! | `@alone` | nothing, if there is no `or` beside it and no `and` after it |
//! | `@of` | the name before a method call: `name` of `name.length()` |
//! | `@star`, `@power` | the operators `*` and `^` |
//! | `*` | anything up to the next word of the phrase; parentheses are kept whole |
//! | `^`, `$` | the ends of the text |
//! | `\|` | where what is replaced begins |
//!
//! In the replacement, `$1`, `$2` and so on stand for what the pieces found, and `$1!` for the same without its quotes.

use std::ops::Range;
use std::sync::LazyLock;

use super::operand::as_operand;
use super::prescan;
use super::scan::{Token, Tokens};
use crate::diagnostic::quoted;
use crate::language::grammar::{self, Stop};
use crate::language::table::{self, Row};

/// Rewritten text longer than this many characters is not shown.
pub(super) const MAX_SHOWN: usize = 100;

/// A phrase that was found, with its help.
pub(super) struct Phrase {
    /// Its place.
    pub range: Range<usize>,
    /// What to write instead of it.
    pub help: String,
}

static PHRASES: LazyLock<Vec<Row>> =
    LazyLock::new(|| table::rows(include_str!("../../../grammar/phrases.txt")));

/// The phrase at the place where parsing stopped.
pub(super) fn find(text: &str, stop: &Stop) -> Option<Phrase> {
    let tokens = Tokens::of(text);
    let at = tokens.place_of(stop.at);
    let reader = Reader(tokens);
    PHRASES.iter().find_map(|row| reader.row(row, at, stop))
}

struct Reader<'t>(Tokens<'t>);

/// The maximum number of tokens that `*` matches.
const LONGEST: usize = 64;
/// How many tokens before the place where parsing stopped a phrase may begin.
const FAR: usize = 16;

impl Reader<'_> {
    fn row(&self, row: &Row, at: usize, stop: &Stop) -> Option<Phrase> {
        row.written.iter().find_map(|written| {
            let words: Vec<&str> = written.split(' ').collect();
            let first = at.saturating_sub(FAR);
            (first..=at).rev().find_map(|start| {
                let mut found = Vec::new();
                let mut begins = start;
                let end = self.matches(&words, start, &mut found, &mut begins)?;
                // What did not fit is part of the phrase, or directly after it.
                let covers = start <= at && (at <= end) && start < self.0.all.len().max(1);
                covers.then_some(())?;
                let range = self.0.range(begins, end)?;
                self.told(row, range, &found, stop)
            })
        })
    }

    fn told(
        &self,
        row: &Row,
        range: Range<usize>,
        found: &[String],
        stop: &Stop,
    ) -> Option<Phrase> {
        let written = row.here.iter().map(|here| filled(here, found));
        let written = written.map(|here| as_operand(self.0.text, &range, &here));
        let written: Vec<String> = written.collect();
        let fits = |with: &String| {
            with.chars().count() <= MAX_SHOWN && reads_on(self.0.text, &range, with, stop)
        };
        if !written.iter().all(fits) {
            return None;
        }
        let remark = filled(row.remark, found);
        let shown: Vec<String> = written.iter().map(|code| quoted(code)).collect();
        let help = match (shown.is_empty(), remark.is_empty()) {
            (true, _) => remark,
            (false, true) => format!("write {}", shown.join(" or ")),
            (false, false) => format!("write {}{remark}", shown.join(" or ")),
        };
        Some(Phrase { range, help })
    }

    /// The words from one token to another, on one line.
    fn words(&self, start: usize, end: usize) -> Option<String> {
        let part = self.0.text.get(self.0.range(start, end)?)?;
        Some(part.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The end of a phrase that begins at a token.
    fn matches(
        &self,
        words: &[&str],
        mut at: usize,
        found: &mut Vec<String>,
        begins: &mut usize,
    ) -> Option<usize> {
        let Some((word, rest)) = words.split_first() else {
            return Some(at);
        };
        match *word {
            "|" => *begins = at,
            "@alone" if self.is_alone(at) => {}
            "@alone" => return None,
            "^" if at == 0 => {}
            "$" if at == self.0.all.len() => {}
            "^" | "$" => return None,
            "*" => return self.anything(rest, at, found, begins),
            _ => {
                let end = self.piece(word, at)?;
                match *word {
                    "@numeral" => found.push(numeral(self.0.word(at))?.to_string()),
                    "@words" => found.push(self.texts(at, end)),
                    _ if word.starts_with('@') => found.push(self.words(at, end)?),
                    _ => {}
                }
                at = end;
            }
        }
        self.matches(rest, at, found, begins)
    }

    fn anything(
        &self,
        rest: &[&str],
        start: usize,
        found: &mut Vec<String>,
        begins: &mut usize,
    ) -> Option<usize> {
        let mut depth = 0_usize;
        let kept = found.len();
        for end in start..=self.0.all.len().min(start + LONGEST) {
            if depth == 0 && end > start {
                found.push(self.words(start, end)?);
                if let Some(end) = self.matches(rest, end, found, begins) {
                    return Some(end);
                }
                found.truncate(kept);
            }
            match self.0.kind(end)? {
                Token::Open => depth += 1,
                Token::Close => depth = depth.checked_sub(1)?,
                _ => {}
            }
        }
        None
    }

    /// The end of one piece of a phrase that begins at a token.
    fn piece(&self, piece: &str, at: usize) -> Option<usize> {
        let token = self.0.kind(at)?;
        let word = self.0.word(at);
        let is = |fits: bool, length: usize| fits.then_some(at + length);
        match piece {
            "@number" => self.number(at),
            "@name" => self.name(at),
            "@field" => self.name(at).filter(|end| *end > at + 1),
            "@of" => self.before_method(at),
            "@term" => self.term(at),
            "@year" => is(is_year(word) && self.0.word(at + 1) != "-", 1),
            "@text" => is(token == Token::Quoted && !word.starts_with('`'), 1),
            "@words" => self.list_of_words(at),
            "@numeral" => is(numeral(word).is_some(), 1),
            "@date" => is(self.is_date(at), 5),
            "@star" => is(word == "*", 1),
            "@power" => is(word == "^", 1),
            "@unit" => is(is_unit(word), 1),
            "@period" => is(is_period(word), 1),
            _ => is(word.eq_ignore_ascii_case(piece), 1),
        }
    }

    fn is_glued(&self, at: usize) -> bool {
        let end = at.checked_sub(1).and_then(|before| self.0.all.get(before));
        let start = self.0.all.get(at);
        end.zip(start).is_some_and(|(e, s)| e.1.end == s.1.start)
    }

    /// Whether there is no `or` on the level of a token, and no `and` after it: then the precedence of `and` does not
    /// matter.
    fn is_alone(&self, at: usize) -> bool {
        let joins = |at: usize, words: &[&str]| self.0.is(at, words);
        let mut depth = 0_usize;
        for before in (0..at).rev() {
            match self.0.kind(before) {
                Some(Token::Close) => depth += 1,
                Some(Token::Open) if depth == 0 => break,
                Some(Token::Open) => depth -= 1,
                _ if depth == 0 && joins(before, &["or", "||", "|"]) => return false,
                _ => {}
            }
        }
        depth = 0;
        for behind in at..self.0.all.len() {
            match self.0.kind(behind) {
                Some(Token::Open) => depth += 1,
                Some(Token::Close) if depth == 0 => break,
                Some(Token::Close) => depth -= 1,
                _ if depth == 0 && joins(behind, &["or", "||", "|", "and", "&&", "&"]) => {
                    return false;
                }
                _ => {}
            }
        }
        true
    }

    /// The end of a name, a call, a number or a parenthesis, with the fields after it.
    fn term(&self, at: usize) -> Option<usize> {
        let named = self.name(at).or_else(|| self.number(at));
        if named.is_some() {
            return named;
        }
        let is_call = grammar::is_bare(self.0.word(at)) && self.0.kind(at + 1) == Some(Token::Open);
        let mut depth = 0_usize;
        let mut end = at + usize::from(is_call);
        loop {
            match self.0.kind(end)? {
                Token::Open => depth += 1,
                Token::Close => depth = depth.checked_sub(1)?,
                _ if depth == 0 => return None,
                _ => {}
            }
            end += 1;
            if depth == 0 {
                break;
            }
        }
        while self.0.word(end) == "." && grammar::is_bare_field(self.0.word(end + 1)) {
            end += 2;
        }
        Some(end)
    }

    fn number(&self, at: usize) -> Option<usize> {
        let digits = |at| {
            let word = self.0.word(at);
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
        };
        digits(at).then_some(())?;
        let decimals = self.0.word(at + 1) == "." && digits(at + 2);
        let glued = self.is_glued(at + 1) && self.is_glued(at + 2);
        Some(if decimals && glued { at + 3 } else { at + 1 })
    }

    /// Whether a point comes before it, so that it begins in the middle of a name.
    fn is_field(&self, at: usize) -> bool {
        at.checked_sub(1)
            .is_some_and(|point| self.0.word(point) == ".")
    }

    fn name(&self, at: usize) -> Option<usize> {
        let is_name = |at| {
            let word = self.0.word(at);
            grammar::is_bare(word) || (word.starts_with('`') && word.len() > 2)
        };
        (is_name(at) && !self.is_field(at)).then_some(())?;
        let mut end = at + 1;
        while self.0.word(end) == "." && grammar::is_bare_field(self.0.word(end + 1)) {
            end += 2;
        }
        // A call is not a name.
        (self.0.kind(end) != Some(Token::Open)).then_some(end)
    }

    /// `client.name` of `client.name.length()`
    fn before_method(&self, at: usize) -> Option<usize> {
        (grammar::is_bare(self.0.word(at)) && !self.is_field(at)).then_some(())?;
        let mut end = at + 1;
        while self.0.word(end) == "." && self.0.word(end + 2) == "." {
            end += 2;
        }
        (self.0.word(end) == ".").then_some(end)
    }

    /// The end of `one, two`, if none of the words is a number, a text or a field.
    fn list_of_words(&self, at: usize) -> Option<usize> {
        let is_word = |at| {
            let word = self.0.word(at);
            grammar::is_bare(word) && !grammar::is_reserved(word)
        };
        let mut end = at;
        while is_word(end) {
            if self.0.word(end + 1) != "," {
                return Some(end + 1);
            }
            end += 2;
        }
        None
    }

    /// The words between two tokens as a list of texts.
    fn texts(&self, start: usize, end: usize) -> String {
        let words = (start..end).step_by(2);
        let texts: Vec<String> = words.map(|at| format!("\"{}\"", self.0.word(at))).collect();
        texts.join(", ")
    }

    fn is_date(&self, at: usize) -> bool {
        let part = |at: usize, length: usize| {
            let word = self.0.word(at);
            word.len() == length && word.bytes().all(|b| b.is_ascii_digit())
        };
        part(at, 4)
            && self.0.word(at + 1) == "-"
            && part(at + 2, 2)
            && self.0.word(at + 3) == "-"
            && part(at + 4, 2)
    }
}

/// Whether the text can be parsed beyond a part once that is replaced. Advice that would be rejected is not given.
pub(super) fn reads_on(text: &str, range: &Range<usize>, with: &str, stop: &Stop) -> bool {
    let (Some(before), Some(behind)) = (text.get(..range.start), text.get(range.end..)) else {
        return false;
    };
    let changed = format!("{before}{with}{behind}");
    let end = before.len() + with.len();
    if prescan::prescan(&changed).broken {
        return false;
    }
    match grammar::read(&changed, stop.entry) {
        Ok(_) => true,
        Err(other) if behind.trim().is_empty() => other.at > end,
        Err(other) => other.at > end || (stop.at < range.end && other.at == end && with.is_empty()),
    }
}

/// A template with `$1`, `$2` and so on replaced by what was found.
fn filled(template: &str, found: &[String]) -> String {
    let mut out = template.to_owned();
    for (place, part) in found.iter().enumerate() {
        let number = place + 1;
        out = out.replace(&format!("${number}!"), &bare(part));
        let name = format!("${number}");
        let mut from = 0;
        while let Some(at) = out.get(from..).and_then(|rest| rest.find(&name)) {
            let range = from + at..from + at + name.len();
            let part = as_operand(&out, &range, part);
            from = range.start + part.len();
            out.replace_range(range, &part);
        }
    }
    out
}

/// A text without its quotes.
fn bare(text: &str) -> String {
    text.trim_matches(['"', '\'']).to_owned()
}

/// The number that a numeral before a length of time stands for.
fn numeral(word: &str) -> Option<u8> {
    const NUMERALS: &str = "one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10 eleven 11 \
        twelve 12 fourteen 14 fifteen 15 twenty 20 thirty 30 forty 40 fifty 50 sixty 60 ninety 90";
    let mut words = NUMERALS.split(' ');
    words.find(|name| word.eq_ignore_ascii_case(name))?;
    words.next()?.parse().ok()
}

fn is_unit(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let one = word.trim_end_matches('s');
    is_period(one) || matches!(one, "minute" | "hour" | "day")
}

fn is_year(word: &str) -> bool {
    let digits = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    digits && (word.starts_with("19") || word.starts_with("20"))
}

fn is_period(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    matches!(word.as_str(), "week" | "month" | "quarter" | "year")
}
