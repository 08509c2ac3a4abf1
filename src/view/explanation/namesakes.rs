//! Those who share a name, each with what tells them apart.

use crate::explain::Namesake;

/// Who may be meant by `wanted`, the first of `all` of them, and how to say which; `called` is what they are called.
pub fn namesake_lines(
    wanted: &str,
    (namesakes, all): (&[Namesake], usize),
    called: &str,
) -> Vec<String> {
    let mut lines = vec![format!(
        "{all} {called} may be meant by `{wanted}`; say which by its key:"
    )];
    let width = namesakes.iter().map(|one| one.key.chars().count()).max();
    let width = width.unwrap_or(0);
    lines.extend(namesakes.iter().map(|one| {
        let columns = one.columns.iter();
        let columns: Vec<String> = columns
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        let columns = match columns.is_empty() {
            true => String::new(),
            false => format!(" ({})", columns.join(", ")),
        };
        format!("  {:>width$}  {}{columns}", one.key, one.label)
    }));
    if all > namesakes.len() {
        let more = all - namesakes.len();
        lines.push(format!("  and {more} more: give more of the name"));
    }
    lines
}
