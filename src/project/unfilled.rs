//! Columns of imported files in which no value was found: nothing tells their type but what rules make of them.

use crate::catalog::{Catalog, Schema, is_unfilled};
use crate::diagnostic::Finding;
use crate::value::ColumnType;

/// The types that are tried where a column cannot be a text.
const TRIED: [ColumnType; 2] = [ColumnType::Number, ColumnType::Instant];

/// Gives such columns the type with which rules are right; those of which nobody asks anything stay texts. `check` gives
/// what is wrong with the rules.
pub(super) fn settle(
    catalog: &mut Catalog,
    schema: &Schema,
    check: impl Fn(&Catalog) -> Vec<Finding>,
) {
    let tables = schema.tables.iter();
    let unfilled = tables.flat_map(|(table, found)| {
        let columns = found.columns.iter();
        let columns = columns.filter(|column| is_unfilled(&column.declared));
        columns.map(move |column| (table.as_str(), column.name.as_str()))
    });
    let unfilled: Vec<(&str, &str)> = unfilled.collect();
    if unfilled.is_empty() {
        return;
    }
    // What is wrong with these columns, as often as they are named.
    let named_in = |findings: &[Finding]| {
        let errors = findings.iter().filter(|finding| finding.is_error());
        let named = errors.map(|finding| {
            let names = |(_, column): &&(&str, &str)| finding.message.contains(*column);
            unfilled.iter().filter(names).count()
        });
        named.sum::<usize>()
    };
    let mut found = check(catalog);
    let mut named = named_in(&found);
    for (table, column) in &unfilled {
        let is_named = |finding: &Finding| finding.is_error() && finding.message.contains(column);
        for ty in TRIED {
            if !found.iter().any(is_named) {
                break;
            }
            let mut tried = catalog.clone();
            tried.read_texts_as(table, column, ty);
            let findings = check(&tried);
            let left = named_in(&findings);
            if left < named {
                (*catalog, found, named) = (tried, findings, left);
            }
        }
    }
}
