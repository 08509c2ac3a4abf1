//! Subjects with the same name, each with what distinguishes them.

use crate::explain::Namesake;

/// The candidates for `wanted`, out of `all`, and how to pick one; `called` is their common name.
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
