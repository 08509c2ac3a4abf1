//! Data that has no history.

use crate::catalog::{Catalog, CollectionId};
use crate::ir::{Ir, NodeId};

/// Why a factor cannot be known on a past date; `None` if it can.
pub(super) fn unknowable(catalog: &Catalog, ir: &Ir, node: NodeId) -> Option<String> {
    if let Some(reason) = ir.gone_behind(node) {
        return Some(format!("it cannot be evaluated: {reason}"));
    }
    let changing = ir.changing(node);
    if !changing.is_empty() {
        return Some(format!(
            "it reads {}, which {} in place: what {} held on a past date is not kept",
            listed(&changing),
            if changing.len() == 1 {
                "changes"
            } else {
                "change"
            },
            if changing.len() == 1 { "it" } else { "they" },
        ));
    }
    let rows = ir.rows_behind(node);
    if let Some(timeless) = rows.iter().find(|rows| !rows.has_time) {
        return Some(format!(
            "the rows of `{}` have no time, so nobody can say which were there on a past date",
            collection(catalog, timeless.collection)
        ));
    }
    let ahead = rows.iter().find(|rows| rows.window.reaches_past_now())?;
    Some(format!(
        "it looks at rows of `{}` after the date of the score, and nobody can say which of them were known by then",
        collection(catalog, ahead.collection)
    ))
}

/// Which present data a condition uses although it is about a past date; `None` if it uses none.
pub(super) fn of_today(ir: &Ir, node: NodeId) -> Option<String> {
    let changing = ir.changing(node);
    (!changing.is_empty()).then(|| listed(&changing))
}

/// The columns of rows that a node reads. They are taken as they stand today, because rows are assumed to be written
/// once.
pub(super) fn written_once(catalog: &Catalog, ir: &Ir, node: NodeId) -> Vec<String> {
    let mut columns = Vec::new();
    for rows in ir.rows_behind(node) {
        let name = collection(catalog, rows.collection);
        for column in rows.columns {
            let column = format!("{name}.{column}");
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
    }
    columns
}

/// A collection's name.
pub(super) fn collection(catalog: &Catalog, id: CollectionId) -> &str {
    let collection = catalog.collections.get(id);
    collection.map_or("", |collection| collection.name.as_str())
}

/// `a`, `b` and `c`
pub(super) fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
