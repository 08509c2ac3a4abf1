//! Names and texts as SQL quotes them, since a `COPY` takes no parameters.

/// A text. `standard_conforming_strings` is on; a NUL, which no text of the server holds, ends nothing.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\0', "\u{fffd}").replace('\'', "''"))
}

/// A name.
pub(super) fn quoted(name: &str) -> String {
    format!(
        "\"{}\"",
        name.replace('\0', "\u{fffd}").replace('"', "\"\"")
    )
}
