//! Secrets in the wrong place, in config or in an address: detected by the names beside them, even in a file that is
//! not YAML, and never shown.

mod name;

use std::borrow::Cow;
use std::ops::Range;

use name::{is_plainly_secret, is_secret};

/// The maximum number of lines of a value in `{ … }`.
const MOST_LINES: usize = 10;

/// A file's text with `*` for each character of its secrets; lines and indentation are preserved.
pub(super) fn covered<'t>(text: &'t str, secrets: &[Range<usize>]) -> Cow<'t, str> {
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut secrets = secrets.iter().peekable();
    let mut indented = true;
    // Secrets may overlap: the end of what is covered so far.
    let mut until = 0;
    let shown = text.char_indices().map(|(at, c)| {
        while let Some(secret) = secrets.next_if(|secret| secret.start <= at) {
            until = until.max(secret.end);
        }
        indented = c == '\n' || (indented && matches!(c, ' ' | '\t'));
        match at < until && !indented && c != '\r' {
            true => '*',
            false => c,
        }
    });
    Cow::Owned(shown.collect())
}

/// The same for messages, where only addresses and similar texts can contain a secret.
pub fn covered_words(words: &str) -> Cow<'_, str> {
    if !words.contains("://") && !words.contains(['=', '@']) {
        return Cow::Borrowed(words);
    }
    let found = words_after_equals(words).chain(logins(words));
    covered(words, &ordered(found.chain(bare_logins(words))))
}

/// The byte ranges of possible secrets in a file, in order; they may touch or overlap.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    let found = values(text).chain(words_after_equals(text));
    ordered(found.chain(logins(text)).chain(bare_logins(text)))
}

fn ordered(places: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut places: Vec<_> = places.filter(|place| !place.is_empty()).collect();
    places.sort_by_key(|place| place.start);
    places
}

/// The values of YAML keys whose names suggest a secret.
fn values(text: &str) -> impl Iterator<Item = Range<usize>> {
    let colons = text.match_indices([':', '：']);
    // The end of the last value, or of its first line if that comes first.
    let mut covered = 0;
    let of_keys = colons.filter_map(move |(at, colon)| {
        let value = at + colon.len();
        let apart = !text.get(value..)?.starts_with("//");
        // What looks like a key inside a value is part of the value; a line may contain thousands.
        if !apart || at < covered {
            return None;
        }
        let (begin, key) = key_before(text, at)?;
        let found = is_secret(key).then(|| value_of(text, begin, value))?;
        let line = text.get(value..).and_then(|rest| rest.find('\n'));
        covered = found.end.min(line.map_or(text.len(), |line| value + line));
        Some(found)
    });
    of_keys.chain(bare_values(text))
}

/// `password hunter2` and `password = hunter2`, and what follows `? password`.
fn bare_values(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let begin = start + (line.len() - line.trim_start_matches([' ', '-', '?', '\t']).len());
        start += line.len();
        let rest = text.get(begin..start)?;
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))
            .unwrap_or(rest.len());
        let (key, value) = rest.split_at(end);
        let explicit = line.trim_start().starts_with('?');
        let meant = is_plainly_secret(key) && value.starts_with([' ', '\t', '=']);
        (meant || explicit && is_secret(key)).then(|| {
            let column = line.len() - line.trim_start().len();
            let next = match explicit {
                // The value starts on the next line, with a `:` at the indentation of the `?`.
                true => start + text.get(start..).and_then(|t| t.find('\n')).unwrap_or(0),
                false => start,
            };
            begin + end..deeper_end(text, next, column, |_| false)
        })
    })
}

/// The key that ends before a colon, with its start.
fn key_before(text: &str, colon: usize) -> Option<(usize, &str)> {
    let before = text.get(..colon)?;
    // A no-break space looks like any other blank.
    let before = before.trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
    let line = before.get(before.rfind('\n').map_or(0, |at| at + 1)..)?;
    let bare = line.trim_end_matches(['"', '\'']);
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    let key = bare.rsplit(|c| !inside(c)).next()?;
    let key = key.trim_start_matches([' ', '-']);
    let begin = before.len() - (line.len() - bare.len()) - key.len();
    Some((begin, key.trim_end()))
}

/// The range of the value of a key that starts at `key`, with its colon before `value`.
fn value_of(text: &str, key: usize, value: usize) -> Range<usize> {
    let before = text.get(..key).unwrap_or("").trim_end_matches(['"', '\'']);
    let in_braces = before.trim_end().ends_with(['{', ',', '[']);
    if in_braces {
        return value..value + end_in_braces(text.get(value..).unwrap_or(""));
    }
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.len() - line;
    let end = text.get(value..).and_then(|rest| rest.find('\n'));
    let end = end.map_or(text.len(), |end| value + end + 1);
    // A list may have the same indentation as its key, and so has a value that was not indented by mistake.
    let rest = text.get(value..end).unwrap_or("").trim_start();
    let alone = rest.is_empty() || rest.starts_with('#');
    value..deeper_end(text, end, column, |line| alone && !begins_key(line))
}

/// The end of the lines that are indented further than a column, or equally and accepted by `meant`, from the start of
/// a line.
fn deeper_end(text: &str, mut end: usize, column: usize, meant: impl Fn(&str) -> bool) -> usize {
    for line in text.get(end..).unwrap_or("").split_inclusive('\n') {
        let inside = line.trim_start();
        let indent = line.get(..line.len() - inside.len()).unwrap_or("");
        // A tab is not valid YAML indentation, and its width is unknown.
        let within = indent.len() > column || indent.len() == column && meant(inside);
        if !inside.is_empty() && !within && !indent.contains('\t') {
            break;
        }
        end += line.len();
    }
    end
}

/// The end of a value in `{ … }`: before the next key, or before the closing braces of its line.
fn end_in_braces(text: &str) -> usize {
    let mut end = quoted_end(text);
    let rest = text.get(end..).unwrap_or("");
    for line in rest.split_inclusive('\n').take(MOST_LINES) {
        let mut commas = line.match_indices(',').map(|(at, _)| at);
        if let Some(next) = commas.find(|at| begins_key(line.get(at + 1..).unwrap_or(""))) {
            return end + next;
        }
        let full = line.trim_end();
        let bare = full.trim_end_matches([',', '}', ']', ' ']);
        if bare.len() < full.len() {
            return end + bare.len();
        }
        end += line.len();
    }
    end
}

/// The end of the quotes around a value; 0 without quotes.
fn quoted_end(text: &str) -> usize {
    let inside = text.trim_start();
    let Some(quote) = inside.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return 0;
    };
    let mut signs = inside.char_indices().skip(1).peekable();
    while let Some((at, c)) = signs.next() {
        let doubled = quote == '\'' && signs.peek().is_some_and(|(_, next)| *next == quote);
        if c == quote && !doubled {
            return text.len() - inside.len() + at + 1;
        }
        if c == '\\' && quote == '"' || c == quote {
            signs.next();
        }
    }
    0
}

/// True if a text starts with a key and its colon.
fn begins_key(text: &str) -> bool {
    let text = text.trim_start().trim_start_matches(['"', '\'']);
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
    let behind = end.map_or("", |end| text.get(end..).unwrap_or(""));
    let behind = behind.trim_start_matches(['"', '\'']).trim_start();
    let value = behind.strip_prefix(':');
    end.is_some_and(|end| end > 0)
        && value.is_some_and(|v| v.is_empty() || v.starts_with([' ', '\n', '\r', '"', '\'']))
}

/// `?token=…`, and the `password=…` of a connection.
fn words_after_equals(text: &str) -> impl Iterator<Item = Range<usize>> {
    // The end of the word around the previous sign: one word may contain thousands.
    let mut end = 0;
    text.match_indices('=').filter_map(move |(at, _)| {
        let before = text.get(..at)?;
        let begin = before.rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
        let key = before.get(begin.map_or(0, |begin| begin + 1)..);
        // The previous character may be multi-byte; then it is not part of a name.
        let key = key.unwrap_or("");
        let of_address = before.get(..begin? + 1)?.ends_with(['?', '&', ';']);
        if end <= at {
            let value = text.get(at + 1..)?;
            let length = value.find([
                ' ', '\t', '\n', '\r', '&', ';', '"', '\'', '`', ',', '}', ')',
            ]);
            end = at + 1 + length.unwrap_or(value.len());
        }
        let meant = is_plainly_secret(key) || of_address && is_secret(key);
        meant.then_some(at + 1..end)
    })
}

/// The login before the `@` of an address without a valid scheme: `amy:hunter2@example.com`.
fn bare_logins(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let words = text.split_inclusive(|c: char| c.is_whitespace() || "\"'`<>{[(,".contains(c));
    words.filter_map(move |word| {
        let begin = start;
        start += word.len();
        let login = word.rfind('@')?;
        let colon = word.find(':')?;
        let is_address = word.get(colon..)?.starts_with("://");
        // It is followed by a server; `[^:-@]` in a pattern is not a login.
        let server = word.get(login + 1..)?;
        let is_server = server.starts_with(|c: char| c.is_alphanumeric() || c == '[');
        (colon + 1 < login && is_server && !is_address).then_some(begin + colon + 1..begin + login)
    })
}

/// In an address without `@`, the position of text in place of a port, which may be a password: `amy:hunter2/shop`.
fn no_port(address: &str) -> Option<usize> {
    let server = address.split(['/', '?', '#']).next()?;
    let (host, port) = server.split_once(':')?;
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit()) || port.starts_with("${");
    (!is_port && !host.starts_with('[')).then_some(host.len() + 1)
}

/// The end of a login with a blank in place of its colon: `postgres://amy hunter2@example.com`.
fn behind_blank(address: &str, rest: &str) -> Option<usize> {
    let next = rest.get(address.len()..)?.strip_prefix(' ')?;
    let word = next
        .split([' ', '\t', '\n', '\r', '"', '\'', '`', '<', '>'])
        .next()?;
    let is_name = !address.is_empty() && !address.contains(['/', '.', ':']);
    let login = word.rfind('@').filter(|_| is_name)?;
    Some(address.len() + 1 + login)
}

/// The login of an address: `smtp://amy:hunter2@example.com`.
fn logins(text: &str) -> impl Iterator<Item = Range<usize>> {
    // The end of the previous address: what looks like another one inside it is part of it.
    let mut end = 0;
    text.match_indices("://").filter_map(move |(at, slashes)| {
        let begin = at + slashes.len();
        if at < end {
            return None;
        }
        let rest = text.get(begin..)?;
        let length = rest.find([' ', '\t', '\n', '\r', '"', '\'', '`', '<', '>']);
        let length = length.unwrap_or(rest.len());
        end = begin + length;
        let address = rest.get(..length)?;
        let secret = match (address.rfind('@'), behind_blank(address, rest)) {
            // A placeholder, as in `postgres://ROLE@SERVER/DATABASE`.
            (Some(login), _)
                if address
                    .bytes()
                    .take(login)
                    .all(|sign| sign.is_ascii_uppercase()) =>
            {
                return None;
            }
            (Some(login), _) => 0..login,
            (None, Some(login)) => {
                end = begin + login;
                0..login
            }
            (None, None) => no_port(address)?..length,
        };
        Some(begin + secret.start..begin + secret.end)
    })
}
