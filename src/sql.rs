//! Quoting of names and texts in SQL.

/// The characters ignored around a key: ASCII white space.
pub const WHITE: &str = " \t\n\x0c\r";

/// A quoted name, whatever it contains.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A quoted text, for databases that do not treat backslashes as escapes; a NUL, which ends a statement, is replaced.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\0', "\u{fffd}").replace('\'', "''"))
}

/// A name for SQL shown to people: quoted only if necessary.
pub fn name(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit()) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

/// The same for Spark SQL.
pub mod spark {
    /// A quoted name, whatever it contains.
    pub fn quoted(name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    /// An SQL expression that trims what is ignored around a key.
    pub fn trimmed(text: &str) -> String {
        format!("btrim({text}, {})", literal(super::WHITE))
    }

    /// A quoted text.
    pub fn literal(text: &str) -> String {
        format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
    }
}
