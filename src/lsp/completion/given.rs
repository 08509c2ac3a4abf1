//! Completion in test files: the people under `given:`, and their columns and rows.

use gen_lsp_types::{CompletionItem, CompletionItemKind};

use super::columns::{at, columns, of_lookup};
use super::item;
use super::named::Named;
use crate::source::NodeKind;

/// The possible values at the given keys of a test file.
pub fn of_values(named: &Named<'_>, keys: &[&str]) -> Vec<CompletionItem> {
    match keys {
        ["tests", "person"] | ["crowd", "copies_of"] => {}
        ["tests", "not_in"] => {
            let others = "all segments that `in` does not name";
            return vec![item("others", CompletionItemKind::Keyword, others)];
        }
        _ => return Vec::new(),
    }
    let tree = named.tree();
    let given = tree.as_ref().and_then(|tree| tree.get("given"));
    let Some(NodeKind::Mapping(people)) = given.map(|given| &given.kind) else {
        return Vec::new();
    };
    let people = people.iter();
    people
        .map(|(name, _)| item(&name.value, CompletionItemKind::Reference, "person"))
        .collect()
}

/// The keys for a person, a row and a looked-up row that the file's schema does not list.
pub fn of_keys(named: &Named<'_>, keys: &[&str]) -> Vec<CompletionItem> {
    let (Some(project), ["given", _, of @ ..]) = (named.project(), keys) else {
        return Vec::new();
    };
    let catalog = &project.catalog;
    let rows = |name: &str| catalog.collections.iter().find(|rows| rows.name == name);
    match of {
        [] => columns(&catalog.subject),
        [name] => match (rows(name), catalog.subject.lookups.get(*name)) {
            (Some(rows), _) => columns(&rows.entity).into_iter().chain(at(rows)).collect(),
            (None, Some(lookup)) => of_lookup(lookup),
            (None, None) => Vec::new(),
        },
        [name, lookup] => {
            let lookup = rows(name).and_then(|rows| rows.entity.lookups.get(*lookup));
            lookup.map_or_else(Vec::new, of_lookup)
        }
        _ => Vec::new(),
    }
}
