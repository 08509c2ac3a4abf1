//! Finds the columns that name people.

use std::collections::BTreeSet;

use super::lexicon::Terms;
use super::lexicon::names::{
    COMPANIES, EITHER, FIRST_NAMES, LOGINS, MAILS, NAMES, NO_NAMES, SURNAMES,
};
use super::tables::{Seen, share};
use super::words::{is_among, words};
use crate::catalog::{TableColumn, column_type};
use crate::config::singular_of;
use crate::engine::OwnedCell;
use crate::init::data::Guessed;
use crate::value::ColumnType;

/// Forms of address, and other additions to a name: in lowercase, without dots.
const ADDRESSES: &str = "mr mrs ms miss mx dr prof professor doctor sir madam dame lord lady rev reverend fr sr sra \
    srta dott dottssa ing avv sig sigra signor signora señor señora don doña herr frau herrn fräulein m mme mlle \
    monsieur madame dhr mevr mw hon capt male female f w d man woman jr";

/// The column to use; a first name and a surname where no column has both; or nothing where the key is better.
pub(super) fn label(seen: &Seen<'_>) -> Vec<String> {
    let columns = seen.table.columns.iter();
    let ranked = columns.filter_map(|column| Some((rank(seen, column)?, &column.name)));
    let ranked: Vec<(u8, &String)> = ranked.collect();
    let best = |least: usize| {
        let good = ranked.iter();
        let good = good.filter(|(rank, name)| tells_apart(seen, name, *rank, least));
        good.rev().max_by_key(|(rank, _)| *rank)
    };
    let best = best(MOSTLY).or_else(|| best(HARDLY));
    if best.is_none_or(|(rank, _)| *rank < SURNAME)
        && let Some(both) = both_names(seen, &ranked)
    {
        return both;
    }
    let mut first = ranked
        .iter()
        .filter(|(rank, name)| *rank == FIRST_NAME && are_names(seen, name, MOSTLY));
    match best {
        Some((SURNAME, surname)) => {
            let first = first.next().map(|(_, first)| *first);
            first.into_iter().chain([*surname]).cloned().collect()
        }
        best => best.map(|(_, name)| (*name).clone()).into_iter().collect(),
    }
}

/// A first name and a surname that tell people apart together, where neither does alone.
fn both_names(seen: &Seen<'_>, ranked: &[(u8, &String)]) -> Option<Vec<String>> {
    let called = |wanted: u8| {
        let mut named = ranked.iter();
        let named = named.find(|(rank, name)| *rank == wanted && are_names(seen, name, MOSTLY));
        named.map(|(_, name)| *name)
    };
    let (first, surname) = (called(FIRST_NAME)?, called(SURNAME)?);
    let pairs = seen.cells(first).into_iter().zip(seen.cells(surname));
    let pairs = pairs.map(|(first, surname)| (first.text(), surname.text()));
    let (rows, different) = (
        seen.cells(first).len(),
        pairs.collect::<BTreeSet<_>>().len(),
    );
    let enough = different >= MANY || different * 5 >= rows;
    enough.then(|| vec![first.clone(), surname.clone()])
}

/// How many of ten rows must have a name. An e-mail that everyone has is better than a name that few have.
const MOSTLY: usize = 5;
const HARDLY: usize = 1;

/// So many distinct names are real names rather than a few that repeat, however many people share them.
const MANY: usize = 10;

/// The ranks of a full name, a surname and a first name.
const NAME: u8 = 9;
const SURNAME: u8 = 8;
const FIRST_NAME: u8 = 4;
/// A title is the name of a company or a work, if it is a name at all.
const TITLE: u8 = 1;

/// The rank of a column as a name, judging by its own name.
fn rank(seen: &Seen<'_>, column: &TableColumn) -> Option<u8> {
    if !matches!(column_type(&column.declared), Some(ColumnType::Text) | None) {
        return None;
    }
    let name = words(&column.name);
    let flat = name.concat();
    let own = singular_of(&words(seen.name).concat());
    // `customer_name` and `customer_last_name` are as good as `name` and `last_name`.
    let flat = flat
        .strip_prefix(&own)
        .filter(|rest| !rest.is_empty())
        .unwrap_or(&flat);
    let is = |terms: &Terms| terms.has(flat);
    if name.iter().any(|word| NO_NAMES.has(word)) {
        None
    } else if is(&NAMES) {
        let columns = || {
            seen.table
                .columns
                .iter()
                .map(|other| words(&other.name).concat())
        };
        let is_either = EITHER.has(&name.concat());
        let beside = |terms: &Terms| is_either && columns().any(|other| terms.has(&other));
        match (beside(&SURNAMES), beside(&FIRST_NAMES)) {
            (true, false) => Some(FIRST_NAME),
            (false, true) => Some(SURNAME),
            _ => Some(NAME),
        }
    } else if is(&SURNAMES) {
        Some(SURNAME)
    } else if is(&COMPANIES) {
        Some(7)
    } else if is(&MAILS) {
        Some(5)
    } else if is(&FIRST_NAMES) {
        Some(FIRST_NAME)
    } else if is(&LOGINS) {
        Some(3)
    } else if name.last().is_some_and(|word| word == "name") {
        Some(6)
    } else {
        (flat == "title").then_some(TITLE)
    }
}

/// Whether a column is named like a part of a person's name, or like contact data.
pub(super) fn names_somebody(seen: &Seen<'_>, column: &TableColumn) -> bool {
    rank(seen, column).is_some_and(|rank| rank > TITLE)
}

/// Whether a column holds names rather than a few repeated values. People may share a name.
fn tells_apart(seen: &Seen<'_>, column: &str, rank: u8, least: usize) -> bool {
    let filled = seen.filled(column);
    if filled.is_empty() {
        return seen.profile.rows == 0 && rank != TITLE;
    }
    let different = texts(&filled).into_iter().collect::<BTreeSet<_>>().len();
    let is_shared = matches!(rank, NAME | SURNAME | FIRST_NAME) && different >= MANY;
    let enough = match rank {
        TITLE => different * 10 >= filled.len() * 9,
        _ => is_shared || different * 5 >= filled.len() || filled.len() < 10,
    };
    (different > 1 || filled.len() < 5) && enough && are_names(seen, column, least)
}

/// Whether a column holds names in at least `least` of ten rows, rather than forms of address.
fn are_names(seen: &Seen<'_>, column: &str, least: usize) -> bool {
    let (all, filled) = (seen.cells(column), seen.filled(column));
    let texts = texts(&filled);
    let different: BTreeSet<&String> = texts.iter().collect();
    // A single letter is a gender where there are few distinct ones, and may be a name where there are many.
    let few = different.len() <= 3;
    let is_address = |text: &String| is_among(ADDRESSES, text) && (few || text.len() > 1);
    filled.len() * 10 >= all.len() * least
        && texts.len() * 5 >= filled.len() * 4
        && share(&texts, is_address) < 0.2
        && share(&texts, |text| text.parse::<f64>().is_ok()) < 0.5
        && (filled.len() < 10 || share(&texts, |text| text.chars().count() == 1) < 0.5)
}

/// The texts in lowercase, without dots.
fn texts(filled: &[&OwnedCell]) -> Vec<String> {
    let texts = filled.iter().filter_map(|cell| cell.text());
    texts
        .map(|text| text.replace('.', "").to_lowercase())
        .collect()
}
