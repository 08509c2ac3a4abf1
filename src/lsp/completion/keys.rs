//! Keys and the words that a value may be, from the files' schemas.

use std::sync::LazyLock;

use gen_lsp_types::{CompletionItem, CompletionItemKind};
use serde_json::Value;

use super::{documented, item};
use crate::lsp::outline::Purpose;
use crate::{config, rules, testing};

/// The schemas as they are written for editors, read once.
static CONFIG: LazyLock<Value> = LazyLock::new(|| read(&config::schema()));
static RULES: LazyLock<Value> = LazyLock::new(|| read(&rules::schema()));
static TESTS: LazyLock<Value> = LazyLock::new(|| read(&testing::schema()));

fn read(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap_or_default()
}

/// The keys that fit below others.
pub fn items(purpose: Purpose, keys: &[&str]) -> Vec<CompletionItem> {
    let mut items: Vec<CompletionItem> = Vec::new();
    for place in places(purpose, keys) {
        let known = place.get("properties").and_then(Value::as_object);
        for (key, schema) in known.into_iter().flatten() {
            if items.iter().any(|item| item.label == *key) {
                continue;
            }
            let described = schema.get("description").and_then(Value::as_str);
            let entry = CompletionItem {
                insert_text: Some(format!("{key}: ")),
                ..item(key, CompletionItemKind::Property, "")
            };
            items.push(documented(entry, described.unwrap_or_default()));
        }
    }
    items
}

/// The words that a value may be.
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

/// The schemas of a place: several where it may be one thing or another.
fn places(purpose: Purpose, keys: &[&str]) -> Vec<&'static Value> {
    let root: &'static Value = match purpose {
        Purpose::Config => &CONFIG,
        Purpose::Rules => &RULES,
        Purpose::Tests => &TESTS,
    };
    let mut places = opened(root, root);
    for key in keys {
        let below = places.into_iter().filter_map(|place| {
            let named = place.get("properties").and_then(|all| all.get(*key));
            named.or_else(|| place.get("additionalProperties").filter(|p| p.is_object()))
        });
        places = below.flat_map(|place| opened(place, root)).collect();
    }
    places
}

/// A schema and those that it stands for: what it refers to, its alternatives, the items of a list.
fn opened(schema: &'static Value, root: &'static Value) -> Vec<&'static Value> {
    let mut found = Vec::new();
    let mut rest = vec![schema];
    while let Some(next) = rest.pop() {
        found.push(next);
        for key in ["anyOf", "oneOf", "allOf"] {
            let several = next.get(key).and_then(Value::as_array);
            rest.extend(several.into_iter().flatten());
        }
        rest.extend(next.get("items").filter(|items| items.is_object()));
        let name = next.get("$ref").and_then(Value::as_str);
        let name = name.and_then(|name| name.strip_prefix("#/definitions/"));
        rest.extend(name.and_then(|name| root.get("definitions")?.get(name)));
        if found.len() > 1_000 {
            break;
        }
    }
    found
}
