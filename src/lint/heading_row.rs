//! A row of headings among the subjects, which came in with an import and counts as a subject like any other.

use std::collections::HashSet;

use super::{Compiled, Look};
use crate::catalog::ColumnState;
use crate::diagnostic::{Code, Finding};
use crate::engine::{Admission, EngineError, OwnedCell, is_heading};
use crate::value::ColumnType;

/// How many rows are examined, from the first on: a check has to be quick, and an import puts headings at the top of a file.
const ROWS: u32 = 1_000_000;

/// Warns if the key of a subject is the name of the key column itself. A run counts such rows itself.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    let (catalog, scan) = (compiled.catalog, &compiled.ir.subject);
    let (table, key) = (catalog.subject.table.as_str(), catalog.key.as_str());
    let is_text = matches!(
        catalog.subject.columns.get(key),
        Some(ColumnState::Present(ColumnType::Text) | ColumnState::Untyped)
    );
    if look.beside_a_run || !is_text {
        return Ok(Vec::new());
    }
    let admission = match scan.admitted {
        None => None,
        // If only a lookup tells who is a subject, nothing is reported.
        Some(node) => match Admission::of(&scan.admission, node, &scan.inputs) {
            None => return Ok(Vec::new()),
            found => found,
        },
    };
    let columns = admission.iter().flat_map(Admission::columns);
    let columns: Vec<&str> = columns.collect();
    let snapshot = look.connector.snapshot()?;
    let Some(keys) = snapshot.values(table, key, ROWS) else {
        // This call fails with the reason.
        snapshot.rows_with(table, &[], key, &HashSet::new())?;
        return Ok(Vec::new());
    };
    let keys = keys.iter().filter_map(OwnedCell::as_str);
    let written: HashSet<&str> = keys.filter(|written| is_heading(written, key)).collect();
    if written.is_empty() {
        return Ok(Vec::new());
    }
    let rows = snapshot.rows_with(table, &columns, key, &written)?;
    let asked: Vec<&[OwnedCell]> = rows.iter().map(Vec::as_slice).collect();
    let counts = match admission {
        None => !rows.is_empty(),
        Some(admission) => admission.admits(&asked, look.clock).contains(&true),
    };
    let message = format!(
        "a row of `{table}` has the name of the column, `{key}`, as its key: it is a row of headings, and counts like any other"
    );
    let help = "delete that row, or exclude it with the subject's `where:`";
    let finding = Finding::new(Code::HeadingRow, message)
        .at(compiled.config.subject.key.location)
        .help(help);
    Ok(counts.then_some(finding).into_iter().collect())
}
