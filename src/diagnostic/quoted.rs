//! Code in a sentence.

/// A text between backticks; between double ones where it has some of its own, as Markdown does.
pub fn quoted(code: &str) -> String {
    match code.contains('`') {
        true => format!("`` {code} ``"),
        false => format!("`{code}`"),
    }
}
