//! A table in Markdown.

use super::table::{Align, Table};
use crate::config::Marks;
use crate::diagnostic::UNBROKEN;

/// A Markdown table, one line per row; cells are escaped, so that they cannot break it.
pub fn markdown(table: &Table, marks: &Marks) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let headings = table.headings.iter();
    let rules = headings.clone().map(|heading| match heading.align {
        Align::Left => "---".to_owned(),
        Align::Right => "---:".to_owned(),
    });
    let mut text = line(headings.map(|heading| plain(&heading.label)).collect());
    text.push_str(&line(rules.collect()));
    for row in table.shown(marks) {
        text.push_str(&line(row.iter().map(|cell| plain(cell)).collect()));
    }
    text
}

/// Escapes a text for Markdown.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => plain.push(' '),
            // Forges wrap lines themselves.
            blank if UNBROKEN.contains(blank) => plain.push(' '),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '@' => {
                plain.extend(['\\', letter]);
            }
            _ => plain.push(letter),
        }
    }
    plain
}
