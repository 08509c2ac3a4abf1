//! A table as forges show it.

use super::table::{Align, Table};
use crate::config::Marks;
use crate::diagnostic::UNBROKEN;

/// A table in Markdown, a line a row; nothing in a cell can end it or mean more than itself.
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

/// A text that Markdown takes as it is.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => plain.push(' '),
            // Forges break lines themselves.
            blank if UNBROKEN.contains(blank) => plain.push(' '),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '@' => {
                plain.extend(['\\', letter]);
            }
            _ => plain.push(letter),
        }
    }
    plain
}
