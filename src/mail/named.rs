//! Whether a stored text names somebody by their key.

use crate::engine::whole_number;
use crate::store::{SourceKind, mentions};

/// Characters that may separate a key from the operator.
const BETWEEN: [char; 7] = [' ', '\t', '\r', '\n', '\'', '"', '`'];

/// Whether a text that contains a key identifies somebody by it. A number counts as a key in a list, and where the key column is compared
/// with it: `id = 17`, `id in (3, 17)`. Anywhere else it means something different.
pub(super) fn is_named(key: &str, kind: SourceKind, text: &str, column: &str) -> bool {
    if kind == SourceKind::List || whole_number(key).is_none() {
        return true;
    }
    mentions(text, key).any(|at| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + key.len()..).unwrap_or_default();
        let columns = [left_of_equals(before), left_of_list(before)];
        columns.into_iter().flatten().any(|left| {
            let left = left.trim_end_matches(BETWEEN);
            let start = left.len().saturating_sub(column.len());
            is_word(left, start, column)
        }) || right_of_equals(after).is_some_and(|right| begins_with(right, column))
    })
}

fn left_of_equals(before: &str) -> Option<&str> {
    let left = before.trim_end_matches(BETWEEN).strip_suffix('=')?;
    let left = left.trim_end_matches(['=', '!']);
    (!left.ends_with(['<', '>'])).then_some(left)
}

fn right_of_equals(after: &str) -> Option<&str> {
    let right = after.trim_start_matches(BETWEEN);
    let right = right.strip_prefix('!').unwrap_or(right);
    Some(right.strip_prefix('=')?.trim_start_matches('='))
}

fn left_of_list(before: &str) -> Option<&str> {
    let is_item = |c: char| c.is_alphanumeric() || BETWEEN.contains(&c) || "-_.,".contains(c);
    let left = before.trim_end_matches(is_item);
    let left = left.strip_suffix('(')?.trim_end_matches(BETWEEN);
    let left = left.strip_suffix("in")?.trim_end_matches(BETWEEN);
    Some(left.strip_suffix("not").unwrap_or(left))
}

/// Whether a text begins with a column, or with a table's name and the column.
fn begins_with(text: &str, column: &str) -> bool {
    let text = text.trim_start_matches(BETWEEN);
    let qualified = text.split_once('.').filter(|(table, _)| {
        let mut letters = table.chars();
        letters.all(|c| c.is_alphanumeric() || c == '_')
    });
    let rest = qualified.map(|(_, rest)| rest.trim_start_matches(BETWEEN));
    is_word(text, 0, column) || rest.is_some_and(|rest| is_word(rest, 0, column))
}

/// Whether a name is at a position of a text, as a whole word.
fn is_word(text: &str, start: usize, name: &str) -> bool {
    let end = start + name.len();
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let after = text.get(end..).and_then(|text| text.chars().next());
    let found = text.get(start..end);
    found.is_some_and(|found| found.eq_ignore_ascii_case(name))
        && !before.is_some_and(joins)
        && !after.is_some_and(joins)
}
