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
        // JSON strings are YAML strings, but for what YAML does not let stand as it is.
        let json = serde_json::Value::from(text).to_string();
        let bare = |c: char| {
            c.is_control()
                || matches!(
                    c,
                    '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
                )
        };
        json.chars().fold(String::new(), |mut text, c| {
            match bare(c) {
                true => text.push_str(&format!("\\u{:04x}", u32::from(c))),
                false => text.push(c),
            }
            text
        })
    }
}
