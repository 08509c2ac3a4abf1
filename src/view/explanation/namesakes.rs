//! Those who share a name, each with what tells them apart.

use crate::explain::Namesake;

/// So many are listed.
const MOST: usize = 10;

/// Who may be meant by `wanted`, and how to say which.
pub fn namesake_lines(wanted: &str, namesakes: &[Namesake], subject: &str) -> Vec<String> {
    let mut lines = vec![format!(
        "{} {subject}s may be meant by `{wanted}`; say which by its key:",
        namesakes.len()
    )];
    let shown = namesakes.iter().take(MOST);
    let width = shown.clone().map(|one| one.key.chars().count()).max();
    let width = width.unwrap_or(0);
    lines.extend(shown.map(|one| {
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
    if namesakes.len() > MOST {
        let more = namesakes.len() - MOST;
        lines.push(format!("  and {more} more: write more of the name"));
    }
    lines
}
