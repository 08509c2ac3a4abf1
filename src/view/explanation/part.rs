//! A part of a condition, with what decides it.

use crate::config::Marks;
use crate::explain::Part;

/// A part and its sub-parts as a tree.
pub(super) fn part_lines(part: &Part, indent: &str, marks: &Marks) -> Vec<String> {
    let words = match part.parts.is_empty() {
        true => leaf_words(part, marks),
        false => format!("{} {}", mark(part.holds), part.text),
    };
    let mut lines = vec![format!("{indent}{words}")];
    if part.holds.is_none() && part.parts.is_empty() {
        lines.push(format!("{indent}  {}", unknown_words(part)));
    }
    let deeper = format!("{indent}  ");
    let parts = part.parts.iter();
    lines.extend(parts.flat_map(|part| part_lines(part, &deeper, marks)));
    lines
}

/// A part without sub-parts: its answer, its figures and its distance from the opposite answer.
pub(super) fn leaf_words(part: &Part, marks: &Marks) -> String {
    let figures = match part.figures.is_empty() {
        true => &part.text,
        false => &part.figures,
    };
    let margin = part.margin.as_ref();
    let between = marks.between();
    let margin = margin.map_or_else(String::new, |margin| format!("{between}{}", margin.words));
    format!("{} {figures}{margin}", mark(part.holds))
}

/// Why a part's answer is unknown.
pub fn unknown_words(part: &Part) -> String {
    format!("unknown, because {} missing", are(&part.missing))
}

/// An answer as a symbol.
pub fn mark(holds: Option<bool>) -> &'static str {
    match holds {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "?",
    }
}

fn are(names: &[String]) -> String {
    match names {
        [] => "something is".to_string(),
        [one] => format!("`{one}` is"),
        many => format!("`{}` are", many.join("`, `")),
    }
}
