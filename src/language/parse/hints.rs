//! What to write instead of what did not fit, from `grammar/hints.txt`.

use std::sync::LazyLock;

use super::expected::Expected;
use super::place::{Found, Place};
use super::scan::Token;
use crate::language::functions;
use crate::language::grammar;
use crate::language::table::{self, Row};

static HINTS: LazyLock<Vec<Row>> =
    LazyLock::new(|| table::rows(include_str!("../../../grammar/hints.txt")));

/// What to write instead, if that can be guessed.
pub(super) fn hint(expected: Expected, place: &Place) -> Option<String> {
    let (section, _) = expected.told();
    let (row, id) = HINTS.iter().find_map(|row| {
        let ids = row
            .written
            .iter()
            .map(|written| fits(written, section, place));
        ids.flatten().next().map(|id| (row, id))
    })?;
    let (before, found) = (place.before_word(), place.found_word());
    let said = row
        .remark
        .replace("{before}", &before.to_lowercase())
        .replace("{found}", &found.to_lowercase())
        .replace("{Before}", before)
        .replace("{Found}", found)
        .replace("{Inner}", place.inner())
        .replace("{Name}", place.words_around());
    Some(said.replace("{id}", &id))
}

/// Whether a row fits a place. Returns the id that it makes of it, which is mostly empty.
fn fits(written: &str, section: &str, place: &Place) -> Option<String> {
    let mut parts = written.split(' ');
    let is_here = parts.next() == Some(section);
    let (before, found) = (parts.next()?, parts.next()?);
    if !is_here || !is_token(before, &place.before, place) {
        return None;
    }
    match found {
        "@called" => place.segment_id(),
        "@title" => place.title_id(),
        _ => is_token(found, &place.found, place).then(String::new),
    }
}

/// Whether a token is of the kind, or one of the words, that a row names.
fn is_token(kind: &str, token: &Option<Found>, place: &Place) -> bool {
    let word = place.word(token).to_lowercase();
    match kind {
        "*" => true,
        "@some" => token.is_some(),
        "@digits" => word.starts_with(|c: char| c.is_ascii_digit()),
        "@date" => place.follows_date(),
        "@word" => place.found_is(Token::Word),
        "@quoted" => place.found_is(Token::Quoted),
        "@name" => grammar::is_bare(&word),
        "@reserved" => grammar::is_reserved(&word),
        "@function" => functions::names().any(|name| name == word),
        "@period" => matches!(word.as_str(), "day" | "week" | "month" | "quarter" | "year"),
        "@glued" => place.is_glued(),
        words => words.split('|').any(|one| one == word),
    }
}
