//! Adding a segment to a file.

use super::change::{block, fields};
use super::same::{checked, get, parsed, segment_at, segments};
use super::text::{condition, key};
use super::{Refused, Wish};
use crate::source::{Node, column, line_end, line_start, line_stop, trimmed};

/// The text of a rule file with a segment appended; for a missing file, a new one.
///
/// # Errors
/// The file is not YAML, already has the id, or has its segments in a form that cannot be appended to.
pub fn added(before: Option<&str>, id: &str, wish: &Wish) -> Result<String, Refused> {
    let before = before.filter(|text| !text.trim().is_empty());
    let Some(text) = before else {
        let entry = entry(id, wish, 2, "\n");
        return Ok(format!("segments:\n{entry}\n"));
    };
    let tree = parsed(text)?;
    if segment_at(&tree, id).is_some() {
        return Err(format!("the file has a segment `{id}` already"));
    }
    let end = line_end(text);
    let new = match segments(&tree).and_then(|all| all.last()) {
        Some(last) => {
            let dash = line_start(text, last.location.start);
            let indent = column(
                text,
                dash + text.get(dash..).unwrap_or_default().find('-').unwrap_or(2),
            );
            let stop = line_stop(text, trimmed(text, 0..end_of(text, last)).end);
            let (head, tail) = text.split_at_checked(stop).unwrap_or((text, ""));
            format!(
                "{head}{end}{end}{}{}",
                entry(id, wish, indent, end),
                if tail.is_empty() { end } else { tail }
            )
        }
        None if get(&tree, "segments").is_some() => {
            return Err(
                "its list of segments is empty or in brackets: write the first one by hand"
                    .to_owned(),
            );
        }
        None => format!(
            "{}{end}{end}segments:{end}{}{end}",
            text.trim_end(),
            entry(id, wish, 2, end)
        ),
    };
    checked(&tree, &new, id, wish)?;
    Ok(new)
}

/// A segment as text for a rule file, including the final line ending.
pub fn written(id: &str, wish: &Wish) -> String {
    entry(id, wish, 2, "\n") + "\n"
}

/// A segment as an entry of a list with dashes at this indentation, without the final line ending.
fn entry(id: &str, wish: &Wish, indent: usize, end: &str) -> String {
    let (dash, keys) = (" ".repeat(indent), " ".repeat(indent + 2));
    let mut text = format!("{dash}- id: {id}");
    let mut line = |key: &str, value: &str| text += &format!("{end}{keys}{key}: {value}");
    line("name", &key(&wish.name));
    if let Some(description) = &wish.description {
        line("description", &key(description));
    }
    if let Some(bucket) = &wish.bucket {
        line("bucket", &key(bucket));
    }
    if let Some(importance) = wish.importance {
        line("importance", &importance.to_string());
    }
    if !wish.filters.is_empty() {
        text += &format!("{end}{keys}filter:{}", fields(wish, indent + 4, end));
    }
    if let Some(when) = wish.condition() {
        let when = condition(when).unwrap_or_else(|| block(when, indent + 4, end));
        text += &format!("{end}{keys}when: {when}");
    }
    text
}

fn end_of(text: &str, node: &Node) -> usize {
    let end = node.extent().end;
    match text
        .get(node.location.start..)
        .is_some_and(|raw| raw.starts_with('{'))
    {
        true => text
            .get(end..)
            .unwrap_or_default()
            .find('}')
            .map_or(end, |at| end + at + 1),
        false => end,
    }
}
