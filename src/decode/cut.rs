//! Values cut off by a comma: inside `{` and `}`, or `[` and `]`, a comma ends an unquoted text, so that
//! `{ when: code in (1, 2) }` has the keys `when` and `2)`.

use std::ops::Range;

use crate::diagnostic::{Code, Finding};
use crate::source::{Location, Node, NodeKind, Scalar, yaml_quoted};

/// Keys whose values may contain a comma outside parentheses and quotes.
const TEXTS: [&str; 10] = [
    "name",
    "label",
    "description",
    "reason",
    "subject",
    "bucket",
    "when",
    "where",
    "value",
    "of",
];

/// The maximum length of a value in bytes, since the end is searched from every part.
const LONGEST: usize = 2_000;

/// Rejoins the parts of each cut value, and reports it: nobody meant the keys and items that were left over.
pub(super) fn mend(text: &str, node: &mut Node, findings: &mut Vec<Finding>) {
    match &mut node.kind {
        NodeKind::Mapping(entries) => {
            let mut at = 0;
            while let Some((key, value)) = entries.get(at) {
                let next = entries.get(at + 1);
                let next = next.filter(|(_, value)| value.kind == NodeKind::Empty);
                let next = next.map(|(key, _)| key.location);
                if let Some(whole) = cut(text, value, next) {
                    findings.push(told(text, Some(&key.value), &whole));
                    let left_over = entries
                        .iter()
                        .skip(at + 1)
                        .take_while(|(key, _)| key.location.start < whole.location.end);
                    let behind = at + 1 + left_over.count();
                    entries.drain(at + 1..behind);
                    if let Some((_, value)) = entries.get_mut(at) {
                        *value = node_of(whole);
                    }
                }
                at += 1;
            }
            for (_, value) in entries {
                mend(text, value, findings);
            }
        }
        NodeKind::List(items) => {
            let mut at = 0;
            while let Some(item) = items.get(at) {
                let next = items.get(at + 1).map(|next| next.location);
                if let Some(whole) = cut(text, item, next) {
                    findings.push(told(text, None, &whole));
                    let left_over = items
                        .iter()
                        .skip(at + 1)
                        .take_while(|item| item.location.start < whole.location.end);
                    let behind = at + 1 + left_over.count();
                    items.drain(at + 1..behind);
                    if let Some(item) = items.get_mut(at) {
                        *item = node_of(whole);
                    }
                }
                at += 1;
            }
            for item in items {
                mend(text, item, findings);
            }
        }
        NodeKind::Scalar(_) | NodeKind::Empty => {}
    }
}

fn node_of(whole: Scalar) -> Node {
    Node {
        location: whole.location,
        kind: NodeKind::Scalar(whole),
    }
}

/// The complete value, if it was cut at a comma inside its parentheses or quotes; `next` is what follows it.
fn cut(text: &str, node: &Node, next: Option<Location>) -> Option<Scalar> {
    let NodeKind::Scalar(scalar) = &node.kind else {
        return None;
    };
    let Location { start, end, .. } = scalar.location;
    let between = text.get(end..next?.start)?;
    if between.trim() != "," {
        return None;
    }
    let whole = whole_value(text, start)?;
    if whole.end <= end {
        return None;
    }
    Some(joined(text, scalar, whole.end))
}

/// A value extended to an end offset, on one line.
fn joined(text: &str, scalar: &Scalar, end: usize) -> Scalar {
    let location = Location {
        end,
        ..scalar.location
    };
    let raw = text.get(location.start..end).unwrap_or("");
    Scalar {
        value: raw.split_whitespace().collect::<Vec<_>>().join(" "),
        location,
    }
}

fn told(text: &str, key: Option<&str>, whole: &Scalar) -> Finding {
    let raw = text.get(whole.location.start..whole.location.end);
    let (key, value) = (
        key.map_or(String::new(), |key| format!("{key}: ")),
        &whole.value,
    );
    let brackets = if key.is_empty() {
        "`[` and `]`"
    } else {
        "`{` and `}`"
    };
    let sign = match raw.is_some_and(|raw| raw.contains(',')) {
        true => "a comma",
        false => "this sign",
    };
    let message = format!("between {brackets} {sign} ends a text that has no quotes");
    let finding = Finding::new(Code::CutValue, message).at(whole.location);
    finding.help(format!(
        "put the whole text in quotes: `{key}{}`",
        yaml_quoted(value)
    ))
}

/// The message about `name: Smith, John`, whose second part is in the place of a key; `keys` are the locations of such
/// parts.
pub(super) fn told_of_parts(
    text: &str,
    key: &Scalar,
    value: &Node,
    parts: &[Location],
) -> Option<Finding> {
    let NodeKind::Scalar(scalar) = &value.kind else {
        return None;
    };
    TEXTS.contains(&key.value.as_str()).then_some(())?;
    let first = parts.first()?;
    let between = text.get(scalar.location.end..first.start)?;
    let is_plain = !text.get(scalar.location.start..)?.starts_with(['"', '\'']);
    if between.trim() != "," || !is_plain {
        return None;
    }
    let whole = joined(text, scalar, parts.last()?.end);
    Some(told(text, Some(&key.value), &whole))
}

/// An unquoted value that contains a YAML indicator, near the byte of a YAML error: its key and range.
pub(super) fn near(text: &str, at: usize) -> Option<(&str, Range<usize>)> {
    let line = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let above = text
        .get(..line.saturating_sub(1))?
        .rfind('\n')
        .map_or(0, |end| end + 1);
    let end = text
        .get(at..)?
        .find('\n')
        .map_or(text.len(), |end| at + end);
    let mut from = above;
    let mut found = None;
    while let Some(colon) = text.get(from..end)?.find(": ") {
        let colon = from + colon;
        from = colon + 2;
        let before = text.get(..colon)?;
        let key = before
            .trim_end_matches(|c: char| c.is_alphanumeric() || c == '_')
            .len();
        let in_braces = before.get(..key)?.trim_end().ends_with(['{', ',']);
        let start =
            from + text.get(from..)?.len() - text.get(from..)?.trim_start_matches(' ').len();
        if !in_braces
            || key == colon
            || text
                .get(start..)?
                .starts_with(['"', '\'', '{', '[', '|', '>', '&', '*', '!'])
        {
            continue;
        }
        let Some(whole) = whole_value(text, start) else {
            continue;
        };
        let inner = text.get(whole.clone())?;
        let signs = [",", "[", "]", "{", "}", ": ", " #"];
        let holds = signs.iter().any(|sign| inner.contains(sign));
        // After a ` #` the brackets are not closed, which is reported where they open.
        let reaches = start <= at && at <= whole.end + 1 || inner.contains(" #");
        if holds && reaches {
            found = Some((text.get(key..colon)?, whole.clone()));
        }
        from = whole.end.max(from);
    }
    found
}

/// The range of an unquoted value if parentheses and quotes were respected.
fn whole_value(text: &str, start: usize) -> Option<Range<usize>> {
    let mut depth = 0_usize;
    let mut quote = None;
    let rest = text.get(start..)?;
    if rest.starts_with(['"', '\'', '|', '>', '&', '*', '!']) {
        return None;
    }
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            _ if at > LONGEST => return None,
            (Some(open), c) if c == open => quote = None,
            (Some(_), '\n') => return None,
            (Some(_), _) => {}
            (None, '"') => quote = Some(c),
            (None, '\'') if opens(rest.get(..at)?) => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') if depth > 0 => depth -= 1,
            (None, ',' | ']' | '}' | '\n') if depth == 0 => {
                let end = start + rest.get(..at)?.trim_end().len();
                return (end > start).then_some(start..end);
            }
            _ => {}
        }
    }
    (depth == 0 && quote.is_none()).then_some(start..start + rest.trim_end().len())
}

/// Whether a `'` opens a quoted text, as opposed to being an apostrophe.
fn opens(before: &str) -> bool {
    let before = before.trim_end_matches(' ');
    let words = ["contains", "with", "is"];
    before.ends_with(['=', '(', '<', '>', ',']) || words.iter().any(|word| before.ends_with(word))
}
