//! Keys and enumerated values, from the files' schemas.

use gen_lsp_types::{CompletionItem, CompletionItemKind};
use serde_json::Value;

use super::{documented, item};
use crate::reference::{Purpose, places};

/// The keys allowed below the given keys.
pub fn items(purpose: Purpose, keys: &[&str]) -> Vec<CompletionItem> {
    let mut items: Vec<CompletionItem> = Vec::new();
    for place in places(purpose, keys) {
        let known = place.get("properties").and_then(Value::as_object);
        for (key, schema) in known.into_iter().flatten() {
            if items.iter().any(|item| item.label == *key) {
                continue;
            }
            let described = schema.get("description").and_then(Value::as_str);
            let entry = item(key, CompletionItemKind::Property, "");
            items.push(documented(entry, described.unwrap_or_default()));
        }
    }
    items
}

/// The enumerated values allowed there.
pub fn values(purpose: Purpose, keys: &[&str]) -> Vec<CompletionItem> {
    let mut items: Vec<CompletionItem> = Vec::new();
    for place in places(purpose, keys) {
        let words = ["enum", "examples"]
            .iter()
            .filter_map(|key| place.get(*key)?.as_array());
        let constant = place.get("const").into_iter();
        for word in words.flatten().chain(constant).filter_map(Value::as_str) {
            if !items.iter().any(|item| item.label == word) {
                items.push(item(word, CompletionItemKind::Value, ""));
            }
        }
    }
    items
}
