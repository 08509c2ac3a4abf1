//! Rows whose key belongs to nobody, or finds nothing where it is looked up, if there are many of them or they would match in another form; and
//! people whose keys differ only in form.

use std::collections::BTreeMap;

use super::Compiled;
use crate::catalog::Collection;
use crate::config::{Config, Locale, Lookup, marks};
use crate::connector::Snapshot;
use crate::diagnostic::{Code, Finding};
use crate::engine::{Gathered, Keys, Problem, ProblemKind};
use crate::source::{Location, Scalar};
use crate::value::loose_key;

/// For larger tables only a run reports this: a check has to be quick.
const MOST_ROWS: u32 = 1_000_000;

/// Whether a table is small enough to be read for this.
pub(super) fn is_asked(snapshot: &dyn Snapshot, table: &str) -> bool {
    snapshot.row_count(table, MOST_ROWS + 1) <= u64::from(MOST_ROWS)
}

/// What a reading tells about such rows.
pub(super) fn of(compiled: &Compiled<'_>, gathered: &Gathered) -> Vec<Finding> {
    let problems = gathered.problems.iter();
    let strays = problems.filter(|problem| problem.counted().reach.is_some());
    let found = strays.map(|problem| of_rows(compiled, problem));
    found
        .chain(of_people(compiled, &gathered.subjects.keys))
        .collect()
}

fn of_rows(compiled: &Compiled<'_>, problem: &Problem) -> Finding {
    let help = match problem.kind {
        ProblemKind::Unfound => {
            "what is looked up is missing in these rows: of all conditions on it, only `is missing` holds; if the rows that they name \
             were deleted on purpose, allow this warning"
        }
        _ => {
            "if these people or rows are gone on purpose, leave out what points at them with `where:`"
        }
    };
    let finding = Finding::new(Code::StrayRows, problem.words()).help(help);
    let collections = compiled.catalog.collections.iter();
    let mut of = collections.filter(|of| of.entity.table.eq_ignore_ascii_case(&problem.table));
    let own = of_subject(compiled.config, problem);
    Finding {
        location: own.or_else(|| of.find_map(|of| place(compiled.config, of, problem))),
        ..finding
    }
}

/// Where config names the column by which people look something up.
fn of_subject(config: &Config, problem: &Problem) -> Option<Location> {
    let subject = &config.subject;
    let is_own = problem.kind == ProblemKind::Unfound
        && subject.table.value.eq_ignore_ascii_case(&problem.table);
    by(&subject.lookups, problem).filter(|_| is_own)
}

/// Where lookups name the column that finds nothing.
fn by(lookups: &[(Scalar, Lookup)], problem: &Problem) -> Option<Location> {
    let is_it = |lookup: &Lookup| {
        let table = problem.leads_to.as_ref();
        lookup.by.value.eq_ignore_ascii_case(&problem.column)
            && table.is_none_or(|table| lookup.table.value.eq_ignore_ascii_case(table))
    };
    let found = lookups.iter().find(|(_, lookup)| is_it(lookup));
    Some(found?.1.by.location)
}

/// Where config names the column by which rows belong to somebody.
fn place(config: &Config, of: &Collection, problem: &Problem) -> Option<Location> {
    let mut named = config.collections.iter();
    let named = named.find(|named| named.name.value == of.name)?;
    if problem.kind == ProblemKind::Orphan {
        return Some(named.subject.location);
    }
    let of_another = problem.kind == ProblemKind::Unfound;
    let elsewhere = Some(named.table.location).filter(|_| !of_another);
    by(&named.lookups, problem).or(elsewhere)
}

/// The finding about people whose keys differ only in form.
fn of_people(compiled: &Compiled<'_>, keys: &Keys) -> Option<Finding> {
    let Keys::Text(keys) = keys else {
        return None;
    };
    let mut forms: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for key in keys {
        forms.entry(loose_key(key)).or_default().push(key);
    }
    let mut several = forms.values().filter(|keys| keys.len() > 1);
    let first = several.next()?;
    let count = marks(Locale::EnUs).counted(1 + several.count(), "key");
    let (table, key) = (&compiled.catalog.subject.table, &compiled.catalog.key);
    let example = match compiled.catalog.is_private(table, key) {
        true => String::new(),
        false => {
            let written: Vec<String> = first.iter().map(|key| format!("`{key}`")).collect();
            format!(", for example {}", written.join(" and "))
        }
    };
    let message = format!(
        "`{table}` has {count} in several spellings, which differ only in capitals, blanks or leading zeros{example}: \
         each is a separate person"
    );
    let help = "keep one row for each, or leave the others out with the subject's `where:`";
    let finding = Finding::new(Code::StrayRows, message)
        .at(compiled.config.subject.key.location)
        .help(help);
    Some(finding)
}
