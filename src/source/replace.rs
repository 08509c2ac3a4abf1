//! Replaces part of a scalar, within its existing quotes.

use std::ops::Range;

use super::walk::quote;
use super::{FileId, Node, NodeKind, Replacement, Scalar, parse, yaml_quoted};

/// Escapes a text for quotes; without quotes, it is returned unchanged.
pub fn escaped(quote: Option<char>, text: &str) -> String {
    match quote {
        Some('"') => text.replace('\\', "\\\\").replace('"', "\\\""),
        Some('\'') => text.replace('\'', "''"),
        _ => text.to_owned(),
    }
}

/// The edit that replaces some bytes of a YAML text, which must be all or part of a key or value, with `with`, and
/// preserves every other value; `None` if that is impossible.
pub fn replacement(
    text: &str,
    tree: &Node,
    place: Range<usize>,
    with: &str,
) -> Option<Replacement> {
    let around = around(text, tree, &place, false)?;
    let whole = around.scalar.location.start..around.scalar.location.end;
    let raw = text.get(whole.clone())?;
    let quote = quote(raw, &around.scalar.value);
    let escaped = escaped(quote, with);
    let written = match quote.filter(|_| place == whole) {
        Some(quote) => format!("{quote}{escaped}{quote}"),
        None => escaped,
    };
    let before = raw.get(..place.start - whole.start)?;
    let behind = raw.get(place.end - whole.start..)?;
    let fits = |written: &str| around.fits(&format!("{before}{written}{behind}"), with);
    if fits(&written) {
        return Some((place, written));
    }
    let written = yaml_quoted(with);
    if place == whole && fits(&written) {
        return Some((place, written));
    }
    // A plain scalar that would contain a YAML indicator is quoted as a whole.
    let is_plain = quote.is_none() && !around.is_block && raw.trim_end() == around.scalar.value;
    let written = yaml_quoted(format!("{before}{with}{behind}").trim_end());
    let whole = whole.start..whole.start + raw.trim_end().len();
    (is_plain && around.fits(&written, with)).then_some((whole, written))
}

/// The key or value that contains some bytes.
struct Around<'n> {
    scalar: &'n Scalar,
    is_key: bool,
    is_flow: bool,
    is_block: bool,
}

fn around<'n>(
    text: &str,
    node: &'n Node,
    place: &Range<usize>,
    is_flow: bool,
) -> Option<Around<'n>> {
    let holds =
        |scalar: &Scalar| scalar.location.start <= place.start && place.end <= scalar.location.end;
    let is_flow = is_flow || text.get(node.location.start..)?.starts_with(['{', '[']);
    let found = |scalar: &'n Scalar, is_key, before: usize| Around {
        scalar,
        is_key,
        is_flow,
        is_block: text
            .get(before..scalar.location.start)
            .is_some_and(|before| before.contains(['|', '>'])),
    };
    match &node.kind {
        NodeKind::Empty => None,
        NodeKind::Scalar(scalar) => {
            holds(scalar).then(|| found(scalar, false, scalar.location.start))
        }
        NodeKind::List(items) => items
            .iter()
            .find_map(|item| self::around(text, item, place, is_flow)),
        NodeKind::Mapping(entries) => entries.iter().find_map(|(key, value)| {
            if holds(key) {
                return Some(found(key, true, key.location.start));
            }
            match &value.kind {
                NodeKind::Scalar(scalar) => {
                    holds(scalar).then(|| found(scalar, false, key.location.end))
                }
                _ => self::around(text, value, place, is_flow),
            }
        }),
    }
}

impl Around<'_> {
    /// Whether a scalar written like this, in this place, is parsed as a text.
    fn fits(&self, raw: &str, text: &str) -> bool {
        if self.is_block {
            return !text.contains(['\n', '\r']);
        }
        let written = match (self.is_key, self.is_flow) {
            (true, _) => format!("{raw}: value"),
            (false, true) => format!("{{ key: {raw} }}"),
            (false, false) => format!("key: {raw}"),
        };
        let Ok(tree) = parse(FileId(0), &written) else {
            return false;
        };
        let NodeKind::Mapping(entries) = &tree.kind else {
            return false;
        };
        let [(key, value)] = entries.as_slice() else {
            return false;
        };
        match &value.kind {
            NodeKind::Scalar(_) if self.is_key => key.value.contains(text),
            NodeKind::Scalar(value) => {
                let begins_comment = text.contains('#') && value.value.contains(" #");
                value.value.contains(text) && !begins_comment
            }
            _ => false,
        }
    }
}
