//! Inline code in a sentence.

/// A text in backticks; in double ones if it contains backticks, as in Markdown.
pub fn quoted(code: &str) -> String {
    match code.contains('`') {
        true => format!("`` {code} ``"),
        false => format!("`{code}`"),
    }
}
