//! The keys of config, rule and test files, as described by their schemas.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use serde_json::Value;

use super::Page;
use super::schemas::{Purpose, of_chosen, opened, schema};

/// The placeholder in a path for a user-defined key.
const CHOSEN: &str = "NAME";

/// A key of a file.
struct Key {
    file: Purpose,
    /// The keys that lead to it, including itself.
    path: Vec<String>,
    description: String,
}

static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let mut keys = Vec::new();
    for file in Purpose::ALL {
        let mut walk = Walk {
            file,
            path: Vec::new(),
            keys: &mut keys,
        };
        walk.of(schema(file));
    }
    keys
});

/// The keys of a file, without duplicates, in alphabetical order.
pub(super) fn names(file: Purpose) -> Vec<&'static str> {
    let keys = KEYS.iter().filter(|key| key.file == file);
    let mut names: Vec<_> = keys
        .filter_map(|key| key.path.last().map(String::as_str))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// One page for each file that has the key; the term may include the enclosing keys, separated by dots.
pub(super) fn pages(term: &str) -> Vec<Page> {
    let wanted: Vec<&str> = term.split('.').collect();
    let found = KEYS.iter().filter(|key| key.ends_in(&wanted));
    pages_of(found, wanted.last().unwrap_or(&term))
}

/// The page of a key in a file, by its full path.
pub(super) fn page(file: Purpose, path: &[&str]) -> Option<Page> {
    let found = KEYS.iter();
    let found =
        found.filter(|key| key.file == file && key.path.len() == path.len() && key.ends_in(path));
    pages_of(found, path.last()?).into_iter().next()
}

/// One page for each file.
fn pages_of<'k>(found: impl Iterator<Item = &'k Key>, name: &str) -> Vec<Page> {
    let mut files: BTreeMap<Purpose, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
    for key in found {
        let places = files.entry(key.file).or_default();
        let places = places.entry(&key.description).or_default();
        let path = format!("`{}`", key.path.join("."));
        // A single value and a list of them have the same keys.
        if !places.contains(&path) {
            places.push(path);
        }
    }
    let pages = files.into_iter().map(|(file, places)| {
        let mut text = String::new();
        for (description, paths) in places {
            // Writing to a string cannot fail.
            let _ = write!(text, "{}: {description}\n\n", paths.join(", "));
        }
        Page {
            title: format!("Keys of {}: {name}", file.words()),
            text,
        }
    });
    pages.collect()
}

impl Key {
    fn ends_in(&self, wanted: &[&str]) -> bool {
        let from = self.path.len().checked_sub(wanted.len());
        let path = from.and_then(|from| self.path.get(from..));
        path.is_some_and(|path| {
            let mut parts = path.iter().zip(wanted);
            parts.all(|(part, wanted)| part == wanted || part == CHOSEN)
                && path.last().is_some_and(|last| last != CHOSEN)
        })
    }
}

struct Walk<'w> {
    file: Purpose,
    path: Vec<String>,
    keys: &'w mut Vec<Key>,
}

impl Walk<'_> {
    fn of(&mut self, place: &'static Value) {
        for place in opened(place, schema(self.file)) {
            if let Some(values) = of_chosen(place) {
                self.below(CHOSEN, values);
            }
            let properties = place.get("properties").and_then(Value::as_object);
            for (name, value) in properties.into_iter().flatten() {
                let description = value.get("description").and_then(Value::as_str);
                let mut path = self.path.clone();
                path.push(name.clone());
                self.keys.push(Key {
                    file: self.file,
                    path,
                    description: description.unwrap_or_default().replace('\n', " "),
                });
                self.below(name, value);
            }
        }
    }

    fn below(&mut self, name: &str, place: &'static Value) {
        self.path.push(name.to_owned());
        self.of(place);
        self.path.pop();
    }
}
