//! A YAML text without comments and unwanted keys, with the line numbers preserved.

use std::ops::Range;

use serde_json::Value;

use super::{FileId, Node, NodeKind, parse};

/// A text reduced to the top-level keys that are kept, without comments. The rest keeps its position; if that is
/// impossible, it is serialized again. Empty if the text is not YAML.
pub fn stripped(file: FileId, text: &str, keeps: &dyn Fn(&str) -> bool) -> String {
    let Ok(mut tree) = parse(file, text) else {
        return String::new();
    };
    let mut out = vec![false; text.len()];
    comments(text, &tree, &mut out);
    if let NodeKind::Mapping(entries) = &mut tree.kind {
        let starts: Vec<usize> = entries.iter().map(|(key, _)| key.location.start).collect();
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        for ((key, _), end) in entries.iter().zip(ends) {
            if !keeps(&key.value) {
                mark(&mut out, key.location.start..end, true);
            }
        }
        entries.retain(|(key, _)| keeps(&key.value));
    }
    let said = said(&tree);
    let blanked = blanked(text, &out);
    match parse(file, &blanked).is_ok_and(|tree| self::said(&tree) == said) {
        true => blanked,
        // JSON is valid YAML.
        false => format!("{said:#}\n"),
    }
}

fn mark(out: &mut [bool], range: Range<usize>, value: bool) {
    if let Some(part) = out.get_mut(range) {
        part.fill(value);
    }
}

/// Marks comments: everything after a `#` that follows a blank, outside scalars.
fn comments(text: &str, tree: &Node, out: &mut [bool]) {
    let mut scalars = vec![false; text.len()];
    places(tree, &mut |range| mark(&mut scalars, range, true));
    for (at, _) in text.match_indices('#') {
        let before = text.get(..at).unwrap_or_default();
        let begins = before.is_empty() || before.ends_with(char::is_whitespace);
        if begins && !scalars.get(at).is_some_and(|within| *within) {
            let rest = text.get(at..).unwrap_or_default();
            mark(
                out,
                at..at + rest.find(['\r', '\n']).unwrap_or(rest.len()),
                true,
            );
        }
    }
}

fn places(node: &Node, tell: &mut dyn FnMut(Range<usize>)) {
    match &node.kind {
        NodeKind::Empty => {}
        NodeKind::Scalar(_) => tell(node.location.start..node.location.end),
        NodeKind::List(items) => items.iter().for_each(|item| places(item, tell)),
        NodeKind::Mapping(entries) => {
            for (key, value) in entries {
                tell(key.location.start..key.location.end);
                places(value, tell);
            }
        }
    }
}

/// Replaces marked characters with blanks, and removes trailing blanks.
fn blanked(text: &str, out: &[bool]) -> String {
    let blank = |(at, c): (usize, char)| {
        let is_out = !c.is_control() && out.get(at).is_some_and(|out| *out);
        if is_out { ' ' } else { c }
    };
    let text: String = text.char_indices().map(blank).collect();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim_end())
}

/// The content of a tree, ignoring locations.
fn said(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Empty => Value::Null,
        NodeKind::Scalar(scalar) => Value::from(scalar.value.as_str()),
        NodeKind::List(items) => items.iter().map(said).collect(),
        NodeKind::Mapping(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|(key, value)| (key.value.clone(), said(value)));
            Value::Object(entries.collect())
        }
    }
}
