//! Names and scalars as YAML and the language want them.

/// A name that rules can use: letters, digits and `_`.
pub(super) fn name(table: &str) -> String {
    let mut name: String = table
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name.to_lowercase()
}

/// A YAML scalar: plain where that is safe, else in double quotes.
pub(super) fn scalar(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "_-./: ".contains(c))
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !["yes", "no", "true", "false", "null", "on", "off", "y", "n"]
            .contains(&text.to_lowercase().as_str());
    if plain {
        text.to_string()
    } else {
        // JSON strings are YAML strings.
        serde_json::Value::from(text).to_string()
    }
}
