//! Checks whether a name is available.

use crate::config::HEALTH;
use crate::decode::check_name;
use crate::language::Symbol;
use crate::lsp::occurrences::Occurrence;
use crate::lsp::view::Refusal;
use crate::lsp::world::World;
use crate::project::columns::is_kept;
use crate::source::{FileId, parse};

/// Checks that a symbol can have a name: it is valid, and means nothing else.
///
/// # Errors
/// Why not, in words.
pub(super) fn check(
    new: &str,
    symbol: &Symbol,
    found: &[Occurrence],
    world: &World,
) -> Result<(), Refusal> {
    if matches!(symbol, Symbol::Bucket(_)) {
        let is_taken = |other: &Occurrence| other.symbol != *symbol && other.symbol.name() == new;
        let mut buckets = found
            .iter()
            .filter(|other| matches!(other.symbol, Symbol::Bucket(_)));
        return match (new.is_empty(), buckets.any(is_taken)) {
            (true, _) => Err(Refusal::because("a bucket needs a name")),
            (false, true) => Err(Refusal::because(format!(
                "there is a bucket `{new}` already: its segments would be taken for those of this one"
            ))),
            (false, false) => Ok(()),
        };
    }
    check_name(new)
        .map_err(|reason| Refusal::because(format!("`{new}` cannot be a name: {reason}")))?;
    // For example `null`, which is not a string as a YAML value.
    let is_text =
        parse(FileId(0), &format!("name: {new}")).is_ok_and(|tree| tree.scalars().len() == 2);
    if !is_text {
        let words = format!("`{new}` cannot be a name: YAML takes it for nothing");
        return Err(Refusal::because(words));
    }
    if let Some(meaning) = own_meaning(new, symbol) {
        let words = format!("`{new}` cannot be a name here: {meaning}");
        return Err(Refusal::because(words));
    }
    let names_values =
        |symbol: &Symbol| matches!(symbol, Symbol::Metric(_) | Symbol::Collection(_));
    let taken = found.iter().find(|other| {
        let alike = std::mem::discriminant(&other.symbol) == std::mem::discriminant(symbol)
            || (names_values(&other.symbol) && names_values(symbol));
        other.defines && alike && other.symbol != *symbol && other.symbol.name() == new
    });
    let of_data = world
        .project()
        .filter(|_| names_values(symbol))
        .is_some_and(|project| {
            let catalog = &project.catalog;
            let collections = catalog.collections.iter().map(|c| &c.entity);
            let mut entities = std::iter::once(&catalog.subject).chain(collections);
            let has = |name: &String| name.eq_ignore_ascii_case(new);
            catalog.subject_name == new
                || entities.any(|e| e.columns.keys().any(has) || e.lookups.keys().any(has))
        });
    match taken.is_some() || of_data {
        true => Err(Refusal::because(format!("`{new}` has a meaning already"))),
        false => Ok(()),
    }
}

/// The built-in meaning of a word among names of a kind, which `check` would not report.
fn own_meaning(new: &str, symbol: &Symbol) -> Option<&'static str> {
    match symbol {
        Symbol::Segment(_) => match new {
            "all" => Some("a report of `all` tells about every segment"),
            "none" => Some("`none` means that there is nothing"),
            "others" => Some("in tests `others` are all segments that are not named"),
            _ => None,
        },
        Symbol::Metric(_) if is_kept(new) || new == HEALTH => {
            Some("exports and reports have a column of that name")
        }
        Symbol::Metric(_) if new == "value" => {
            Some("in the reason of a factor `{value}` is the factor's own")
        }
        _ => None,
    }
}
