//! Columns of imported files in which no value was found. Only the rules that use such a column tell its type.

use crate::catalog::{Catalog, Schema, is_unfilled};
use crate::diagnostic::Finding;
use crate::value::ColumnType;

/// The types that are tried if a column cannot be a text.
const TRIED: [ColumnType; 2] = [ColumnType::Number, ColumnType::Instant];

/// Gives such columns a type that makes the rules valid; columns that no rule needs another type for stay texts.
/// `check` returns what is wrong with the rules.
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
    let mut found = errors(check(catalog));
    for (table, column) in &unfilled {
        for ty in TRIED {
            let named = naming(&found, column);
            if named == 0 {
                break;
            }
            let mut tried = catalog.clone();
            tried.read_texts_as(table, column, ty);
            let left = errors(check(&tried));
            // A product is reported one factor at a time.
            if left.len() <= found.len() && naming(&left, column) < named {
                (*catalog, found) = (tried, left);
            }
        }
    }
}

fn errors(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.retain(Finding::is_error);
    findings
}

/// How many findings mention a column.
fn naming(findings: &[Finding], column: &str) -> usize {
    let words = |finding: &Finding| {
        let words = [finding.label.as_deref(), finding.help.as_deref()];
        let words = words.into_iter().flatten();
        std::iter::once(finding.message.as_str())
            .chain(words)
            .any(|words| words.contains(column))
    };
    findings.iter().filter(|finding| words(finding)).count()
}
