//! The reference of functions.

use std::fmt::Write;

use super::Page;
use crate::language::functions::{Entry, Family, entries};

const FAMILIES: [(Family, &str); 3] = [
    (Family::Rows, "over rows"),
    (Family::Values, "of values"),
    (Family::Population, "over everybody"),
];

/// The names of all functions, without duplicates, in alphabetical order.
pub(super) fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = crate::language::functions::names().collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// One page for each family that has a function with this name.
pub(super) fn pages(name: &str) -> Vec<Page> {
    let name = name.to_lowercase();
    let families = FAMILIES.into_iter().flat_map(|(family, words)| {
        let entries = entries(family).into_iter();
        entries.map(move |entry| (entry, words))
    });
    let named = families.filter(|(entry, _)| entry.name == name);
    named.map(|(entry, words)| page(&entry, words)).collect()
}

fn page(entry: &Entry, words: &str) -> Page {
    let signatures = entry.signatures.join("\n");
    let mut text = format!("```muster\n{signatures}\n```\n\n{}\n", entry.meaning);
    if let Some(answer) = entry.of_no_rows {
        // Writing to a string cannot fail.
        let _ = write!(text, "\nWithout rows: {answer}\n");
    }
    let _ = write!(
        text,
        "\nFor example:\n\n```muster\n{}\n```\n",
        entry.example
    );
    Page {
        title: format!("Functions {words}: {}", entry.name),
        text,
    }
}
