//! Definitions of config in their YAML: compared and shown independently of layout.

use crate::project::Project;
use crate::source::{Location, Node, NodeKind, Scalar, parse};

/// Config's tree; empty if config was not read from a file.
pub(super) fn config(project: &Project) -> Node {
    let id = project.config.file;
    let file = project.sources.get(id);
    let node = file.and_then(|file| parse(id, &file.text).ok());
    node.unwrap_or(Node {
        kind: NodeKind::Empty,
        location: Location {
            file: id,
            start: 0,
            end: 0,
        },
    })
}

/// The node at a path of keys; an item of a list is found by its `id:`.
pub(super) fn at<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Node> {
    path.iter()
        .try_fold(node, |node, key| child(node, key).map(|(_, node)| node))
}

/// The beginning of a definition: its key, or the item itself.
pub(super) fn place(node: &Node, path: &[&str]) -> Option<Location> {
    let (last, above) = path.split_last()?;
    let (key, value) = child(at(node, above)?, last)?;
    Some(key.map_or(value.location, |key| key.location))
}

fn child<'n>(node: &'n Node, key: &str) -> Option<(Option<&'n Scalar>, &'n Node)> {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            let entry = entries.iter().find(|(name, _)| name.value == key)?;
            Some((Some(&entry.0), &entry.1))
        }
        NodeKind::List(items) => {
            let is_it = |item: &&Node| {
                let id = child(item, "id").map(|(_, id)| &id.kind);
                matches!(id, Some(NodeKind::Scalar(id)) if id.value == key)
            };
            Some((None, items.iter().find(is_it)?))
        }
        NodeKind::Empty | NodeKind::Scalar(_) => None,
    }
}

/// Whether two trees have the same content.
pub(super) fn same(one: Option<&Node>, other: Option<&Node>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => text(one) == text(other),
        (None, None) => true,
        _ => false,
    }
}

/// A tree on one line, with its keys in order.
pub(super) fn text(node: &Node) -> String {
    match &node.kind {
        NodeKind::Empty => String::new(),
        NodeKind::Scalar(scalar) => scalar.value.clone(),
        NodeKind::List(items) => {
            let items: Vec<String> = items.iter().map(text).collect();
            format!("[{}]", items.join(", "))
        }
        NodeKind::Mapping(entries) => {
            let entries = entries.iter();
            let mut entries: Vec<String> = entries
                .map(|(key, value)| format!("{}: {}", key.value, text(value)))
                .collect();
            entries.sort();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// The path to the smallest part in which two trees differ, and what each has there.
pub(super) fn smallest<'n>(
    old: Option<&'n Node>,
    new: Option<&'n Node>,
    path: &mut Vec<String>,
) -> (Option<&'n Node>, Option<&'n Node>) {
    let (Some(one), Some(other)) = (old, new) else {
        return (old, new);
    };
    let (NodeKind::Mapping(before), NodeKind::Mapping(after)) = (&one.kind, &other.kind) else {
        return (old, new);
    };
    let mut keys: Vec<&str> = Vec::new();
    for (key, _) in before.iter().chain(after) {
        let key = key.value.as_str();
        if !keys.contains(&key) && !same(at(one, &[key]), at(other, &[key])) {
            keys.push(key);
        }
    }
    match keys.as_slice() {
        [key] => {
            path.push((*key).to_owned());
            smallest(at(one, &[key]), at(other, &[key]), path)
        }
        _ => (old, new),
    }
}
