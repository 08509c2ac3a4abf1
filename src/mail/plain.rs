//! Plain text that mail programs show without wrapping: lines of 78 characters, values in columns.

use crate::view::report::ValueItem;

/// The longest line, in characters, where the words allow it.
const WIDTH: usize = 78;
/// The widest label column, in characters: longer labels take several lines.
const LABEL: usize = 44;

/// Wraps a text into lines; `first` and `rest` are the indents of the first line and of the others. Words are never
/// broken.
pub(super) fn wrapped(text: &str, first: usize, rest: usize) -> String {
    lines(text, WIDTH, first, rest).join("\n")
}

fn lines(text: &str, width: usize, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = " ".repeat(first);
    let mut length = first;
    let mut empty = true;
    for word in text.split_whitespace() {
        let long = word.chars().count();
        if !empty && length + 1 + long > width {
            lines.push(std::mem::replace(&mut line, " ".repeat(rest)));
            length = rest;
            empty = true;
        }
        if !empty {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += long;
        empty = false;
    }
    lines.push(line);
    lines
}

/// Values as lines, one a value, with the same columns across all lists.
pub(super) fn tables<'v>(lists: impl Iterator<Item = &'v [ValueItem]> + Clone) -> Vec<String> {
    let values = || lists.clone().flatten();
    let widest = |of: fn(&ValueItem) -> &str| values().map(|v| of(v).chars().count()).max();
    let label = widest(|value| &value.label).unwrap_or(0).min(LABEL);
    let now = widest(|value| &value.now).unwrap_or(0);
    let table = |values: &[ValueItem]| {
        let rows = values.iter().map(|value| row(value, label, now));
        rows.collect::<Vec<_>>().join("\n")
    };
    lists.clone().map(table).collect()
}

fn row(value: &ValueItem, label: usize, now: usize) -> String {
    let mut words = lines(&value.label, 2 + label, 2, 4);
    let last = words.pop().unwrap_or_default();
    let change = value.change.as_ref().filter(|change| change.way != "same");
    let change = change.map_or_else(String::new, |change| format!("   ({})", change.words));
    let figure = &value.now;
    words.push(format!(
        "{last:<column$}   {figure:>now$}{change}",
        column = 2 + label
    ));
    words.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_its_words_make_it() {
        let text = wrapped(&"fünf Wörter in einer Zeile ".repeat(20), 2, 4);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        assert!(text.starts_with("  fünf"));
        assert!(text.lines().skip(1).all(|line| line.starts_with("    ")));
        let word = "x".repeat(200);
        assert_eq!(
            wrapped(&format!("a {word} b"), 0, 1),
            format!("a\n {word}\n b")
        );
    }
}
