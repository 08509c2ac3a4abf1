//! Which of several names is meant by one that may be written without their capitals.

/// A name as it is known, and what it stands for.
pub type Spelled<'n, T> = (&'n str, T);

/// What a name stands for: the one that is spelled the same, or else the only one that differs in capitals alone. SQLite tells no
/// names apart by capitals, PostgreSQL does: there may be several of the second kind.
///
/// # Errors
/// None is spelled the same and several differ in capitals alone: which.
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
