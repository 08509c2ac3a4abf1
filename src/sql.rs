//! Names and texts as SQL takes them.

/// What means nothing around a key: the white space of ASCII.
pub const WHITE: &str = " \t\n\x0c\r";

/// A name in quotes, whatever stands in it.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in quotes, for a database to which backslashes mean nothing; a NUL, which ends a statement, is replaced.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\0', "\u{fffd}").replace('\'', "''"))
}

/// A name for SQL that people read: in quotes only where it needs them.
pub fn name(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit()) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

/// The same as Spark's SQL takes them.
pub mod spark {
    /// A name in quotes, whatever stands in it.
    pub fn quoted(name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    /// A text in SQL without what means nothing around a key.
    pub fn trimmed(text: &str) -> String {
        format!("btrim({text}, {})", literal(super::WHITE))
    }

    /// A text in quotes.
    pub fn literal(text: &str) -> String {
        format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
    }
}
