//! Completion of what config names: tables and columns of the database, and names that config itself defines.

use gen_lsp_types::{CompletionItem, CompletionItemKind};

use super::item;
use super::named::Named;
use crate::source::{Node, NodeKind};

/// The possible values at the given keys of config.
pub fn of_values(named: &Named<'_>, keys: &[&str]) -> Vec<CompletionItem> {
    let Some(project) = named.project() else {
        return Vec::new();
    };
    let ids = |id: &str, detail: &str| item(id, CompletionItemKind::Reference, detail);
    let config = &project.config;
    match keys {
        ["schedules", "reports"] => {
            let reports = config.reports.iter();
            reports.map(|r| ids(&r.id.value, &r.name)).collect()
        }
        ["reports", "values"] => {
            let values = config.values.iter();
            values
                .map(|v| ids(&v.id.value, "value of a segment"))
                .collect()
        }
        ["subject", "table"] | ["collections", _, "table"] | [.., "lookups", _, "table"] => {
            let tables = project.schema.meant();
            let tables = tables.map(|table| item(table, CompletionItemKind::Class, "table"));
            tables.collect()
        }
        [of @ .., "lookups", _, "by"] => columns(named, of),
        [of @ .., "key" | "changes"] if !of.is_empty() => columns(named, of),
        [of @ .., "label" | "at" | "subject"] if !of.is_empty() => with_lookups(named, of),
        [of @ .., "private"] if !of.is_empty() => with_lookups(named, of),
        ["private"] | ["scopes", _] | ["lists", _, "column"] => with_lookups(named, &["subject"]),
        _ => Vec::new(),
    }
}

/// The columns whose types config declares.
pub fn of_keys(named: &Named<'_>, keys: &[&str]) -> Vec<CompletionItem> {
    match keys {
        [of @ .., "types"] => columns(named, of),
        _ => Vec::new(),
    }
}

/// The columns of the table at the given keys, and those of its lookups, prefixed with their names.
fn with_lookups(named: &Named<'_>, of: &[&str]) -> Vec<CompletionItem> {
    let mut items = columns(named, of);
    let tree = named.tree();
    let lookups = tree.as_ref().and_then(|tree| at(tree, of)?.get("lookups"));
    if let Some(NodeKind::Mapping(lookups)) = lookups.map(|lookups| &lookups.kind) {
        for (lookup, _) in lookups {
            let of = [of, &["lookups", lookup.value.as_str()]].concat();
            let columns = columns(named, &of).into_iter();
            items.extend(columns.map(|column| CompletionItem {
                label: format!("{}.{}", lookup.value, column.label),
                ..column
            }));
        }
    }
    items
}

/// The columns of the table named below the given keys.
fn columns(named: &Named<'_>, of: &[&str]) -> Vec<CompletionItem> {
    let tree = named.tree();
    let written = tree
        .as_ref()
        .and_then(|tree| at(tree, of)?.get("table")?.scalar());
    // The entries beside the cursor are known even if the file cannot be parsed.
    let keys = &named.place.keys;
    let is_beside = keys.len() == of.len() + 1 && keys.iter().zip(of).all(|(key, of)| key == of);
    let beside = named.place.beside.iter().filter(|_| is_beside);
    let beside = beside
        .filter(|entry| entry.key == "table")
        .map(|entry| entry.value.as_str());
    let table = beside
        .chain(written.map(|table| table.value.as_str()))
        .next();
    let schema = named.project().map(|project| &project.schema);
    let Some((_, table)) = table.and_then(|table| schema?.table(table)) else {
        return Vec::new();
    };
    let columns = table.columns.iter();
    columns
        .map(|column| {
            item(
                &column.name,
                CompletionItemKind::Field,
                column.declared.to_lowercase(),
            )
        })
        .collect()
}

fn at<'n>(tree: &'n Node, keys: &[&str]) -> Option<&'n Node> {
    keys.iter().try_fold(tree, |node, key| node.get(key))
}
