//! Filters by values that are not in the data: a warning, never an error overnight.

mod texts;
mod types;

use std::collections::BTreeSet;

use crate::connector::{Connector, Snapshot};
use crate::diagnostic::Finding;
use crate::engine::{EngineError, Watch, distinct_values};
use crate::ir::{Ir, build_fields};
use crate::language::check;
use crate::time::Clock;

use crate::project::{Project, beside_the_reactor};

pub use texts::absent_texts;
pub use types::absent_types;

/// The most rows that are read beside a run to look for absent values: a small part of what a run takes.
const BESIDE_A_RUN: u32 = 1_000_000;

/// A warning for each filter by a value that nobody has now. Reads the data only where a filter
/// names a field without a closed list.
///
/// # Errors
/// The database cannot be read, or `watch` asked to stop.
pub fn absent_values(
    project: &Project,
    connector: &dyn Connector,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Vec<Finding>, EngineError> {
    values(project, connector, clock, watch, None)
}

/// A warning for each value that conditions or filters ask for and that the data does not have, as far as a
/// quick look tells: fields over more than a million rows are left to `check`.
///
/// # Errors
/// As [`absent_values`].
pub fn absent_beside_a_run(
    project: &Project,
    connector: &dyn Connector,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Vec<Finding>, EngineError> {
    beside_the_reactor(|| {
        let mut findings = values(project, connector, clock, watch, Some(BESIDE_A_RUN))?;
        findings.extend(absent_texts(project, connector)?);
        Ok(findings)
    })
}

/// As [`absent_values`]; nothing where that would read more than so many rows.
fn values(
    project: &Project,
    connector: &dyn Connector,
    clock: &Clock,
    watch: &dyn Watch,
    most: Option<u32>,
) -> Result<Vec<Finding>, EngineError> {
    let fields = &project.config.fields;
    let segments = project.rules.segments.iter();
    let names = segments
        .flat_map(|s| &s.filter)
        .map(|filter| &filter.field.value);
    let open = |name: &String| {
        fields
            .iter()
            .any(|f| f.id.value == *name && f.values.is_none())
    };
    if !names.into_iter().any(open) {
        return Ok(Vec::new());
    }
    let ir = build_fields(&project.rules, &project.checked, &project.catalog);
    let snapshot = connector.snapshot()?;
    if most.is_some_and(|most| rows(&*snapshot, &ir.ir, most) > u64::from(most)) {
        return Ok(Vec::new());
    }
    let evaluation = snapshot.evaluate(&ir.ir, clock, &ir.fields, watch)?;
    let found = distinct_values(&ir, &evaluation);
    let present: Vec<Option<BTreeSet<String>>> = fields
        .iter()
        .zip(found)
        .map(|(field, found)| match found {
            // Where not all values are listed, none can be said to be absent.
            Ok(found) if field.values.is_none() && !found.more => Some(found.values),
            _ => None,
        })
        .collect();
    // Where the subject's own `where:` admits nobody, no filter is to blame.
    let nobody = present.iter().flatten().all(BTreeSet::is_empty);
    if nobody && project.checked.subject_filter.is_some() {
        return Ok(Vec::new());
    }
    Ok(check::absent_values(
        &project.rules,
        &project.catalog,
        &present,
    ))
}

/// How many rows an IR reads, each table counted a little further than to `most`.
fn rows(snapshot: &dyn Snapshot, ir: &Ir, most: u32) -> u64 {
    let scans = ir.scans.iter().map(|scan| &scan.table);
    let tables = scans.chain([&ir.subject.table]);
    tables
        .map(|table| snapshot.row_count(table, most.saturating_add(1)))
        .sum()
}
