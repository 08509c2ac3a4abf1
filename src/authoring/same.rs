//! Checks that an edited file says what was wished about one segment, and otherwise the same as before.

use serde_json::{Map, Value};

use super::{Refused, Wish};
use crate::source::{FileId, Node, NodeKind, parse};

/// The keys that a wish covers.
const WISHED: [&str; 6] = [
    "name",
    "description",
    "bucket",
    "importance",
    "filter",
    "when",
];

/// The fields of a filter, with their values.
type Filters = Vec<(String, Vec<String>)>;

/// Parses a file.
///
/// # Errors
/// It is not YAML.
pub(super) fn parsed(text: &str) -> Result<Node, Refused> {
    let tree = parse(FileId(0), text);
    tree.map_err(|error| format!("the file is not valid YAML: {}", error.message))
}

/// The value of a key.
pub(super) fn get<'t>(node: &'t Node, key: &str) -> Option<&'t Node> {
    let NodeKind::Mapping(entries) = &node.kind else {
        return None;
    };
    let mut entries = entries.iter();
    entries
        .find(|(known, _)| known.value == key)
        .map(|(_, value)| value)
}

/// The content of a scalar.
pub(super) fn text_of(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Scalar(scalar) => Some(scalar.value.as_str()),
        _ => None,
    }
}

/// The segments of a file.
pub(super) fn segments(tree: &Node) -> Option<&[Node]> {
    match &get(tree, "segments")?.kind {
        NodeKind::List(segments) => Some(segments),
        _ => None,
    }
}

/// The segment with an id.
pub(super) fn segment_at<'t>(tree: &'t Node, id: &str) -> Option<&'t Node> {
    segments(tree)?.iter().find(|segment| is(segment, id))
}

fn is(segment: &Node, id: &str) -> bool {
    get(segment, "id").and_then(text_of) == Some(id)
}

/// The fields of a filter, with their values.
pub(super) fn filters_of(node: Option<&Node>) -> Filters {
    let Some(NodeKind::Mapping(entries)) = node.map(|node| &node.kind) else {
        return Vec::new();
    };
    let values = |node: &Node| match &node.kind {
        NodeKind::List(items) => items
            .iter()
            .filter_map(text_of)
            .map(str::to_owned)
            .collect(),
        _ => text_of(node).map(str::to_owned).into_iter().collect(),
    };
    let fields = entries.iter();
    fields
        .map(|(field, node)| (field.value.clone(), values(node)))
        .collect()
}

/// Whether two filters are equivalent, regardless of order: all fields of a filter must match.
pub(super) fn same_filters(one: &Filters, other: &Filters) -> bool {
    one.len() == other.len() && one.iter().all(|field| other.contains(field))
}

/// Checks an edited text.
///
/// # Errors
/// The new text does not say what was wished, or changes something else.
pub(super) fn checked(old: &Node, new: &str, id: &str, wish: &Wish) -> Result<(), Refused> {
    let cannot = || "it is written in a way that cannot be changed in its place".to_owned();
    let tree = parsed(new).map_err(|_| cannot())?;
    let segment = segment_at(&tree, id).ok_or_else(cannot)?;
    let says = |key: &str| get(segment, key).and_then(text_of).map(str::trim);
    let importance = wish.importance.map(|importance| importance.to_string());
    let condition = match says("when") {
        None => wish.when.is_none(),
        Some(when) => wish.condition().map(str::trim) == Some(when),
    };
    let is_wished = condition
        && says("name").unwrap_or(id) == wish.name.trim()
        && says("description") == wish.description.as_deref().map(str::trim)
        && says("bucket") == wish.bucket.as_deref().map(str::trim)
        && says("importance") == importance.as_deref()
        && same_filters(&filters_of(get(segment, "filter")), &wish.filters);
    let is_kept = segment_at(old, id).is_none_or(|old| kept(old) == kept(segment));
    match is_wished && is_kept && others(old, id) == others(&tree, id) {
        true => Ok(()),
        false => Err(cannot()),
    }
}

/// The parts of a segment that a wish does not cover.
fn kept(segment: &Node) -> Value {
    let NodeKind::Mapping(entries) = &segment.kind else {
        return Value::Null;
    };
    let entries = entries
        .iter()
        .filter(|(key, _)| !WISHED.contains(&key.value.as_str()));
    Value::Object(
        entries
            .map(|(key, value)| (key.value.clone(), said(value)))
            .collect(),
    )
}

/// Everything in a file except one segment.
fn others(tree: &Node, id: &str) -> Map<String, Value> {
    let NodeKind::Mapping(entries) = &tree.kind else {
        return Map::new();
    };
    let others = entries.iter().filter_map(|(key, value)| {
        let said = match &value.kind {
            NodeKind::List(all) if key.value == "segments" => {
                let others: Vec<Value> = all.iter().filter(|one| !is(one, id)).map(said).collect();
                (!others.is_empty()).then(|| Value::from(others))?
            }
            _ => said(value),
        };
        Some((key.value.clone(), said))
    });
    others.collect()
}

fn said(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Empty => Value::Null,
        NodeKind::Scalar(scalar) => Value::from(scalar.value.as_str()),
        NodeKind::List(items) => items.iter().map(said).collect(),
        NodeKind::Mapping(entries) => {
            let entries = entries.iter();
            Value::Object(
                entries
                    .map(|(key, value)| (key.value.clone(), said(value)))
                    .collect(),
            )
        }
    }
}
