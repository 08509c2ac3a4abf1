//! Finds rows of other tables that a column refers to: the product of an order line, the studio of a client.

use std::collections::BTreeSet;

use super::amount::is_called_amount;
use super::data::{Data, Guessed};
use super::key::{ends_as_key, is_same_key, is_shared, stem};
use super::names::{Names, plain};
use super::tables::{Seen, share};
use super::time::is_called_time;
use super::words::{flat, is_one_of, words};
use crate::config::singular_of;
use crate::engine::OwnedCell;
use crate::value::{ColumnType, loose_key};

/// How many lookups of a table are enough to start with.
const MOST: usize = 4;

/// A lookup, as config writes it.
pub(super) struct LookupGuess {
    pub(super) name: String,
    pub(super) table: String,
    pub(super) key: String,
    pub(super) by: String,
    /// Whether its keys are matched loosely, ignoring their form.
    pub(super) is_loose: bool,
    /// The types of columns that the declaration does not determine.
    pub(super) types: Vec<(String, ColumnType)>,
}

/// The lookups of a table, except into that of the people, where each is a `who`. Found by declared references, else
/// by names such as `product_id`, else by the values of columns with the same name.
pub(super) fn lookups(
    data: &Data,
    seen: &Seen<'_>,
    tables: &[Seen<'_>],
    people: &str,
    who: &str,
) -> Vec<LookupGuess> {
    let columns = seen.table.columns.iter().map(|column| column.name.as_str());
    let mut names = Names::beside(columns.chain([who]));
    let mut found: Vec<LookupGuess> = Vec::new();
    for column in &seen.table.columns {
        let others = || {
            let others = tables.iter();
            others.filter(|other| other.name != seen.name && other.name != people)
        };
        let pointed = others().find_map(|other| {
            let key = other.key.as_deref()?;
            points(data, seen, &column.name, other, key).then_some((other, key))
        });
        // `Nº pedido` is the number of an order, although `pedido` may also be when it was placed.
        let is_time = is_called_time(column, seen.name) && !ends_as_key(&column.name);
        let is_value = is_time || is_called_amount(seen, column);
        let shared = || {
            let mut others = others().filter(|other| other.profile.view.is_none() && !is_value);
            let other = others.find(|other| is_shared(data, seen, &column.name, other))?;
            Some((other, other.column(&column.name)?.name.as_str()))
        };
        let target = pointed.or_else(shared);
        let Some((other, key)) = target.filter(|_| found.len() < MOST) else {
            continue;
        };
        if found.iter().any(|lookup| lookup.table == other.name) {
            continue;
        }
        let name = singular_of(&plain(&other.called));
        found.push(LookupGuess {
            name: names.take(&name, &format!("{name}_row")),
            table: other.name.to_owned(),
            key: key.to_owned(),
            by: column.name.clone(),
            is_loose: false,
            types: Vec::new(),
        });
    }
    found
}

/// The share of rows whose parent row must exist.
const FOUND: f64 = 0.8;

/// Whether a column's values are found in the key of another table.
pub(super) fn leads(
    data: &Data,
    seen: &Seen<'_>,
    column: &str,
    (other, key): (&str, &str),
) -> bool {
    let filled = seen.filled(column);
    let keys = data.values(other, key);
    let form = |cell: &OwnedCell| cell.key().map(|key| loose_key(&key).into_owned());
    let keys: BTreeSet<String> = keys.iter().filter_map(form).collect();
    let is_found = |cell: &&OwnedCell| form(cell).is_some_and(|key| keys.contains(&key));
    filled.is_empty() || share(&filled, is_found) >= FOUND
}

fn points(data: &Data, seen: &Seen<'_>, column: &str, other: &Seen<'_>, key: &str) -> bool {
    let mut references = seen.profile.references.iter();
    if references.any(|(from, to)| from == column && to.eq_ignore_ascii_case(other.name)) {
        return true;
    }
    // Tables that each number their own rows share numbers by accident.
    if is_same_key(column, key) {
        return leads(data, seen, column, (other.name, key));
    }
    let name = words(column);
    let (stem, _) = stem(&name);
    ends_as_key(column)
        && name.last() == words(key).last()
        && is_one_of(&stem, &flat(&other.called))
}
