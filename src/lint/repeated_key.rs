//! Keys that several rows share: a run refuses such subjects, cannot look such rows up, and counts each such row of a collection.

use std::collections::HashMap;

use super::Compiled;
use crate::catalog::Collection;
use crate::config::{self, Config};
use crate::connector::Snapshot;
use crate::diagnostic::{Code, Finding, Severity};
use crate::engine::{Gathered, Problem, ProblemKind};
use crate::ir::Lookup;
use crate::source::{Location, Scalar};

/// For larger tables only a run reports this: a check has to be quick.
const MOST_ROWS: u32 = 5_000_000;

/// What a reading tells about the keys of some collections' rows.
pub(super) fn of_collections<'c>(
    compiled: &Compiled<'_>,
    gathered: &Gathered,
    asked: impl Iterator<Item = &'c Collection> + Clone,
) -> Vec<Finding> {
    let problems = gathered.problems.iter();
    let repeated = problems.filter(|problem| problem.kind == ProblemKind::RepeatedKey);
    let told = repeated.filter_map(|problem| {
        let of = asked
            .clone()
            .find(|collection| is_of(problem, collection))?;
        Some(of_collection(compiled.config, of, problem))
    });
    told.collect()
}

/// The finding that several subjects have the same key, and its remedy.
pub(super) fn of_subjects(compiled: &Compiled<'_>, what: String, remedy: String) -> Finding {
    let finding = Finding::new(Code::RepeatedKey, what)
        .at(compiled.config.subject.key.location)
        .help(remedy);
    Finding {
        severity: Severity::Error,
        ..finding
    }
}

/// Whether only the rows themselves can tell that no two rows of a collection share a key. Nothing is read if the database itself ensures that.
pub(super) fn is_asked(snapshot: &dyn Snapshot, collection: &Collection) -> bool {
    let table = &collection.entity.table;
    let key = collection.key.as_ref();
    key.is_some_and(|key| !snapshot.is_unique(table, key))
        && snapshot.row_count(table, MOST_ROWS + 1) <= u64::from(MOST_ROWS)
}

fn is_of(problem: &Problem, collection: &Collection) -> bool {
    let key = collection.key.as_ref();
    let of_key = key.is_some_and(|key| key.eq_ignore_ascii_case(&problem.column));
    of_key && collection.entity.table.eq_ignore_ascii_case(&problem.table)
}

fn of_collection(config: &Config, collection: &Collection, problem: &Problem) -> Finding {
    let mut named = config.collections.iter();
    let named = named.find(|named| named.name.value == collection.name);
    let place = named.map(|named| named.key.as_ref().unwrap_or(&named.table).location);
    let key = &problem.column;
    let once = match config.import.is_some() {
        true => format!(
            "if they are the same rows again, as in a later export, give their file `key: {key}` under `import: files:`: \
             then only the last row of each key counts"
        ),
        false => {
            "if they are the same rows again, read a view that has the last of each".to_owned()
        }
    };
    let help = format!("{once}; if not, name as `key:` the column that tells rows apart");
    let finding = Finding::new(Code::RepeatedKey, problem.words()).help(help);
    Finding {
        location: place,
        ..finding
    }
}

/// A finding for each lookup in use whose key matches several rows.
pub(super) fn of_lookups(compiled: &Compiled<'_>, snapshot: &dyn Snapshot) -> Vec<Finding> {
    let ir = compiled.ir;
    let of_scans = ir.scans.iter().flat_map(|scan| scan.lookups.iter());
    let used = ir.subject.lookups.iter().chain(of_scans);
    let mut told: Vec<&Lookup> = Vec::new();
    let mut found = Vec::new();
    for lookup in used {
        let Lookup { table, key, .. } = lookup;
        let is_told = told.contains(&lookup);
        if is_told || snapshot.is_unique(table, key) {
            continue;
        }
        told.push(lookup);
        let Some(keys) = snapshot.values(table, key, MOST_ROWS) else {
            continue;
        };
        let mut rows: HashMap<String, u64> = HashMap::new();
        for key in keys.iter().filter_map(|cell| cell.lent().text()) {
            *rows.entry(key.into_owned()).or_default() += 1;
        }
        let mut several: Vec<(String, u64)> =
            rows.into_iter().filter(|(_, rows)| *rows > 1).collect();
        several.sort();
        let Some((first, _)) = several.first() else {
            continue;
        };
        let example = match compiled.catalog.is_private(table, key) {
            true => String::new(),
            false => format!(", for example `{first}`"),
        };
        let keys = match several.len() {
            1 => "1 key is".to_owned(),
            count => format!("{count} keys are"),
        };
        let message = format!(
            "{keys} in several rows of `{table}`, so that the lookup `{}` cannot tell which is meant{example} (column `{key}`)",
            lookup.name
        );
        let help = ways_out(compiled, (table, key));
        let finding = Finding::new(Code::RepeatedKey, message).help(help);
        found.push(Finding {
            severity: Severity::Stale,
            location: place_of(compiled.config, lookup),
            ..finding
        });
    }
    found
}

/// What to do if rows share the key of a lookup, and all of them are right.
fn ways_out(compiled: &Compiled<'_>, (table, key): (&str, &str)) -> String {
    let mut ways = vec![format!("leave the `{key}` with one of them")];
    // A database that an import makes has no views.
    if compiled.config.import.is_none() {
        ways.push("look into a view that has one row for each".to_owned());
    }
    if !table.eq_ignore_ascii_case(&compiled.catalog.subject.table) {
        ways.push(format!("read `{table}` as a collection instead"));
    }
    format!(
        "correct the row that is wrong; if both are right, as two people with one address, {} (docs/codes/repeated-key.md); until then \
         everything that uses the lookup is stale",
        ways.join(", or ")
    )
}

/// Where config names the key of a lookup.
fn place_of(config: &Config, lookup: &Lookup) -> Option<Location> {
    let of_collections = config.collections.iter().flat_map(|own| &own.lookups);
    let mut named = config.subject.lookups.iter().chain(of_collections);
    let is_it = |(name, own): &&(Scalar, config::Lookup)| {
        name.value == lookup.name && own.table.value.eq_ignore_ascii_case(&lookup.table)
    };
    Some(named.find(is_it)?.1.key.location)
}
