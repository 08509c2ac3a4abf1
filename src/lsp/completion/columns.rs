//! Completion of column names.

use gen_lsp_types::{CompletionItem, CompletionItemKind};

use super::item;
use crate::catalog::{Collection, ColumnState, Entity, LookupEntity};
use crate::language::is_bare;

/// The time of a row, whatever the column's name.
pub fn at(rows: &Collection) -> Option<CompletionItem> {
    let at = || item("at", CompletionItemKind::Field, "when the row was");
    rows.at.as_ref().map(|_| at())
}

/// The columns of the row that a lookup finds.
pub fn of_lookup(lookup: &LookupEntity) -> Vec<CompletionItem> {
    let columns = lookup.columns.iter();
    columns.map(|(name, state)| column(name, state)).collect()
}

/// The columns of a table, and its lookups.
pub fn columns(entity: &Entity) -> Vec<CompletionItem> {
    let own = entity
        .columns
        .iter()
        .map(|(name, state)| column(name, state));
    let lookups = entity.lookups.iter().map(|(name, lookup)| {
        item(
            name,
            CompletionItemKind::Module,
            format!("a row of {}", lookup.table),
        )
    });
    own.chain(lookups).collect()
}

fn column(name: &str, state: &ColumnState) -> CompletionItem {
    let detail = match state {
        ColumnState::Present(ty) => ty.value_type().name().to_owned(),
        ColumnState::Untyped => "its type is not declared".to_owned(),
        ColumnState::Gone(reason) => reason.clone(),
    };
    let written = match is_bare(name) {
        true => name.to_owned(),
        false => format!("`{}`", name.replace('`', "``")),
    };
    CompletionItem {
        insert_text: Some(written),
        ..item(name, CompletionItemKind::Field, detail)
    }
}
