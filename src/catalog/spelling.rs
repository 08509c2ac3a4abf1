//! Decides which of several names is meant by one that may differ in capitals.

/// A known name, and what it stands for.
pub type Spelled<'n, T> = (&'n str, T);

/// What a name stands for: the known name with the same spelling, otherwise the only one that differs just in capitals.
/// SQLite's names are case-insensitive and PostgreSQL's are not, so there may be several that differ in capitals.
///
/// # Errors
/// If none has the same spelling and several differ just in capitals: those names.
pub fn spelled<'n, T>(
    known: impl IntoIterator<Item = Spelled<'n, T>>,
    name: &str,
) -> Result<Option<Spelled<'n, T>>, Vec<&'n str>> {
    let mut alike = Vec::new();
    for (spelling, value) in known {
        if spelling == name {
            return Ok(Some((spelling, value)));
        }
        if spelling.eq_ignore_ascii_case(name) {
            alike.push((spelling, value));
        }
    }
    match alike.len() {
        0 | 1 => Ok(alike.pop()),
        _ => Err(alike.into_iter().map(|(spelling, _)| spelling).collect()),
    }
}
