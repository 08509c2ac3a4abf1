//! Declared types of which a column has no value at all: a run would only tell that nothing can be read.

use std::collections::BTreeMap;

use super::{Compiled, Look};
use crate::diagnostic::{Code, Finding};
use crate::engine::{EngineError, misread};
use crate::source::Scalar;
use crate::value::ColumnType;

/// So many rows are tried.
const ROWS: u32 = 1_000;

type Types = BTreeMap<String, (Scalar, ColumnType)>;

/// A warning for each entry of a `types:` that no value of its column has, by the first thousand rows. Where
/// `where:` says which rows count, nothing is said: the others may hold anything.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    if look.beside_a_run {
        return Ok(Vec::new());
    }
    let config = compiled.config;
    let subject = &config.subject;
    let mut declared: Vec<(&str, &Types)> = Vec::new();
    if subject.filter.is_none() {
        declared.push((&subject.table.value, &subject.types));
    }
    let collections = config.collections.iter();
    for collection in collections.clone().filter(|c| c.filter.is_none()) {
        declared.push((&collection.table.value, &collection.types));
    }
    let of_collections = collections.flat_map(|collection| &collection.lookups);
    for (_, lookup) in subject.lookups.iter().chain(of_collections) {
        declared.push((&lookup.table.value, &lookup.types));
    }
    declared.retain(|(_, types)| !types.is_empty());
    if declared.is_empty() {
        return Ok(Vec::new());
    }
    let snapshot = look.connector.snapshot()?;
    let mut findings = Vec::new();
    for (table, types) in declared {
        for (column, (name, ty)) in types {
            let cells = snapshot.first_cells(table, column, ROWS)?;
            if let Some(reason) = misread(&cells, (table, column), *ty, look.clock) {
                findings.push(finding(&reason).at(name.location));
            }
        }
    }
    Ok(findings)
}

/// What is wrong, and behind the first semicolon what to do.
fn finding(reason: &str) -> Finding {
    match reason.split_once("; ") {
        Some((what, help)) => Finding::new(Code::AbsentValue, what).help(help),
        None => Finding::new(Code::AbsentValue, reason),
    }
}
