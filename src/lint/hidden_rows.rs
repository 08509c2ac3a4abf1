//! Tables of which the database shows a login only the rows that a policy lets through (row-level security). The other rows count nowhere, and only
//! the database's catalogue reveals the policy.

use std::collections::BTreeSet;
use std::iter::once;

use super::Compiled;
use crate::catalog::Schema;
use crate::config::Lookup;
use crate::diagnostic::{Code, Finding};
use crate::source::Scalar;

/// Finds such tables among those that config names.
pub(super) fn find(compiled: &Compiled<'_>, schema: &Schema) -> Vec<Finding> {
    let config = compiled.config;
    let subject = once(&config.subject.table).chain(looked_up(&config.subject.lookups));
    let collections = config.collections.iter();
    let collections = collections.flat_map(|own| once(&own.table).chain(looked_up(&own.lookups)));
    let mut told = BTreeSet::new();
    let hiding = subject.chain(collections).filter_map(|named| {
        let (table, _) = schema.table(&named.value)?;
        let is_new = schema.hiding.contains(table) && told.insert(table);
        is_new.then(|| finding(table, named))
    });
    hiding.collect()
}

fn looked_up(lookups: &[(Scalar, Lookup)]) -> impl Iterator<Item = &Scalar> {
    lookups.iter().map(|(_, lookup)| &lookup.table)
}

fn finding(table: &str, named: &Scalar) -> Finding {
    let message = format!(
        "the database shows this login only the rows of `{table}` that a policy lets through (row-level security); any others are not counted"
    );
    let help = "if all rows are meant, ask the server's administrator to give the login a policy that shows them all, or `BYPASSRLS`; \
                if it is meant to see only these, allow `hidden-rows`";
    Finding::new(Code::HiddenRows, message)
        .at(named.location)
        .help(help)
}
