//! Entries of hand-maintained lists that match no subject.

use std::collections::{BTreeSet, HashSet};

use super::{Compiled, Look, wording};
use crate::catalog::{Catalog, ColumnState};
use crate::diagnostic::{Code, Finding};
use crate::engine::EngineError;
use crate::lists::{Entry, List, identity};
use crate::value::loose_key;

/// The most rows of the subject's table, and different values in its column, that entries are compared with; larger tables are skipped.
pub const MOST_VALUES: usize = 1_000_000;
/// The same beside a run.
const MOST_BESIDE_A_RUN: usize = 100_000;

/// Warns of each list with entries that no row of the subject's table has in the list's column. Examines tables of up to a million rows (a tenth of
/// that beside a run), and no views.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    if compiled.lists.iter().all(|list| list.entries.is_empty()) {
        return Ok(Vec::new());
    }
    let snapshot = look.connector.snapshot()?;
    let mut findings = Vec::new();
    for list in compiled.lists {
        let Some((table, column)) = of_list(compiled.catalog, list) else {
            continue;
        };
        let most = if look.beside_a_run {
            MOST_BESIDE_A_RUN
        } else {
            MOST_VALUES
        };
        if let Some(present) = snapshot.distinct_texts(table, column, most, most)? {
            let found = unmatched_entries((table, column), list, &present);
            findings.extend(match compiled.catalog.is_private(table, column) {
                true => found.and_then(|_| unnamed(compiled, (table, column), list, &present)),
                false => found,
            });
        }
    }
    Ok(findings)
}

/// The table and column that a list's entries are values of; `None` if it does not exist.
fn of_list<'c>(catalog: &'c Catalog, list: &List) -> Option<(&'c str, &'c str)> {
    let mut known = catalog.lists.iter();
    let known = known.find(|known| known.name == list.name)?;
    let subject = &catalog.subject;
    let state = subject.columns.get(&known.column)?;
    let is_there = !matches!(state, ColumnState::Gone(_));
    is_there.then_some((subject.table.as_str(), known.column.as_str()))
}

/// The finding if the listed values are private: it names the list and the number of entries.
fn unnamed(
    compiled: &Compiled<'_>,
    (table, column): (&str, &str),
    list: &List,
    present: &BTreeSet<String>,
) -> Option<Finding> {
    let name = &list.name;
    let (absent, all) = (unmatched(list, present).len(), list.entries.len());
    let message = format!(
        "{absent} of the {all} entries of the list `{name}` match nobody: no row of `{table}` has them as its `{column}`"
    );
    let mut named = compiled.config.lists.iter();
    let place = named.find(|named| named.name.value == *name)?.file.location;
    let help = format!("`muster list {name}` shows which");
    let finding = Finding::new(Code::UnmatchedEntry, message);
    Some(finding.at(place).help(help))
}

/// The entries of a list that are not among these values.
pub fn unmatched<'l>(list: &'l List, present: &BTreeSet<String>) -> Vec<&'l Entry> {
    let identity = |text: &str| identity(text, list.matching);
    let present: HashSet<String> = present.iter().map(|text| identity(text)).collect();
    let entries = list.entries.iter();
    entries
        .filter(|entry| !present.contains(&identity(&entry.text)))
        .collect()
}

/// The finding about the entries of a list that are not among these values of a table's column.
pub fn unmatched_entries(
    (table, column): (&str, &str),
    list: &List,
    present: &BTreeSet<String>,
) -> Option<Finding> {
    let absent = unmatched(list, present);
    let first = absent.first()?;
    let texts: Vec<&str> = absent.iter().map(|entry| entry.text.as_str()).collect();
    let name = &list.name;
    let message = match texts.as_slice() {
        [text] => format!(
            "no row of `{table}` has `{text}`, an entry of the list `{name}`, as its `{column}`"
        ),
        _ => format!(
            "{} of the {} entries of the list `{name}` match nobody: no row of `{table}` has any of these as its `{column}`: {}",
            texts.len(),
            list.entries.len(),
            wording::examples(&texts)
        ),
    };
    let help = match absent.len() == list.entries.len() && list.entries.len() > 1 {
        true => "name the column that the entries are of: `column:` of the list in config.yaml"
            .to_owned(),
        false => {
            // Presumably a program that drops leading zeros and capitals has written the list.
            let near = present
                .iter()
                .find(|text| loose_key(text) == loose_key(&first.text));
            let (correct, loosely) = near.map_or_else(
                || ("correct it".to_owned(), String::new()),
                |near| {
                    let correct = format!("correct it to `{near}`, as the table has it");
                    (
                        correct,
                        format!(", or say `match: loose` of the list `{name}`"),
                    )
                },
            );
            format!(
                "{correct}{loosely}, or take it out: `muster list {name} remove {}`",
                quoted_word(first)
            )
        }
    };
    Some(
        Finding::new(Code::UnmatchedEntry, message)
            .at(first.location)
            .help(help),
    )
}

/// An entry quoted for a shell.
fn quoted_word(entry: &Entry) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '@' | '.' | '-' | '_' | '+');
    match entry.text.chars().all(is_plain) {
        true => entry.text.clone(),
        false => format!("'{}'", entry.text.replace('\'', "'\\''")),
    }
}
