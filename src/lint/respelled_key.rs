//! Keys of a collection's rows that differ only in their form: if a later export lost the leading zeros or uses other capitals, its rows count once
//! more.

use std::collections::{BTreeMap, HashMap};

use super::{Compiled, Look};
use crate::catalog::Collection;
use crate::config::{Locale, marks};
use crate::connector::Snapshot;
use crate::diagnostic::{Code, Finding};
use crate::engine::EngineError;
use crate::source::Location;
use crate::value::loose_key;

/// For larger tables an import reports this, if there is one: a check has to be quick.
const MOST_ROWS: u32 = 1_000_000;

/// Warns of each table of a collection whose key is written in several forms.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    if look.beside_a_run {
        return Ok(Vec::new());
    }
    let mut asked: BTreeMap<(&str, &str), &Collection> = BTreeMap::new();
    for collection in compiled.catalog.collections.iter() {
        if let (Some(key), None) = (&collection.key, &collection.entity.gone) {
            let place = (collection.entity.table.as_str(), key.as_str());
            asked.entry(place).or_insert(collection);
        }
    }
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let snapshot = look.connector.snapshot()?;
    let found = asked.into_iter().filter_map(|((table, key), collection)| {
        let (count, example) = respelled(&*snapshot, table, key)?;
        let is_private = compiled.catalog.is_private(table, key);
        let [one, other] = example;
        let example = match is_private {
            true => String::new(),
            false => format!(", for example `{one}` and `{other}`"),
        };
        let message = format!(
            "`{table}` has {} in several spellings, which differ only in capitals, blanks or leading zeros{example}: each is a row of its \
             own, and counts (column `{key}`)",
            marks(Locale::EnUs).counted(count, "key")
        );
        let help = "if they are the same rows again, as in a later export, write all in one form where they come from; if not, nothing \
                    is wrong";
        let finding = Finding::new(Code::RepeatedKey, message).help(help);
        Some(Finding {
            location: place(compiled, collection),
            ..finding
        })
    });
    Ok(found.collect())
}

/// Where config names the key, or else the table.
fn place(compiled: &Compiled<'_>, collection: &Collection) -> Option<Location> {
    let mut named = compiled.config.collections.iter();
    let named = named.find(|named| named.name.value == collection.name)?;
    Some(named.key.as_ref().unwrap_or(&named.table).location)
}

/// How many keys of a column have several spellings, and two spellings of the first one.
fn respelled(snapshot: &dyn Snapshot, table: &str, key: &str) -> Option<(usize, [String; 2])> {
    if snapshot.row_count(table, MOST_ROWS + 1) > u64::from(MOST_ROWS) {
        return None;
    }
    let cells = snapshot.values(table, key, MOST_ROWS)?;
    let mut first: HashMap<_, &str> = HashMap::new();
    let mut several: BTreeMap<_, [&str; 2]> = BTreeMap::new();
    for text in cells.iter().filter_map(|cell| cell.as_str()) {
        let loose = loose_key(text);
        let known = *first.entry(loose.clone()).or_insert(text);
        if known != text && is_slip(known, text) {
            several.entry(loose).or_insert([known, text]);
        }
    }
    let example = several.values().next()?.map(str::to_owned);
    Some((several.len(), example))
}

/// Whether capitals, if they differ, can come from another export. Keys that mix cases at random, such as `aB3x` and `Ab3x`, are different keys.
fn is_slip(one: &str, other: &str) -> bool {
    let is_of_one_case = |key: &str| {
        let has = |is: fn(char) -> bool| key.chars().any(is);
        !has(char::is_uppercase) || !has(char::is_lowercase)
    };
    is_of_one_case(one) || is_of_one_case(other)
}
