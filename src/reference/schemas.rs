//! The schemas of config, rule and test files, as generated for editors.

use std::sync::LazyLock;

use serde_json::Value;

/// The purpose of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    Config,
    Rules,
    Tests,
}

impl Purpose {
    pub(super) const ALL: [Self; 3] = [Self::Config, Self::Rules, Self::Tests];

    /// The files, in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Config => "config.yaml",
            Self::Rules => "rule files",
            Self::Tests => "test files",
        }
    }
}

static CONFIG: LazyLock<Value> = LazyLock::new(|| read(&crate::config::schema()));
static RULES: LazyLock<Value> = LazyLock::new(|| read(&crate::rules::schema()));
static TESTS: LazyLock<Value> = LazyLock::new(|| read(&crate::testing::schema()));

/// The maximum number of alternatives in one place.
const MOST: usize = 1_000;

fn read(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap_or_default()
}

/// The parsed schema of a file, cached.
pub(super) fn schema(purpose: Purpose) -> &'static Value {
    match purpose {
        Purpose::Config => &CONFIG,
        Purpose::Rules => &RULES,
        Purpose::Tests => &TESTS,
    }
}

/// The schemas at a key path: several if there are alternatives.
pub fn places(purpose: Purpose, keys: &[&str]) -> Vec<&'static Value> {
    let root = schema(purpose);
    let mut places = opened(root, root);
    for key in keys {
        let below = below(&places, key);
        places = below.flat_map(|place| opened(place, root)).collect();
    }
    places
}

/// Whether a key path leads to a list, and to nothing else that has keys.
pub fn is_list(purpose: Purpose, keys: &[&str]) -> bool {
    let Some((last, before)) = keys.split_last() else {
        return false;
    };
    let around = places(purpose, before);
    let root = schema(purpose);
    let itself = below(&around, last).flat_map(|place| unfolded(place, root, false));
    let itself: Vec<_> = itself.collect();
    let has = |key: &str| itself.iter().any(|place| place.get(key).is_some());
    has("items") && !has("properties") && !has("additionalProperties")
}

/// The schemas below a key.
fn below<'p>(
    places: &'p [&'static Value],
    key: &'p str,
) -> impl Iterator<Item = &'static Value> + 'p {
    places.iter().filter_map(move |place| {
        let named = place.get("properties").and_then(|all| all.get(key));
        named.or_else(|| of_chosen(place))
    })
}

/// The schema below user-defined keys; `None` if there are none.
pub(super) fn of_chosen(place: &'static Value) -> Option<&'static Value> {
    let below = place.get("additionalProperties");
    below.filter(|below| below.is_object())
}

/// A schema with those that it stands for: references, alternatives, and list items.
pub(super) fn opened(schema: &'static Value, root: &'static Value) -> Vec<&'static Value> {
    unfolded(schema, root, true)
}

/// The same, with or without list items.
fn unfolded(schema: &'static Value, root: &'static Value, with_items: bool) -> Vec<&'static Value> {
    let mut found = Vec::new();
    let mut rest = vec![schema];
    while let Some(next) = rest.pop() {
        found.push(next);
        let target = next.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|target| root.pointer(target.strip_prefix('#')?));
        let several = ["anyOf", "oneOf", "allOf"].into_iter();
        let several = several
            .filter_map(|key| next.get(key)?.as_array())
            .flatten();
        let items = next.get("items");
        let items = items.filter(|items| with_items && items.is_object());
        let further: Vec<_> = target.into_iter().chain(several).chain(items).collect();
        rest.extend(further.into_iter().rev());
        if found.len() > MOST {
            break;
        }
    }
    found
}
