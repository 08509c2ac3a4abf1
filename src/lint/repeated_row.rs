//! Rows of a collection without a key that equal another row in every column: each of them counts.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use super::columns::{Counted, columns};
use super::{Compiled, Look};
use crate::catalog::Table;
use crate::config::{Collection, Config, Locale, marks};
use crate::connector::Snapshot;
use crate::diagnostic::{Code, Finding};
use crate::engine::{Admission, EngineError, OwnedCell};
use crate::value::RowMark;

/// Larger tables are not compared: a check has to be quick, and an import reports such rows itself.
const MOST_ROWS: u32 = 200_000;
/// This many in sequence were hardly meant, and neither was one in this many.
const IN_TURN: usize = 3;
const ONE_IN: usize = 50;
/// How many columns of an example are shown.
const SHOWN: usize = 3;

/// Warns of each collection in use that has such rows, unless its table declares a key.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    let collections = compiled.config.collections.iter();
    let known = compiled.catalog.collections.iter();
    let open: Vec<&Collection> = collections
        .zip(known)
        .filter(|(said, known)| {
            known.key.is_none() && known.entity.gone.is_none() && !is_decided(compiled.config, said)
        })
        .map(|(said, _)| said)
        .collect();
    if look.beside_a_run || open.is_empty() {
        return Ok(Vec::new());
    }
    let read = columns(compiled);
    let snapshot = look.connector.snapshot()?;
    let schema = snapshot.schema()?;
    let (mut told, mut found) = (BTreeSet::new(), Vec::new());
    for collection in open {
        let name = &collection.table.value;
        let Some((_, table)) = schema
            .table(name)
            .filter(|(_, table)| table.primary_key.is_empty())
        else {
            continue;
        };
        let mut own = read.iter().filter(|column| !column.is_lookup);
        let own = own.find(|column| column.of == Some(collection.name.value.as_str()));
        let admission = match own.map(|column| column.counted) {
            Some(Counted::All) => None,
            Some(Counted::Admitted(admission)) => Some(admission),
            Some(Counted::Unknown) | None => continue,
        };
        if !told.insert(name) || snapshot.row_count(name, MOST_ROWS + 1) > u64::from(MOST_ROWS) {
            continue;
        }
        let rows = rows(&*snapshot, (name, table), admission.as_ref(), look)?;
        found.extend(finding(compiled, collection, table, &rows));
    }
    Ok(found)
}

/// Whether config says for the table's file what happens to such rows.
fn is_decided(config: &Config, collection: &Collection) -> bool {
    let files = config.import.as_ref().map(|import| &import.files.forms);
    let mut forms = files.into_iter().flatten();
    let table = &collection.table.value;
    forms.any(|(file, form)| {
        let stem = || {
            Path::new(file)
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        let of_table = form.table.clone().unwrap_or_else(stem);
        form.copies.is_some() && of_table.eq_ignore_ascii_case(table)
    })
}

/// The rows of a table that count, with all its columns.
fn rows(
    snapshot: &dyn Snapshot,
    (name, table): (&str, &Table),
    admission: Option<&Admission<'_>>,
    look: &Look<'_>,
) -> Result<Vec<Vec<OwnedCell>>, EngineError> {
    let own = table.columns.iter().map(|column| column.name.as_str());
    let asked = admission.into_iter().flat_map(Admission::columns);
    let columns: Vec<&str> = own.chain(asked).collect();
    let mut rows = snapshot.first_rows(name, &columns, MOST_ROWS)?;
    let width = table.columns.len();
    if let Some(admission) = admission {
        let asked: Vec<&[OwnedCell]> = rows
            .iter()
            .map(|row| row.get(width..).unwrap_or(&[]))
            .collect();
        let mut counts = admission.admits(&asked, look.clock).into_iter();
        rows.retain(|_| counts.next() == Some(true));
    }
    for row in &mut rows {
        row.truncate(width);
    }
    Ok(rows)
}

fn finding(
    compiled: &Compiled<'_>,
    collection: &Collection,
    table: &Table,
    rows: &[Vec<OwnedCell>],
) -> Option<Finding> {
    let mut seen = HashSet::new();
    let copies: Vec<bool> = rows.iter().map(|row| !seen.insert(mark(row))).collect();
    let count = copies.iter().filter(|is_copy| **is_copy).count();
    let in_turn = copies
        .windows(IN_TURN)
        .any(|some| some.iter().all(|is_copy| *is_copy));
    if count == 0 || !in_turn && count * ONE_IN < rows.len() {
        return None;
    }
    let name = &collection.table.value;
    let example = rows.iter().zip(&copies).find(|(_, is_copy)| **is_copy)?.0;
    let shown = table.columns.iter().zip(example);
    let shown = shown.filter(|(column, cell)| {
        !matches!(cell, OwnedCell::Null) && !compiled.catalog.is_private(name, &column.name)
    });
    let shown: Vec<String> = shown
        .take(SHOWN)
        .map(|(column, cell)| format!("`{}` {}", column.name, cell.lent()))
        .collect();
    let example = match shown.is_empty() {
        true => String::new(),
        false => format!(", for example that with {}", shown.join(", ")),
    };
    let whole = |count: usize| marks(Locale::EnUs).whole(count as u64);
    let are = match count {
        1 => "is the same as another one in every column, and counts",
        _ => "are the same as another one in every column, and count",
    };
    let message = format!(
        "{} of {} rows of `{name}` {are} as well{example}",
        whole(count),
        whole(rows.len())
    );
    let help = match compiled.config.import.is_some() {
        true => {
            "if they were exported twice, give their file `copies: once` under `import: files:`, or `key:` with the column that tells rows \
             apart; if each of them is meant, say `copies: all`"
        }
        false => {
            "if they are the same rows again, read a view that has each of them once; if each of them is meant, allow `repeated-row`"
        }
    };
    let finding = Finding::new(Code::RepeatedRow, message).help(help);
    Some(finding.at(collection.table.location))
}

/// A hash of all values of a row.
fn mark(row: &[OwnedCell]) -> RowMark {
    RowMark::of(row.iter().map(|cell| {
        let (kind, bytes): (u8, &[u8]) = match cell {
            OwnedCell::Null => (0, &[]),
            OwnedCell::Integer(whole) => (1, &whole.to_le_bytes()),
            OwnedCell::Real(real) => (2, &real.to_bits().to_le_bytes()),
            OwnedCell::Text(bytes) => (3, bytes),
            OwnedCell::Blob(bytes) => (4, bytes),
        };
        [&[kind], bytes].concat()
    }))
}
