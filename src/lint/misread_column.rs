//! Columns whose values are mostly not what they are read as: a run would only tell that nothing can be built on them.

use std::collections::HashSet;

use super::columns::columns;
use super::{Compiled, Look};
use crate::diagnostic::{Code, Finding};
use crate::engine::{EngineError, misread};

/// So many rows are tried.
const ROWS: u32 = 1_000;
/// However much config tolerates, what has hardly a value is told.
const MOST_TOLERATED: f64 = 0.99;

/// A warning for each column that is declared in a `types:` or read, by the first thousand rows. Where `where:` says
/// which rows count, nothing is said: the others may hold anything.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    if look.beside_a_run {
        return Ok(Vec::new());
    }
    let mut columns = columns(compiled);
    let mut tried = HashSet::new();
    columns.retain(|column| {
        !column.is_filtered && tried.insert((column.table, column.name, column.ty))
    });
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let tolerated = compiled.config.unreadable.min(MOST_TOLERATED);
    let snapshot = look.connector.snapshot()?;
    let mut findings = Vec::new();
    for column in columns {
        let (table, name) = (column.table, column.name);
        let cells = snapshot.first_cells(table, name, ROWS)?;
        let ty = (column.ty, column.is_time);
        let is_private = compiled.catalog.is_private(table, name);
        let reason = misread(&cells, (table, name), ty, tolerated, look.clock, is_private);
        if let Some(reason) = reason {
            findings.push(finding(&reason).at(column.told.unwrap_or(column.place)));
        }
    }
    Ok(findings)
}

/// What is wrong, and behind the first semicolon what to do.
fn finding(reason: &str) -> Finding {
    match reason.split_once("; ") {
        Some((what, help)) => Finding::new(Code::MisreadColumn, what).help(help),
        None => Finding::new(Code::MisreadColumn, reason),
    }
}
