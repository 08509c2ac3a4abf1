//! Declared types of which a column has no value at all: a run would only tell that nothing can be read.

use std::collections::BTreeMap;

use super::{Compiled, Look};
use crate::diagnostic::{Code, Finding};
use crate::engine::EngineError;
use crate::engine::local::Local;
use crate::source::Scalar;
use crate::value::ColumnType;

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
    let engine = Local::open(&config.database)?;
    let mut findings = Vec::new();
    for (table, types) in declared {
        for (column, (name, ty)) in types {
            if let Some(reason) = engine.misread(table, column, *ty, look.clock)? {
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
